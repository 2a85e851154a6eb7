import { VerificationError, type Verifier } from '@sigstore/verify';
import { describe, expect, it } from 'vitest';
import type { BundleJson } from '../../fixtures/bundle.js';
import * as mutations from '../../fixtures/mutations.js';
import {
  createSigstore,
  type CertificateSigningOptions,
  type KeySigningOptions,
} from '../../fixtures/private-sigstore.js';
import {
  githubIdentity,
  type AttestationDocumentJson,
} from '../../fixtures/statements.js';
import { envelopePayload } from '../../src/evidence/envelope-payload.js';
import type { Check } from '../../src/verification/check.js';
import type { TrustRoot } from '../../src/verification/trust-root.js';
import { checkOf, codesOf, failureOf, outcomesOf } from './failures.js';
import { ACME_REGISTRY } from './samples.js';
import { toJson, trustRootOf, verifyServed } from './verified-bundle.js';

const sigstore = await createSigstore();
const TRUSTED = trustRootOf(sigstore);
const WITHOUT_KEYS = trustRootOf(sigstore, 'none');
const STATEMENT = { anything: 1 };
const { current, ended } = sigstore.keyIds;

function signed(options: Partial<CertificateSigningOptions> = {}): BundleJson {
  const identity = githubIdentity();
  return sigstore.signWithCertificate(STATEMENT, { identity, ...options });
}

function signedByKey(options: KeySigningOptions = {}): BundleJson {
  return sigstore.signWithKey(STATEMENT, options);
}

/** The bundle of a document with this one alone, after `change`. */
function changed(
  bundle: BundleJson,
  change: (document: AttestationDocumentJson) => AttestationDocumentJson,
): unknown {
  const attestation = { predicateType: 'x', bundle };
  const { attestations } = change({ attestations: [attestation] });
  return attestations[0]?.bundle;
}

function verify(bundle: unknown, trustRoot: TrustRoot = TRUSTED) {
  return verifyServed(bundle, trustRoot, sigstore.now);
}

const FORM = [
  'media-type: passed',
  'bundle-content: passed',
  'payload-type: passed',
  'log-entry-form: passed',
];
const READ = [...FORM, 'canonical-form: passed', 'key-id: passed'];
const CERTIFICATE = [
  'certificate-extensions: passed',
  'certificate-usage: passed',
  'certificate-values: passed',
];
const LOG = ['log-time: passed', 'log-proof: passed', 'log-signer: passed'];

function sorted(outcomes: readonly string[]): readonly string[] {
  return outcomes.toSorted();
}

