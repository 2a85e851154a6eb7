import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKey } from '../../fixtures/keys.js';
import {
  findRegistryKey,
  isValidAt,
  parseRegistryKeys,
  readRegistryKeys,
} from '../../src/verification/registry-keys.js';

const key = createKey();
const other = createKey();
const p384 = createKey('P-384');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ format: 'der', type: 'spki' })
  .toString('base64');
const START = '2025-01-13T00:00:00.000Z';
const END = '2026-01-29T00:00:00.000Z';

interface KeyJson {
  readonly keyId?: unknown;
  readonly keyUsage?: unknown;
  readonly publicKey?: unknown;
}

const PUBLIC_KEY = {
  rawBytes: key.spki.toString('base64'),
  keyDetails: 'PKIX_ECDSA_P256_SHA_256',
  validFor: { start: START },
};
const HONEST: KeyJson = {
  keyId: 'SHA256:one',
  keyUsage: 'npm:attestations',
  publicKey: PUBLIC_KEY,
};

function withPublicKey(change: Readonly<Record<string, unknown>>): KeyJson {
  return { ...HONEST, publicKey: { ...PUBLIC_KEY, ...change } };
}

function bytes(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

function parse(...keys: readonly unknown[]) {
  return parseRegistryKeys(bytes({ keys }));
}

describe('keys that can be used', () => {
  it('reads id, usage, key and validity', () => {
    const ended = withPublicKey({ validFor: { start: START, end: END } });
    const [read] = parse(ended);
    expect(read).toMatchObject({
      keyId: 'SHA256:one',
      usage: 'npm:attestations',
      validFrom: new Date(START),
      validUntil: new Date(END),
    });
    expect(read?.spki.equals(key.spki)).toBe(true);
    expect(read?.publicKey.export({ format: 'der', type: 'spki' })).toEqual(
      key.spki,
    );
  });

  it.each<[string, readonly KeyJson[], number]>([
    ['no keys', [], 0],
    ['no end', [HONEST], 1],
    [
      'an end that is null',
      [withPublicKey({ validFor: { start: START, end: null } })],
      1,
    ],
    [
      'an end at the start',
      [withPublicKey({ validFor: { start: START, end: START } })],
      1,
    ],
    [
      'one id for both usages',
      [HONEST, { ...HONEST, keyUsage: 'npm:signatures' }],
      2,
    ],
    ['another key with another id', [HONEST, { ...HONEST, keyId: 'b' }], 2],
  ])('%s', (_what, keys, count) => {
    expect(parse(...keys)).toHaveLength(count);
  });
});

describe('keys that are left out, and so unknown', () => {
  it.each<[string, KeyJson]>([
    ['of another usage', { ...HONEST, keyUsage: 'npm:other' }],
    ['of no usage', { ...HONEST, keyUsage: undefined }],
    ['of a usage that is no text', { ...HONEST, keyUsage: ['npm:signatures'] }],
    [
      'RSA',
      withPublicKey({
        rawBytes: rsa,
        keyDetails: 'PKIX_RSA_PKCS1V15_2048_SHA256',
      }),
    ],
    [
      'P-384',
      withPublicKey({
        rawBytes: p384.spki.toString('base64'),
        keyDetails: 'PKIX_ECDSA_P384_SHA_384',
      }),
    ],
    ['of no known details', withPublicKey({ keyDetails: undefined })],
  ])('%s', (_what, unusable) => {
    expect(parse(unusable, { ...HONEST, keyId: 'good' })).toMatchObject([
      { keyId: 'good' },
    ]);
  });
});

describe('files that are refused', () => {
  it.each<[string, unknown]>([
    ['not JSON', 'keys'],
    ['nothing', ''],
    ['null', null],
    ['a list', [HONEST]],
    ['no keys', {}],
    ['keys that are an object', { keys: { 0: HONEST } }],
    ['a key twice in the JSON', '{"keys":[],"keys":[]}'],
    ['a __proto__ in the JSON', '{"keys":[],"__proto__":{}}'],
  ])('%s', (_defect, file) => {
    expect(() => parseRegistryKeys(bytes(file))).toThrow(Error);
  });
});

describe('keys that no honest file has', () => {
  const good = { ...HONEST, keyId: 'good' };
  const otherBytes = withPublicKey({ rawBytes: other.spki.toString('base64') });

  it.each<[string, readonly unknown[], RegExp]>([
    ['no object', [null], /has no id/],
    ['a list', [[HONEST]], /has no id/],
    ['without id', [{ ...HONEST, keyId: undefined }], /has no id/],
    ['an id that is a number', [{ ...HONEST, keyId: 1 }], /has no id/],
    ['U13 an empty id', [{ ...HONEST, keyId: '' }], /has no id/],
    ['U13 control characters', [{ ...HONEST, keyId: 'a\u001b[31m' }], /no id/],
    ['U13 a line break', [{ ...HONEST, keyId: 'a\n' }], /no id/],
    ['U13 a space', [{ ...HONEST, keyId: 'a b' }], /no id/],
    ['U13 letters of another script', [{ ...HONEST, keyId: 'ѕha' }], /no id/],
    ['U13 a very long id', [{ ...HONEST, keyId: 'a'.repeat(257) }], /no id/],
    ['U13 __proto__', [{ ...HONEST, keyId: '__proto__' }], /no id/],
    ['U13 constructor', [{ ...HONEST, keyId: 'constructor' }], /no id/],
    [
      'without publicKey, yet of a known type',
      [{ ...HONEST, publicKey: { keyDetails: PUBLIC_KEY.keyDetails } }],
      /no ECDSA key on P-256/,
    ],
    ['no bytes', [withPublicKey({ rawBytes: undefined })], /no ECDSA key/],
    ['empty bytes', [withPublicKey({ rawBytes: '' })], /no ECDSA key/],
    ['no key', [withPublicKey({ rawBytes: 'bm8ga2V5' })], /no ECDSA key/],
    ['U13 RSA that says P-256', [withPublicKey({ rawBytes: rsa })], /no ECDSA/],
    [
      'P-384 that says P-256',
      [withPublicKey({ rawBytes: p384.spki.toString('base64') })],
      /no ECDSA key/,
    ],
    [
      'no validity',
      [withPublicKey({ validFor: undefined })],
      /validFor\.start/,
    ],
    [
      'no start',
      [withPublicKey({ validFor: { end: END } })],
      /validFor\.start/,
    ],
    [
      'a start that is null',
      [withPublicKey({ validFor: { start: null } })],
      /start/,
    ],
    [
      'a start that is no date',
      [withPublicKey({ validFor: { start: 'ever' } })],
      /start/,
    ],
    [
      'a start that is a number',
      [withPublicKey({ validFor: { start: 0 } })],
      /start/,
    ],
    [
      'U13 an end before the start',
      [withPublicKey({ validFor: { start: END, end: START } })],
      /validFor\.end/,
    ],
    [
      'an end that is no date',
      [withPublicKey({ validFor: { start: START, end: 'never' } })],
      /validFor\.end/,
    ],
    ['the same key twice', [HONEST, HONEST], /several keys have the id/],
    ['U13 other bytes under the id', [HONEST, otherBytes], /several keys/],
    ['U13 the same in the other order', [otherBytes, HONEST], /several keys/],
    [
      'U13 other bytes for another usage',
      [HONEST, { ...otherBytes, keyUsage: 'npm:signatures' }],
      /several keys/,
    ],
    [
      'U13 other bytes of a type that is left out',
      [HONEST, withPublicKey({ rawBytes: rsa, keyDetails: 'PKIX_RSA' })],
      /several keys/,
    ],
    [
      'U13 three, of which two are the same',
      [HONEST, otherBytes, HONEST],
      /several keys/,
    ],
  ])('%s: none of them is used, and the others are', (_what, bad, reason) => {
    const file = bytes({ keys: [...bad, good] });
    const { keys, refused } = readRegistryKeys(file);
    expect(keys.map(({ keyId }) => keyId)).toEqual(['good']);
    expect(refused).toEqual([expect.stringMatching(reason)]);
    expect(refused.join('')).not.toMatch(/\p{Cc}/u);
    expect(parseRegistryKeys(file)).toHaveLength(1);
  });

  it.each<[string, readonly KeyJson[]]>([
    ['an honest file', [HONEST, { ...HONEST, keyUsage: 'npm:signatures' }]],
    ['keys for something else', [{ ...HONEST, keyUsage: 'npm:other' }]],
    ['keys of another type', [withPublicKey({ keyDetails: 'PKIX_ED25519' })]],
  ])('are not found in %s', (_what, keys) => {
    expect(readRegistryKeys(bytes({ keys })).refused).toEqual([]);
  });
});

describe('finding a key', () => {
  const keys = parse(HONEST, {
    ...HONEST,
    keyId: 'signing',
    keyUsage: 'npm:signatures',
  });

  it.each([
    ['by id and usage', 'SHA256:one', 'npm:attestations', 'SHA256:one'],
    ['but not for another usage', 'SHA256:one', 'npm:signatures', null],
    ['but not by another case', 'sha256:ONE', 'npm:attestations', null],
    ['but not by a beginning', 'SHA256:o', 'npm:attestations', null],
    ['but not by no id', '', 'npm:attestations', null],
    ['but not what objects inherit', 'constructor', 'npm:attestations', null],
    ['nor __proto__', '__proto__', 'npm:signatures', null],
  ] as const)('%s', (_what, keyId, usage, found) => {
    expect(findRegistryKey(keys, keyId, usage)?.keyId ?? null).toBe(found);
  });
});

describe('validity', () => {
  const [ended] = parse(
    withPublicKey({ validFor: { start: START, end: END } }),
  );
  const [open] = parse(HONEST);

  it.each([
    [
      'a millisecond before the start',
      '2025-01-12T23:59:59.999Z',
      false,
      false,
    ],
    ['at the start', START, true, true],
    ['between', '2025-06-01T00:00:00Z', true, true],
    ['at the end', END, true, true],
    ['a millisecond after the end', '2026-01-29T00:00:00.001Z', false, true],
    ['at no time', 'never', false, false],
  ])('%s', (_what, time, withEnd, withoutEnd) => {
    if (ended === undefined || open === undefined) throw new Error('no keys');
    expect(isValidAt(ended, new Date(time))).toBe(withEnd);
    expect(isValidAt(open, new Date(time))).toBe(withoutEnd);
  });
});
