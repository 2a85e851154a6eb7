import { verify } from 'node:crypto';
import type { ClaimedSignature } from '../evidence/version-metadata.js';
import { formatPackageId, type PackageId } from '../package/package-id.js';
import { findRegistryKey, type RegistryKey } from './registry-keys.js';
import type { Rejection, RegistrySignatureState } from './verification.js';

export interface RegistrySignatureResult {
  readonly state: RegistrySignatureState;
  readonly rejections: readonly Rejection[];
}

/**
 * Verifies the registry's signatures over `name@version:integrity`, the
 * integrity being the lockfile's (`sri`, canonical SHA-512), never the
 * registry's. Every signature must be a good one; null `keys` mean that the
 * trust root has none for this registry.
 *
 * A signature by a key that has ended is `not-checked`: whether it was made in
 * time depends on the publication date, which is not asked for.
 *
 * Check C39. Source: npm documentation, "About registry signatures".
 */
export function verifyRegistrySignatures(
  signatures: readonly ClaimedSignature[],
  signed: { readonly id: PackageId; readonly sri: string | null },
  keys: readonly RegistryKey[] | null,
): RegistrySignatureResult {
  if (signatures.length === 0) return { state: 'missing', rejections: [] };
  const { sri } = signed;
  if (sri === null || keys === null) {
    return { state: 'not-checked', rejections: [] };
  }
  const message = Buffer.from(`${formatPackageId(signed.id)}:${sri}`);
  const outcomes = signatures.map((each) => verifyOne(each, message, keys));
  const rejections = outcomes.filter((each) => typeof each === 'object');
  if (rejections.length > 0) return { state: 'rejected', rejections };
  return {
    state: outcomes.includes('ended') ? 'not-checked' : 'verified',
    rejections: [],
  };
}

function verifyOne(
  { keyid, sig }: ClaimedSignature,
  message: Buffer,
  keys: readonly RegistryKey[],
): Rejection | 'good' | 'ended' {
  const key = findRegistryKey(keys, keyid, 'npm:signatures');
  if (key === null) {
    return reject('the registry signature is by an unknown key', keyid);
  }
  // Node reads base64 leniently; the bytes decide, and nothing else uses them.
  const signature = Buffer.from(sig, 'base64');
  if (!verify('sha256', message, key.publicKey, signature)) {
    return reject(
      'the registry signature is not over the lockfile’s bytes',
      keyid,
    );
  }
  return key.validUntil === null ? 'good' : 'ended';
}

function reject(message: string, keyId: string): Rejection {
  return {
    kind: 'invalid',
    code: 'registry-signature',
    attestation: null,
    message,
    expected: 'a signature by a key of the trust root',
    found: keyId,
  };
}
