import { describe, expect, it } from 'vitest';
import {
  withFlippedPayloadByte,
  withLabel,
  withoutProvenance,
  withoutPublish,
} from '../../fixtures/mutations.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { attestPackage, githubIdentity } from '../../fixtures/statements.js';
import { parseAttestationDocument } from '../../src/evidence/attestation-document.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import type { VersionMetadata } from '../../src/evidence/version-metadata.js';
import { establishFacts } from '../../src/facts/establish-facts.js';
import { rejectionsOf } from '../../src/verification/check.js';
import { parseTrustRoot } from '../../src/verification/trust-root.js';
import {
  verifyEvidence,
  type VerificationContext,
} from '../../src/verification/verify-evidence.js';
import { checkOf, codesOf, undecidedCodesOf } from './failures.js';
import {
  ACME_REGISTRY,
  ID,
  OTHER_SHA512,
  OTHER_SRI,
  SHA512,
  SRI,
  pinned,
} from './samples.js';

const sigstore = await createSigstore();
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const SHA1 = `sha1-${Buffer.alloc(20, 5).toString('base64')}`;
const SHA384 = `sha384-${Buffer.alloc(48, 5).toString('base64')}`;

/** The private registry's keys are known, or (none) it has no entry. */
function trustRoot(keys: 'known' | 'none') {
  return parseTrustRoot({
    origin: 'file',
    trustedRoot: bytes(sigstore.trustedRoot),
    registryKeys: {
      scope: 'by-host',
      keys: new Map(
        keys === 'known'
          ? [[new URL(ACME_REGISTRY).host, bytes(sigstore.npmKeys)]]
          : [],
      ),
    },
    rootVersion: null,
    expires: null,
    refreshedAt: null,
    tuf: null,
  });
}

const CONTEXT: VerificationContext = {
  trustRoot: trustRoot('known'),
  registry: ACME_REGISTRY,
  askedAt: ACME_REGISTRY,
  publicRegistry: 'https://registry.example/',
  conflictingPins: new Set(),
  clockDoubts: [],
  now: sigstore.now,
};
const WITHOUT_KEYS = { ...CONTEXT, trustRoot: trustRoot('none') };

const METADATA: VersionMetadata = {
  integrity: SRI,
  signatures: [sigstore.signRegistry(ID, SRI)],
  advertisesAttestations: true,
  advertisesProvenance: false,
  publishedAt: null,
  declaredRepository: null,
};
const HONEST = attestPackage(sigstore, ID, SHA512, { registry: ACME_REGISTRY });
const TAMPERED = withFlippedPayloadByte(HONEST);

function attested(
  document: unknown = HONEST,
  metadata: Partial<VersionMetadata> = {},
): Evidence {
  const parsed = parseAttestationDocument(bytes(document));
  if (parsed.status === 'empty' || parsed.status === 'unavailable') {
    throw new Error(parsed.status);
  }
  const all = { ...METADATA, ...metadata };
  return { status: 'attested', metadata: all, document: parsed };
}

function unattested(metadata: Partial<VersionMetadata> = {}): Evidence {
  return { status: 'unattested', metadata: { ...METADATA, ...metadata } };
}

const UNAVAILABLE: Evidence = {
  status: 'unavailable',
  code: 'timeout',
  message: 'no answer',
};
const ELSEWHERE = {
  resolved: 'https://npm.acme.example/evil/-/evil-1.0.0.tgz',
};

interface Row {
  readonly what: string;
  readonly entry?: Parameters<typeof pinned>[0];
  readonly evidence?: Evidence;
  readonly context?: VerificationContext;
  readonly codes?: readonly string[];
  readonly unverifiable?: readonly string[];
  readonly signature?: string;
  /** What the facts conclude: `verified` only where nothing speaks against. */
  readonly verdict: string;
}

const CONFLICTING = {
  ...CONTEXT,
  conflictingPins: new Set(['@acme/widget@1.2.3']),
};

