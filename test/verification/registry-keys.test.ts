import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKey } from '../../fixtures/keys.js';
import {
  findRegistryKey,
  isValidAt,
  parseRegistryKeys,
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
    ['RSA that says P-256', withPublicKey({ rawBytes: rsa })],
    [
      'P-384',
      withPublicKey({
        rawBytes: p384.spki.toString('base64'),
        keyDetails: 'PKIX_ECDSA_P384_SHA_384',
      }),
    ],
    [
      'P-384 that says P-256',
      withPublicKey({ rawBytes: p384.spki.toString('base64') }),
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
    ['a key that is null', { keys: [null] }],
    [
      'a key without publicKey',
      { keys: [{ ...HONEST, publicKey: undefined }] },
    ],
    ['a key that is a list', { keys: [[HONEST]] }],
    ['no id', { keys: [{ ...HONEST, keyId: undefined }] }],
    ['an id that is a number', { keys: [{ ...HONEST, keyId: 1 }] }],
    ['no bytes', { keys: [withPublicKey({ rawBytes: undefined })] }],
    ['empty bytes', { keys: [withPublicKey({ rawBytes: '' })] }],
    [
      'bytes that are no key',
      { keys: [withPublicKey({ rawBytes: 'bm8ga2V5' })] },
    ],
    ['no validity', { keys: [withPublicKey({ validFor: undefined })] }],
    ['no start', { keys: [withPublicKey({ validFor: { end: END } })] }],
    [
      'a start that is null',
      { keys: [withPublicKey({ validFor: { start: null } })] },
    ],
    [
      'a start that is no date',
      { keys: [withPublicKey({ validFor: { start: 'always' } })] },
    ],
    [
      'a start that is a number',
      { keys: [withPublicKey({ validFor: { start: 0 } })] },
    ],
    [
      'an end before the start',
      { keys: [withPublicKey({ validFor: { start: END, end: START } })] },
    ],
    [
      'an end that is no date',
      { keys: [withPublicKey({ validFor: { start: START, end: 'never' } })] },
    ],
    ['the same key twice', { keys: [HONEST, HONEST] }],
    [
      'two keys under one id and usage',
      {
        keys: [
          HONEST,
          withPublicKey({ rawBytes: other.spki.toString('base64') }),
        ],
      },
    ],
  ])('%s', (_defect, file) => {
    expect(() => parseRegistryKeys(bytes(file))).toThrow(Error);
  });
});

describe('finding a key', () => {
  const keys = parse(
    HONEST,
    { ...HONEST, keyId: '__proto__' },
    { ...HONEST, keyId: 'signing', keyUsage: 'npm:signatures' },
  );

  it.each([
    ['by id and usage', 'SHA256:one', 'npm:attestations', 'SHA256:one'],
    ['whose id is __proto__', '__proto__', 'npm:attestations', '__proto__'],
    ['but not for another usage', 'SHA256:one', 'npm:signatures', null],
    ['but not by another case', 'sha256:ONE', 'npm:attestations', null],
    ['but not by a beginning', 'SHA256:o', 'npm:attestations', null],
    ['but not by no id', '', 'npm:attestations', null],
    ['but not what objects inherit', 'constructor', 'npm:attestations', null],
    ['nor __proto__ unless a key has it', '__proto__', 'npm:signatures', null],
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