describe('a bundle that holds', () => {
  it.each<[string, BundleJson, readonly string[]]>([
    [
      'signed with a certificate',
      signed(),
      [
        ...READ,
        'timestamp: passed',
        'certificate-chain: passed',
        'log-inclusion: passed',
        'signature: passed',
        ...CERTIFICATE,
        'log-entry-distinct: passed',
        ...LOG,
      ],
    ],
    [
      'signed with a key: there is no certificate to look at',
      signedByKey(),
      [
        ...READ,
        'timestamp: passed',
        'signing-key: passed',
        'log-inclusion: passed',
        'signature: passed',
        ...CERTIFICATE.map((each) => each.replace('passed', 'not-made')),
        'log-entry-distinct: passed',
        ...LOG,
      ],
    ],
    [
      'with a promise only',
      signed({ version: 'v0.1' }),
      [
        ...READ,
        'timestamp: passed',
        'certificate-chain: passed',
        'log-inclusion: passed',
        'signature: passed',
        ...CERTIFICATE,
        'log-entry-distinct: passed',
        'log-time: passed',
        'log-proof: not-made',
        'log-signer: passed',
      ],
    ],
  ])('records every check, %s', (_what, bundle, outcomes) => {
    const { status, checks } = verify(bundle);
    expect(status).toBe('verified');
    expect(sorted(outcomesOf(checks))).toEqual(sorted(outcomes));
    expect(checks.every(({ attestation }) => attestation === null)).toBe(true);
  });

  it.each<[string, BundleJson, Check['check'], string | null, string | null]>([
    ['no key id', signed(), 'key-id', '(none)', '(none)'],
    ['a key id', signedByKey(), 'key-id', current, current],
    [
      'no key id beside a key',
      signedByKey({ keyid: '' }),
      'key-id',
      current,
      '(none)',
    ],
    ['a key', signedByKey(), 'signing-key', null, current],
    [
      'a certificate',
      signed(),
      'certificate-chain',
      null,
      'valid 2026-06-01T12:00:00.000Z to 2026-06-01T12:10:00.000Z',
    ],
    ['a time', signed(), 'timestamp', null, '2026-06-01T12:00:02.000Z'],
    [
      'promise and proof',
      signed(),
      'log-inclusion',
      null,
      'promise and inclusion proof',
    ],
    [
      'a promise alone',
      signed({ version: 'v0.1' }),
      'log-inclusion',
      null,
      'promise',
    ],
    [
      'a proof alone, beside a timestamp',
      signed({ log: { promise: false }, timestamp: {} }),
      'log-inclusion',
      null,
      'inclusion proof',
    ],
  ])('says what it found: %s', (_what, bundle, id, expected, found) => {
    expect(checkOf(verify(bundle).checks, id)).toMatchObject({
      outcome: 'passed',
      expected,
      found,
    });
  });

  it('gives the signed bytes, the signer and the time', () => {
    const bundle = signedByKey();
    const result = verify(bundle);
    expect(envelopePayload(toJson(bundle))?.toString()).toBe(
      JSON.stringify(STATEMENT),
    );
    expect(result).toMatchObject({
      verified: {
        signer: { kind: 'key', keyId: current },
        signedAt: new Date('2026-06-01T12:00:02Z'),
        logIndex: bundle.verificationMaterial.tlogEntries[0]?.logIndex,
      },
    });
  });

  it('says why a certificate was not looked at', () => {
    const { checks } = verify(signedByKey());
    expect(checkOf(checks, 'certificate-usage')).toMatchObject({
      message: 'signed by a key',
    });
  });
});

type Row = readonly [
  defect: string,
  bundle: unknown,
  failing: string,
  code: string,
  passedBefore: readonly string[],
];

const JUNK = (document: AttestationDocumentJson): AttestationDocumentJson =>
  mutations.withJunkAfterPayload(document, '!', 0);

const ROWS: readonly Row[] = [
  ['no object', [], 'bundle-content', 'bundle-malformed', []],
  ['no media type', {}, 'media-type', 'bundle-malformed', []],
  [
    'no signature',
    changed(signed(), (d) => mutations.withoutSignatures(d, 0)),
    'bundle-content',
    'bundle-malformed',
    FORM.slice(0, 1),
  ],
  [
    'no log entry',
    signed({ log: { entries: 0 } }),
    'log-entry-form',
    'log-entry',
    FORM.slice(0, 3),
  ],
  [
    'no proof, which the library asks for',
    signed({ log: { proof: false } }),
    'bundle-content',
    'bundle-malformed',
    FORM,
  ],
  [
    'junk in its base64',
    changed(signed(), JUNK),
    'canonical-form',
    'bundle-malformed',
    FORM,
  ],
  [
    'junk in its base64, and a key id as well',
    changed(signed({ keyid: 'x' }), JUNK),
    'canonical-form',
    'bundle-malformed',
    FORM,
  ],
  [
    'a key id beside a certificate',
    signed({ keyid: 'x' }),
    'key-id',
    'bundle-malformed',
    READ.slice(0, -1),
  ],
  [
    'a key id beside another key, which is unknown too',
    signedByKey({ key: 'rogue', keyid: current }),
    'key-id',
    'publish-key',
    READ.slice(0, -1),
  ],
  [
    'a certificate cut off',
    changed(signed(), (d) => mutations.withTruncatedCertificate(d, 100, 0)),
    'bundle-content',
    'bundle-malformed',
    READ,
  ],
  [
    'an unknown key',
    signedByKey({ key: 'rogue' }),
    'signing-key',
    'publish-key',
    READ,
  ],
  [
    'a key that had ended when it signed',
    signedByKey({ key: 'ended' }),
    'signing-key',
    'publish-key',
    READ,
  ],
  [
    'another authority',
    signed({ authority: 'rogue' }),
    'certificate-chain',
    'certificate',
    READ,
  ],
  [
    'no promise',
    signed({ log: { promise: false } }),
    'timestamp',
    'timestamp',
    READ,
  ],
  [
    'another log',
    signed({ log: { standing: 'rogue' } }),
    'log-inclusion',
    'log-entry',
    READ,
  ],
  [
    'a checkpoint by another name',
    signed({ log: { checkpointName: 'elsewhere' } }),
    'log-inclusion',
    'log-entry',
    READ,
  ],
  [
    'an entry of another payload',
    changed(signed(), (d) => mutations.withFlippedPayloadByte(d, 4, 0)),
    'log-inclusion',
    'log-entry',
    READ,
  ],
  [
    'a signature by another key',
    signed({ signedBy: 'another' }),
    'signature',
    'signature',
    READ,
  ],
];

