import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
} from '../json/strict-json.js';
import type { JsonValue } from '../json/strict-json.js';
import type { Unverifiable } from './verification.js';

/** What a registry key may sign; a key for one is none for the other. */
export type KeyUsage = 'npm:signatures' | 'npm:attestations';

/** A registry's signing key, as the trust root vouches for it. */
export interface RegistryKey {
  readonly keyId: string;
  readonly usage: KeyUsage;
  readonly publicKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  readonly validFrom: Date;
  /** Null while the key has no end. */
  readonly validUntil: Date | null;
}

const LIMITS = { maxBytes: 4 * 1024 * 1024, maxDepth: 16 };

/**
 * Reads a registry's keys in the format of the TUF target `HOST/keys.json`.
 * The bytes are trusted in that the trust root vouches for them, yet a file on
 * the command line may hold anything: what cannot be used throws an `Error`
 * that says why. Keys of other types or usages than npm's are left out, so that
 * a signature by them is by an unknown key.
 *
 * Source: sigstore/root-signing, target `HOST/keys.json`; the key type is
 * the one npm signs with (ECDSA P-256, SHA-256).
 */
export function parseRegistryKeys(bytes: Uint8Array): readonly RegistryKey[] {
  const result = parseStrictJson(bytes, LIMITS);
  if (result.status === 'error') throw new Error(result.problem.message);
  const keys = isJsonObject(result.value) ? result.value['keys'] : undefined;
  if (!isJsonArray(keys)) throw new Error('expected an object with "keys"');
  const parsed = keys.flatMap((key) => parseKey(key));
  refuseAmbiguousIds(parsed);
  return parsed;
}

/** The key of that id and usage; ids are compared exactly. */
export function findRegistryKey(
  keys: readonly RegistryKey[],
  keyId: string,
  usage: KeyUsage,
): RegistryKey | null {
  return keys.find((key) => key.keyId === keyId && key.usage === usage) ?? null;
}

/** Nothing a registry signed can be judged without its keys. */
export function keysMissing(registry: string): Unverifiable {
  return {
    code: 'registry-keys-missing',
    message: `the trust root has no keys for ${registry}`,
  };
}

/** Whether the key was valid at `time`, both ends included. */
export function isValidAt(key: RegistryKey, time: Date): boolean {
  return (
    key.validFrom <= time && (key.validUntil === null || time <= key.validUntil)
  );
}

function parseKey(key: JsonValue): readonly RegistryKey[] {
  if (!isJsonObject(key) || !isJsonObject(key['publicKey'])) {
    throw new Error('expected every key to be an object with "publicKey"');
  }
  const { keyId, keyUsage } = key;
  const { rawBytes, keyDetails, validFor } = key['publicKey'];
  if (typeof keyId !== 'string' || typeof rawBytes !== 'string') {
    throw new Error('expected every key to have "keyId" and "rawBytes"');
  }
  if (keyUsage !== 'npm:signatures' && keyUsage !== 'npm:attestations') {
    return [];
  }
  if (keyDetails !== 'PKIX_ECDSA_P256_SHA_256') return [];
  const spki = Buffer.from(rawBytes, 'base64');
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return [];
  return [
    { keyId, usage: keyUsage, publicKey, spki, ...parseValidity(validFor) },
  ];
}

/**
 * A key without a start would be valid since for ever, one whose end is before
 * its start never: neither is a window that somebody meant.
 */
function parseValidity(
  validFor: JsonValue | undefined,
): Pick<RegistryKey, 'validFrom' | 'validUntil'> {
  const { start, end } = isJsonObject(validFor) ? validFor : {};
  const validFrom = parseDate(start);
  if (validFrom === null) {
    throw new Error('expected every key to have a "validFor.start" date');
  }
  if (end === undefined || end === null) return { validFrom, validUntil: null };
  const validUntil = parseDate(end);
  if (validUntil === null || validUntil < validFrom) {
    throw new Error('expected "validFor.end" to be a date after the start');
  }
  return { validFrom, validUntil };
}

function parseDate(value: JsonValue | undefined): Date | null {
  const date = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Two keys under one id and usage would make the order of the file decide. */
function refuseAmbiguousIds(keys: readonly RegistryKey[]): void {
  const seen = new Set<string>();
  for (const { keyId, usage } of keys) {
    const id = `${usage} ${keyId}`;
    if (seen.has(id)) throw new Error(`two keys with the id ${keyId}`);
    seen.add(id);
  }
}
