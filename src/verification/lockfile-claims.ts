import { parseIntegrity, type Integrity } from '../package/integrity.js';
import { formatPackageId, type PackageId } from '../package/package-id.js';
import { withoutCredentials } from '../package/web-address.js';
import type { Dependency } from '../lockfile/dependency.js';
import type { Rejection, Unverifiable } from './verification.js';

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
): Rejection | null {
  if (resolved === null || !URL.canParse(resolved)) return null;
  const path = pathBelow(new URL(resolved), registry);
  const isPublic = registry === publicRegistry;
  const at = path.indexOf('/-/');
  if (at === -1 && !isPublic) return null;
  const file = path.slice(at + '/-/'.length);
  const files = fileNames(id).slice(0, isPublic ? 1 : Infinity);
  const isNamed = isPublic
    ? path.slice(0, Math.max(at, 0)) === id.name
    : endsInName(path.slice(0, at), id.name);
  if (isNamed && files.includes(file)) return null;
  return {
    kind: 'mismatch',
    code: 'resolved-mismatch',
    attestation: null,
    message: 'the tarball URL names another package than the lockfile entry',
    expected: `${id.name}/-/${files[0] ?? ''}`,
    found: withoutCredentials(resolved),
  };
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

/** Scopes may be written with `%2f` and `%40`; a bad escape matches nothing. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** What the quality of an integrity string means for a verdict. Check C5. */
export function judgeIntegrity(
  integrity: Integrity,
  text: string | null,
): Rejection | Unverifiable | null {
  switch (integrity.status) {
    case 'sha512':
      return null;
    case 'ambiguous':
      return {
        kind: 'invalid',
        code: 'integrity-ambiguous',
        attestation: null,
        message: 'the lockfile lists several different SHA-512 for one package',
        expected: 'one SHA-512',
        found: text,
      };
    case 'no-sha512':
      return {
        code: 'no-sha512',
        message: 'the lockfile pins no SHA-512, which attestations are about',
      };
    case 'weak':
      return {
        code: 'weak-integrity',
        message: 'the lockfile pins only a hash that can be forged',
      };
    case 'missing':
      return {
        code: 'weak-integrity',
        message: 'the lockfile pins no integrity for this package',
      };
    case 'malformed':
      return {
        code: 'integrity-malformed',
        message: 'the integrity in the lockfile is not a valid SRI string',
      };
  }
}
