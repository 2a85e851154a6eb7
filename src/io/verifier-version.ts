import { createRequire } from 'node:module';

import { member } from './member.js';

/** The version whose checks and gaps this program is written for. */
const EXPECTED = '4.1.3';

/**
 * `@sigstore/verify 4.1.3`, from what is installed. Throws if it is another:
 * older ones lack checks, and a package manager may pick one silently.
 */
export function readVerifierVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)(
    '@sigstore/verify/package.json',
  );
  const version = member(manifest, 'version');
  if (version !== EXPECTED) {
    throw new Error(
      `expected @sigstore/verify ${EXPECTED}, found ${String(version)}`,
    );
  }
  return `@sigstore/verify ${EXPECTED}`;
}
