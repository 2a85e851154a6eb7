import { describe, expect, it } from 'vitest';
import * as mutations from '../../fixtures/mutations.js';
import {
  createSigstore,
  type LogOptions,
  type SigningOptions,
} from '../../fixtures/private-sigstore.js';
import {
  attestPackage,
  type AttestationDocumentJson,
} from '../../fixtures/statements.js';
import { parseAttestationDocument } from '../../src/evidence/attestation-document.js';
import { establishFacts } from '../../src/facts/establish-facts.js';
import { rejectionsOf } from '../../src/verification/check.js';
import { parseTrustRoot } from '../../src/verification/trust-root.js';
import {
  verifyEvidence,
  type VerificationContext,
} from '../../src/verification/verify-evidence.js';
import { ACME_REGISTRY, ID, SHA512, SRI, pinned } from './samples.js';

type Document = AttestationDocumentJson;

const sigstore = await createSigstore();
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const CONTEXT: VerificationContext = {
  trustRoot: parseTrustRoot({
    origin: 'file',
    trustedRoot: bytes(sigstore.trustedRoot),
    registryKeys: { scope: 'every-registry', keys: bytes(sigstore.npmKeys) },
    rootVersion: null,
    expires: null,
    refreshedAt: null,
    tuf: null,
  }),
  registry: ACME_REGISTRY,
  askedAt: ACME_REGISTRY,
  publicRegistry: 'https://registry.example/',
  conflictingPins: new Set(),
  clockDoubts: [],
  now: sigstore.now,
};

const REKOR_V2 = { kind: 'hashedrekord' } as const satisfies LogOptions;
/** What the timestamp authority says where nothing else is asked of it. */
const TIMESTAMPED = new Date('2026-06-01T12:00:01Z');
const at = (time: string): Date => new Date(`2026-06-01T${time}Z`);

/** A provenance and a publish attestation, both logged by Rekor version 2. */
function document(
  { log, ...signing }: SigningOptions = {},
  publish: SigningOptions = {},
): Document {
  return attestPackage(sigstore, ID, SHA512, {
    registry: ACME_REGISTRY,
    signing: { ...signing, log: { ...REKOR_V2, ...log } },
    publishSigning: {
      version: 'v0.3',
      ...publish,
      log: { ...REKOR_V2, ...publish.log },
    },
  });
}

const HONEST = document();
const OTHER = document();
const [PROOF] =
  HONEST.attestations[
    mutations.PROVENANCE
  ]?.bundle.verificationMaterial.tlogEntries.map(
    ({ inclusionProof }) => inclusionProof,
  ) ?? [];
const TREE_SIZE = Number(PROOF?.treeSize);

function evidenceOf(value: Document) {
  const parsed = parseAttestationDocument(bytes(value));
  if (parsed.status === 'empty' || parsed.status === 'unavailable') {
    throw new Error(parsed.status);
  }
  const metadata = {
    integrity: SRI,
    signatures: [sigstore.signRegistry(ID, SRI)],
    advertisesAttestations: true,
    advertisesProvenance: true,
    publishedAt: null,
    declaredRepository: null,
  };
  return { status: 'attested', metadata, document: parsed } as const;
}

function verify(value: Document) {
  const { attestations, checks } = verifyEvidence(
    pinned(),
    evidenceOf(value),
    CONTEXT,
  );
  return { attestations, rejections: rejectionsOf(checks) };
}

/** By what the provenance differs in from R12. */
const ACCEPTED: readonly (readonly [
  what: string,
  document: Document,
  signedAt: Date,
])[] = [
  ['R12: an RFC 3161 time', HONEST, TIMESTAMPED],
  [
    'a timestamp without the certificate of its signer',
    document({ timestamp: { certificate: false } }),
    TIMESTAMPED,
  ],
  [
    'a timestamp of the certificate’s last second',
    document({ timestamp: { time: at('12:10:00') } }),
    at('12:10:00'),
  ],
  [
    'an entry that the bundle claims a time of',
    mutations.withShiftedIntegratedTime(HONEST, TIMESTAMPED.getTime() / 1000),
    TIMESTAMPED,
  ],
  [
    'a witness’s line before the log’s',
    mutations.withCheckpoint(HONEST, (checkpoint) =>
      checkpoint.replace(/(\u2014 .+\n)(\u2014 .+\n)$/u, '$2$1'),
    ),
    TIMESTAMPED,
  ],
  [
    'an entry of version 1 without a promise, timestamped',
    document({ log: { kind: 'dsse', promise: false }, timestamp: {} }),
    TIMESTAMPED,
  ],
  [
    'an entry of version 1 with a promise, timestamped earlier',
    document({ log: { kind: 'dsse' }, timestamp: {} }),
    TIMESTAMPED,
  ],
  [
    'an entry of version 1 with a promise, timestamped later',
    document({
      log: { kind: 'dsse' },
      timestamp: { time: at('12:00:05') },
    }),
    at('12:00:02'),
  ],
];

