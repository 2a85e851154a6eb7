import { createRequire } from 'node:module';

import { member } from './member.js';

/** Where a TUF walk begins: a repository and a root of it that is trusted. */
export interface TufAnchor {
  /** Base URL of the repository's mirror. */
  readonly mirrorUrl: string;
  /** Bytes of a `root.json`. May be expired: it only starts the walk. */
  readonly root: Uint8Array;
}

/**
 * The public Sigstore TUF repository with the root that the installed
 * `@sigstore/tuf` ships; it is as trusted as the program itself. Loads that
 * package only when called; one without a root for its own mirror is a bug.
 *
 * The targets it ships beside the root are never used: they may be years old.
 */
export async function embeddedTufAnchor(): Promise<TufAnchor> {
  const { DEFAULT_MIRROR_URL: mirrorUrl } = await import('@sigstore/tuf');
  const require = createRequire(import.meta.url);
  const seeds: unknown = require('@sigstore/tuf/seeds.json');
  const root = member(member(seeds, mirrorUrl), 'root.json');
  if (typeof root !== 'string') {
    throw new TypeError(`@sigstore/tuf has no root for ${mirrorUrl}`);
  }
  return { mirrorUrl, root: Buffer.from(root, 'base64') };
}
