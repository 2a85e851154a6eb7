import type { PrivateSigstore } from '../../fixtures/private-sigstore.js';
import { parseStrictJson, type JsonValue } from '../../src/json/strict-json.js';
import {
  parseTrustRoot,
  type TrustRoot,
} from '../../src/verification/trust-root.js';
import type { TrustRootDocuments } from '../../src/verification/trust-root-documents.js';
import {
  verifyBundle,
  type BundleResult,
} from '../../src/verification/verify-bundle.js';
import { ACME_REGISTRY } from './samples.js';

/** The trust root of a private Sigstore, with its keys or without any. */
export function trustRootOf(
  sigstore: PrivateSigstore,
  keys: 'known' | 'none' = 'known',
): TrustRoot {
  return parseTrustRoot(documentsOf(sigstore, keys));
}

/** The same as documents. */
export function documentsOf(
  { trustedRoot, npmKeys }: PrivateSigstore,
  keys: 'known' | 'none' = 'known',
): TrustRootDocuments {
  const registryKeys =
    keys === 'known'
      ? { scope: 'every-registry' as const, keys: toBytes(npmKeys) }
      : { scope: 'by-host' as const, keys: new Map<string, Uint8Array>() };
  return {
    origin: 'file',
    trustedRoot: toBytes(trustedRoot),
    registryKeys,
    rootVersion: null,
    expires: null,
    refreshedAt: null,
    tuf: null,
  };
}

/** What `verifyBundle` says of a bundle as it would be served. */
export function verifyServed(
  bundle: unknown,
  trustRoot: TrustRoot,
  now: Date,
): BundleResult {
  return verifyBundle(toJson(bundle), trustRoot, {
    registry: ACME_REGISTRY,
    now,
  });
}

export function toBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** A value as it would be read from a registry's answer. */
export function toJson(value: unknown): JsonValue {
  const limits = { maxBytes: 64 * 1024 * 1024, maxDepth: 64 };
  const result = parseStrictJson(toBytes(value), limits);
  if (result.status === 'error') throw new Error(result.problem.message);
  return result.value;
}