const ROWS: readonly Row[] = [
  { what: 'honest evidence', verdict: 'verified' },
  {
    what: 'no attestations, a good registry signature',
    evidence: unattested(),
    verdict: 'none',
  },
  {
    what: 'no attestations and no registry signature',
    evidence: unattested({ signatures: [] }),
    signature: 'missing',
    verdict: 'none',
  },
  {
    what: 'metadata without an integrity',
    evidence: attested(HONEST, { integrity: null }),
    verdict: 'verified',
  },
  {
    what: 'metadata with a weaker integrity',
    evidence: attested(HONEST, { integrity: SHA1 }),
    verdict: 'verified',
  },
  {
    what: 'metadata with SHA-384 only',
    evidence: attested(HONEST, { integrity: SHA384 }),
    verdict: 'verified',
  },
  {
    what: 'metadata with our SHA-512 and another hash',
    evidence: attested(HONEST, { integrity: `${SHA1} ${SRI}` }),
    verdict: 'verified',
  },
  {
    what: 'pins that conflict for another package',
    context: { ...CONTEXT, conflictingPins: new Set(['@acme/gadget@1.2.3']) },
    verdict: 'verified',
  },
  {
    what: 'the provenance that the metadata names',
    evidence: attested(HONEST, { advertisesProvenance: true }),
    verdict: 'verified',
  },
  {
    what: 'no provenance though the metadata names one',
    evidence: attested(withoutProvenance(HONEST), {
      advertisesProvenance: true,
    }),
    verdict: 'unverifiable',
  },
  {
    what: 'metadata of other bytes',
    evidence: attested(HONEST, { integrity: OTHER_SRI }),
    codes: ['integrity-mismatch'],
    verdict: 'rejected',
  },
  {
    what: 'metadata of other bytes, without attestations',
    evidence: unattested({ integrity: OTHER_SRI }),
    codes: ['integrity-mismatch'],
    verdict: 'rejected',
  },
  {
    what: 'metadata of our bytes and others',
    evidence: attested(HONEST, { integrity: `${SRI} ${OTHER_SRI}` }),
    codes: ['integrity-mismatch'],
    verdict: 'rejected',
  },
  {
    what: 'metadata whose integrity is no SRI string',
    evidence: attested(HONEST, { integrity: 'sha512' }),
    codes: ['integrity-mismatch'],
    verdict: 'rejected',
  },
  {
    what: 'attestations about other bytes',
    evidence: attested(
      attestPackage(sigstore, ID, OTHER_SHA512, { registry: ACME_REGISTRY }),
    ),
    codes: ['subject-digest', 'subject-digest'],
    verdict: 'rejected',
  },
  {
    what: 'a tampered attestation',
    evidence: attested(TAMPERED),
    codes: ['log-entry'],
    verdict: 'rejected',
  },
  {
    what: 'a forged registry signature beside honest attestations',
    evidence: attested(HONEST, {
      signatures: [sigstore.signRegistry(ID, SRI, 'rogue')],
    }),
    codes: ['registry-signature'],
    signature: 'rejected',
    verdict: 'rejected',
  },
  {
    what: 'a registry signature over the registry’s bytes, not the lockfile’s',
    evidence: unattested({
      integrity: null,
      signatures: [sigstore.signRegistry(ID, OTHER_SRI)],
    }),
    codes: ['registry-signature'],
    signature: 'rejected',
    verdict: 'rejected',
  },
  {
    what: 'a document that is no list',
    evidence: attested({ attestations: {} }),
    codes: ['document-malformed'],
    verdict: 'rejected',
  },
  {
    what: 'a document with too many attestations',
    evidence: attested({
      attestations: Array.from({ length: 33 }, () => HONEST.attestations[0]),
    }),
    codes: ['too-large'],
    verdict: 'rejected',
  },
  {
    what: 'a document with a key twice',
    evidence: {
      status: 'attested',
      metadata: METADATA,
      document: { status: 'malformed', code: 'duplicate-key', message: '' },
    },
    codes: ['duplicate-key'],
    verdict: 'rejected',
  },
  {
    what: 'a lockfile that pins two digests in one entry',
    entry: { integrity: `${SRI} ${OTHER_SRI}` },
    codes: ['integrity-ambiguous'],
    signature: 'not-checked',
    verdict: 'rejected',
  },
  {
    what: 'a lockfile that pins this version to other bytes elsewhere',
    context: CONFLICTING,
    codes: ['integrity-conflict'],
    verdict: 'rejected',
  },
  {
    what: 'a lockfile whose address is of another package',
    entry: ELSEWHERE,
    codes: ['resolved-mismatch'],
    verdict: 'rejected',
  },
];

