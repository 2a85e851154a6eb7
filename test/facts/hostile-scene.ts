import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  attestPackage,
  githubIdentity,
  githubProvenanceV1,
  publishStatement,
  type AttestationDocumentJson,
  type AttestOptions,
} from '../../fixtures/statements.js';
import type { Facts } from '../../src/facts/facts.js';
import { sriOfSha512 } from '../../src/package/integrity.js';
import type {
  RejectionCode,
  RejectionKind,
} from '../../src/verification/verification.js';
import { judge, toBytes, trustRootOf, type Pinned } from './judge.js';

/**
 * What hostile documents differ from: one package version, its honest
 * statements and its honest document, signed by a private Sigstore.
 */
export const sigstore = await createSigstore();
export const trustRoot = trustRootOf(sigstore);
export const ID = { name: '@acme/widget', version: '1.2.3' };
export const SHA512 = createHash('sha512')
  .update('the bytes of the tarball')
  .digest('hex');
/** Of bytes that nobody pins. */
export const OTHER_SHA512 = 'ab'.repeat(64);
export const OTHER_COMMIT = 'b'.repeat(40);
export const PINNED: Pinned = { ...ID, integrity: sriOfSha512(SHA512) };
export const github = githubIdentity();
export const honest = githubProvenanceV1(ID, SHA512, github);
export const publish = publishStatement(ID, SHA512);
export const document = attest();

/** Our package's document, with these deviations. */
export function attest(options: AttestOptions = {}): AttestationDocumentJson {
  return attestPackage(sigstore, ID, SHA512, options);
}

/** The facts that `body`, a JSON value or a text, establishes for our package. */
export function judgeOurs(body: unknown, now: Date = sigstore.now): Facts {
  return judge(PINNED, toBytes(body), { trustRoot, now });
}

/**
 * A row of the hostile inputs: its title, how and why it is rejected, and what
 * makes its document. `pinned` is the lockfile's side, by default our package.
 */
export interface HostileRow {
  readonly title: string;
  readonly kind: RejectionKind;
  readonly code: RejectionCode;
  readonly build: () => unknown;
  readonly pinned?: Pinned;
}

/** Writes a row as one line where its pin is the usual one. */
export function row(
  title: string,
  kind: RejectionKind,
  code: RejectionCode,
  build: () => unknown,
): HostileRow {
  return { title, kind, code, build };
}

/** Rejected for this reason first, and nothing is established by it. */
export function expectRejected(
  facts: Facts,
  kind: RejectionKind,
  code: RejectionCode,
): void {
  expect(facts.rejections[0]).toMatchObject({ kind, code });
  expect(facts).toMatchObject({
    verification: 'rejected',
    level: 'none',
    provenance: null,
    publish: null,
  });
}

/** Nothing speaks against it, and it establishes provenance. */
export function expectVerified(facts: Facts): void {
  expect(facts.rejections).toEqual([]);
  expect(facts.unverifiable).toEqual([]);
  expect(facts).toMatchObject({
    verification: 'verified',
    level: 'provenance',
  });
}
