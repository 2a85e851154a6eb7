import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify';
import { describe, expect, it } from 'vitest';
import type { BundleJson } from '../../fixtures/bundle.js';
import {
  CODE_SIGNING,
  fulcioText,
  type CertificateShape,
} from '../../fixtures/certificate.js';
import { withExtensions } from '../../fixtures/identities.js';
import { withEnvelope, withMaterial } from '../../fixtures/mutate.js';
import {
  createSigstore,
  type CertificateSigningOptions,
  type KeySigningOptions,
} from '../../fixtures/private-sigstore.js';
import { githubIdentity } from '../../fixtures/statements.js';
import type {
  InclusionProofJson,
  LogEntryJson,
} from '../../fixtures/transparency-log.js';
import type { CheckId } from '../../src/verification/check-catalogue.js';
import type { RejectionCode } from '../../src/verification/verification.js';
import { libraryVerdict } from '../fixtures/verify-with-library.js';
import { failureOf } from './failures.js';
import { trustRootOf, verifyServed } from './verified-bundle.js';

/**
 * What the Sigstore library alone would let through. Each row is accepted by
 * the library as it is, and refused here: should the library close one of them,
 * the row says so, and the check here may go.
 */
const sigstore = await createSigstore();
const trustRoot = trustRootOf(sigstore);
const STATEMENT = { anything: 1 };

function signed(options: Partial<CertificateSigningOptions> = {}): BundleJson {
  const identity = githubIdentity();
  return sigstore.signWithCertificate(STATEMENT, { identity, ...options });
}

function signedByKey(options: KeySigningOptions = {}): BundleJson {
  return sigstore.signWithKey(STATEMENT, options);
}

function certified(certificate: CertificateShape): BundleJson {
  return signed({ certificate });
}

/** With an extension that is not in a certificate of Fulcio. */
function extended(oid: string, critical: boolean): BundleJson {
  const value = fulcioText('https://github.com/evil/widget');
  return certified({ additional: [{ oid, critical, value }] });
}

type Change<T> = (value: T) => T;

function withEntry(change: Change<LogEntryJson>): BundleJson {
  const bundle = signed();
  const tlogEntries = bundle.verificationMaterial.tlogEntries.map(change);
  return withMaterial(bundle, { tlogEntries });
}

function withCertificateText(change: Change<string>): BundleJson {
  const bundle = signed();
  const { certificate } = bundle.verificationMaterial;
  if (certificate === undefined) throw new Error('no certificate');
  const rawBytes = change(certificate.rawBytes);
  return withMaterial(bundle, { certificate: { rawBytes } });
}

function withProof(change: Change<InclusionProofJson>): BundleJson {
  return withEntry((entry) => {
    if (entry.inclusionProof === undefined) throw new Error('no proof');
    return { ...entry, inclusionProof: change(entry.inclusionProof) };
  });
}

function withCheckpoint(change: Change<string>): BundleJson {
  return withProof(({ checkpoint, ...proof }) => ({
    ...proof,
    checkpoint: { envelope: change(checkpoint.envelope) },
  }));
}

function withSignature(change: Change<string>): BundleJson {
  const bundle = signed();
  const signatures = bundle.dsseEnvelope.signatures.map(({ sig, keyid }) => ({
    sig: change(sig),
    keyid,
  }));
  return withEnvelope(bundle, { signatures });
}

/** The log signs the size of its tree as a hexadecimal number. */
function withHexadecimalSize(): BundleJson {
  const [entry] = signed().verificationMaterial.tlogEntries;
  const next = Number(entry?.inclusionProof?.treeSize) + 1;
  return signed({ log: { checkpointSize: `0x${next.toString(16)}` } });
}

/** Padding that decoders may ask for or not: missing, or one sign too much. */
function withOtherPadding(base64: string): string {
  return base64.endsWith('=') ? base64.replace(/=+$/, '') : `${base64}=`;
}

type Row = readonly [
  gap: string,
  bundle: BundleJson,
  check: CheckId,
  code: RejectionCode,
];

const HTTPS = '1.3.6.1.4.1.57264.1.12';
const SERVER = '1.3.6.1.5.5.7.3.1';
const HOUR_MS = 3_600_000;

