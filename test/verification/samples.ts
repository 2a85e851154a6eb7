import type { Dependency } from '../../src/lockfile/dependency.js';
import { sriOfSha512 } from '../../src/package/integrity.js';
import type { ComparedDigest } from '../../src/verification/compared-digest.js';

/** The package version that these tests are about. */
export const ID = { name: '@acme/widget', version: '1.2.3' };

/** SHA-512 of its tarball, and of another one. */
export const SHA512 = 'ab'.repeat(64);
export const OTHER_SHA512 = 'cd'.repeat(64);
export const SRI = sriOfSha512(SHA512);
export const OTHER_SRI = sriOfSha512(OTHER_SHA512);

/** `sha512` as what the lockfile pins; null for none. */
export function pinOf(sha512: string | null): ComparedDigest | null {
  return sha512 === null ? null : { binding: 'lockfile', sha512 };
}

/** A registry of which nothing is known but what a test says. */
export const ACME_REGISTRY = 'https://npm.acme.example/';

interface Entry {
  readonly id?: Dependency['id'];
  readonly integrity?: string | null;
  readonly resolved?: string | null;
  readonly kind?: Dependency['origin']['kind'];
}

/** A lockfile's entry for `ID` from a registry, pinned to `SHA512`. */
export function pinned(entry: Entry = {}): Dependency {
  const {
    id = ID,
    integrity = SRI,
    resolved = null,
    kind = 'registry',
  } = entry;
  return {
    id,
    aliases: [],
    integrity,
    origin: { kind, resolved },
    locations: [`node_modules/${id.name}`],
    production: true,
    direct: true,
    optional: false,
    omittedBy: [],
    paths: [],
    requiredBy: [],
    workspaces: [],
    patched: false,
    line: null,
    column: null,
  };
}
