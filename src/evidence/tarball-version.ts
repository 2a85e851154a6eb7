import { isExactVersion, isPackageName } from '../lockfile/npm-grammar.js';
import type { PackageId } from '../package/package-id.js';

/**
 * Which version of a package a registry's tarball is that `id`, untrusted, asks
 * for by the address `resolved`: its entry's, or the one that an address of npm's
 * form NAME/-/BASENAME-VERSION.tgz names, since lockfiles may have nothing but
 * the address. Null where neither is exact or npm knows no such name: nobody
 * could be asked about it.
 *
 * That NAME is another package's is not looked at here: check C4 rejects it.
 */
export function tarballVersion(
  { name, version }: PackageId,
  resolved: URL,
): string | null {
  if (!isPackageName(name)) return null;
  const found = version === '' ? versionIn(resolved) : version;
  return isExactVersion(found) ? found : null;
}

/** The version in an address of npm's form; else empty. */
function versionIn({ pathname }: URL): string {
  const path = decodePath(pathname);
  const at = path.lastIndexOf('/-/');
  const before = path.slice(0, Math.max(at, 0));
  const base = `${before.slice(before.lastIndexOf('/') + 1)}-`;
  const file = path.slice(at + '/-/'.length);
  const isOfForm = at !== -1 && file.startsWith(base) && file.endsWith('.tgz');
  return isOfForm ? file.slice(base.length, -'.tgz'.length) : '';
}

/** Scopes may be written with `%2f` and `%40`; a bad escape matches nothing. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
