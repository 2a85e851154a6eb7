import { verify } from 'node:crypto';
import type { ClaimedSignature } from '../evidence/version-metadata.js';
import { formatPackageId, type PackageId } from '../package/package-id.js';
import {
  findRegistryKey,
  keysMissing,
  type RegistryKey,
} from './registry-keys.js';
import {
  allPassed,
  failed,
  notMade,
  passed,
  undecided,
  type Check,
} from './check.js';
import type { RegistrySignatureState } from './verification.js';

/** What is signed: the version, and the bytes of it that count here. */
export interface SignedVersion {
  readonly id: PackageId;
  /** The SHA-512 that evidence is held against, canonical; null for none. */
  readonly sri: string | null;
  /** When the registry says it was published; null if not known. Claimed. */
  readonly publishedAt: Date | null;
}

/**
 * What verifying a version's registry signatures gave. Only `verified` proves.
 */
export interface RegistrySignatureResult {
  readonly state: RegistrySignatureState;
  readonly checks: readonly Check[];
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
 * integrity being that which evidence is held against (`chooseDigest`). Every
 * signature must be a good one.
 *
 * A signature by a key that has ended is good only for what was published
 * before its end. The date is the registry's own word and unsigned, so it can
 * only speak against a signature: without it, such a signature is `not-checked`.
 * Without anybody having asked for them, `signatures` is null. Those of a registry
 * without known keys are undecided, so that nobody gets
 * past by signing with keys of their own.
 *
 * Check C39. Source: npm documentation, "About registry signatures".
 */
export function verifyRegistrySignatures(
  signatures: readonly ClaimedSignature[] | null,
  signed: SignedVersion,
  { registry, keys, now }: RegistrySignatureContext,
): RegistrySignatureResult {
  if (signatures === null) {
    return notVerified('not-checked', 'nobody asked for the metadata');
  }
  if (signatures.length === 0) {
    return notVerified('missing', 'the registry serves no signature');
  }
  if (keys === null) {
    const check = undecided('registry-signature', keysMissing(registry));
    return { state: 'not-checked', checks: [check] };
  }
  if (signed.sri === null) {
    return notVerified('not-checked', 'the lockfile pins no SHA-512');
  }
  const { id, sri } = signed;
  const message = Buffer.from(`${formatPackageId(id)}:${sri}`);
  const checks = signatures.map((each) =>
    verifyOne(each, message, { keys, now, publishedAt: signed.publishedAt }),
  );
  return { state: stateOf(checks), checks };
}

function notVerified(
  state: RegistrySignatureState,
  reason: string,
): RegistrySignatureResult {
  return { state, checks: [notMade('registry-signature', reason)] };
}

function stateOf(checks: readonly Check[]): RegistrySignatureState {
  if (checks.some(({ outcome }) => outcome === 'failed')) return 'rejected';
  return allPassed(checks) ? 'verified' : 'not-checked';
}

function verifyOne(
  { keyid, sig }: ClaimedSignature,
  message: Buffer,
  context: {
    readonly keys: readonly RegistryKey[];
    readonly now: Date;
    readonly publishedAt: Date | null;
  },
): Check {
  const key = findRegistryKey(context.keys, keyid, 'npm:signatures');
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
  return matchKeyEnd(key, context);
}

function matchKeyEnd(
  { keyId, validUntil }: RegistryKey,
  {
    now,
    publishedAt,
  }: { readonly now: Date; readonly publishedAt: Date | null },
): Check {
  if (validUntil === null || now <= validUntil) {
    return passed('registry-signature', { found: keyId });
  }
  if (publishedAt === null) {
    return notMade(
      'registry-signature',
      'the key has ended, and when the version was published is not known',
    );
  }
  const found = `${keyId}, published ${publishedAt.toISOString()}`;
  if (publishedAt <= validUntil) return passed('registry-signature', { found });
  return failed('registry-signature', {
    kind: 'invalid',
    code: 'registry-signature',
    message: 'the registry signature is by a key that had ended before',
    expected: `published by ${validUntil.toISOString()}`,
    found,
  });
}

function reject(message: string, keyId: string): Check {
  return failed('registry-signature', {
    kind: 'invalid',
    code: 'registry-signature',
    message,
    expected: 'a signature by a key of the trust root',
    found: keyId,
  });
}
