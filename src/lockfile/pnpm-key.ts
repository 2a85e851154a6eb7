import { isExactVersion } from './npm-grammar.js';

/** Which way of writing keys a lockfile has, by its major version. */
export type PnpmMajor = 5 | 6 | 9;

/** A key of `packages` or `snapshots`, taken apart. Claimed. */
export interface PnpmKey {
  /** Name and version of a package of a registry; null for any other origin. */
  readonly registry: { readonly name: string; readonly version: string } | null;
  /** Its name, where the key of another origin has one. */
  readonly name: string | null;
  /** The key without the peers and the patch that it is installed with. */
  readonly base: string;
  readonly isPatched: boolean;
}

/**
 * Takes a key apart: `/name/1.0.0_peer@1.0.0` of version 5, then
 * `/name@1.0.0(peer@1.0.0)`, then `name@1.0.0(peer@1.0.0)`.
 *
 * Source: pnpm, the dependency paths of its lockfile versions.
 */
export function parsePnpmKey(key: string, major: PnpmMajor): PnpmKey {
  const base = major === 5 ? key : key.slice(0, suffixStart(key));
  const isPatched = key.includes('(patch_hash=', base.length);
  const other = { registry: null, name: null, base, isPatched };
  if (major !== 9 && !base.startsWith('/')) return other;
  const path = major === 9 ? base : base.slice(1);
  const at = major === 5 ? versionStart5(path) : path.indexOf('@', 1);
  if (at < 1) return other;
  const name = path.slice(0, at);
  const [version = ''] =
    major === 5 ? path.slice(at + 1).split('_') : [path.slice(at + 1)];
  if (major === 9 && !isVersionLike(version)) return { ...other, name };
  return { registry: { name, version }, name, base, isPatched };
}

/**
 * What a dependency field refers to: the key of what answers it. `name` is that
 * under which it is asked for. Not for what is linked (`link:`).
 */
export function resolvePnpmReference(
  reference: string,
  name: string,
  major: PnpmMajor,
): string {
  const base =
    major === 5 ? reference : reference.slice(0, suffixStart(reference));
  if (major === 9) {
    if (reference.startsWith('@')) return reference;
    const at = base.indexOf('@');
    const colon = base.indexOf(':');
    const isKey = at !== -1 && (colon === -1 || at < colon);
    return isKey ? reference : `${name}@${reference}`;
  }
  if (base.startsWith('file:') || base.includes('/')) return reference;
  return major === 5 ? `/${name}/${reference}` : `/${name}@${reference}`;
}

/** Where the parentheses at the end begin, which may have others in them. */
function suffixStart(key: string): number {
  let depth = 0;
  let start = key.length;
  for (let at = key.length - 1; at >= 0; at -= 1) {
    const character = key.charAt(at);
    if (character === ')') depth += 1;
    else if (character === '(') {
      depth -= 1;
      if (depth === 0) start = at;
    } else if (depth === 0) break;
  }
  return depth === 0 ? start : key.length;
}

/** The slash between name and version; a scope has one too. */
function versionStart5(path: string): number {
  const first = path.indexOf('/');
  return path.startsWith('@') ? path.indexOf('/', first + 1) : first;
}

/** What is written like no address, and so has to be a version. */
function isVersionLike(version: string): boolean {
  return isExactVersion(version) || !/[:/]/.test(version);
}
