import { parseIntegrity, type Integrity } from '../package/integrity.js';
import { formatPackageId, type PackageId } from '../package/package-id.js';
import { withoutCredentials } from '../package/web-address.js';
import { isPublicHost } from '../evidence/registry-identity.js';
import { decodePath } from '../evidence/tarball-version.js';
import type { Dependency } from '../lockfile/dependency.js';
import { isExactVersion, isPackageName } from '../lockfile/npm-grammar.js';
import { failed, notMade, passed, undecided, type Check } from './check.js';
import type { UnverifiableCode } from './verification.js';

/**
 * The entry itself: one of a registry tarball, under its real name, which is
 * within npm's grammar. Whoever read the lockfile has seen to all of it; an
 * entry for which that is not so is a defect of ours, so this throws an `Error`.
 * An entry of nothing but a name, which npm 5 has written, has no version to be
 * within a grammar: that check is then not made, so nothing counts as verified.
 *
 * Checks C1 to C3.
 */
export function matchEntry({
  id,
  aliases,
  origin,
}: Dependency): readonly Check[] {
  if (origin.kind !== 'registry') {
    throw new Error(`an entry of kind ${origin.kind} has no evidence`);
  }
  const hasVersion = id.version !== '';
  if (!isPackageName(id.name) || (hasVersion && !isExactVersion(id.version))) {
    throw new Error('an entry whose name or version npm does not know');
  }
  const name = formatPackageId(id);
  return [
    passed('entry-kind', { found: origin.kind }),
    passed('real-name', {
      found: aliases.length === 0 ? name : `${name}, as ${aliases.join(', ')}`,
    }),
    hasVersion
      ? passed('name-and-version', { found: name })
      : notMade('name-and-version', 'the entry has no version'),
  ];
}

/**
 * `name@version` of every registry dependency that the lockfile pins to more
 * than one SHA-512. Both cannot be what the registry published.
 *
 * Check C6.
 */
export function findConflictingPins(
  dependencies: readonly Dependency[],
): ReadonlySet<string> {
  const pins = new Map<string, string>();
  const conflicting = new Set<string>();
  for (const { id, integrity, origin } of dependencies) {
    const parsed = parseIntegrity(integrity);
    if (origin.kind !== 'registry' || parsed.status !== 'sha512') continue;
    const key = formatPackageId(id);
    const known = pins.get(key);
    if (known !== undefined && known !== parsed.sha512) conflicting.add(key);
    pins.set(key, parsed.sha512);
  }
  return conflicting;
}

/** Whether the lockfile pins this version once; from `findConflictingPins`. */
export function matchPins(
  { id, integrity }: Dependency,
  conflictingPins: ReadonlySet<string>,
): Check {
  const sides = { expected: 'one SHA-512 for one version', found: integrity };
  if (!conflictingPins.has(formatPackageId(id)))
    return passed('one-pin', sides);
  return failed('one-pin', {
    kind: 'mismatch',
    code: 'integrity-conflict',
    message: 'the lockfile pins this version to different bytes elsewhere',
    ...sides,
  });
}

/**
 * What a lockfile entry says against itself: a tarball URL that names another
 * package or version than the entry.
 *
 * `registry` is the base URL of the registry the dependency belongs to. Only
 * URLs of npm's own form are compared, except for the public registry, where
 * there is no other. Check C4.
 */
export function matchResolved(
  { id, origin: { resolved } }: Dependency,
  registry: string,
  publicRegistry: string,
): Check {
  if (resolved === null || !URL.canParse(resolved)) {
    return notMade('tarball-url', 'the lockfile names no tarball');
  }
  const address = new URL(resolved);
  const path = pathBelow(address, registry);
  // A mirror has a base of its own before it, and may have a form of its own.
  const isPublic =
    registry === publicRegistry && isPublicHost(address, publicRegistry);
  const at = path.indexOf('/-/');
  if (at === -1 && !isPublic) {
    return notMade('tarball-url', 'a URL of the registry’s own form');
  }
  const file = path.slice(at + '/-/'.length);
  const files = fileNames(id).slice(0, isPublic ? 1 : Infinity);
  const isNamed = isPublic
    ? path.slice(0, Math.max(at, 0)) === id.name
    : endsInName(path.slice(0, at), id.name);
  const sides = {
    expected: `${id.name}/-/${files[0] ?? ''}`,
    found: withoutCredentials(resolved),
  };
  if (isNamed && files.includes(file)) return passed('tarball-url', sides);
  return failed('tarball-url', {
    kind: 'mismatch',
    code: 'resolved-mismatch',
    message: 'the tarball URL names another package than the lockfile entry',
    ...sides,
  });
}

/** Other registries may keep tarballs deeper than what they are asked at. */
function endsInName(path: string, name: string): boolean {
  if (path === name) return true;
  if (!path.endsWith(`/${name}`)) return false;
  const before = path.slice(0, -name.length - 1);
  // `widget` must not pass for what is `@acme/widget`.
  return name.startsWith('@') || !/(?:^|\/)@[^/]*$/.test(before);
}

/**
 * `widget-1.2.3.tgz`, as npm names it; then what other registries write: with
 * the scope, in lower case, below a folder of the version.
 */
function fileNames({ name, version }: PackageId): readonly string[] {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const files = [base, name, base.toLowerCase(), name.toLowerCase()].map(
    (each) => `${each}-${version}.tgz`,
  );
  return [...files, ...files.map((file) => `${version}/${file}`)];
}

/** The decoded path below the registry's, or the whole one if it is not below. */
function pathBelow({ pathname }: URL, registry: string): string {
  const base = new URL(registry).pathname;
  const isBelow = pathname.startsWith(base);
  return decodePath(isBelow ? pathname.slice(base.length) : pathname.slice(1));
}

/** What the quality of an integrity string means for a verdict. Check C5. */
export function judgeIntegrity(
  integrity: Integrity,
  text: string | null,
): Check {
  const undecidable = (code: UnverifiableCode, message: string): Check =>
    undecided('integrity', { code, message }, { found: text });
  switch (integrity.status) {
    case 'sha512':
      return passed('integrity', { found: integrity.sri });
    case 'ambiguous':
      return failed('integrity', {
        kind: 'invalid',
        code: 'integrity-ambiguous',
        message: 'the lockfile lists several different SHA-512 for one package',
        expected: 'one SHA-512',
        found: text,
      });
    case 'no-sha512':
      return undecidable(
        'no-sha512',
        'the lockfile pins no SHA-512, which attestations are about',
      );
    case 'weak':
      return undecidable(
        'weak-integrity',
        'the lockfile pins only a hash that can be forged',
      );
    case 'missing':
      return undecidable(
        'weak-integrity',
        'the lockfile pins no integrity for this package',
      );
    case 'malformed':
      return undecidable(
        'integrity-malformed',
        'the integrity in the lockfile is not a valid SRI string',
      );
  }
}