interface Row {
  readonly what: string;
  readonly document: Document;
  readonly code: string;
}

const TIMES: readonly Row[] = [
  {
    what: 'R13: no timestamp',
    document: document({ timestamp: 'none' }),
    code: 'timestamp',
  },
  {
    what: 'a timestamp that was taken away',
    document: mutations.withoutTimestamp(HONEST),
    code: 'timestamp',
  },
  {
    what: 'no timestamp, but a time that nobody signed',
    document: mutations.withShiftedIntegratedTime(
      mutations.withoutTimestamp(HONEST),
      TIMESTAMPED.getTime() / 1000,
    ),
    code: 'timestamp',
  },
  {
    what: 'an authority that the trusted root does not name',
    document: document({ timestamp: { standing: 'rogue' } }),
    code: 'timestamp',
  },
  {
    what: 'such an authority, its certificate not enclosed',
    document: document({
      timestamp: { standing: 'rogue', certificate: false },
    }),
    code: 'timestamp',
  },
  {
    what: 'a timestamp over another signature',
    document: document({ timestamp: { signature: 'another' } }),
    code: 'timestamp',
  },
  {
    what: 'the timestamp of another bundle',
    document: mutations.withTimestampOf(HONEST, OTHER),
    code: 'timestamp',
  },
  {
    what: 'a timestamp from before the authority’s validity',
    document: document({
      timestamp: { time: new Date('2020-12-31T00:00:00Z') },
    }),
    code: 'timestamp',
  },
  {
    what: 'a timestamp a second before the certificate’s validity',
    document: document({ timestamp: { time: at('11:59:59') } }),
    code: 'certificate',
  },
  {
    what: 'a timestamp a second after the certificate’s validity',
    document: document({ timestamp: { time: at('12:10:01') } }),
    code: 'certificate',
  },
  {
    what: 'an entry of version 1 in time, a timestamp that is not',
    document: document({
      log: { kind: 'dsse' },
      timestamp: { time: at('12:10:01') },
    }),
    code: 'certificate',
  },
  {
    what: 'the same timestamp twice',
    document: mutations.withRepeatedTimestamp(HONEST),
    code: 'timestamp',
  },
  {
    what: 'two timestamps of one second',
    document: document({ timestamp: { count: 2 } }),
    code: 'timestamp',
  },
  {
    what: 'a changed byte in the timestamp’s signature',
    document: mutations.withFlippedTimestampByte(HONEST),
    code: 'timestamp',
  },
  {
    what: 'a changed time in the timestamp',
    document: mutations.withTimestamp(HONEST, (der) =>
      Buffer.from(
        der.toString('latin1').replace('20260601120001Z', '20260601120009Z'),
        'latin1',
      ),
    ),
    code: 'timestamp',
  },
  {
    what: 'a timestamp that is not DER',
    document: mutations.withTimestamp(HONEST, () => Buffer.from('now')),
    code: 'bundle-malformed',
  },
  {
    what: 'a timestamp without any content',
    document: mutations.withTimestamp(HONEST, () => Buffer.of(0x30, 0)),
    code: 'bundle-malformed',
  },
];

const ENTRIES: readonly Row[] = [
  {
    what: 'a log that the trusted root does not name',
    document: document({ log: { standing: 'rogue' } }),
    code: 'log-entry',
  },
  {
    what: 'an entry that names another signer',
    document: document({ log: { verifier: 'another' } }),
    code: 'log-entry',
  },
  {
    what: 'an entry that digests another payload',
    document: document({ log: { payload: 'another' } }),
    code: 'log-entry',
  },
  {
    what: 'the entry of another bundle',
    document: mutations.withLogEntryOf(HONEST, OTHER),
    code: 'log-entry',
  },
  {
    what: 'a changed payload',
    document: mutations.withFlippedPayloadByte(HONEST),
    code: 'log-entry',
  },
  {
    what: 'a signature with another key than the certificate’s',
    document: document({ signedBy: 'another' }),
    code: 'signature',
  },
  {
    what: 'no entry',
    document: mutations.withoutLogEntry(HONEST),
    code: 'log-entry',
  },
  {
    what: 'the same entry twice',
    document: mutations.withRepeatedLogEntry(HONEST),
    code: 'log-entry',
  },
  {
    what: 'a changed byte in the entry’s body',
    document: mutations.withFlippedBodyByte(HONEST),
    code: 'log-entry',
  },
  {
    what: 'an entry said to be of version 1',
    document: mutations.withEntryKind(HONEST, {
      kind: 'dsse',
      version: '0.0.1',
    }),
    code: 'log-entry',
  },
  {
    what: 'an entry of version 1’s hashedrekord',
    document: mutations.withEntryKind(HONEST, {
      kind: 'hashedrekord',
      version: '0.0.1',
    }),
    code: 'log-entry',
  },
];

