import type { OriginKind } from './dependency.js';
import { quote } from './lockfile-source.js';
import type { Refuse } from './read-fields.js';
import type { SymlEntry } from './syml-records.js';
import {
  aliasesOf,
  readAsks,
  readField,
  refuseGrammar,
  refuserAt,
  type YarnEntry,
} from './yarn-entry.js';
import {
  aliasTarget,
  rangeForm,
  splitIdent,
  type YarnIdent,
} from './yarn-range.js';

/**
 * Judges one untrusted entry of a lockfile of Yarn 1. Its name is that of what
 * its keys ask for, behind aliases; it counts as of a registry as soon as one
 * of them asks for a version, whatever address it names.
 *
 * Not checked here: whether `resolved` belongs to the name, and the integrity.
 */
export function readV1Entry(
  path: string,
  { keys, record, place }: SymlEntry,
): YarnEntry {
  const location = keys.join(', ');
  const refuse = refuserAt(path, place.line, location);
  const idents = keys.map((key) => splitIdent(key) ?? { name: key, range: '' });
  const resolved = readField(record, 'resolved', refuse);
  const kind = originOf(idents, resolved, refuse);
  const name =
    kind === 'registry'
      ? realName(idents, refuse)
      : (readField(record, 'name', refuse) ?? idents[0]?.name ?? '');
  const version = readField(record, 'version', refuse) ?? '';
  const id = { name, version };
  const origin = {
    kind,
    resolved:
      kind === 'registry' && resolved !== null && isFileName(resolved)
        ? mirroredFile(id, resolved, refuse)
        : resolved,
  };
  refuseGrammar({ id, origin, idents }, refuse);
  return {
    location,
    idents,
    locator: null,
    id,
    aliases: aliasesOf(idents, name),
    integrity:
      readField(record, 'integrity', refuse) ?? digestBehind(resolved ?? ''),
    origin,
    patched: false,
    asks: readAsks(record, refuse),
  };
}

function originOf(
  idents: readonly YarnIdent[],
  resolved: string | null,
  refuse: Refuse,
): OriginKind {
  const forms = idents.map(({ range }) => {
    const form = rangeForm(range);
    const isKnown = form !== null && form !== 'workspace';
    return isKnown ? form : refuse(`no known origin: ${quote(range)}`);
  });
  if (forms.includes('registry')) return 'registry';
  // An archive under another name: it may be one of a registry.
  const isArchive = resolved !== null && /^https?:.*\/-\//i.test(resolved);
  if (isArchive) return 'remote-tarball';
  return forms.toSorted()[0] ?? refuse('no key');
}

/** The one package that all keys ask for: they share one archive. */
function realName(idents: readonly YarnIdent[], refuse: Refuse): string {
  const names = idents.map(({ name, range }) => {
    const alias = aliasTarget(range)?.name;
    // Yarn 1 knows no tags here: what is behind it is a name.
    const bare = /^npm:([^@/]+)$/i.exec(range)?.[1];
    return alias ?? bare ?? name;
  });
  const [name = '', ...others] = new Set(names);
  if (others.length === 0) return name;
  return refuse(`several packages in one entry: ${quote([name, ...others])}`);
}

/** Mirrors in a folder were written as the name of a file in it. */
function isFileName(resolved: string): boolean {
  return !/[/:]/.test(resolved.split('#')[0] ?? '') || resolved.startsWith('@');
}

function mirroredFile(
  { name, version }: { readonly name: string; readonly version: string },
  resolved: string,
  refuse: Refuse,
): null {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const names = [base, name.replace('/', '-'), name.replace('/', '-').slice(1)];
  const [file] = resolved.split('#');
  if (names.some((each) => file === `${each}-${version}.tgz`)) return null;
  return refuse(`resolved names another package: ${quote(resolved)}`);
}

/** The SHA-1 that Yarn 1 puts behind an address, in the form of an integrity. */
function digestBehind(resolved: string): string | null {
  const [, hex] = /^[^#]*#([0-9a-f]{40})$/.exec(resolved) ?? [];
  if (hex === undefined || rangeForm(resolved) === 'git') return null;
  return `sha1-${Buffer.from(hex, 'hex').toString('base64')}`;
}
