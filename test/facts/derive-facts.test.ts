import { describe, expect, it } from 'vitest';
import {
  githubIdentity,
  gitlabIdentity,
  withExtensions,
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
import { sriOfSha512 } from '../../src/package/integrity.js';
import type { Facts } from '../../src/facts/facts.js';
import type { CheckId } from '../../src/verification/check-catalogue.js';
import {
  failed,
  notMade,
  passed,
  rejectionsOf,
  undecided,
  unverifiableOf,
  type Check,
} from '../../src/verification/check.js';
import {
  rankRejections,
  type Verification,
  type VerifiedAttestation,
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
    checks: [],
    registrySignature: 'verified',
    binding: 'lockfile',
    ...rest,
  };
}

const TAMPERED: Check = {
  ...failed('log-inclusion', {
    kind: 'invalid',
    code: 'log-entry',
    message: '',
  }),
  attestation: 0,
};
const LOCKFILE = failed('tarball-url', {
  kind: 'mismatch',
  code: 'resolved-mismatch',
  message: '',
});
const WEAK = undecided('integrity', { code: 'weak-integrity', message: '' });
const KEYLESS: Check = {
  ...undecided('signing-key', { code: 'registry-keys-missing', message: '' }),
  attestation: 0,
};

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
    given: verification([publish(), provenance()], { checks: [TAMPERED] }),
    verdict: 'rejected',
    codes: ['log-entry'],
  },
  {
    what: 'a rejected publication: it is not missing as well',
    given: verification([provenance()], { checks: [TAMPERED] }),
    verdict: 'rejected',
    codes: ['log-entry'],
  },
  {
    what: 'a lockfile against itself, and no publication',
    given: verification([provenance()], { checks: [LOCKFILE] }),
    verdict: 'rejected',
    codes: ['resolved-mismatch', 'publish-missing'],
  },
  {
    what: 'a lockfile against itself, and nothing else',
    given: verification([], { checks: [LOCKFILE] }),
    verdict: 'rejected',
    codes: ['resolved-mismatch'],
  },
  {
    what: 'a weak pin with everything attested',
    given: verification([publish(), provenance()], { checks: [WEAK] }),
    verdict: 'unverifiable',
    unverifiable: ['weak-integrity'],
  },
  {
    what: 'a weak pin and tampering',
    given: verification([provenance()], {
      checks: [TAMPERED, WEAK],
    }),
    verdict: 'rejected',
    codes: ['log-entry'],
    unverifiable: ['weak-integrity'],
  },
  {
    what: 'a publication for which there are no keys',
    given: verification([provenance()], { checks: [KEYLESS] }),
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

/** What the registry claims of the publication, and what that comes to. */
const CLAIMED: readonly (readonly [
  what: string,
  given: Verification,
  ...levels: readonly [Facts['level'], Facts['level']],
])[] = [
  [
    'provenance and publication',
    verification([publish(), provenance()]),
    'trusted-publisher',
    'staged',
  ],
  [
    'provenance without publication, which is rejected',
    verification([provenance()]),
    'none',
    'none',
  ],
  [
    'a publication alone',
    verification([publish()], { registrySignature: 'missing' }),
    'none',
    'none',
  ],
  [
    'a registry signature alone',
    verification([], { registrySignature: 'verified' }),
    'registry-signature',
    'registry-signature',
  ],
  [
    'provenances that contradict each other',
    verification([provenance(), provenance(elsewhere, 2)]),
    'none',
    'none',
  ],
];

describe('what a registry claims of the publication', () => {
  it.each(CLAIMED)('with %s', (_what, given, trusted, staged) => {
    const plain = deriveFacts(given, AT_PUBLIC);
    for (const [publication, level] of [
      [null, plain.level],
      ['trusted-publisher', trusted],
      ['staged', staged],
    ] as const) {
      const facts = deriveFacts(given, { ...AT_PUBLIC, publication });
      // Nothing but the level.
      expect(facts).toEqual({ ...plain, level });
    }
  });
});

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

/** The checks about several attestations, and what each is shown as. */
describe('the checks of a version as a whole', () => {
  const of = (facts: Facts, id: CheckId): readonly Check[] =>
    facts.checks.filter(({ check }) => check === id);
  const derive = (
    attestations: readonly VerifiedAttestation[],
    context: FactsContext = AT_PUBLIC,
    checks: readonly Check[] = [],
  ): Facts => deriveFacts(verification(attestations, { checks }), context);
  const BUILD = `https://github.com/acme/widget ${'a'.repeat(40)} https://github.com/actions/runner/github-hosted`;

  it.each<[string, readonly VerifiedAttestation[], readonly Check[]]>([
    [
      'none',
      [publish()],
      [notMade('provenance-agreement', 'there are not several to compare')],
    ],
    [
      'one',
      [publish(), provenance()],
      [notMade('provenance-agreement', 'there are not several to compare')],
    ],
    [
      'two that agree',
      [publish(), provenance(), provenance(again, 2)],
      [passed('provenance-agreement', { expected: BUILD, found: BUILD })],
    ],
    [
      'one of three that does not',
      [publish(), provenance(), provenance(again, 2), provenance(later, 3)],
      [
        failed('provenance-agreement', {
          kind: 'mismatch',
          code: 'provenance-conflict',
          message: 'two provenances disagree about where the package was built',
          expected: BUILD,
          found: BUILD.replace('a'.repeat(40), 'b'.repeat(40)),
        }),
      ],
    ],
  ])('provenances: %s', (_what, attestations, checks) => {
    expect(of(derive(attestations), 'provenance-agreement')).toEqual(checks);
  });

  const sri = (sha512: string): string =>
    `pkg:npm/%40acme/widget@1.2.3 ${sriOfSha512(sha512)}`;
  const otherBytes = 'f'.repeat(128);
  const aboutOthers = verified(
    publishStatement(ID, otherBytes, PUBLIC),
    KEY,
    0,
  );

  it.each<[string, readonly VerifiedAttestation[], readonly Check[]]>([
    [
      'of one attestation',
      [publish()],
      [notMade('subjects-agree', 'there are not several to compare')],
    ],
    [
      'of one beside an unknown type about other bytes',
      [
        publish(),
        {
          ...aboutOthers,
          index: 5,
          statement: { ...aboutOthers.statement, predicateType: 'x' },
        },
      ],
      [notMade('subjects-agree', 'there are not several to compare')],
    ],
    [
      'that are the same',
      [publish(), provenance()],
      [
        passed('subjects-agree', {
          expected: sri(SHA512),
          found: sri(SHA512),
        }),
      ],
    ],
    [
      'about other bytes',
      [aboutOthers, provenance()],
      [
        failed('subjects-agree', {
          kind: 'mismatch',
          code: 'subject-digest',
          message: 'two attestations of this version are about different bytes',
          expected: sri(otherBytes),
          found: sri(SHA512),
        }),
      ],
    ],
  ])('subjects %s', (_what, attestations, checks) => {
    const facts = derive(attestations);
    expect(of(facts, 'subjects-agree')).toEqual(checks);
    const isGood = checks[0]?.outcome !== 'failed';
    expect(facts.verification).toBe(isGood ? 'verified' : 'rejected');
  });

  it('subjects with another name do not agree', () => {
    const renamed = {
      ...publish(),
      statement: {
        ...publish().statement,
        subjects: publish().statement.subjects.map((each) => ({
          ...each,
          name: 'x',
        })),
      },
    };
    expect(derive([renamed, provenance()]).rejections).toMatchObject([
      { code: 'subject-digest', attestation: null },
    ]);
  });

  it('a release attestation is compared as well', () => {
    const release = {
      ...aboutOthers,
      index: 9,
      statement: { ...aboutOthers.statement, predicateType: RELEASE },
    };
    expect(derive([publish(), provenance(), release]).rejections).toMatchObject(
      [{ code: 'subject-digest' }],
    );
  });

  it.each<[string, Facts, Check]>([
    [
      'at another registry',
      derive([provenance()], AT_ACME),
      notMade(
        'publish-present',
        'only the public registry is known to make one each time',
      ),
    ],
    [
      'without a provenance',
      derive([publish()]),
      notMade('publish-present', 'there is no provenance'),
    ],
    [
      'there',
      derive([publish(), provenance()]),
      passed('publish-present', { found: 'a publish attestation' }),
    ],
    [
      'without keys',
      derive([provenance()], AT_PUBLIC, [KEYLESS]),
      notMade('publish-present', 'there are no keys to verify one with'),
    ],
    [
      'rejected',
      derive([provenance()], AT_PUBLIC, [TAMPERED]),
      notMade('publish-present', 'an attestation was rejected'),
    ],
    [
      'missing',
      derive([provenance()], AT_PUBLIC, [WEAK, LOCKFILE]),
      failed('publish-present', {
        kind: 'mismatch',
        code: 'publish-missing',
        message: 'provenance without the registry’s publish attestation',
        expected: 'a publish attestation',
      }),
    ],
  ])('a publish attestation: %s', (_what, facts, check) => {
    expect(of(facts, 'publish-present')).toEqual([check]);
  });

  it.each<[string, Facts, Check]>([
    [
      'not announced',
      derive([publish()]),
      notMade('provenance-served', 'the metadata names no provenance'),
    ],
    [
      'announced and there',
      derive([publish(), provenance()], ADVERTISED),
      passed('provenance-served'),
    ],
    [
      'announced and rejected',
      derive([publish()], ADVERTISED, [TAMPERED]),
      notMade('provenance-served', 'what is served was rejected'),
    ],
    [
      'announced, not there, and undecided otherwise',
      derive([publish()], ADVERTISED, [WEAK]),
      undecided('provenance-served', {
        code: 'provenance-withheld',
        message: 'the registry says that there is provenance, but serves none',
      }),
    ],
  ])('a provenance: %s', (_what, facts, check) => {
    expect(of(facts, 'provenance-served')).toEqual([check]);
  });

  it('are all there is: verdicts are read off them', () => {
    const facts = derive([publish(ACME_REGISTRY), provenance()], ADVERTISED, [
      WEAK,
      TAMPERED,
    ]);
    expect(facts.rejections).toEqual(
      rankRejections(rejectionsOf(facts.checks)),
    );
    expect(facts.rejections.map(({ code }) => code)).toEqual([
      'publish-predicate',
      'log-entry',
    ]);
    expect(facts.unverifiable).toEqual(unverifiableOf(facts.checks));
  });

  it('are tied to their attestations and listed in reading order', () => {
    const attestations = [publish(PUBLIC, 1), provenance(build, 0)];
    const given = [
      { ...passed('media-type'), attestation: 1 },
      { ...passed('known-type'), attestation: 0 },
      passed('registry-asked'),
      passed('integrity'),
    ];
    const facts = derive(attestations, ADVERTISED, given);
    expect(
      facts.checks.map(({ check, attestation }) => [attestation, check]),
    ).toEqual([
      [null, 'integrity'],
      [null, 'registry-asked'],
      [null, 'provenance-served'],
      ...[
        'known-type',
        'signed-by-certificate',
        'issuer',
        'signer',
        'build-type',
        'builder',
        'predicate-form',
        'source-repository',
        'source-repository-id',
        'source-owner-id',
        'source-revision',
        'source-ref',
        'workflow',
        'workflow-ref',
        'workflow-revision',
        'event',
        'runner',
        'run',
      ].map((id) => [0, id]),
      ...[
        'media-type',
        'signed-by-key',
        'publish-name',
        'publish-version',
        'publish-registry',
      ].map((id) => [1, id]),
      [null, 'provenance-agreement'],
      [null, 'subjects-agree'],
      [null, 'publish-present'],
    ]);
  });

  it('show what of a provenance was compared with what', () => {
    const facts = derive([publish(), provenance()]);
    const signer =
      'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3';
    const same = (id: CheckId, value: string): Check =>
      passed(id, { expected: value, found: value });
    const [, ...shown] = facts.checks
      .filter(({ attestation }) => attestation === 1)
      .map((each) => ({ ...each, attestation: null }));
    expect(shown).toEqual([
      passed('issuer', {
        expected:
          'https://token.actions.githubusercontent.com or https://gitlab.com',
        found: 'https://token.actions.githubusercontent.com',
      }),
      same('signer', signer),
      passed('build-type', {
        found:
          'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
      }),
      passed('builder', {
        found: 'https://github.com/actions/runner/github-hosted',
      }),
      passed('predicate-form'),
      same('source-repository', 'https://github.com/acme/widget'),
      same('source-repository-id', '1001'),
      same('source-owner-id', '2001'),
      same('source-revision', 'a'.repeat(40)),
      same('source-ref', 'refs/tags/v1.2.3'),
      same('workflow', '.github/workflows/release.yml'),
      same('workflow-ref', 'refs/tags/v1.2.3'),
      notMade('workflow-revision', 'the provenance claims no workflow commit'),
      same('event', 'push'),
      same('runner', 'github-hosted'),
      same('run', 'https://github.com/acme/widget/actions/runs/100/attempts/1'),
    ]);
  });

  it('say nothing good beside what failed', () => {
    const foreign = withExtensions(build, { 2: 'schedule' });
    const statement = githubProvenanceV1(ID, SHA512, build);
    const facts = derive([
      publish(),
      verified(statement, signedBy(foreign), 1),
    ]);
    expect(of(facts, 'event')).toMatchObject([
      { outcome: 'failed', found: 'schedule' },
    ]);
    expect(of(facts, 'source-ref')).toMatchObject([{ outcome: 'passed' }]);
  });

  it('of an unknown type are none of this stage', () => {
    const facts = derive([other('https://x.example/v1')]);
    expect(facts.checks.every(({ attestation }) => attestation === null)).toBe(
      true,
    );
  });

  it('use the issuers that a policy adds', () => {
    const issuer = 'https://token.actions.githubusercontent.com/acme';
    const enterprise = withExtensions(build, { 1: issuer, 8: issuer });
    const attestations = [
      publish(),
      verified(githubProvenanceV1(ID, SHA512, build), signedBy(enterprise), 1),
    ];
    const issuers = [
      { issuer, platform: 'github', server: 'https://github.com/' } as const,
    ];
    expect(derive(attestations).verification).toBe('rejected');
    expect(
      derive(attestations, { ...AT_PUBLIC, issuers }).provenance?.issuer,
    ).toBe(issuer);
  });
});
