import { describe, expect, it } from 'vitest';
import {
  githubIdentity,
  gitlabIdentity,
  withOldCertificate,
  type GithubIdentity,
} from '../../fixtures/identities.js';
import {
  githubProvenanceV02,
  githubProvenanceV1,
  gitlabProvenanceV02,
} from '../../fixtures/provenance.js';
import { publishStatement } from '../../fixtures/statements.js';
import {
  deriveFacts,
  type FactsContext,
} from '../../src/facts/derive-facts.js';
import type { Facts } from '../../src/facts/facts.js';
import type {
  Rejection,
  Verification,
  VerifiedAttestation,
} from '../../src/verification/verification.js';
import { ACME_REGISTRY, ID, SHA512 } from '../verification/samples.js';
import { SIGNED_AT, signedBy, verified } from './verified.js';

const PUBLIC = 'https://registry.example/';
const AT_PUBLIC: FactsContext = {
  id: ID,
  registry: PUBLIC,
  publicRegistry: PUBLIC,
  advertisesProvenance: false,
};
const ADVERTISED: FactsContext = { ...AT_PUBLIC, advertisesProvenance: true };
const AT_ACME: FactsContext = { ...AT_PUBLIC, registry: ACME_REGISTRY };
const KEY = { kind: 'key', keyId: 'SHA256:one' } as const;

function provenance(
  identity: GithubIdentity = githubIdentity(),
  index = 1,
): VerifiedAttestation {
  const statement = githubProvenanceV1(ID, SHA512, identity);
  return verified(statement, signedBy(identity), index);
}

function publish(registry = PUBLIC, index = 0): VerifiedAttestation {
  return verified(publishStatement(ID, SHA512, registry), KEY, index);
}

function other(predicateType: string): VerifiedAttestation {
  const statement = { ...publishStatement(ID, SHA512), predicateType };
  return verified(statement, KEY, 9);
}

function verification(
  attestations: readonly VerifiedAttestation[],
  rest: Partial<Verification> = {},
): Verification {
  return {
    attestations,
    rejections: [],
    unverifiable: [],
    registrySignature: 'verified',
    ...rest,
  };
}

const TAMPERED: Rejection = {
  kind: 'invalid',
  code: 'log-entry',
  attestation: 0,
  message: '',
  expected: null,
  found: null,
};
const LOCKFILE: Rejection = {
  ...TAMPERED,
  kind: 'mismatch',
  code: 'resolved-mismatch',
  attestation: null,
};
const WEAK = { code: 'weak-integrity', message: '' } as const;
const KEYLESS = { code: 'registry-keys-missing', message: '' } as const;

const RELEASE =
  'https://github.com/npm/attestation/tree/main/specs/release/v0.1';
const build = githubIdentity();
const again = githubIdentity({ runId: '200', ref: 'refs/heads/main' });
const elsewhere = githubIdentity({ repository: 'acme/gadget' });
const later = githubIdentity({ commit: 'b'.repeat(40) });
const byHand = githubIdentity({ runner: 'self-hosted' });

interface Row {
  readonly what: string;
  readonly given: Verification;
  readonly context?: FactsContext;
  readonly verdict: Facts['verification'];
  readonly level?: Facts['level'];
  readonly codes?: readonly string[];
  readonly unverifiable?: readonly string[];
}

const ESTABLISHED: readonly Row[] = [
  {
    what: 'provenance and publication',
    given: verification([publish(), provenance()]),
    verdict: 'verified',
    level: 'provenance',
  },
  {
    what: 'the provenance that the metadata names',
    given: verification([publish(), provenance()]),
    context: ADVERTISED,
    verdict: 'verified',
    level: 'provenance',
  },
  {
    what: 'the same provenance twice',
    given: verification([publish(), provenance(), provenance(build, 2)]),
    verdict: 'verified',
    level: 'provenance',
  },
  {
    what: 'a second run from the same commit',
    given: verification([publish(), provenance(), provenance(again, 2)]),
    verdict: 'verified',
    level: 'provenance',
  },
  {
    what: 'a publication alone',
    given: verification([publish()]),
    verdict: 'verified',
    level: 'registry-signature',
  },
  {
    what: 'a publication alone, its registry signature not checked',
    given: verification([publish()], { registrySignature: 'not-checked' }),
    verdict: 'verified',
    level: 'none',
  },
  {
    what: 'a provenance alone, at another registry',
    given: verification([provenance()]),
    context: AT_ACME,
    verdict: 'verified',
    level: 'provenance',
  },
  {
    what: 'a provenance and a publication at another registry',
    given: verification([publish(ACME_REGISTRY), provenance()]),
    context: AT_ACME,
    verdict: 'verified',
    level: 'provenance',
  },
  {
    what: 'a provenance without a registry signature',
    given: verification([publish(), provenance()], {
      registrySignature: 'missing',
    }),
    verdict: 'verified',
    level: 'provenance',
  },
  {
    what: 'an attestation of another type beside',
    given: verification([publish(), provenance(), other(RELEASE)]),
    verdict: 'verified',
    level: 'provenance',
  },
  {
    what: 'only attestations of other types',
    given: verification([other(RELEASE)]),
    verdict: 'none',
    level: 'registry-signature',
  },
  {
    what: 'nothing but a registry signature',
    given: verification([]),
    verdict: 'none',
    level: 'registry-signature',
  },
  {
    what: 'nothing and no registry signature',
    given: verification([], { registrySignature: 'missing' }),
    verdict: 'none',
    level: 'none',
  },
];

