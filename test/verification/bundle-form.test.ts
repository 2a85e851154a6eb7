import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/json/strict-json.js';
import {
  PAYLOAD_TYPE,
  checkCanonicalForm,
  checkForm,
} from '../../src/verification/bundle-form.js';
import type { CheckId } from '../../src/verification/check-catalogue.js';
import { failureOf, outcomesOf } from './failures.js';

type Json = Readonly<Record<string, JsonValue>>;

const ENTRY: Json = {
  kindVersion: { kind: 'dsse', version: '0.0.1' },
  inclusionProof: { checkpoint: { envelope: 'log\n1\nroot\n' } },
};
const ENVELOPE: Json = {
  payload: 'e30=',
  payloadType: PAYLOAD_TYPE,
  signatures: [{ sig: 'AAAA', keyid: '' }],
};
const MATERIAL: Json = {
  certificate: { rawBytes: 'AAAA' },
  tlogEntries: [ENTRY],
};
const NEWEST = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const BUNDLE: Json = {
  mediaType: NEWEST,
  verificationMaterial: MATERIAL,
  dsseEnvelope: ENVELOPE,
};

function withMaterial(change: Json): Json {
  return { ...BUNDLE, verificationMaterial: { ...MATERIAL, ...change } };
}

/** Without the certificate, whose place another material takes. */
function withOther(material: Json): Json {
  return withMaterial({ certificate: null, ...material });
}

function withEnvelope(change: Json): Json {
  return { ...BUNDLE, dsseEnvelope: { ...ENVELOPE, ...change } };
}

function withEntry(change: Json): Json {
  return withMaterial({ tlogEntries: [{ ...ENTRY, ...change }] });
}

function chainOf(...certificates: readonly JsonValue[]): Json {
  return withOther({ x509CertificateChain: { certificates } });
}

function ofKind(kind: JsonValue, version: JsonValue): Json {
  return withEntry({ kindVersion: { kind, version } });
}

function withTimestamps(rfc3161Timestamps: JsonValue): Json {
  return withMaterial({ timestampVerificationData: { rfc3161Timestamps } });
}

/** All four numbers of a log entry. */
function withNumbers(number: JsonValue): Json {
  const proof = { logIndex: number, treeSize: number };
  return withEntry({
    logIndex: number,
    integratedTime: number,
    inclusionProof: proof,
  });
}

/** Each reads as a number to some reader. */
const NUMBERS: readonly (readonly [what: string, number: JsonValue])[] = [
  ['in place of texts', 1],
  ['that are null', null],
  ['that are empty', ''],
  ['with a blank before', ' 1'],
  ['with a line end behind', '1\n'],
  ['with a sign', '+1'],
  ['below zero', '-1'],
  ['with a zero in front', '01'],
  ['with a fraction', '1.0'],
  ['with an exponent', '1e3'],
  ['in hexadecimal', '0x1f'],
  ['with letters behind', '1a'],
  ['of 20 digits', '1'.repeat(20)],
];

function withCheckpoint(envelope: string): Json {
  return withEntry({ inclusionProof: { checkpoint: { envelope } } });
}

/** Base64 of 16 KiB, the most a certificate may have. */
const LARGE = Buffer.alloc(16_384).toString('base64');
const TOO_LARGE = Buffer.alloc(16_385).toString('base64');

