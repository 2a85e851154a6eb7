import { createRequire } from 'node:module';

import { DEFAULT_MIRROR_URL } from '@sigstore/tuf';

import { member } from '../../src/io/member.js';

/**
 * The `trusted_root.json` of the public-good instance that the installed
 * `@sigstore/tuf` ships. The program never uses it, as it may be years old; the
 * suite's bundles are fixed, and older than the package. One that is missing is
 * a bug.
 */
export function publicGoodTrustedRoot(): Uint8Array {
  const require = createRequire(import.meta.url);
  const seeds: unknown = require('@sigstore/tuf/seeds.json');
  const targets = member(member(seeds, DEFAULT_MIRROR_URL), 'targets');
  const root = member(targets, 'trusted_root.json');
  if (typeof root !== 'string') {
    throw new TypeError('@sigstore/tuf has no trusted root of its mirror');
  }
  return Buffer.from(root, 'base64');
}