const NOT_ESTABLISHED: readonly Row[] = [
  {
    what: 'a provenance alone, at the public registry',
    given: verification([provenance()]),
    verdict: 'rejected',
    codes: ['publish-missing'],
  },
  {
    what: 'a provenance and another type, at the public registry',
    given: verification([provenance(), other(RELEASE)]),
    verdict: 'rejected',
    codes: ['publish-missing'],
  },
  {
    what: 'a publication at another registry than asked',
    given: verification([publish(), provenance()]),
    context: AT_ACME,
    verdict: 'rejected',
    codes: ['publish-predicate'],
  },
  {
    what: 'two provenances of different repositories',
    given: verification([publish(), provenance(), provenance(elsewhere, 2)]),
    verdict: 'rejected',
    codes: ['provenance-conflict'],
  },
  {
    what: 'two provenances of different commits',
    given: verification([publish(), provenance(), provenance(later, 2)]),
    verdict: 'rejected',
    codes: ['provenance-conflict'],
  },
  {
    what: 'two provenances of different builders',
    given: verification([publish(), provenance(), provenance(byHand, 2)]),
    verdict: 'rejected',
    codes: ['provenance-conflict'],
  },
  {
    what: 'two provenances of different platforms',
    given: verification([
      publish(),
      provenance(),
      verified(
        gitlabProvenanceV02(ID, SHA512, gitlabIdentity()),
        signedBy(gitlabIdentity()),
        2,
      ),
    ]),
    verdict: 'rejected',
    codes: ['provenance-conflict'],
  },
  {
    what: 'three provenances, each of another commit',
    given: verification([
      publish(),
      provenance(),
      provenance(later, 2),
      provenance(githubIdentity({ commit: 'c'.repeat(40) }), 3),
    ]),
    verdict: 'rejected',
    codes: ['provenance-conflict', 'provenance-conflict'],
  },
  {
    what: 'a good provenance beside one that contradicts its certificate',
    given: verification([
      publish(),
      provenance(),
      verified(
        githubProvenanceV1(ID, SHA512, elsewhere),
        signedBy(githubIdentity()),
        2,
      ),
    ]),
    verdict: 'rejected',
    codes: [
      'identity-repository',
      'identity-repository',
      'identity-invocation',
    ],
  },
  {
    what: 'a rejected attestation beside good ones',
    given: verification([publish(), provenance()], { rejections: [TAMPERED] }),
    verdict: 'rejected',
    codes: ['log-entry'],
  },
  {
    what: 'a rejected publication: it is not missing as well',
    given: verification([provenance()], { rejections: [TAMPERED] }),
    verdict: 'rejected',
    codes: ['log-entry'],
  },
  {
    what: 'a lockfile against itself, and no publication',
    given: verification([provenance()], { rejections: [LOCKFILE] }),
    verdict: 'rejected',
    codes: ['resolved-mismatch', 'publish-missing'],
  },
  {
    what: 'a lockfile against itself, and nothing else',
    given: verification([], { rejections: [LOCKFILE] }),
    verdict: 'rejected',
    codes: ['resolved-mismatch'],
  },
  {
    what: 'a weak pin with everything attested',
    given: verification([publish(), provenance()], { unverifiable: [WEAK] }),
    verdict: 'unverifiable',
    unverifiable: ['weak-integrity'],
  },
  {
    what: 'a weak pin and tampering',
    given: verification([provenance()], {
      rejections: [TAMPERED],
      unverifiable: [WEAK],
    }),
    verdict: 'rejected',
    codes: ['log-entry'],
    unverifiable: ['weak-integrity'],
  },
  {
    what: 'a publication for which there are no keys',
    given: verification([provenance()], { unverifiable: [KEYLESS] }),
    verdict: 'unverifiable',
    unverifiable: ['registry-keys-missing'],
  },
  {
    what: 'a publication alone where the metadata names a provenance',
    given: verification([publish()]),
    context: ADVERTISED,
    verdict: 'unverifiable',
    unverifiable: ['provenance-withheld'],
  },
  {
    what: 'another type alone where the metadata names a provenance',
    given: verification([other(RELEASE)]),
    context: ADVERTISED,
    verdict: 'unverifiable',
    unverifiable: ['provenance-withheld'],
  },
  {
    what: 'a provenance of another build where the metadata names one',
    given: verification([
      publish(),
      verified(
        githubProvenanceV1(ID, SHA512, later),
        signedBy(githubIdentity()),
        1,
      ),
    ]),
    context: ADVERTISED,
    verdict: 'rejected',
    codes: ['identity-commit'],
  },
];