describe('a bundle that does not', () => {
  it.each(ROWS)(
    'passes nothing behind the first failure: %s',
    (_defect, bundle, failing, code, before) => {
      const result = verify(bundle);
      expect(result.status).toBe('rejected');
      expect(result).not.toHaveProperty('verified');
      expect(outcomesOf(result.checks)).toEqual([
        ...before,
        `${failing}: failed`,
      ]);
      expect(codesOf(result.checks)).toEqual([code]);
      expect(failureOf(...result.checks)?.kind).toBe('invalid');
    },
  );

  it('ends with the certificate, whose checks passed as far as they come', () => {
    const bundle = signed({ certificate: { isAuthority: true } });
    const { status, checks } = verify(bundle);
    expect(status).toBe('rejected');
    expect(outcomesOf(checks).at(-1)).toBe('certificate-usage: failed');
    expect(codesOf(checks)).toEqual(['certificate-usage']);
    expect(outcomesOf(checks).join()).not.toContain('log-signer');
  });

  it('ends with the log entries, each of them looked at', () => {
    const bundle = signed({ log: { verifier: 'another' } });
    const { status, checks } = verify(bundle);
    expect(status).toBe('rejected');
    expect(outcomesOf(checks).slice(-4)).toEqual([
      'log-entry-distinct: passed',
      'log-time: passed',
      'log-proof: passed',
      'log-signer: failed',
    ]);
  });

  it('names both keys', () => {
    const { checks } = verify(signed({ keyid: 'x' }));
    expect(failureOf(...checks)).toMatchObject({
      message: 'the envelope names another key than the bundle',
      expected: '(none)',
      found: 'x',
    });
    const other = verify(signedByKey({ keyid: ended })).checks;
    expect(failureOf(...other)).toMatchObject({
      expected: current,
      found: ended,
    });
  });

  it('dates from the future, by an authority, and says by how much', () => {
    const late = new Date(sigstore.now.getTime() + 3_601_000);
    const { checks } = verify(
      sigstore.signWithKey(STATEMENT, { timestamp: { time: late } }),
    );
    expect(checkOf(checks, 'timestamp')).toMatchObject({
      outcome: 'failed',
      kind: 'invalid',
      message: 'a timestamp authority dates the signature in the future',
      expected: 'by 2026-06-01T13:00:00.000Z',
      found: '2026-06-01T13:00:01.000Z',
    });
  });

  it('dates from the future, by a log: an hour is within tolerance', () => {
    const timed = (seconds: number) =>
      verify(
        signedByKey({
          log: { time: new Date(sigstore.now.getTime() + seconds * 1000) },
        }),
      ).status;
    expect(timed(3_600)).toBe('verified');
    expect(timed(3_601)).toBe('rejected');
  });
});

