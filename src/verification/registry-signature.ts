import { verify } from 'node:crypto';
import type { ClaimedSignature } from '../evidence/version-metadata.js';
import { formatPackageId, type PackageId } from '../package/package-id.js';
import {
  findRegistryKey,
  keysMissing,
  type RegistryKey,
} from './registry-keys.js';
import type {
  Rejection,
  RegistrySignatureState,
  Unverifiable,
} from './verification.js';

/**
 * What verifying a version's registry signatures gave. Only `verified` proves.
 */
export interface RegistrySignatureResult {
  readonly state: RegistrySignatureState;
  readonly rejections: readonly Rejection[];
  readonly unverifiable: readonly Unverifiable[];
}

/** What registry signatures are verified against. */
export interface RegistrySignatureContext {
  /** Base URL of the registry the dependency belongs to, for messages. */
  readonly registry: string;
  /** That registry's keys; null if the trust root has none. */
  readonly keys: readonly RegistryKey[] | null;
  readonly now: Date;
}

/**
 * Verifies the registry's signatures over `name@version:integrity`, the
 * integrity being the lockfile's (`sri`, canonical SHA-512), never the
 * registry's. Every signature must be a good one.
 *
 * A signature by a key that has ended is `not-checked`: whether it was made in
 * time depends on the publication date, which is not asked for. Signatures of a
 * registry without known keys are unverifiable, so that nobody gets past by
 * signing with keys of their own.
 *
 * Check C39. Source: npm documentation, "About registry signatures".
 */
export function verifyRegistrySignatures(
  signatures: readonly ClaimedSignature[],
  signed: { readonly id: PackageId; readonly sri: string | null },
  { registry, keys, now }: RegistrySignatureContext,
): RegistrySignatureResult {
  const none = { rejections: [], unverifiable: [] };
  if (signatures.length === 0) return { ...none, state: 'missing' };
  if (keys === null) {
    return {
      state: 'not-checked',
      rejections: [],
      unverifiable: [keysMissing(registry)],
    };
  }
  const { id, sri } = signed;
  if (sri === null) return { ...none, state: 'not-checked' };
  const message = Buffer.from(`${formatPackageId(id)}:${sri}`);
  const outcomes = signatures.map((each) =>
    verifyOne(each, message, { keys, now }),
  );
  const rejections = outcomes.filter((each) => typeof each === 'object');
  if (rejections.length > 0) return { ...none, state: 'rejected', rejections };
  const state = outcomes.includes('ended') ? 'not-checked' : 'verified';
  return { ...none, state };
}

function verifyOne(
  { keyid, sig }: ClaimedSignature,
  message: Buffer,
  { keys, now }: { readonly keys: readonly RegistryKey[]; readonly now: Date },
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
  return key.validUntil === null || now <= key.validUntil ? 'good' : 'ended';
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
