import { createRequire } from 'node:module';

import { requireCommonJs } from '../commonjs.js';
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
 * its version is higher. Both are as trusted as the program itself. Loads the
 * package only when called; one without a root for its own mirror is a bug.
 *
 * The targets it ships beside the root are never used: they may be years old.
 */
export function embeddedTufAnchor(
  releaseRoot: string | null = RELEASE.tufRoot,
): TufAnchor {
  const { DEFAULT_MIRROR_URL: mirrorUrl } = requireCommonJs('@sigstore/tuf');
  const require = createRequire(import.meta.url);
  const seeds: unknown = require('@sigstore/tuf/seeds.json');
  const seed = member(member(seeds, mirrorUrl), 'root.json');
  if (typeof seed !== 'string') {
    throw new TypeError(`@sigstore/tuf has no root for ${mirrorUrl}`);
  }
  const root = Buffer.from(seed, 'base64');
  const newer = Buffer.from(releaseRoot ?? seed, 'base64');
  return readSigned(newer).version > readSigned(root).version
    ? { mirrorUrl, root: newer, origin: 'release' }
    : { mirrorUrl, root, origin: 'library' };
}