/** The lockfile pins too little: never verified, whatever is attested. */
const WEAK_ROWS: readonly Row[] = [
  ...(
    [
      ['only sha1', SHA1, 'weak-integrity'],
      ['no integrity', null, 'weak-integrity'],
      ['only sha384', SHA384, 'no-sha512'],
      ['no SRI string', 'sha512', 'integrity-malformed'],
      ['options', `${SRI}?x`, 'integrity-malformed'],
    ] as const
  ).flatMap(([what, integrity, code]): readonly Row[] => [
    {
      what: `${what}, honest attestations`,
      entry: { integrity },
      unverifiable: [code],
      signature: 'not-checked',
      verdict: 'unverifiable',
    },
    {
      what: `${what}, no attestations`,
      entry: { integrity },
      evidence: unattested(),
      unverifiable: [code],
      signature: 'not-checked',
      verdict: 'unverifiable',
    },
    {
      what: `${what}, a tampered attestation`,
      entry: { integrity },
      evidence: attested(TAMPERED),
      codes: ['log-entry'],
      unverifiable: [code],
      signature: 'not-checked',
      verdict: 'rejected',
    },
  ]),
  {
    what: 'only sha1, attestations of another version',
    entry: { integrity: SHA1 },
    evidence: attested(
      attestPackage(sigstore, { ...ID, version: '1.2.4' }, SHA512, {
        registry: ACME_REGISTRY,
      }),
    ),
    codes: ['subject-name', 'subject-name'],
    unverifiable: ['weak-integrity'],
    signature: 'not-checked',
    verdict: 'rejected',
  },
  {
    what: 'only sha1, nothing available',
    entry: { integrity: SHA1 },
    evidence: UNAVAILABLE,
    unverifiable: ['weak-integrity'],
    signature: 'not-checked',
    verdict: 'unverifiable',
  },
];

/** Nothing was answered; what the lockfile says against itself still counts. */
const UNAVAILABLE_ROWS: readonly Row[] = [
  {
    what: 'a good entry',
    evidence: UNAVAILABLE,
    signature: 'not-checked',
    verdict: 'none',
  },
  {
    what: 'an address of another package',
    evidence: UNAVAILABLE,
    entry: ELSEWHERE,
    codes: ['resolved-mismatch'],
    signature: 'not-checked',
    verdict: 'rejected',
  },
  {
    what: 'two digests in one entry',
    evidence: UNAVAILABLE,
    entry: { integrity: `${SRI} ${OTHER_SRI}` },
    codes: ['integrity-ambiguous'],
    signature: 'not-checked',
    verdict: 'rejected',
  },
  {
    what: 'other bytes elsewhere, and an address of another package',
    evidence: UNAVAILABLE,
    entry: ELSEWHERE,
    context: CONFLICTING,
    codes: ['resolved-mismatch', 'integrity-conflict'],
    signature: 'not-checked',
    verdict: 'rejected',
  },
];

const UNSIGNED = { signatures: [] };
const KEYLESS = 'registry-keys-missing';

/** The trust root has no keys for the registry: nobody can say. */
const KEYLESS_ROWS: readonly Row[] = [
  {
    what: 'a publish attestation',
    evidence: attested(HONEST, UNSIGNED),
    unverifiable: [KEYLESS],
    signature: 'missing',
    verdict: 'unverifiable',
  },
  {
    what: 'a provenance alone, which needs none',
    evidence: attested(withoutPublish(HONEST), UNSIGNED),
    signature: 'missing',
    verdict: 'verified',
  },
  {
    what: 'a provenance and a registry signature',
    evidence: attested(withoutPublish(HONEST)),
    unverifiable: [KEYLESS],
    signature: 'not-checked',
    verdict: 'unverifiable',
  },
  {
    what: 'a publish attestation beside a tampered provenance',
    evidence: attested(TAMPERED, UNSIGNED),
    codes: ['log-entry'],
    unverifiable: [KEYLESS],
    signature: 'missing',
    verdict: 'rejected',
  },
  {
    what: 'a publish attestation in a bundle of no known form',
    evidence: attested(
      {
        attestations: [
          { ...HONEST.attestations[0], bundle: {} },
          HONEST.attestations[1],
        ],
      },
      UNSIGNED,
    ),
    codes: ['bundle-malformed'],
    signature: 'missing',
    verdict: 'rejected',
  },
  {
    what: 'a registry signature alone',
    evidence: unattested(),
    unverifiable: [KEYLESS],
    signature: 'not-checked',
    verdict: 'unverifiable',
  },
  {
    what: 'nothing signed',
    evidence: unattested(UNSIGNED),
    signature: 'missing',
    verdict: 'none',
  },
].map((row) => ({ ...row, context: WITHOUT_KEYS }));