describe('bundles of a known form', () => {
  it.each<[string, JsonValue]>([
    ['version 0.3', BUNDLE],
    ...['0.1', '0.2', '0.3'].map((version): [string, JsonValue] => [
      `the older spelling of version ${version}`,
      {
        ...BUNDLE,
        mediaType: `application/vnd.dev.sigstore.bundle+json;version=${version}`,
      },
    ]),
    ['a certificate in a chain', chainOf({ rawBytes: 'AAAA' })],
    ['a public key', withOther({ publicKey: { hint: 'x' } })],
    [
      'other members of a oneof that are null',
      { ...withOther({ publicKey: { hint: 'x' } }), messageSignature: null },
    ],
    ['an intoto entry', ofKind('intoto', '0.0.2')],
    ['a hashedrekord entry of the second log', ofKind('hashedrekord', '0.0.2')],
    [
      'four log entries',
      withMaterial({ tlogEntries: [ENTRY, ENTRY, ENTRY, ENTRY] }),
    ],
    ['no inclusion proof', withEntry({ inclusionProof: null })],
    ['a key id', withEnvelope({ signatures: [{ sig: 'AAAA', keyid: 'x' }] })],
    ['no key id', withEnvelope({ signatures: [{ sig: 'AAAA' }] })],
    ['a key id that is null', withEnvelope({ signatures: [{ keyid: null }] })],
    ['no signed timestamps', withTimestamps([])],
    ['signed timestamps', withTimestamps([{ signedTimestamp: 'AAAA' }])],
    ['signed timestamps that are null', withTimestamps(null)],
    ['no room for timestamps', withMaterial({ timestampVerificationData: {} })],
    ['the numbers 0', withNumbers('0')],
    ['numbers of 19 digits', withNumbers('9'.repeat(19))],
    ['a checkpoint of 8 KiB', withCheckpoint('x'.repeat(8_192))],
    [
      'a certificate of 16 KiB',
      withMaterial({ certificate: { rawBytes: LARGE } }),
    ],
    ['members that nobody knows', { ...BUNDLE, future: [] }],
  ])('%s', (_what, bundle) => {
    expect(outcomesOf(checkForm(bundle))).toEqual([
      'media-type: passed',
      'bundle-content: passed',
      'payload-type: passed',
      'log-entry-form: passed',
    ]);
  });
});

type Row = readonly [defect: string, bundle: JsonValue, code: string];

