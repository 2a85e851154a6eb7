import { describe, expect, it } from 'vitest';
import type { BundleJson } from '../../fixtures/bundle.js';
import { withMaterial } from '../../fixtures/mutate.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { attestPackage, githubIdentity } from '../../fixtures/statements.js';
import { parseAttestationDocument } from '../../src/evidence/attestation-document.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import { parseStatement } from '../../src/verification/statement.js';
import { verifyEvidence } from '../../src/verification/verify-evidence.js';
import { libraryVerdict } from '../fixtures/verify-with-library.js';
import { codesOf, failureOf } from './failures.js';
import { ACME_REGISTRY, ID, SHA512, SRI, pinned } from './samples.js';
import { toBytes, trustRootOf, verifyServed } from './verified-bundle.js';

/** The limits of SECURITY.md section 6, each at its edge and one beyond. */
const sigstore = await createSigstore();
const trustRoot = trustRootOf(sigstore);
const identity = githubIdentity();

function certificateOfSize(filling: number): BundleJson {
  const value = Buffer.alloc(filling, 1);
  const additional = [{ oid: '1.2.3.4', critical: false, value }];
  return sigstore.signWithCertificate(
    {},
    { identity, certificate: { additional } },
  );
}

function sizeOf({ verificationMaterial: { certificate } }: BundleJson): number {
  return Buffer.from(certificate?.rawBytes ?? '', 'base64').length;
}

/** Signatures differ by a byte or two in length, so try until it fits. */
function withCertificateOf(size: number): BundleJson {
  const guess = size - sizeOf(certificateOfSize(15_000)) + 15_000;
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const bundle = certificateOfSize(guess);
    if (sizeOf(bundle) === size) return bundle;
  }
  throw new Error(`no certificate of ${size} bytes`);
}

/** A checkpoint grown to `size` by signature lines, which nobody verifies. */
function withCheckpointOf(size: number): BundleJson {
  const bundle = sigstore.signWithCertificate({}, { identity });
  const tlogEntries = bundle.verificationMaterial.tlogEntries.map((entry) => {
    const { inclusionProof } = entry;
    if (inclusionProof === undefined) throw new Error('no proof');
    const { envelope } = inclusionProof.checkpoint;
    const room = size - Buffer.byteLength(envelope);
    const rest = room - Buffer.byteLength('\u2014  AAAAAAAA\n');
    const line = `\u2014 ${'x'.repeat(rest)} AAAAAAAA\n`;
    const checkpoint = { envelope: `${envelope}${line}` };
    return { ...entry, inclusionProof: { ...inclusionProof, checkpoint } };
  });
  return withMaterial(bundle, { tlogEntries });
}

/** So many log entries of one envelope, in seconds of their own. */
function withLogEntries(count: number): BundleJson {
  const honest = sigstore.signWithCertificate({}, { identity });
  const [entry] = honest.verificationMaterial.tlogEntries;
  if (entry === undefined) throw new Error('no entry');
  return withMaterial(honest, { tlogEntries: Array(count).fill(entry) });
}

describe('a certificate, which the library reads at any size', () => {
  it.each([
    [16_384, 'verified', undefined],
    [16_385, 'rejected', 'too-large'],
  ])('of %i bytes is %s', (size, status, code) => {
    const bundle = withCertificateOf(size);
    expect(libraryVerdict(sigstore, bundle)).toBe('accept');
    const result = verifyServed(bundle, trustRoot, sigstore.now);
    expect(result.status).toBe(status);
    expect(failureOf(...result.checks)?.code).toBe(code);
  });
});

describe('a checkpoint, which the library reads at any size', () => {
  it.each([
    [8_192, 'verified', undefined],
    [8_193, 'rejected', 'too-large'],
  ])('of %i bytes is %s', (size, status, code) => {
    const bundle = withCheckpointOf(size);
    expect(libraryVerdict(sigstore, bundle)).toBe('accept');
    const result = verifyServed(bundle, trustRoot, sigstore.now);
    expect(result.status).toBe(status);
    expect(failureOf(...result.checks)?.code).toBe(code);
  });
});

describe('log entries', () => {
  it.each([
    // Read; that they are one and the same is another matter.
    [4, 'timestamp'],
    [5, 'too-large'],
  ])('%i of them: %s', (count, code) => {
    const bundle = withLogEntries(count);
    const { checks } = verifyServed(bundle, trustRoot, sigstore.now);
    expect(codesOf(checks)).toEqual([code]);
  });
});

describe('a document', () => {
  const [attestation] = attestPackage(sigstore, ID, SHA512, {
    registry: ACME_REGISTRY,
    publish: false,
  }).attestations;
  const context = {
    trustRoot,
    registry: ACME_REGISTRY,
    askedAt: ACME_REGISTRY,
    publicRegistry: 'https://registry.example/',
    conflictingPins: new Set<string>(),
    clockDoubts: [],
    now: sigstore.now,
  };
  const metadata = {
    integrity: SRI,
    signatures: [],
    advertisesAttestations: true,
    advertisesProvenance: false,
    publishedAt: null,
    declaredRepository: null,
  };

  it.each([
    [32, 32, []],
    [33, 0, ['too-large']],
  ])('of %i attestations: %i verified', (count, verified, codes) => {
    const attestations = Array<unknown>(count).fill(attestation);
    const document = parseAttestationDocument(toBytes({ attestations }));
    if (document.status === 'empty' || document.status === 'unavailable') {
      throw new Error(document.status);
    }
    const evidence: Evidence = { status: 'attested', metadata, document };
    const result = verifyEvidence(pinned(), evidence, context);
    expect(result.attestations).toHaveLength(verified);
    expect(codesOf(result.checks)).toEqual(codes);
  });
});

describe('a statement', () => {
  const TYPE = 'https://slsa.dev/provenance/v1';
  const statement = (predicate: unknown): string =>
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [],
      predicateType: TYPE,
      predicate,
    });
  /** The statement and its predicate are two levels themselves. */
  const nested = (depth: number): string =>
    statement({ x: 0 }).replace(
      '"x":0',
      `"x":${'['.repeat(depth - 2)}${']'.repeat(depth - 2)}`,
    );
  const padded = (size: number): string => statement({}).padEnd(size);

  it.each<[string, string, string | undefined]>([
    ['64 levels deep', nested(64), undefined],
    ['65 levels deep', nested(65), 'statement-malformed'],
    ['of 4 MiB', padded(4 * 1024 * 1024), undefined],
    ['of 4 MiB and a byte', padded(4 * 1024 * 1024 + 1), 'statement-malformed'],
  ])('%s', (_what, text, code) => {
    const { checks, statement: read } = parseStatement(Buffer.from(text), TYPE);
    expect(failureOf(...checks)?.code).toBe(code);
    expect(read === null).toBe(code !== undefined);
  });
});