describe('a bundle of a registry without known keys', () => {
  it('that is signed by a key cannot be decided', () => {
    const result = verify(signedByKey(), WITHOUT_KEYS);
    expect(result.status).toBe('unverifiable');
    expect(result).not.toHaveProperty('verified');
    expect(outcomesOf(result.checks)).toEqual([
      ...READ,
      'signing-key: undecided',
    ]);
    expect(checkOf(result.checks, 'signing-key')).toMatchObject({
      code: 'registry-keys-missing',
      message: `the trust root has no keys for ${ACME_REGISTRY}`,
      found: current,
    });
  });

  it('that is not sound is rejected, and nothing is left open', () => {
    const result = verify(changed(signedByKey(), JUNK), WITHOUT_KEYS);
    expect(result.status).toBe('rejected');
    expect(outcomesOf(result.checks)).toEqual([
      ...FORM,
      'canonical-form: failed',
    ]);
  });

  it('that names another key as well is rejected, and nothing is left open', () => {
    const result = verify(signedByKey({ keyid: ended }), WITHOUT_KEYS);
    expect(result.status).toBe('rejected');
    expect(outcomesOf(result.checks)).toEqual([
      ...READ.slice(0, -1),
      'key-id: failed',
    ]);
  });

  it('that is signed by a certificate needs none', () => {
    expect(verify(signed(), WITHOUT_KEYS).status).toBe('verified');
  });
});

/** A trust root whose verifier throws `error`, as a parser might. */
function throwing(error: unknown): TrustRoot {
  const verifier: Pick<Verifier, 'verify'> = {
    verify() {
      throw error;
    },
  };
  return { ...TRUSTED, verifierFor: () => verifier as Verifier };
}

type LibraryCode = ConstructorParameters<typeof VerificationError>[0]['code'];

describe('what the library throws', () => {
  it.each<[LibraryCode, string, string]>([
    ['TLOG_ERROR', 'log-inclusion', 'log-entry'],
    ['TLOG_INCLUSION_PROOF_ERROR', 'log-inclusion', 'log-entry'],
    ['TLOG_INCLUSION_PROMISE_ERROR', 'log-inclusion', 'log-entry'],
    ['TLOG_MISSING_INCLUSION_ERROR', 'log-inclusion', 'log-entry'],
    ['TLOG_BODY_ERROR', 'log-inclusion', 'log-entry'],
    ['CERTIFICATE_ERROR', 'certificate-chain', 'certificate'],
    ['PUBLIC_KEY_ERROR', 'signing-key', 'publish-key'],
    ['SIGNATURE_ERROR', 'signature', 'signature'],
    ['TIMESTAMP_ERROR', 'timestamp', 'timestamp'],
    // None that is thrown without a policy; whatever comes is a rejection.
    ['NOT_IMPLEMENTED_ERROR', 'signature', 'signature'],
  ])('%s is a failure of %s', (libraryCode, check, code) => {
    const error = new VerificationError({ code: libraryCode, message: 'why' });
    const { status, checks } = verify(signed(), throwing(error));
    expect(status).toBe('rejected');
    expect(outcomesOf(checks)).toEqual([...READ, `${check}: failed`]);
    expect(failureOf(...checks)).toMatchObject({ code, message: 'why' });
  });

  it.each<[string, unknown, string]>([
    ['a defect of its own', new RangeError('out of range'), 'out of range'],
    ['a text', 'out of order', 'unreadable bundle'],
    ['nothing', undefined, 'unreadable bundle'],
  ])('is a rejection, whatever it is: %s', (_what, error, message) => {
    const { status, checks } = verify(signed(), throwing(error));
    expect(status).toBe('rejected');
    expect(outcomesOf(checks)).toEqual([...READ, 'bundle-content: failed']);
    expect(failureOf(...checks)).toMatchObject({
      kind: 'invalid',
      code: 'bundle-malformed',
      message,
    });
  });

  it('leaves errors of others as they are', () => {
    const before = Error.stackTraceLimit;
    expect(before).toBeGreaterThan(0);
    expect(verify(signed(), throwing(new Error('why'))).status).toBe(
      'rejected',
    );
    expect(Error.stackTraceLimit).toBe(before);
    expect(new Error('mine').stack).toContain('verify-bundle.test');
  });
});
