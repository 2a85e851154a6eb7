import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../json/strict-json.js';
import { quote } from './lockfile-source.js';
import type { Relations } from './npm-tree.js';
import type { Refuse } from './read-fields.js';
import { own, readDependencyMap } from './read-fields.js';

/** An entry of `packages`, as it claims to be. */
export interface BunPackage {
  /** Names from the root, `a/b` for the `b` that only `a` gets. */
  readonly key: string;
  /** The key's last name, and the key before it; empty for the root. */
  readonly installedName: string;
  readonly parent: string;
  readonly name: string;
  /** What comes after the name: a version, or an address of some form. */
  readonly specification: string;
  /** The address of a registry's tarball where it is not the default. */
  readonly tarball: string | null;
  readonly integrity: string | null;
  readonly relations: Relations;
}

/** Packages by key. */
export type BunPackages = ReadonlyMap<string, BunPackage>;

/**
 * Reads `packages` of a bun.lock, untrusted. Each is a list that begins with
 * name and version, and has for a registry's package the tarball's address, what
 * it asks for and the digest.
 *
 * Source: Bun, `src/install/lockfile/bun.lock.zig`, the forms that it lists.
 */
export function readBunPackages(
  record: JsonObject,
  refuseAt: (key: string) => Refuse,
): BunPackages {
  const packages = new Map<string, BunPackage>();
  for (const [key, value] of Object.entries(record)) {
    packages.set(key, readPackage(key, value, refuseAt(key)));
  }
  return packages;
}

function readPackage(
  key: string,
  value: JsonValue,
  refuse: Refuse,
): BunPackage {
  const [identity, ...rest] = isJsonArray(value) ? value : [];
  if (typeof identity !== 'string') return refuse('expected a list');
  const at = identity.indexOf('@', 1);
  if (at === -1)
    return refuse(`expected name@version, found ${quote(identity)}`);
  const texts = rest.filter((each) => typeof each === 'string');
  const info = rest.find((each) => isJsonObject(each)) ?? {};
  if (!isJsonObject(info) || texts.length > 2) return refuse('expected a list');
  // What is of a registry has the address first, which may be empty.
  const isOfRegistry = typeof rest[0] === 'string';
  const [tarball = '', digest = ''] = isOfRegistry ? texts : ['', ...texts];
  const parts = namesIn(key);
  return {
    key,
    installedName: parts.at(-1) ?? '',
    parent: parts.slice(0, -1).join('/'),
    name: identity.slice(0, at),
    specification: identity.slice(at + 1),
    tarball: tarball === '' ? null : tarball,
    // Repositories have a mark of their own in this place.
    integrity: /^[a-z0-9]+-/i.test(digest) ? digest : null,
    relations: readBunRelations(info, refuse),
  };
}

/** Names in a key: a scope and what is behind it are one. */
export function namesIn(key: string): readonly string[] {
  return key.match(/@[^/]*\/[^/]*|[^/]+/g) ?? [];
}

/** What a package or a workspace asks for. */
export function readBunRelations(
  record: JsonObject,
  refuse: Refuse,
): Relations {
  const read = (field: string) =>
    readDependencyMap(own(record, field), field, refuse);
  const optional = own(record, 'optionalPeers');
  return {
    dependencies: read('dependencies'),
    devDependencies: read('devDependencies'),
    optionalDependencies: read('optionalDependencies'),
    peerDependencies: read('peerDependencies'),
    optionalPeers: isJsonArray(optional)
      ? optional.filter((name) => typeof name === 'string')
      : [],
  };
}