const ROWS: readonly Row[] = [
  ['null', null, 'bundle-malformed'],
  ['a text', 'bundle', 'bundle-malformed'],
  ['a list', [BUNDLE], 'bundle-malformed'],
  ['nothing in it', {}, 'bundle-malformed'],
  ['no media type', { ...BUNDLE, mediaType: null }, 'bundle-malformed'],
  [
    'a media type in a list',
    { ...BUNDLE, mediaType: [NEWEST] },
    'bundle-malformed',
  ],
  [
    'a media type of version 9.9',
    { ...BUNDLE, mediaType: NEWEST.replace('0.3', '9.9') },
    'bundle-malformed',
  ],
  [
    'a media type with more behind it',
    { ...BUNDLE, mediaType: `${NEWEST};x` },
    'bundle-malformed',
  ],
  [
    'no verification material',
    { ...BUNDLE, verificationMaterial: null },
    'bundle-malformed',
  ],
  [
    'material in a list',
    { ...BUNDLE, verificationMaterial: [MATERIAL] },
    'bundle-malformed',
  ],
  ['no content', { ...BUNDLE, dsseEnvelope: null }, 'bundle-malformed'],
  [
    'another content beside',
    { ...BUNDLE, messageSignature: {} },
    'bundle-malformed',
  ],
  [
    'a message signature instead',
    { ...BUNDLE, dsseEnvelope: null, messageSignature: {} },
    'bundle-malformed',
  ],
  ['no certificate or key', withOther({}), 'bundle-malformed'],
  [
    'certificate and key',
    withMaterial({ publicKey: { hint: 'x' } }),
    'bundle-malformed',
  ],
  [
    'certificate and chain',
    withMaterial({ x509CertificateChain: { certificates: [] } }),
    'bundle-malformed',
  ],
  [
    'certificate and an empty text for a key',
    withMaterial({ publicKey: '' }),
    'bundle-malformed',
  ],
  [
    'an envelope that is a list',
    { ...BUNDLE, dsseEnvelope: [] },
    'bundle-malformed',
  ],
  ['no signature', withEnvelope({ signatures: [] }), 'bundle-malformed'],
  [
    'two signatures',
    withEnvelope({ signatures: [{}, {}] }),
    'bundle-malformed',
  ],
  [
    'signatures that are an object',
    withEnvelope({ signatures: { length: 1 } }),
    'bundle-malformed',
  ],
  ['no payload type', withEnvelope({ payloadType: null }), 'payload-type'],
  [
    'another payload type',
    withEnvelope({ payloadType: 'text/html' }),
    'payload-type',
  ],
  [
    'a payload type in a list',
    withEnvelope({ payloadType: [PAYLOAD_TYPE] }),
    'payload-type',
  ],
  [
    'a payload type in capitals',
    withEnvelope({ payloadType: PAYLOAD_TYPE.toUpperCase() }),
    'payload-type',
  ],
  [
    'a chain that is no list',
    withOther({ x509CertificateChain: { certificates: {} } }),
    'bundle-malformed',
  ],
  [
    'a certificate larger than 16 KiB',
    withMaterial({ certificate: { rawBytes: TOO_LARGE } }),
    'too-large',
  ],
  [
    'a larger one further up its chain',
    chainOf({ rawBytes: 'AAAA' }, { rawBytes: TOO_LARGE }),
    'too-large',
  ],
  ['no log entries', withMaterial({ tlogEntries: null }), 'log-entry'],
  [
    'an empty list of log entries',
    withMaterial({ tlogEntries: [] }),
    'log-entry',
  ],
  [
    'log entries that are an object',
    withMaterial({ tlogEntries: {} }),
    'log-entry',
  ],
  [
    'five log entries',
    withMaterial({ tlogEntries: Array<Json>(5).fill(ENTRY) }),
    'too-large',
  ],
  [
    'a log entry that is null',
    withMaterial({ tlogEntries: [null] }),
    'bundle-malformed',
  ],
  [
    'a log entry without a kind',
    withEntry({ kindVersion: null }),
    'bundle-malformed',
  ],
  [
    'a kind that is a text',
    withEntry({ kindVersion: 'dsse 0.0.1' }),
    'bundle-malformed',
  ],
  ['a kind that records no envelope', ofKind('rekord', '0.0.1'), 'log-entry'],
  [
    'the kind of a bare signature',
    ofKind('hashedrekord', '0.0.1'),
    'log-entry',
  ],
  ['an unknown version of a kind', ofKind('dsse', '0.0.2'), 'log-entry'],
  ['an old version of a kind', ofKind('intoto', '0.0.1'), 'log-entry'],
  ['a kind without a version', ofKind('dsse', null), 'log-entry'],
  ['kind and version in one text', ofKind('dsse 0.0.1', ''), 'log-entry'],
  ['a version that is a number', ofKind('dsse', 1), 'log-entry'],
  [
    'a second entry of another kind',
    withMaterial({
      tlogEntries: [ENTRY, { kindVersion: { kind: 'x', version: '1' } }],
    }),
    'log-entry',
  ],
  [
    'a checkpoint larger than 8 KiB',
    withCheckpoint('x'.repeat(8_193)),
    'too-large',
  ],
  [
    'one larger than that in bytes, not in characters',
    withCheckpoint(`${'x'.repeat(8_190)}\u2014`),
    'too-large',
  ],
  [
    'a key id that is a number',
    withEnvelope({ signatures: [{ keyid: 1 }] }),
    'bundle-malformed',
  ],
  [
    'a key id in a list',
    withEnvelope({ signatures: [{ keyid: ['x'] }] }),
    'bundle-malformed',
  ],
  [
    'a signature that is a text',
    withEnvelope({ signatures: ['AAAA'] }),
    'bundle-malformed',
  ],
  ['signed timestamps in an object', withTimestamps({}), 'bundle-malformed'],
  ['signed timestamps in a text', withTimestamps('x'), 'bundle-malformed'],
  ...NUMBERS.map(([what, number]): Row => [
    `numbers of a log entry ${what}`,
    withNumbers(number),
    'bundle-malformed',
  ]),
  ...(['logIndex', 'integratedTime'] as const).map((key): Row => [
    `${key} alone not decimal`,
    withEntry({ [key]: '0x1' }),
    'bundle-malformed',
  ]),
  ...(['logIndex', 'treeSize'] as const).map((key): Row => [
    `${key} of the proof alone not decimal`,
    withEntry({ inclusionProof: { [key]: '0x1' } }),
    'bundle-malformed',
  ]),
];

