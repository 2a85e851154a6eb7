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
  const path = decodePath(new URL(resolved).pathname);
  const isNpmForm = path.includes('/-/');
  if (!isNpmForm && registry !== publicRegistry) return null;
  const expected = tarballPath(id);
  const matches =
    registry === publicRegistry
      ? path === `/${expected}`
      : path.endsWith(`/${expected}`);
  if (matches) return null;
  return {
    kind: 'mismatch',
    code: 'resolved-mismatch',
    attestation: null,
    message: 'the tarball URL names another package than the lockfile entry',
    expected,
    found: withoutCredentials(resolved),
  };
}

/** `@acme/widget/-/widget-1.2.3.tgz` */
function tarballPath({ name, version }: PackageId): string {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return `${name}/-/${base}-${version}.tgz`;
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
