import { readFileSync } from 'node:fs';

import type { Dependency, Lockfile } from '../../src/lockfile/dependency.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';
import { fileOf } from './lockfile-input.js';

export const PNPM = 'pnpm-lock.yaml';
export const SRI = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;

/** Bytes of a file of `fixtures/lockfiles`. */
export function fixture(name: string): Uint8Array {
  return readFileSync(
    new URL(`../../fixtures/lockfiles/${name}`, import.meta.url),
  );
}

/** Reads a lockfile that is not npm's: nobody is asked for npm's tree. */
export function parseOther(
  path: string,
  content: Uint8Array | string,
  manifest: unknown = null,
): Promise<Lockfile> {
  return parseLockfile(
    {
      path,
      bytes: typeof content === 'string' ? fileOf(content) : content,
      manifest: manifest === null ? null : fileOf(manifest),
    },
    () => Promise.reject(new Error('no npm lockfile')),
  );
}

/** `name@version` of a dependency. */
export function nameOf({ id }: Dependency): string {
  return `${id.name}@${id.version}`;
}

/** The only dependency of that name, of that version if it is given. */
export function only(lockfile: Lockfile, name: string): Dependency {
  const [found, other] = lockfile.dependencies.filter(
    (each) => each.id.name === name || nameOf(each) === name,
  );
  if (found !== undefined && other === undefined) return found;
  throw new Error(`expected one ${name}`);
}

/** A lockfile of version 9 with one package `left` and its `resolution`. */
export function pnpm9({
  specifier = '^1.0.0',
  version = '1.0.0',
  key = `left@${version}`,
  fields = `resolution: {integrity: ${SRI}}`,
}: {
  readonly specifier?: string;
  readonly version?: string;
  readonly key?: string;
  readonly fields?: string;
} = {}): string {
  return `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      left:
        specifier: ${specifier}
        version: ${version}

packages:

  ${key}:
    ${fields}

snapshots:

  ${key}: {}
`;
}
