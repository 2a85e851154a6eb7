import {
  createSigstore,
  type PrivateSigstore,
} from '../../fixtures/private-sigstore.js';
import {
  attestPackage,
  githubIdentity,
  gitlabIdentity,
  withOldCertificate,
  type AttestOptions,
  type AttestationJson,
} from '../../fixtures/statements.js';
import { withMaterial, PROVENANCE, PUBLISH } from '../../fixtures/mutate.js';
import { parseTrustRoot } from '../../src/verification/trust-root.js';
import { ACME_REGISTRY, ID, SHA512, pinned } from '../verification/samples.js';
import { toBody, type Specimen } from './harness.js';

type Maker = (sigstore: PrivateSigstore) => AttestationJson;

/** Every shape of attestation that there has been, each by its own signing. */
const MAKERS: readonly (readonly [string, Maker])[] = [
  ['a provenance of today', (sigstore) => provenance(sigstore)],
  [
    'a provenance in a v0.2 bundle',
    (sigstore) =>
      provenance(sigstore, {
        provenance: 'gha/v2',
        signing: { version: 'v0.2' },
      }),
  ],
  [
    'a provenance of the first days, with its chain',
    (sigstore) =>
      withRestOfChain(
        sigstore,
        provenance(sigstore, {
          provenance: 'gha@v0',
          identity: withOldCertificate(githubIdentity()),
          signing: { version: 'v0.1' },
        }),
      ),
  ],
  [
    'a provenance in a v0.1 bundle with a proof',
    (sigstore) =>
      provenance(sigstore, {
        provenance: 'gha@v1',
        signing: { version: 'v0.1', log: { proof: true } },
      }),
  ],
  [
    'a provenance from a reusable workflow',
    (sigstore) => provenance(sigstore, { identity: reusable() }),
  ],
  [
    'a provenance from GitLab',
    (sigstore) => provenance(sigstore, { identity: gitlabIdentity() }),
  ],
  [
    'a publish attestation',
    (sigstore) =>
      elementAt(attestPackage(sigstore, ID, SHA512, OPTIONS), PUBLISH),
  ],
];

const OPTIONS: AttestOptions = { registry: ACME_REGISTRY };

/** Honest documents of a private Sigstore, and what an outsider can make. */
export interface Specimens {
  readonly specimens: readonly Specimen[];
  /**
   * Material to put into them: other honest documents of the same Sigstore,
   * about another package, and the same ones signed by a Sigstore that nobody
   * trusts.
   */
  readonly donors: readonly unknown[];
}

/** Signs all of them anew. */
export async function createSpecimens(): Promise<Specimens> {
  const sigstore = await createSigstore();
  const stranger = await createSigstore({ now: sigstore.now });
  const trustRoot = parseTrustRoot({
    origin: 'file',
    trustedRoot: toBody(sigstore.trustedRoot),
    registryKeys: { scope: 'every-registry', keys: toBody(sigstore.npmKeys) },
    rootVersion: null,
    expires: null,
    refreshedAt: null,
    tuf: null,
  });
  const specimens = MAKERS.map(([title, make]): Specimen => {
    const document = { attestations: [make(sigstore)] };
    return {
      title,
      document,
      body: toBody(document),
      dependency: pinned(),
      trustRoot,
      registry: ACME_REGISTRY,
      now: sigstore.now,
    };
  });
  const other = { name: '@acme/gadget', version: '1.2.3' };
  const others = attestPackage(sigstore, other, 'ef'.repeat(64), OPTIONS);
  const donors = [
    ...specimens.map(({ document }) => document),
    ...others.attestations.map((each) => ({ attestations: [each] })),
    ...MAKERS.map(([, make]) => ({ attestations: [make(stranger)] })),
  ];
  return { specimens, donors };
}

function provenance(
  sigstore: PrivateSigstore,
  options: AttestOptions = {},
): AttestationJson {
  const document = attestPackage(sigstore, ID, SHA512, {
    ...OPTIONS,
    ...options,
  });
  return elementAt(document, PROVENANCE);
}

function elementAt(
  { attestations }: { readonly attestations: readonly AttestationJson[] },
  index: number,
): AttestationJson {
  const attestation = attestations[index];
  if (attestation === undefined) throw new Error('no such attestation');
  return attestation;
}

/** The workflow that signs belongs to somebody else than the one that calls. */
function reusable() {
  return githubIdentity({
    signer: {
      repository: 'acme/workflows',
      path: '.github/workflows/publish.yml',
      ref: 'refs/heads/main',
      commit: 'b'.repeat(40),
    },
  });
}

/** Early bundles hold the authority's certificates as well. */
function withRestOfChain(
  { trustedRoot }: PrivateSigstore,
  attestation: AttestationJson,
): AttestationJson {
  const root = JSON.stringify(trustedRoot);
  const authorities = [...root.matchAll(/\{"rawBytes":"(MII[^"]+)"\}/g)].map(
    ([, rawBytes = '']) => ({ rawBytes }),
  );
  const { bundle } = attestation;
  const [leaf] =
    bundle.verificationMaterial.x509CertificateChain?.certificates ?? [];
  if (leaf === undefined) throw new Error('no certificate');
  const x509CertificateChain = { certificates: [leaf, ...authorities] };
  return {
    ...attestation,
    bundle: withMaterial(bundle, { x509CertificateChain }),
  };
}
