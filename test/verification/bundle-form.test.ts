import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/json/strict-json.js';
import {
  PAYLOAD_TYPE,
  findFormProblem,
  findRoundTripProblem,
} from '../../src/verification/bundle-form.js';

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

function withCheckpoint(length: number): Json {
  const envelope = 'x'.repeat(length);
  return withEntry({ inclusionProof: { checkpoint: { envelope } } });
}

/** Base64 of 16 KiB, the most a certificate may have. */
const LARGE = Buffer.alloc(16_384).toString('base64');
const TOO_LARGE = Buffer.alloc(16_387).toString('base64');

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
    ['a checkpoint of 8 KiB', withCheckpoint(8_192)],
    [
      'a certificate of 16 KiB',
      withMaterial({ certificate: { rawBytes: LARGE } }),
    ],
    ['members that nobody knows', { ...BUNDLE, future: [] }],
  ])('%s', (_what, bundle) => {
    expect(findFormProblem(bundle)).toBeNull();
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
  ['a checkpoint larger than 8 KiB', withCheckpoint(8_193), 'too-large'],
];

describe('bundles that no honest producer writes', () => {
  it.each(ROWS)('%s', (_defect, bundle, code) => {
    expect(findFormProblem(bundle)?.code).toBe(code);
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
  ])('agrees: %s', (_what, given, read) => {
    expect(findRoundTripProblem(given, read)).toBeNull();
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
    const problem = findRoundTripProblem(given, read);
    expect(problem?.code).toBe('bundle-malformed');
    expect(problem?.message).toContain(`${path} is not`);
  });
});