const PROOFS: readonly Row[] = [
  {
    what: 'another index than the proof’s',
    document: mutations.withLogIndex(HONEST, '7'),
    code: 'log-entry',
  },
  {
    what: 'no proof',
    document: mutations.withoutProof(HONEST),
    code: 'bundle-malformed',
  },
  {
    what: 'neither proof nor promise, in a bundle from before proofs',
    document: document({ version: 'v0.1', log: { proof: false } }),
    code: 'bundle-malformed',
  },
  {
    what: 'another root hash than the checkpoint’s',
    document: mutations.withInclusionProof(HONEST, {
      rootHash: Buffer.alloc(32, 0x5a).toString('base64'),
    }),
    code: 'log-entry',
  },
  {
    what: 'another size than the checkpoint’s',
    document: mutations.withInclusionProof(HONEST, {
      treeSize: String(TREE_SIZE + 1),
    }),
    code: 'log-entry',
  },
  {
    what: 'another position',
    document: mutations.withInclusionProof(HONEST, {
      logIndex: String(TREE_SIZE - 2),
    }),
    code: 'log-entry',
  },
  {
    what: 'a changed hash in the path',
    document: mutations.withFlippedProofHash(HONEST),
    code: 'log-entry',
  },
  {
    what: 'a checkpoint that was given another size',
    document: mutations.withCheckpointSize(HONEST, String(TREE_SIZE + 1)),
    code: 'log-entry',
  },
  {
    what: 'a checkpoint whose size is no number, signed by the log',
    document: document({ log: { checkpointSize: 'many' } }),
    code: 'log-entry',
  },
  {
    what: 'a checkpoint signed in another name',
    document: document({ log: { checkpointName: 'elsewhere.example' } }),
    code: 'log-entry',
  },
  {
    what: 'a checkpoint that only a witness signed',
    document: mutations.withCheckpoint(HONEST, (checkpoint) =>
      checkpoint.replace(/\u2014 log2026-1.+\n/u, ''),
    ),
    code: 'log-entry',
  },
];

describe('a provenance logged by Rekor version 2', () => {
  it.each(ACCEPTED)('is verified with %s', (_what, value, signedAt) => {
    const { attestations, rejections } = verify(value);
    expect(rejections).toEqual([]);
    expect(attestations).toMatchObject([
      { index: 0, signedAt: TIMESTAMPED, signer: { kind: 'key' } },
      { index: 1, signedAt, signer: { kind: 'certificate' } },
    ]);
    const facts = establishFacts(pinned(), evidenceOf(value), CONTEXT);
    expect(facts.verification).toBe('verified');
  });

  it.each([...TIMES, ...ENTRIES, ...PROOFS])(
    'is rejected with $what: $code',
    ({ document: value, code }) => {
      const { attestations, rejections } = verify(value);
      expect(rejections).toMatchObject([
        { kind: 'invalid', code, attestation: 1 },
      ]);
      expect(attestations.map(({ index }) => index)).toEqual([0]);
      const facts = establishFacts(pinned(), evidenceOf(value), CONTEXT);
      expect(facts).toMatchObject({
        verification: 'rejected',
        provenance: null,
      });
    },
  );

  it('may be dated an hour ahead, and no more', () => {
    const outcomeAt = (now: Date) =>
      rejectionsOf(
        verifyEvidence(pinned(), evidenceOf(HONEST), { ...CONTEXT, now })
          .checks,
      );
    expect(outcomeAt(at('11:00:01'))).toEqual([]);
    expect(outcomeAt(at('11:00:00'))).toMatchObject([
      { code: 'timestamp', attestation: 0 },
      { code: 'timestamp', attestation: 1 },
    ]);
  });

  it('has the index of its proof', () => {
    const { attestations } = verify(HONEST);
    expect(attestations[1]?.logIndex).toBe(PROOF?.logIndex);
  });
});

describe('a publish attestation logged by Rekor version 2', () => {
  it.each<readonly [what: string, publish: SigningOptions, code: string]>([
    ['no timestamp', { timestamp: 'none' }, 'timestamp'],
    [
      'a timestamp of an unknown authority',
      { timestamp: { standing: 'rogue' } },
      'timestamp',
    ],
    [
      'a timestamp from before the key’s validity',
      { timestamp: { time: new Date('2025-06-01T12:00:00Z') } },
      'publish-key',
    ],
    [
      'an entry that names another key',
      { log: { verifier: 'another' } },
      'log-entry',
    ],
    [
      'an entry that digests another payload',
      { log: { payload: 'another' } },
      'log-entry',
    ],
  ])('is rejected with %s', (_what, publish, code) => {
    const { attestations, rejections } = verify(document({}, publish));
    expect(rejections).toMatchObject([
      { kind: 'invalid', code, attestation: 0 },
    ]);
    expect(attestations.map(({ index }) => index)).toEqual([1]);
  });
});
