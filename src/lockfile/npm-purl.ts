import type { PackageId } from '../package/package-id.js';

/** A package URL of type `npm`, taken apart. Names and versions as written. */
export interface NpmPurl {
  readonly id: PackageId;
  /** Where it is cloned from (`vcs_url`); null where the URL does not say. */
  readonly vcsUrl: string | null;
  /** Where its archive is (`download_url`); null where it does not say. */
  readonly downloadUrl: string | null;
}

/**
 * - `npm`: an npm package version.
 * - `other`: a package of another kind.
 * - `malformed`: nothing that can be understood, with what was expected.
 */
export type PurlResult =
  | { readonly status: 'npm'; readonly purl: NpmPurl }
  | { readonly status: 'other' }
  | { readonly status: 'malformed'; readonly expected: string };

const SCHEME = /^pkg:(?:\/\/)?([a-z][a-z0-9.+-]*)\/(.*)$/is;
const QUALIFIERS = ['vcs_url', 'download_url'];

/**
 * Reads a package URL, untrusted. Whether name and version are within npm's
 * grammar is not checked. A qualifier that is not known might say that another
 * registry's package is meant, so it is not passed over.
 *
 * Source: purl specification, type `npm`.
 */
export function parseNpmPurl(text: string): PurlResult {
  const [, type, rest = ''] = SCHEME.exec(text) ?? [];
  if (type === undefined) return malformed('a package URL such as pkg:npm/…');
  if (type.toLowerCase() !== 'npm') return { status: 'other' };
  if (rest.includes('#')) return malformed('no path within the package');
  const [path = '', query = '', ...more] = rest.split('?');
  if (more.length > 0) return malformed('one list of qualifiers');
  const id = readId(path);
  const qualifiers = readQualifiers(query);
  if (id === null) return malformed('pkg:npm/NAME@VERSION');
  if (qualifiers === null) {
    return malformed(
      `no qualifiers but ${QUALIFIERS.join(' and ')}, each once`,
    );
  }
  return {
    status: 'npm',
    purl: {
      id,
      vcsUrl: qualifiers.get('vcs_url') ?? null,
      downloadUrl: qualifiers.get('download_url') ?? null,
    },
  };
}

/** The `@` of the version is the last one; a scope's may be `@` or `%40`. */
function readId(path: string): PackageId | null {
  const at = path.lastIndexOf('@');
  if (at <= 0) return null;
  const segments = path.slice(0, at).split('/').map(decode);
  const version = decode(path.slice(at + 1));
  const isWhole = segments.every(
    (each) => each !== null && !each.includes('/'),
  );
  if (!isWhole || segments.length > 2 || version === null) return null;
  return { name: segments.join('/'), version };
}

function readQualifiers(query: string): ReadonlyMap<string, string> | null {
  const found = new Map<string, string>();
  if (query === '') return found;
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, Math.max(at, 0));
    const value = decode(pair.slice(at + 1));
    const isKnown = QUALIFIERS.includes(key) && !found.has(key);
    if (!isKnown || value === null || value === '') return null;
    found.set(key, value);
  }
  return found;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function malformed(expected: string): PurlResult {
  return { status: 'malformed', expected };
}