function expectRow(row: Row): void {
  const dependency = pinned(row.entry);
  const evidence = row.evidence ?? attested();
  const context = row.context ?? CONTEXT;
  const result = verifyEvidence(dependency, evidence, context);
  expect(codesOf(result.checks)).toEqual(row.codes ?? []);
  expect(undecidedCodesOf(result.checks)).toEqual(row.unverifiable ?? []);
  expect(result.registrySignature).toBe(row.signature ?? 'verified');
  const facts = establishFacts(dependency, evidence, context);
  expect(facts.verification).toBe(row.verdict);
  if (row.verdict !== 'verified') {
    expect(facts).toMatchObject({ provenance: null, publish: null });
  }
}

describe('evidence', () => {
  it.each(ROWS)('$what: $verdict', expectRow);
});

describe('a lockfile that pins too little', () => {
  it.each(WEAK_ROWS)('$what: $verdict', expectRow);
});

describe('evidence that could not be had', () => {
  it.each(UNAVAILABLE_ROWS)('$what: $verdict', expectRow);
});

describe('a registry without keys in the trust root', () => {
  it.each(KEYLESS_ROWS)('$what: $verdict', expectRow);
});

describe('attestations', () => {
  it('come with position, signer, time and log index', () => {
    const { attestations } = verifyEvidence(pinned(), attested(), CONTEXT);
    const [publish, provenance] = attestations;
    expect(publish).toMatchObject({
      index: 0,
      signer: { kind: 'key', keyId: sigstore.keyIds.current },
    });
    expect(provenance).toMatchObject({
      index: 1,
      signer: { kind: 'certificate' },
      signedAt: new Date(sigstore.now.getTime() + 2_000),
    });
    expect(provenance?.logIndex).toMatch(/^\d+$/);
  });

  it('keep the position of those that are rejected', () => {
    const { attestations, checks } = verifyEvidence(
      pinned(),
      attested(TAMPERED),
      CONTEXT,
    );
    expect(attestations.map(({ index }) => index)).toEqual([0]);
    const rejected = rejectionsOf(checks);
    expect(rejected.map(({ attestation }) => attestation)).toEqual([1]);
  });

  it.each<[string, unknown, readonly number[], readonly string[]]>([
    [
      'about other bytes',
      attestPackage(sigstore, ID, OTHER_SHA512, { registry: ACME_REGISTRY }),
      [],
      ['subject-digest', 'subject-digest'],
    ],
    [
      'labelled as another type',
      withLabel(HONEST, 'https://slsa.dev/provenance/v0.2'),
      [0],
      ['predicate-type'],
    ],
    [
      'whose signed bytes are no statement',
      attestPackage(sigstore, ID, SHA512, {
        registry: ACME_REGISTRY,
        statement: Buffer.from('{'),
      }),
      [0],
      ['statement-malformed'],
    ],
  ])('are none where they are %s', (_defect, document, indexes, codes) => {
    const result = verifyEvidence(pinned(), attested(document), CONTEXT);
    expect(result.attestations.map(({ index }) => index)).toEqual(indexes);
    expect(codesOf(result.checks)).toEqual(codes);
  });

  it('of unknown types may have other subjects, but must verify', () => {
    const predicateType = 'https://example.com/other/v1';
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [],
      predicateType,
      predicate: {},
    };
    const bundle = sigstore.signWithCertificate(statement, {
      identity: githubIdentity(),
    });
    const unknown = { attestations: [{ predicateType, bundle }] };
    const verify = (document: unknown) => {
      const { checks, attestations } = verifyEvidence(
        pinned(),
        attested(document),
        CONTEXT,
      );
      return { rejections: rejectionsOf(checks), attestations };
    };
    const { checks } = verifyEvidence(pinned(), attested(unknown), CONTEXT);
    expect(checkOf(checks, 'known-type')).toMatchObject({
      outcome: 'not-made',
      message: `${predicateType} is listed, but proves nothing`,
    });
    expect(verify(unknown)).toMatchObject({
      rejections: [],
      attestations: [{ statement: { predicateType } }],
    });
    expect(verify(withFlippedPayloadByte(unknown, 40, 0))).toMatchObject({
      attestations: [],
      rejections: [{ code: 'log-entry', attestation: 0 }],
    });
  });
});