describe('bundles that no honest producer writes', () => {
  it.each(ROWS)('%s', (_defect, bundle, code) => {
    expect(failureOf(...checkForm(bundle))?.code).toBe(code);
  });
});

const MEDIA_TYPES = [
  ...['0.1', '0.2', '0.3'].map(
    (version) => `application/vnd.dev.sigstore.bundle+json;version=${version}`,
  ),
  NEWEST,
].join(', ');
const KINDS = 'intoto 0.0.2, dsse 0.0.1, hashedrekord 0.0.2';

describe('what is recorded', () => {
  it.each<[string, JsonValue, readonly string[]]>([
    [
      'a certificate',
      BUNDLE,
      [NEWEST, 'one signature by a certificate', PAYLOAD_TYPE, 'dsse 0.0.1'],
    ],
    [
      'a key and two entries',
      withOther({
        publicKey: { hint: 'x' },
        tlogEntries: [
          ENTRY,
          { kindVersion: { kind: 'intoto', version: '0.0.2' } },
        ],
      }),
      [
        NEWEST,
        'one signature by a key',
        PAYLOAD_TYPE,
        'dsse 0.0.1, intoto 0.0.2',
      ],
    ],
  ])('of what holds: %s', (_what, bundle, found) => {
    expect(checkForm(bundle).map((check) => check.found)).toEqual(found);
  });

  it.each<[string, JsonValue, CheckId, string, object]>([
    ['no object', 1, 'bundle-content', 'the bundle is not an object', {}],
    [
      'another media type',
      { ...BUNDLE, mediaType: 'x' },
      'media-type',
      'unknown bundle media type',
      { expected: MEDIA_TYPES, found: 'x' },
    ],
    [
      'no media type',
      { ...BUNDLE, mediaType: null },
      'media-type',
      'unknown bundle media type',
      { found: 'null' },
    ],
    [
      'no material',
      { ...BUNDLE, verificationMaterial: 1 },
      'bundle-content',
      'there is no verification material',
      {},
    ],
    [
      'two contents',
      { ...BUNDLE, messageSignature: {} },
      'bundle-content',
      'expected exactly one content, a DSSE envelope',
      {},
    ],
    [
      'another content',
      { ...BUNDLE, dsseEnvelope: null, messageSignature: {} },
      'bundle-content',
      'expected exactly one content, a DSSE envelope',
      {},
    ],
    [
      'no signer',
      withOther({}),
      'bundle-content',
      'expected exactly one of certificate, chain and public key',
      {},
    ],
    [
      'an envelope that is none',
      { ...BUNDLE, dsseEnvelope: 'x' },
      'bundle-content',
      'the envelope is no object',
      {},
    ],
    [
      'no list of signatures',
      withEnvelope({ signatures: 'x' }),
      'bundle-content',
      'expected exactly one signature in the envelope',
      {},
    ],
    [
      'a key id that is none',
      withEnvelope({ signatures: [{ keyid: 1 }] }),
      'bundle-content',
      'the key id of the signature is no text',
      {},
    ],
    [
      'a chain that is none',
      withOther({ x509CertificateChain: {} }),
      'bundle-content',
      'the certificate chain is not a list',
      {},
    ],
    [
      'a large certificate',
      chainOf({ rawBytes: TOO_LARGE }),
      'bundle-content',
      'a certificate is larger than 16 KiB',
      {},
    ],
    [
      'timestamps that are none',
      withTimestamps(1),
      'bundle-content',
      'the signed timestamps are not a list',
      {},
    ],
    [
      'another payload type',
      withEnvelope({ payloadType: 'text/html' }),
      'payload-type',
      'the envelope does not hold an in-toto statement',
      { expected: PAYLOAD_TYPE, found: 'text/html' },
    ],
    [
      'no log entry',
      withMaterial({ tlogEntries: [] }),
      'log-entry-form',
      'the bundle has no transparency log entry',
      {},
    ],
    [
      'five log entries',
      withMaterial({ tlogEntries: Array<Json>(5).fill(ENTRY) }),
      'log-entry-form',
      'too many transparency log entries',
      { expected: 'at most 4', found: '5' },
    ],
    [
      'an entry that is none',
      withMaterial({ tlogEntries: ['x'] }),
      'log-entry-form',
      'a log entry has no kind',
      {},
    ],
    [
      'another kind',
      ofKind('rekord', 1),
      'log-entry-form',
      'a log entry is of a kind that does not record an envelope',
      { expected: KINDS, found: 'rekord 1' },
    ],
    [
      'a number',
      withNumbers(1),
      'log-entry-form',
      'a number of a log entry is not in canonical form',
      {},
    ],
    [
      'a large checkpoint',
      withCheckpoint('x'.repeat(8_193)),
      'log-entry-form',
      'a checkpoint is larger than 8 KiB',
      {},
    ],
  ])('of what fails, last: %s', (_what, bundle, check, message, sides) => {
    const checks = checkForm(bundle);
    expect(checks.at(-1)).toMatchObject({
      check,
      outcome: 'failed',
      kind: 'invalid',
      message,
      ...sides,
    });
    expect(checks.slice(0, -1).map(({ outcome }) => outcome)).toEqual(
      checks.slice(0, -1).map(() => 'passed'),
    );
  });
});