describe('what is established', () => {
  it.each(ESTABLISHED)('by $what: $verdict, $level', (row) => {
    const facts = deriveFacts(row.given, row.context ?? AT_PUBLIC);
    expect(facts.rejections).toEqual([]);
    expect(facts).toMatchObject({
      verification: row.verdict,
      level: row.level,
      registrySignature: row.given.registrySignature,
    });
  });

  it('is one provenance and one publication, the first of each', () => {
    const given = [publish(), provenance(), provenance(again, 2)];
    const facts = deriveFacts(verification(given), AT_PUBLIC);
    expect(facts.provenance).toEqual({
      sourceRepository: 'https://github.com/acme/widget',
      sourceRepositoryId: '1001',
      sourceOwnerId: '2001',
      sourceRevision: 'a'.repeat(40),
      sourceRef: 'refs/tags/v1.2.3',
      workflow: '.github/workflows/release.yml',
      workflowRef: 'refs/tags/v1.2.3',
      signer:
        'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3',
      issuer: 'https://token.actions.githubusercontent.com',
      builder: 'https://github.com/actions/runner/github-hosted',
      buildType:
        'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
      runner: 'github-hosted',
      event: 'push',
      runUrl: 'https://github.com/acme/widget/actions/runs/100/attempts/1',
      signedAt: SIGNED_AT,
      logIndex: '1001',
      predicateType: 'https://slsa.dev/provenance/v1',
      limitedIdentity: false,
    });
    expect(facts.publish).toEqual({
      registry: PUBLIC,
      keyId: 'SHA256:one',
      signedAt: SIGNED_AT,
    });
  });

  it('names types that nothing here reads', () => {
    const given = [publish(), other(RELEASE), other('https://x.example/v1')];
    expect(
      deriveFacts(verification(given), AT_PUBLIC).otherPredicateTypes,
    ).toEqual([RELEASE, 'https://x.example/v1']);
  });

  it('is the certificate’s word where the predicate is older', () => {
    const old = withOldCertificate(build);
    const statement = githubProvenanceV02(ID, SHA512, build, 'gha@v0');
    const given = [publish(), verified(statement, signedBy(old), 1)];
    expect(
      deriveFacts(verification(given), AT_PUBLIC).provenance,
    ).toMatchObject({ limitedIdentity: true, workflow: null, runner: null });
  });
});

describe('nothing is established', () => {
  it.each(NOT_ESTABLISHED)('by $what: $verdict', (row) => {
    const facts = deriveFacts(row.given, row.context ?? AT_PUBLIC);
    expect(facts.rejections.map(({ code }) => code)).toEqual(row.codes ?? []);
    expect(facts.unverifiable.map(({ code }) => code)).toEqual(
      row.unverifiable ?? [],
    );
    expect(facts).toMatchObject({
      verification: row.verdict,
      level: 'none',
      provenance: null,
      publish: null,
    });
  });

  it('and each rejection says of which attestation it is', () => {
    const given = [publish(ACME_REGISTRY, 0), provenance(elsewhere, 4)];
    const forged = verified(
      githubProvenanceV1(ID, SHA512, later),
      signedBy(build),
      7,
    );
    const { rejections } = deriveFacts(
      verification([...given, forged]),
      AT_PUBLIC,
    );
    expect(
      rejections.map(({ code, attestation }) => [code, attestation]),
    ).toEqual([
      ['identity-commit', 7],
      ['publish-predicate', 0],
    ]);
  });
});
