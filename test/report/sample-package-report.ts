import { PROVENANCE_V1, PUBLISH } from '../../src/evidence/predicate-types.js';
import type { Finding, Subject } from '../../src/policy/verdict.js';
import { buildPackageReport } from '../../src/report/build-package-report.js';
import type { PackageReport } from '../../src/report/package-report.js';
import {
  failed,
  notMade,
  ofAttestation,
  passed,
  undecided,
  type Check,
} from '../../src/verification/check.js';
import {
  HOSTILE_NAME,
  incompleteFinding,
  outOfScope,
  rejected,
  sampleDependency,
  sampleInput,
  sampleIntegrity,
  signed,
  tamperedFinding,
  unavailable,
  unverifiable,
  verified,
} from './sample-report.js';

const LOCKFILE: readonly Check[] = [
  passed('entry-kind', { found: 'registry' }),
  notMade('tarball-url', 'the lockfile names no tarball'),
  passed('integrity', { found: sampleIntegrity(7) }),
  passed('registry-asked', {
    expected: 'https://registry.example/',
    found: 'https://registry.example/',
  }),
];
const PUBLISHED: readonly Check[] = [
  passed('signature'),
  passed('predicate-type', { expected: PUBLISH, found: PUBLISH }),
  passed('publish-name', { expected: '@acme/widget', found: '@acme/widget' }),
];
const BUILT: readonly Check[] = [
  passed('signature'),
  passed('source-ref', {
    expected: 'refs/tags/v1.0.0',
    found: 'refs/tags/v1.0.0',
  }),
];
const WRONG_DIGEST = failed('subject-digest', {
  kind: 'mismatch',
  code: 'subject-digest',
  message: 'the signed digest is not the one this lockfile would install',
  expected: sampleIntegrity(0x9f),
  found: sampleIntegrity(0x60),
});
const WRONG_REF = failed('source-ref', {
  kind: 'mismatch',
  code: 'identity-ref',
  message: `the provenance names ${HOSTILE_NAME}`,
  expected: 'refs/heads/main',
  found: HOSTILE_NAME,
});

/** The same subject with `checks`, and attestations of these types. */
export function withChecks(
  subject: Subject,
  checks: readonly Check[],
  predicateTypes: readonly string[] = [],
): Subject {
  const { evidence, facts } = subject;
  const statements = predicateTypes.map((predicateType) => ({
    predicateType,
    sha256: null,
  }));
  return {
    ...subject,
    evidence:
      evidence.status === 'attested' ? { ...evidence, statements } : evidence,
    facts: facts && { ...facts, checks },
  };
}

/** A package whose provenance is verified, one attestation of a strange type. */
export function goodSubject(): Subject {
  const subject = withChecks(
    verified(
      sampleDependency('@acme/widget', '1.0.0', {
        aliases: ['widget'],
        direct: true,
        paths: [['my-app', '@acme/widget']],
      }),
    ),
    [
      ...LOCKFILE,
      ...ofAttestation(PUBLISHED, 0),
      ...ofAttestation(BUILT, 1),
      ...ofAttestation(
        [passed('signature'), notMade('known-type', 'it proves nothing')],
        2,
      ),
      passed('subjects-agree', { found: 'pkg:npm/%40acme/widget@1.0.0' }),
    ],
    [PUBLISH, PROVENANCE_V1, 'https://example.org/sbom'],
  );
  const { facts } = subject;
  return {
    ...subject,
    facts: facts && {
      ...facts,
      otherPredicateTypes: ['https://example.org/sbom'],
    },
  };
}

/** A package that is rejected for two reasons, everything in it hostile. */
export function hostileSubject(): Subject {
  const subject = withChecks(
    rejected(
      sampleDependency(HOSTILE_NAME, '1.0.0\u{9b}31m', {
        aliases: [HOSTILE_NAME],
        locations: [`node_modules/${HOSTILE_NAME}`],
        paths: [['my-app', HOSTILE_NAME]],
      }),
    ),
    [
      ...LOCKFILE,
      ...ofAttestation([passed('signature'), WRONG_DIGEST], 0),
      ...ofAttestation([passed('signature'), WRONG_REF], 1),
    ],
    [PROVENANCE_V1, HOSTILE_NAME],
  );
  const { facts } = subject;
  return {
    ...subject,
    facts: facts && {
      ...facts,
      rejections: [
        ...facts.rejections,
        {
          kind: 'mismatch',
          code: 'identity-ref',
          attestation: 1,
          message: `the provenance names ${HOSTILE_NAME}`,
          expected: 'refs/heads/main',
          found: HOSTILE_NAME,
        },
      ],
    },
  };
}

/** A package that is pinned too weakly to say anything. */
export function weakSubject(): Subject {
  const message = 'the lockfile pins only sha1, which no attestation carries';
  return withChecks(
    unverifiable(sampleDependency('old-thing', '0.3.0')),
    [
      undecided('integrity', { code: 'weak-integrity', message }),
      ...ofAttestation(
        [
          undecided(
            'subject-digest',
            { code: 'no-sha512', message: 'the lockfile has no SHA-512' },
            { found: sampleIntegrity(1) },
          ),
        ],
        0,
      ),
    ],
    [PROVENANCE_V1],
  );
}

/** A report on `subjects`. */
export function packageReportOf(
  subjects: readonly Subject[],
  findings: readonly Finding[] = [],
): PackageReport {
  return buildPackageReport(sampleInput(subjects, findings), { packages: [] });
}

/** One package in every state there is. */
export function samplePackageReport(): PackageReport {
  const [hostile, weak] = [hostileSubject(), weakSubject()];
  const refused = unavailable(sampleDependency('@acme/alpha', '3.1.0'));
  return packageReportOf(
    [
      goodSubject(),
      hostile,
      weak,
      refused,
      withChecks(signed(sampleDependency('plain', '2.0.0')), LOCKFILE),
      outOfScope(sampleDependency('from-git'), 'git'),
    ],
    [
      tamperedFinding(hostile),
      incompleteFinding(weak),
      incompleteFinding(refused),
    ],
  );
}