const CERTIFICATES: readonly Row[] = [
  [
    'a key that is not for signatures',
    certified({ keyUsage: ['keyEncipherment'] }),
    'certificate-usage',
    'certificate-usage',
  ],
  [
    'no key usage',
    certified({ keyUsage: null }),
    'certificate-usage',
    'certificate-usage',
  ],
  [
    'a certificate of a server',
    certified({ extendedKeyUsage: [SERVER] }),
    'certificate-usage',
    'certificate-usage',
  ],
  [
    'no extended key usage',
    certified({ extendedKeyUsage: null }),
    'certificate-usage',
    'certificate-usage',
  ],
  [
    'an authority that signs code itself',
    certified({ isAuthority: true, extendedKeyUsage: [CODE_SIGNING] }),
    'certificate-usage',
    'certificate-usage',
  ],
  [
    'a critical extension that nobody understands',
    extended('1.2.3.4', true),
    'certificate-extensions',
    'certificate-usage',
  ],
  [
    'an identity extension twice',
    extended(HTTPS, false),
    'certificate-extensions',
    'certificate-usage',
  ],
  [
    'a subject alternative name twice',
    extended('2.5.29.17', false),
    'certificate-extensions',
    'certificate-usage',
  ],
  [
    'an identity extension that is no text',
    signed({
      identity: withExtensions(githubIdentity(), {
        12: { der: Buffer.of(2, 1, 5) },
      }),
    }),
    'certificate-values',
    'certificate-malformed',
  ],
];

const LOG: readonly Row[] = [
  [
    'an entry that names another certificate',
    signed({ log: { verifier: 'another' } }),
    'log-signer',
    'log-entry',
  ],
  [
    'an intoto entry that names another certificate',
    signed({ log: { verifier: 'another', kind: 'intoto' } }),
    'log-signer',
    'log-entry',
  ],
  [
    'an entry that names another key',
    signedByKey({ log: { verifier: 'another' } }),
    'log-signer',
    'log-entry',
  ],
  [
    'a root hash that is not the checkpoint’s',
    withProof((proof) => ({
      ...proof,
      rootHash: Buffer.alloc(32, 0x5a).toString('base64'),
    })),
    'log-proof',
    'log-entry',
  ],
  [
    'a tree size that is not the checkpoint’s',
    withProof((proof) => ({
      ...proof,
      treeSize: String(Number(proof.treeSize) + 1),
    })),
    'log-proof',
    'log-entry',
  ],
  [
    'text behind the checkpoint',
    withCheckpoint((text) => `${text}and more\n`),
    'log-proof',
    'log-entry',
  ],
  [
    'text between the checkpoint and its signature',
    withCheckpoint((text) => text.replace('\n\n', '\n\nand more\n')),
    'log-proof',
    'log-entry',
  ],
  [
    'a signature of nobody beside the checkpoint’s',
    withCheckpoint((text) => `${text}\u2014 nobody AAAAAAAB\u2014\n`),
    'log-proof',
    'log-entry',
  ],
  [
    'a checkpoint signature with junk in its base64',
    withCheckpoint((text) => text.replace(/\n$/, '!\n')),
    'log-proof',
    'log-entry',
  ],
  [
    'a hexadecimal size that the log signed',
    withHexadecimalSize(),
    'log-proof',
    'log-entry',
  ],
  [
    'a time in the future, of a key that has no end',
    signedByKey({
      log: { time: new Date(sigstore.now.getTime() + 2 * HOUR_MS) },
    }),
    'log-time',
    'log-entry',
  ],
];

const junk = (base64: string): string => `${base64}\n!!`;

