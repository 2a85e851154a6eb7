import type { TrustRootDocuments } from '../verification/trust-root-documents.js';
import { readRegistryKeys } from '../verification/registry-keys.js';
import type { TufAnchor } from './embedded-tuf-root.js';
import type { Refresh } from './tuf-earlier.js';
import { readSigned } from './tuf-staging.js';
import type { RegistryKeysAnswer } from './tuf-targets.js';

/**
 * The documents that a verified walk found. `warn` says of every host whose
 * keys are missing, or not all of use, why: what that registry signed is then
 * unverifiable, while provenance is not (SECURITY section 4, U12 and U13).
 *
 * Keys are read here only to learn whether they can be used: a file without use
 * counts as missing, so that one registry's mistake does not end the audit.
 */
export function toDocuments(
  anchor: TufAnchor,
  refresh: Refresh & { readonly origin: 'tuf' | 'cache' },
  warn: (message: string) => void,
): TrustRootDocuments {
  const { origin, refreshedAt, walk } = refresh;
  const keys = new Map<string, Uint8Array>();
  for (const [host, answer] of walk.keys) {
    const usable = usableKeys(host, answer, warn);
    if (usable !== null) keys.set(host, usable);
  }
  const firstRoot = readSigned(anchor.root);
  return {
    origin,
    trustedRoot: walk.trustedRoot,
    registryKeys: { scope: 'by-host', keys },
    rootVersion: walk.rootVersion,
    expires: walk.rootExpires,
    refreshedAt,
    tuf: {
      mirrorUrl: anchor.mirrorUrl,
      files: walk.files,
      timestampVersion: walk.timestampVersion,
      signedUntil: walk.signedUntil,
      firstRoot: { origin: anchor.origin, ...firstRoot },
    },
  };
}

function usableKeys(
  host: string,
  answer: RegistryKeysAnswer,
  warn: (message: string) => void,
): Uint8Array | null {
  const missing = (reason: string): null => {
    warn(
      `trust root: no keys for ${host}${reason}; ` +
        `what that registry signed cannot be verified`,
    );
    return null;
  };
  if (answer.status === 'none') return missing('');
  if (answer.status !== 'found') return missing(` (${answer.message})`);
  try {
    const { refused } = readRegistryKeys(answer.keys);
    for (const reason of refused) {
      warn(
        `trust root: among the keys for ${host}, one is not used: ${reason}`,
      );
    }
    return answer.keys;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'not readable';
    return missing(` (${reason})`);
  }
}
