import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/evidence/evidence.js';
import type { VersionMetadata } from '../../src/evidence/version-metadata.js';
import {
  matchAnswer,
  matchRegistryIntegrity,
} from '../../src/verification/registry-claims.js';
import { checkOf, outcomesOf } from './failures.js';
import { ACME_REGISTRY, OTHER_SRI, pinOf, SHA512, SRI } from './samples.js';

const MIRROR = 'https://mirror.example/npm/';
const BARE: VersionMetadata = {
  integrity: null,
  signatures: [],
  advertisesAttestations: false,
  advertisesProvenance: false,
  publishedAt: null,
  declaredRepository: null,
};
const SIGNATURE = { keyid: 'SHA256:x', sig: 'AAAA' };

type Document = Extract<Evidence, { status: 'attested' }>['document'];

function documentOf(count: number): Document {
  const attestation = { predicateType: 'x', bundle: {} };
  const attestations = Array.from({ length: count }, () => attestation);
  return { status: 'parsed', attestations };
}

function attested(
  document: Document,
  metadata: Partial<VersionMetadata> = {},
): Evidence {
  return { status: 'attested', metadata: { ...BARE, ...metadata }, document };
}

function unattested(metadata: Partial<VersionMetadata> = {}): Evidence {
  return { status: 'unattested', metadata: { ...BARE, ...metadata } };
}

function match(evidence: Evidence, askedAt = ACME_REGISTRY) {
  return matchAnswer(evidence, { registry: ACME_REGISTRY, askedAt });
}

describe('an answer', () => {
  it.each<[string, Evidence, readonly string[]]>([
    [
      'with attestations',
      attested(documentOf(2)),
      ['passed', 'passed', 'passed', 'passed'],
    ],
    [
      'without attestations: there is no document to look at',
      unattested(),
      ['passed', 'passed', 'not-made', 'passed'],
    ],
    [
      'with a document that no honest registry serves',
      attested({ status: 'malformed', code: 'too-large', message: 'x' }),
      ['passed', 'passed', 'failed', 'passed'],
    ],
  ])('%s', (_what, evidence, outcomes) => {
    const [asked, answer, document, unsigned] = outcomes;
    expect(outcomesOf(match(evidence))).toEqual([
      `registry-asked: ${asked}`,
      `answer: ${answer}`,
      `document: ${document}`,
      `unsigned-metadata: ${unsigned}`,
    ]);
  });

  it.each<[string, Evidence, string]>([
    ['both', attested(documentOf(1)), 'metadata and attestations'],
    ['metadata', unattested(), 'metadata, which announces no attestations'],
  ])('is described: %s', (_what, evidence, found) => {
    expect(checkOf(match(evidence), 'answer').found).toBe(found);
  });

  it('names the registry that was meant and the one that was asked', () => {
    const checks = match(unattested(), MIRROR);
    expect(checkOf(checks, 'registry-asked')).toMatchObject({
      outcome: 'passed',
      expected: ACME_REGISTRY,
      found: MIRROR,
    });
  });

  it('that could not be had is not made, and says nothing else', () => {
    const checks = match({
      status: 'unavailable',
      code: 'timeout',
      message: 'no answer within 30 s',
    });
    expect(checks).toMatchObject([
      {
        check: 'answer',
        outcome: 'not-made',
        message: 'timeout: no answer within 30 s',
      },
    ]);
  });

  it('to a question that is not asked is a defect', () => {
    const evidence: Evidence = { status: 'not-applicable', reason: 'git' };
    expect(() => match(evidence)).toThrow('out of scope');
  });
});