describe('what was read, held against what was given', () => {
  it.each<[string, JsonValue, unknown]>([
    ['the same text', 'a', 'a'],
    ['the same list', ['a', { b: 'c' }], ['a', { b: 'c' }]],
    [
      'the same object in another order',
      { a: '1', b: '2' },
      { b: '2', a: '1' },
    ],
    ['a member that was not read', { a: '1', extra: '2' }, { a: '1' }],
    ['nothing read of an object', { a: '1' }, {}],
    ['an empty list', [], []],
    ['the same number', 1, 1],
    ['null read as null', { a: null }, { a: null }],
    ['nothing read as null', {}, { a: null }],
  ])('agrees: %s', (_what, given, read) => {
    expect(checkCanonicalForm(given, read)).toMatchObject({
      check: 'canonical-form',
      outcome: 'passed',
    });
  });

  it.each<[string, JsonValue, unknown, string]>([
    ['another text', { a: 'x' }, { a: 'y' }, 'bundle.a'],
    ['a number read as a text', { a: 1 }, { a: '1' }, 'bundle.a'],
    ['a text read as a number', { a: '1' }, { a: 1 }, 'bundle.a'],
    ['base64 without its padding', { a: 'AA' }, { a: 'AA==' }, 'bundle.a'],
    ['base64 of the other alphabet', { a: '_-8=' }, { a: '/+8=' }, 'bundle.a'],
    ['base64 with junk', { a: 'AAAA!' }, { a: 'AAAA' }, 'bundle.a'],
    ['a member that was not given', {}, { a: 'x' }, 'bundle.a'],
    ['null read as a text', { a: null }, { a: '' }, 'bundle.a'],
    ['a longer list', { a: ['x', 'y'] }, { a: ['x'] }, 'bundle.a'],
    ['a shorter list', { a: [] }, { a: ['x'] }, 'bundle.a'],
    ['an object read as a list', { a: { 0: 'x' } }, { a: ['x'] }, 'bundle.a'],
    ['a list read as an object', { a: ['x'] }, { a: { 0: 'x' } }, 'bundle.a'],
    ['a text read as an object', { a: 'x' }, { a: {} }, 'bundle.a'],
    [
      'deep inside',
      { a: [{}, { b: 'x' }] },
      { a: [{}, { b: 'y' }] },
      'bundle.a[1].b',
    ],
  ])('differs: %s', (_defect, given, read, path) => {
    const problem = failureOf(checkCanonicalForm(given, read));
    expect(problem?.code).toBe('bundle-malformed');
    expect(problem?.message).toMatch(
      /^\S+ is not (?:in canonical form|a list of \d+|an object)$/,
    );
    expect(problem?.message).toContain(`${path} is not`);
    expect(checkCanonicalForm(given, read).check).toBe('canonical-form');
  });
});
