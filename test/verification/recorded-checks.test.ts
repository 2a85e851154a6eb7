import { describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { PUBLISH_V01, attestPackage } from '../../fixtures/statements.js';
import { parseAttestationDocument } from '../../src/evidence/attestation-document.js';
import {
  CHECKS,
  type CheckId,
} from '../../src/verification/check-catalogue.js';
import type { Check } from '../../src/verification/check.js';
import { PAYLOAD_TYPE } from '../../src/verification/bundle-form.js';
import { verifyEvidence } from '../../src/verification/verify-evidence.js';
import { ACME_REGISTRY, ID, SHA512, SRI, pinned } from './samples.js';
import { toBytes, trustRootOf } from './verified-bundle.js';

/** What is recorded of a package in which everything is as it should be. */
const sigstore = await createSigstore();
const RESOLVED = `${ACME_REGISTRY}@acme/widget/-/widget-1.2.3.tgz`;
const document = attestPackage(sigstore, ID, SHA512, {
  registry: ACME_REGISTRY,
});
const [publish, provenance] = document.attestations;
const { checks } = verifyEvidence(
  { ...pinned({ resolved: RESOLVED }), aliases: ['gadget'] },
  {
    status: 'attested',
    metadata: {
      integrity: SRI,
      signatures: [sigstore.signRegistry(ID, SRI)],
      advertisesAttestations: true,
      advertisesProvenance: true,
      publishedAt: null,
      declaredRepository: null,
    },
    document: parsed(),
  },
  {
    trustRoot: trustRootOf(sigstore),
    registry: ACME_REGISTRY,
    askedAt: ACME_REGISTRY,
    publicRegistry: 'https://registry.example/',
    conflictingPins: new Set(),
    clockDoubts: [],
    now: sigstore.now,
  },
);

function parsed() {
  const read = parseAttestationDocument(toBytes(document));
  if (read.status !== 'parsed') throw new Error(read.status);
  return read;
}

const { current } = sigstore.keyIds;
const PURL = 'pkg:npm/%40acme/widget@1.2.3';
const V1 = 'https://slsa.dev/provenance/v1';
const BUNDLE = 'application/vnd.dev.sigstore.bundle';
const WINDOW = 'between 2021-01-12T00:00:00.000Z and 2026-06-01T13:00:00.000Z';
const indexOf = (bundle = provenance?.bundle): string =>
  `log index ${bundle?.verificationMaterial.tlogEntries[0]?.logIndex}`;
const treeOf = (bundle = provenance?.bundle): string => {
  const [entry] = bundle?.verificationMaterial.tlogEntries ?? [];
  const { treeSize, rootHash } = entry?.inclusionProof ?? {};
  return `size ${treeSize}, root ${rootHash}`;
};

type Row = readonly [
  id: CheckId,
  attestation: number | null,
  expected: string | null,
  found: string | null,
];

const OF_PACKAGE: readonly Row[] = [
  ['entry-kind', null, null, 'registry'],
  ['real-name', null, null, '@acme/widget@1.2.3, as gadget'],
  ['name-and-version', null, null, '@acme/widget@1.2.3'],
  ['tarball-url', null, '@acme/widget/-/widget-1.2.3.tgz', RESOLVED],
  ['integrity', null, null, SRI],
  ['digest', null, 'the SHA-512 that the lockfile pins', SRI],
  ['one-pin', null, 'one SHA-512 for one version', SRI],
  ['registry-asked', null, ACME_REGISTRY, ACME_REGISTRY],
  ['answer', null, null, 'metadata and attestations'],
  ['document', null, null, '2 attestations'],
  ['clock', null, null, null],
  [
    'unsigned-metadata',
    null,
    null,
    'taken: integrity, signatures, that there are attestations, that there is provenance',
  ],
  ['registry-integrity', null, SRI, SRI],
  ['registry-signature', null, null, current],
];

const OF_PUBLISH: readonly Row[] = [
  ['media-type', 0, null, `${BUNDLE}+json;version=0.2`],
  ['bundle-content', 0, null, 'one signature by a key'],
  ['payload-type', 0, null, PAYLOAD_TYPE],
  ['log-entry-form', 0, null, 'intoto 0.0.2'],
  ['canonical-form', 0, null, null],
  ['key-id', 0, current, current],
  ['timestamp', 0, null, '2026-06-01T12:00:02.000Z'],
  ['signing-key', 0, null, current],
  ['log-inclusion', 0, null, 'promise and inclusion proof'],
  ['signature', 0, null, null],
  ['log-entry-distinct', 0, null, indexOf(publish?.bundle)],
  ['log-time', 0, WINDOW, '2026-06-01T12:00:02.000Z'],
  ['log-proof', 0, treeOf(publish?.bundle), treeOf(publish?.bundle)],
  ['log-signer', 0, null, null],
  ['statement-form', 0, null, null],
  ['statement-type', 0, null, 'https://in-toto.io/Statement/v0.1'],
  ['predicate-type', 0, PUBLISH_V01, PUBLISH_V01],
  ['known-type', 0, null, PUBLISH_V01],
  ['subject-count', 0, null, '1 subject'],
  ['subject-name', 0, PURL, PURL],
  ['subject-digest', 0, SRI, SRI],
];

const OF_PROVENANCE: readonly Row[] = [
  ['media-type', 1, null, `${BUNDLE}.v0.3+json`],
  ['bundle-content', 1, null, 'one signature by a certificate'],
  ['payload-type', 1, null, PAYLOAD_TYPE],
  ['log-entry-form', 1, null, 'dsse 0.0.1'],
  ['canonical-form', 1, null, null],
  ['key-id', 1, '(none)', '(none)'],
  ['timestamp', 1, null, '2026-06-01T12:00:02.000Z'],
  [
    'certificate-chain',
    1,
    null,
    'valid 2026-06-01T12:00:00.000Z to 2026-06-01T12:10:00.000Z',
  ],
  ['log-inclusion', 1, null, 'promise and inclusion proof'],
  ['signature', 1, null, null],
  ['certificate-extensions', 1, null, null],
  ['certificate-usage', 1, null, null],
  ['certificate-values', 1, null, null],
  ['log-entry-distinct', 1, null, indexOf()],
  ['log-time', 1, WINDOW, '2026-06-01T12:00:02.000Z'],
  ['log-proof', 1, treeOf(), treeOf()],
  ['log-signer', 1, null, null],
  ['statement-form', 1, null, null],
  ['statement-type', 1, null, 'https://in-toto.io/Statement/v1'],
  ['predicate-type', 1, V1, V1],
  ['known-type', 1, null, V1],
  ['subject-count', 1, null, '1 subject'],
  ['subject-name', 1, PURL, PURL],
  ['subject-digest', 1, SRI, SRI],
];

const ROWS = [...OF_PACKAGE, ...OF_PUBLISH, ...OF_PROVENANCE];
const made = checks.filter(({ outcome }) => outcome === 'passed');
const nameOf = (id: string, attestation: number | null): string =>
  attestation === null ? id : `${id} of attestation ${attestation}`;

describe('of an honest package is recorded', () => {
  it.each(ROWS)('%s (%s)', (id, attestation, expected, found) => {
    const [check, ...others] = checks.filter(
      (each) => each.check === id && each.attestation === attestation,
    );
    expect(others).toEqual([]);
    expect(check).toMatchObject({ outcome: 'passed', expected, found });
  });

  it('nothing else that passed', () => {
    expect(
      made.map((each) => nameOf(each.check, each.attestation)).toSorted(),
    ).toEqual(
      ROWS.map(([id, attestation]) => nameOf(id, attestation)).toSorted(),
    );
  });

  it('nothing that was not made but the certificate of a key', () => {
    const rest = checks.filter(({ outcome }) => outcome !== 'passed');
    expect(rest).toMatchObject(
      ['certificate-extensions', 'certificate-usage', 'certificate-values'].map(
        (check): Partial<Check> => ({
          check: check as CheckId,
          outcome: 'not-made',
          attestation: 0,
        }),
      ),
    );
  });

  it('every check of its stages', () => {
    const stages = ['lockfile', 'registry', 'bundle', 'statement'];
    const ids = Object.entries(CHECKS)
      .filter(([, { group }]) => stages.includes(group))
      .map(([id]) => id);
    const recorded = new Set<string>(made.map(({ check }) => check));
    // Only all verified attestations together tell, in the stage after this.
    recorded.add('provenance-served');
    expect(ids.filter((id) => !recorded.has(id))).toEqual([]);
  });
});
