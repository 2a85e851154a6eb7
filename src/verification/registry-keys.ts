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

/** ECDSA on P-256 with SHA-256. */
const KEY_DETAILS = 'PKIX_ECDSA_P256_SHA_256';
const LIMITS = { maxBytes: 4 * 1024 * 1024, maxDepth: 16 };

/** What a key file holds, sorted by what can be done with it. */
export interface RegistryKeyFile {
  /** No id names different bytes, and no id and usage more than one key. */
  readonly keys: readonly RegistryKey[];
  /**
   * Why keys are not among them, one line each, where no honest file has such
   * a key. Keys of other types or usages are left out without a word.
   */
  readonly refused: readonly string[];
}

/**
 * Reads a registry's keys in the format of the TUF target `HOST/keys.json`.
 * The bytes are trusted in that the trust root vouches for them, yet nothing
 * in them is taken for granted: a key that cannot be used, or whose id says
 * two things, is refused, and a signature by it is by an unknown key. Throws an
 * `Error` that says why where the file as a whole is none.
 *
 * Source: sigstore/root-signing, target `HOST/keys.json`; the key type is
 * the one npm signs with (ECDSA P-256, SHA-256).
 */
export function readRegistryKeys(bytes: Uint8Array): RegistryKeyFile {
  const result = parseStrictJson(bytes, LIMITS);
  if (result.status === 'error') throw new Error(result.problem.message);
  const list = isJsonObject(result.value) ? result.value['keys'] : undefined;
  if (!isJsonArray(list)) throw new Error('expected an object with "keys"');
  const read = list.map((key) => readKey(key));
  const ambiguous = ambiguousIds(read);
  const isClear = ({ keyId }: ReadKey): boolean =>
    keyId === null || !ambiguous.has(keyId);
  return {
    keys: read.flatMap((each) =>
      each.status === 'usable' && isClear(each) ? [each.key] : [],
    ),
    refused: [
      ...read.flatMap((each) =>
        each.status === 'refused' && isClear(each) ? [each.reason] : [],
      ),
      ...[...ambiguous].map((id) => `several keys have the id ${id}`),
    ],
  };
}

/** The keys of `readRegistryKeys` that can be used; throws as it does. */
export function parseRegistryKeys(bytes: Uint8Array): readonly RegistryKey[] {
  return readRegistryKeys(bytes).keys;
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

/** One element of the list; `keyId` and `spki` also where it cannot be used. */
type ReadKey = {
  readonly keyId: string | null;
  /** Usage and bytes, as written: what two keys of one id may not differ in. */
  readonly usage: string;
  readonly rawBytes: string;
} & (
  | { readonly status: 'usable'; readonly key: RegistryKey }
  | { readonly status: 'left-out' }
  | { readonly status: 'refused'; readonly reason: string }
);

function readKey(json: JsonValue): ReadKey {
  const { keyId, keyUsage, publicKey } = isJsonObject(json) ? json : {};
  const { rawBytes, keyDetails, validFor } = isJsonObject(publicKey)
    ? publicKey
    : {};
  const common = {
    keyId: typeof keyId === 'string' ? keyId : null,
    usage: typeof keyUsage === 'string' ? keyUsage : '',
    rawBytes: typeof rawBytes === 'string' ? rawBytes : '',
  };
  const refused = (reason: string): ReadKey => ({
    ...common,
    status: 'refused',
    reason,
  });
  if (common.keyId === null || !isKeyId(common.keyId)) {
    return refused('a key has no id, or one that is no plain name');
  }
  if (keyUsage !== 'npm:signatures' && keyUsage !== 'npm:attestations') {
    return { ...common, status: 'left-out' };
  }
  if (keyDetails !== KEY_DETAILS) return { ...common, status: 'left-out' };
  const parsed = parsePublicKey(common.rawBytes);
  if (parsed === null) {
    return refused(`the key ${common.keyId} is no ECDSA key on P-256`);
  }
  const validity = parseValidity(validFor);
  if (typeof validity === 'string') {
    return refused(`the key ${common.keyId} ${validity}`);
  }
  const key: RegistryKey = {
    keyId: common.keyId,
    usage: keyUsage,
    ...parsed,
    ...validity,
  };
  return { ...common, status: 'usable', key };
}

/**
 * Printable ASCII without spaces, so that what is shown is what is compared;
 * and nothing that every object has a member of, such as `__proto__`, which a
 * table of keys in any program would find something under.
 */
function isKeyId(id: string): boolean {
  return /^[\x21-\x7e]{1,256}$/.test(id) && !(id in {});
}

function parsePublicKey(
  rawBytes: string,
): Pick<RegistryKey, 'publicKey' | 'spki'> | null {
  const spki = Buffer.from(rawBytes, 'base64');
  try {
    const publicKey = createPublicKey({
      key: spki,
      format: 'der',
      type: 'spki',
    });
    const { namedCurve } = publicKey.asymmetricKeyDetails ?? {};
    return namedCurve === 'prime256v1' ? { publicKey, spki } : null;
  } catch {
    return null;
  }
}

/**
 * A key without a start would be valid since for ever, one whose end is before
 * its start never: neither is a window that somebody meant.
 */
function parseValidity(
  validFor: JsonValue | undefined,
): Pick<RegistryKey, 'validFrom' | 'validUntil'> | string {
  const { start, end } = isJsonObject(validFor) ? validFor : {};
  const validFrom = parseDate(start);
  if (validFrom === null) return 'has no "validFor.start" date';
  if (end === undefined || end === null) return { validFrom, validUntil: null };
  const validUntil = parseDate(end);
  return validUntil === null || validUntil < validFrom
    ? 'has a "validFor.end" that is no date after the start'
    : { validFrom, validUntil };
}

function parseDate(value: JsonValue | undefined): Date | null {
  const date = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

/**
 * Ids under which there is more than one key for a usage, or other bytes for
 * another usage: the order of the file would decide. Keys that cannot be used
 * count too, as they may be the ones that were meant.
 */
function ambiguousIds(keys: readonly ReadKey[]): ReadonlySet<string> {
  const ambiguous = new Set<string>();
  const bytesOf = new Map<string, string>();
  const seen = new Set<string>();
  for (const { keyId, usage, rawBytes } of keys) {
    if (keyId === null || !isKeyId(keyId)) continue;
    const bytes = bytesOf.get(keyId) ?? rawBytes;
    const use = `${keyId} ${usage}`;
    if (bytes !== rawBytes || seen.has(use)) ambiguous.add(keyId);
    bytesOf.set(keyId, bytes);
    seen.add(use);
  }
  return ambiguous;
}