describe('a document', () => {
  it.each([
    [1, '1 attestation'],
    [2, '2 attestations'],
    [32, '32 attestations'],
  ])('of %i', (count, found) => {
    const check = checkOf(match(attested(documentOf(count))), 'document');
    expect(check).toMatchObject({ outcome: 'passed', found });
  });

  it.each(['document-malformed', 'duplicate-key', 'too-large'] as const)(
    'fails with its own code: %s',
    (code) => {
      const document = { status: 'malformed', code, message: 'why' } as const;
      expect(checkOf(match(attested(document)), 'document')).toMatchObject({
        outcome: 'failed',
        kind: 'invalid',
        code,
        message: 'why',
      });
    },
  );

  it('that is not announced is not made, and says why', () => {
    expect(checkOf(match(unattested()), 'document')).toMatchObject({
      message: 'the registry announces no attestations',
    });
  });
});

describe('what is taken from unsigned metadata', () => {
  it.each<[string, Partial<VersionMetadata>, string]>([
    ['nothing', {}, 'nothing taken'],
    // Asked for apart, and shown with the signature that needs it.
    ['a date', { publishedAt: new Date(0) }, 'nothing taken'],
    ['a digest', { integrity: SRI }, 'taken: integrity'],
    ['signatures', { signatures: [SIGNATURE] }, 'taken: signatures'],
    [
      'announcements',
      { advertisesAttestations: true, advertisesProvenance: true },
      'taken: that there are attestations, that there is provenance',
    ],
    [
      'all',
      {
        integrity: SRI,
        signatures: [SIGNATURE],
        advertisesAttestations: true,
        advertisesProvenance: true,
      },
      'taken: integrity, signatures, that there are attestations, that there is provenance',
    ],
  ])('%s', (_what, metadata, found) => {
    const checks = match(unattested(metadata));
    expect(checkOf(checks, 'unsigned-metadata').found).toBe(found);
  });
});

describe('the digest that a registry states', () => {
  const sri = (algorithm: string, size: number): string =>
    `${algorithm}-${Buffer.alloc(size, 5).toString('base64')}`;
  const NO_SHA512 = 'the registry states no SHA-512';

  it.each<[string, string]>([
    ['ours', SRI],
    ['ours twice', `${SRI} ${SRI}`],
    ['ours beside a weaker one', `${sri('sha1', 20)} ${SRI}`],
  ])('is the lockfile’s: %s', (_what, integrity) => {
    expect(
      matchRegistryIntegrity({ ...BARE, integrity }, pinOf(SHA512)),
    ).toEqual({
      check: 'registry-integrity',
      outcome: 'passed',
      attestation: null,
      expected: SRI,
      found: integrity,
    });
  });

  it.each<[string, string]>([
    ['another', OTHER_SRI],
    ['ours and another', `${SRI} ${OTHER_SRI}`],
    ['another and ours', `${OTHER_SRI} ${SRI}`],
    ['no SRI string', 'sha512'],
    ['ours with an option', `${SRI}?x`],
  ])('is not the lockfile’s: %s', (_defect, integrity) => {
    expect(
      matchRegistryIntegrity({ ...BARE, integrity }, pinOf(SHA512)),
    ).toEqual({
      check: 'registry-integrity',
      outcome: 'failed',
      kind: 'mismatch',
      code: 'integrity-mismatch',
      message: 'the registry has other bytes than this lockfile would install',
      attestation: null,
      expected: SRI,
      found: integrity,
    });
  });

  it.each<[string, string | null, string | null, string]>([
    ['none stated', null, SHA512, 'the registry states none'],
    ['an empty text stated', '', SHA512, 'the registry states none'],
    ['only a SHA-1', sri('sha1', 20), SHA512, NO_SHA512],
    ['only a SHA-384', sri('sha384', 48), SHA512, NO_SHA512],
    ['none pinned', SRI, null, 'the lockfile pins no SHA-512'],
    [
      'none pinned, another stated',
      OTHER_SRI,
      null,
      'the lockfile pins no SHA-512',
    ],
    ['neither', null, null, 'the lockfile pins no SHA-512'],
  ])('is not compared: %s', (_what, integrity, sha512, message) => {
    const check = matchRegistryIntegrity({ ...BARE, integrity }, pinOf(sha512));
    expect(check).toMatchObject({
      check: 'registry-integrity',
      outcome: 'not-made',
      message,
    });
  });
});