const FORM: readonly Row[] = [
  [
    'a media type of a version to come',
    signed({ mediaType: 'application/vnd.dev.sigstore.bundle.v9.9+json' }),
    'media-type',
    'bundle-malformed',
  ],
  [
    'a media type with more behind it',
    signed({ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json;x=y' }),
    'media-type',
    'bundle-malformed',
  ],
  [
    'a payload that is no statement',
    signed({ payloadType: 'text/plain' }),
    'payload-type',
    'payload-type',
  ],
  [
    'junk behind the base64 of the payload',
    withEnvelope(signed(), {
      payload: junk(signed().dsseEnvelope.payload),
    }),
    'canonical-form',
    'bundle-malformed',
  ],
  [
    'junk behind the base64 of the signature',
    withSignature(junk),
    'canonical-form',
    'bundle-malformed',
  ],
  [
    'padding that is missing, or is too much',
    withSignature(withOtherPadding),
    'canonical-form',
    'bundle-malformed',
  ],
  [
    'a log id without its padding',
    withEntry((entry) => ({
      ...entry,
      logId: { keyId: entry.logId.keyId.replace(/=$/, '') },
    })),
    'canonical-form',
    'bundle-malformed',
  ],
  [
    'base64 of the other alphabet',
    withCertificateText((base64) =>
      // Long enough to have characters in which the two alphabets differ.
      Buffer.from(base64, 'base64').toString('base64url'),
    ),
    'canonical-form',
    'bundle-malformed',
  ],
  [
    'a log time with a blank before it',
    withEntry((entry) => ({
      ...entry,
      integratedTime: ` ${entry.integratedTime}`,
    })),
    'log-entry-form',
    'bundle-malformed',
  ],
  [
    'a log index with an exponent',
    withEntry((entry) => ({ ...entry, logIndex: `${entry.logIndex}e0` })),
    'log-entry-form',
    'bundle-malformed',
  ],
  [
    'a position in hexadecimal',
    withProof((proof) => ({
      ...proof,
      logIndex: `0x${Number(proof.logIndex).toString(16)}`,
    })),
    'log-entry-form',
    'bundle-malformed',
  ],
  [
    'a certificate beside a chain',
    withMaterial(signed({ version: 'v0.2' }), {
      certificate: { rawBytes: '' },
    }),
    'bundle-content',
    'bundle-malformed',
  ],
  [
    'a key id beside a certificate',
    signed({ keyid: 'SHA256:somebody' }),
    'key-id',
    'bundle-malformed',
  ],
  [
    'a key id beside another key',
    signedByKey({ keyid: 'SHA256:somebody' }),
    'key-id',
    'publish-key',
  ],
  [
    'no key id but the one of all objects',
    signedByKey({ keyid: '__proto__' }),
    'key-id',
    'publish-key',
  ],
];

describe.each<[string, readonly Row[]]>([
  ['certificates', CERTIFICATES],
  ['the log', LOG],
  ['form', FORM],
])('closed here: %s', (_part, rows) => {
  it.each(rows)('%s', (_gap, bundle, check, code) => {
    expect(libraryVerdict(sigstore, bundle)).toBe('accept');
    const { checks, status } = verifyServed(bundle, trustRoot, sigstore.now);
    expect(status).toBe('rejected');
    expect(failureOf(...checks)?.code).toBe(code);
    expect(checks.find(({ outcome }) => outcome === 'failed')?.check).toBe(
      check,
    );
  });
});

/** Objects that a table of keys made of one finds something in. */
const INHERITED = ['__proto__', 'constructor', 'toString'];

interface KeyJson {
  readonly keyId: string;
  readonly publicKey: { readonly rawBytes: string };
}

/** The library with a registry's keys as its own table of them: by id alone. */
function verdictByTable(bundle: unknown): string {
  const { keys } = sigstore.npmKeys as { readonly keys: readonly KeyJson[] };
  const table = Object.fromEntries(
    keys.map(({ keyId, publicKey: { rawBytes } }) => [
      keyId,
      { rawBytes: Buffer.from(rawBytes, 'base64'), keyDetails: 0 },
    ]),
  );
  const root = TrustedRoot.fromJSON(sigstore.trustedRoot);
  try {
    new Verifier(toTrustMaterial(root, table)).verify(
      toSignedEntity(bundleFromJSON(bundle)),
    );
    return 'accept';
  } catch (error) {
    return error instanceof Error ? error.constructor.name : 'thrown';
  }
}

describe('closed here: keys', () => {
  it('one that may not sign attestations', () => {
    const bundle = signedByKey({ key: 'signatures-only' });
    expect(verdictByTable(bundle)).toBe('accept');
    const { checks } = verifyServed(bundle, trustRoot, sigstore.now);
    expect(failureOf(...checks)).toMatchObject({ code: 'publish-key' });
  });

  it.each(INHERITED)('one that every table inherits: %s', (hint) => {
    const bundle = signedByKey({ hint, keyid: hint });
    // It finds something, and stumbles over it, where it should find nothing.
    expect(verdictByTable(signedByKey({ hint: 'nobody' }))).toBe(
      'VerificationError',
    );
    expect(verdictByTable(bundle)).toBe('TypeError');
    const { checks } = verifyServed(bundle, trustRoot, sigstore.now);
    expect(failureOf(...checks)).toMatchObject({
      code: 'publish-key',
      message: `no attestation key with the id ${hint}`,
    });
  });
});

describe('what both accept', () => {
  it.each<[string, BundleJson]>([
    ['a certificate', signed()],
    ['a certificate in a v0.2 bundle', signed({ version: 'v0.2' })],
    ['a certificate with a promise only', signed({ version: 'v0.1' })],
    ['a key', signedByKey()],
    ['a key without a key id in the envelope', signedByKey({ keyid: '' })],
    [
      'more usages than needed',
      certified({
        keyUsage: ['digitalSignature', 'nonRepudiation'],
        extendedKeyUsage: [SERVER, CODE_SIGNING],
      }),
    ],
    ['an extension that is not critical', extended('1.2.3.4', false)],
  ])('%s', (_what, bundle) => {
    expect(libraryVerdict(sigstore, bundle)).toBe('accept');
    const { status } = verifyServed(bundle, trustRoot, sigstore.now);
    expect(status).toBe('verified');
  });
});
