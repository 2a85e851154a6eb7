import { createRequire } from 'node:module';

import { member } from './member.js';
import { RELEASE } from './tuf-release.js';
import { readSigned } from './tuf-staging.js';

/** Where a TUF walk begins: a repository and a root of it that is trusted. */
export interface TufAnchor {
  /** Base URL of the repository's mirror. */
  readonly mirrorUrl: string;
  /** Bytes of a `root.json`. May be expired: it only starts the walk. */
  readonly root: Uint8Array;
  /** Who vouches for `root`: the TUF library, this program or the user. */
  readonly origin: 'library' | 'release' | 'file';
}

/**
 * The public Sigstore TUF repository with the newest root that this program
 * has: that of the installed `@sigstore/tuf`, or `releaseRoot` (base64) where
 * its version is higher. Both are as trusted as the program itself. Reads what the
 * package ships only when called, and runs nothing of it: it has one repository's
 * root, under its address; anything else is a bug.
 *
 * The targets it ships beside the root are never used: they may be years old.
 */
export function embeddedTufAnchor(
  releaseRoot: string | null = RELEASE.tufRoot,
): TufAnchor {
  const require = createRequire(import.meta.url);
  const seeds = require('@sigstore/tuf/seeds.json') as object;
  const [mirrorUrl, ...others] = Object.keys(seeds);
  const seed = member(member(seeds, mirrorUrl ?? ''), 'root.json');
  if (
    mirrorUrl === undefined ||
    others.length > 0 ||
    typeof seed !== 'string'
  ) {
    throw new TypeError('@sigstore/tuf has not the root of one repository');
  }
  const root = Buffer.from(seed, 'base64');
  const newer = Buffer.from(releaseRoot ?? seed, 'base64');
  return readSigned(newer).version > readSigned(root).version
    ? { mirrorUrl, root: newer, origin: 'release' }
    : { mirrorUrl, root, origin: 'library' };
}
