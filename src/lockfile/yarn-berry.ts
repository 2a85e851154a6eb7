import type { OriginKind } from './dependency.js';
import { invalidLockfile, quote } from './lockfile-source.js';
import type { Refuse } from './read-fields.js';
import type { SymlEntry, SymlRecord } from './syml-records.js';
import {
  aliasesOf,
  readAsks,
  readField,
  readMap,
  refuseGrammar,
  refuserAt,
  type YarnAsk,
  type YarnEntry,
} from './yarn-entry.js';
import {
  aliasTarget,
  behindJsr,
  patchSource,
  rangeForm,
  splitIdent,
  splitParams,
  type YarnIdent,
} from './yarn-range.js';

/** Patches of patches: nobody has more than two. */
const MAX_PATCHES = 16;
const METADATA = '__metadata';
const VERSIONS = ['4', '5', '6', '7', '8', '9', '10'];

/** Reads the version of a lockfile of Yarn Berry, 4 to 10; else an error. */
export function readBerryVersion(
  path: string,
  entries: readonly SymlEntry[],
): string {
  const metadata = entries.find(({ keys }) => keys[0] === METADATA);
  const found = metadata?.record['version'];
  if (typeof found === 'string' && VERSIONS.includes(found)) return found;
  throw invalidLockfile(
    `${path}: expected __metadata.version 4 to 10, found ${quote(found)}`,
  );
}

/**
 * Judges the untrusted entries of a lockfile of Yarn Berry. What an entry is,
 * its `resolution` says; a patched package, and one of JSR, is the one behind it,
 * with the checksum that the lockfile has for that one.
 */
export function readBerryEntries(
  path: string,
  entries: readonly SymlEntry[],
): readonly YarnEntry[] {
  const read = entries
    .filter(({ keys }) => keys[0] !== METADATA)
    .map((entry) => readEntry(path, entry));
  const checksums = new Map<string, string | undefined>();
  for (const { locator, location, archiveChecksum } of read) {
    const text = textOf(locator);
    if (checksums.has(text)) {
      throw invalidLockfile(
        `${path}: ${quote(location)}: ${quote(text)} in two entries`,
      );
    }
    checksums.set(text, archiveChecksum);
  }
  return read.map(({ archiveChecksum, ...entry }): YarnEntry => {
    const source = behind(entry.locator);
    const checksum =
      source === entry.locator
        ? archiveChecksum
        : checksums.get(textOf(source));
    return checksum === undefined
      ? entry
      : { ...entry, archiveChecksum: checksum };
  });
}

/** What a patched package is a patch of, at last; other locators unchanged. */
export function unpatched(locator: YarnIdent | null): YarnIdent | null {
  let at = locator;
  for (let count = 0; at !== null && count < MAX_PATCHES; count += 1) {
    if (!at.range.startsWith('patch:')) return at;
    at = patchSource(at.range);
  }
  return null;
}

/** The package of npm's that an ident is at last about. */
function behind(ident: YarnIdent | null): YarnIdent | null {
  const source = unpatched(ident);
  return source === null ? null : behindJsr(source);
}

function textOf(locator: YarnIdent | null): string {
  return locator === null ? '' : `${locator.name}@${locator.range}`;
}

function readEntry(
  path: string,
  { keys, record, place }: SymlEntry,
): YarnEntry {
  const [location = ''] = keys;
  const refuse = refuserAt(path, place.line, location);
  const idents = location
    .split(/ *, */)
    .map(
      (key) =>
        splitIdent(key) ?? refuse(`expected a name, found ${quote(key)}`),
    );
  const resolution = readField(record, 'resolution', refuse);
  const locator = splitIdent(resolution ?? '');
  const base = behind(locator);
  if (locator === null || base === null) {
    return refuse(`expected a resolution, found ${quote(resolution)}`);
  }
  const kind = originOf(base, refuse);
  const version = readField(record, 'version', refuse) ?? '';
  const id = { name: aliasTarget(base.range)?.name ?? base.name, version };
  const resolved = kind === 'registry' ? null : base.range;
  const origin = { kind, resolved: archiveUrl(base) ?? resolved };
  if (kind === 'registry') {
    refuseContradiction({ base, id, idents }, refuse);
  }
  refuseGrammar({ id, origin, idents }, refuse);
  const checksum = readField(record, 'checksum', refuse);
  const conditions = readField(record, 'conditions', refuse);
  return {
    location,
    idents,
    locator,
    id,
    aliases: aliasesOf(idents, id.name),
    integrity: null,
    ...(checksum !== null && { archiveChecksum: checksum }),
    ...(conditions !== null && { conditions }),
    origin,
    patched: unpatched(locator) !== locator,
    asks: readBerryAsks(record, refuse),
  };
}

function originOf({ range }: YarnIdent, refuse: Refuse): OriginKind {
  const plain = splitParams(range).range;
  const form = rangeForm(plain);
  // Only what says so is of a registry: a version alone is no locator.
  const isKnown = form !== null && (form !== 'registry' || isNpm(plain));
  return isKnown ? form : refuse(`no known origin: ${quote(range)}`);
}

function isNpm(range: string): boolean {
  return range.startsWith('npm:');
}

/** The address of an archive that is not where a registry has its others. */
function archiveUrl({ range }: YarnIdent): string | null {
  return splitParams(range).params.get('__archiveUrl') ?? null;
}

/** The parts of an entry name one package and one version, or it is refused. */
function refuseContradiction(
  {
    base,
    id,
    idents,
  }: {
    readonly base: YarnIdent;
    readonly id: { readonly name: string; readonly version: string };
    readonly idents: readonly YarnIdent[];
  },
  refuse: Refuse,
): void {
  const plain = splitParams(base.range).range;
  const pinned = aliasTarget(plain)?.range ?? plain.slice('npm:'.length);
  if (pinned !== id.version) {
    refuse(`version ${quote(id.version)}, but resolution ${quote(pinned)}`);
  }
  for (const ident of idents) {
    const asked = behind(ident);
    const real = aliasTarget(asked?.range ?? '')?.name ?? asked?.name;
    if (real !== id.name) {
      refuse(`resolution names another package: ${quote(id.name)}`);
    }
  }
}

function readBerryAsks(record: SymlRecord, refuse: Refuse): readonly YarnAsk[] {
  const meta = readMap(record, 'dependenciesMeta', refuse);
  return readAsks(record, refuse).map((ask) => {
    const about = Object.hasOwn(meta, ask.name) ? meta[ask.name] : undefined;
    const isOptional =
      typeof about === 'object' && about['optional'] === 'true';
    return isOptional ? { ...ask, type: 'optional' } : ask;
  });
}
