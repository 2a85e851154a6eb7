import { AuditError } from '../../src/errors.js';
import { loadVirtualTree } from '../../src/io/arborist-tree.js';
import type { Dependency, Lockfile } from '../../src/lockfile/dependency.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';

export const PATH = 'package-lock.json';
export const INTEGRITY = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;

/** Bytes of a JSON file; text is taken as it is. */
export function fileOf(content: unknown): Uint8Array {
  const text =
    typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  return new TextEncoder().encode(text);
}

/** An entry as npm writes it for `name@version` of a registry. */
export function registryEntry(name: string, version = '1.0.0'): object {
  const file = `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
  return {
    version,
    resolved: `https://registry.example/${name}/-/${file}`,
    integrity: INTEGRITY,
  };
}

/** A version 3 lockfile; `root` is its record of the project. */
export function lockfileV3(
  root: object,
  packages: Readonly<Record<string, unknown>>,
): Uint8Array {
  return fileOf({
    name: 'my-app',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: 'my-app', ...root }, ...packages },
  });
}

/** A version 1 lockfile. */
export function lockfileV1(dependencies: object): Uint8Array {
  return fileOf({
    name: 'my-app',
    version: '1.0.0',
    lockfileVersion: 1,
    requires: true,
    dependencies,
  });
}

/** Reads `bytes` with npm's own reader behind the port. */
export function parse(
  bytes: Uint8Array,
  manifest: Uint8Array | null = null,
  path = PATH,
): Promise<Lockfile> {
  return parseLockfile({ path, bytes, manifest }, loadVirtualTree);
}

/** Code and message of the error that reading `bytes` ends with. */
export async function failure(
  bytes: Uint8Array,
  manifest: Uint8Array | null = null,
  path = PATH,
): Promise<{ readonly code: string; readonly message: string }> {
  try {
    await parse(bytes, manifest, path);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    return { code: error.code, message: error.message };
  }
  return { code: 'none', message: '' };
}

/** The dependency that is at `location`. */
export function at(lockfile: Lockfile, location: string): Dependency {
  const found = lockfile.dependencies.find(({ locations }) =>
    locations.includes(location),
  );
  if (found === undefined) throw new Error(`nothing at ${location}`);
  return found;
}

/** All locations, each as often as it occurs, sorted. */
export function allLocations(lockfile: Lockfile): readonly string[] {
  return lockfile.dependencies.flatMap(({ locations }) => locations).toSorted();
}
