import type { ScopeReason } from '../../src/evidence/evidence.js';
import type { JudgedEvidence } from '../../src/evidence/judged-evidence.js';
import type { Facts, ProvenanceFacts } from '../../src/facts/facts.js';
import type { Dependency, Lockfile } from '../../src/lockfile/dependency.js';
import type { Finding, Subject } from '../../src/policy/verdict.js';
import {
  buildReport,
  type ReportInput,
} from '../../src/report/build-report.js';
import type { Report } from '../../src/report/report.js';

const REGISTRY = 'https://registry.example/';

/** ESC, BEL, newline, a bidi override, a zero-width blank, a log command. */
export const HOSTILE_NAME =
  'evil\u{1b}]0;owned\u{7}\u{1b}[2J\n::error::pwned\u{202e}gpj.\u{200b}##[group]x';

/** Base64 of 64 bytes that all have the value of `seed`. */
export function sampleIntegrity(seed: number): string {
  return `sha512-${Buffer.alloc(64, seed).toString('base64')}`;
}

/** A dependency of the registry in production, not named by the root. */
export function sampleDependency(
  name: string,
  version = '1.0.0',
  overrides: Partial<Dependency> = {},
): Dependency {
  return {
    id: { name, version },
    aliases: [],
    integrity: sampleIntegrity(name.length),
    origin: {
      kind: 'registry',
      resolved: `${REGISTRY}${name}/-/${name.split('/').at(-1) ?? ''}-${version}.tgz`,
    },
    locations: [`node_modules/${name}`],
    production: true,
    direct: false,
    optional: false,
    omittedBy: [],
    paths: [['my-app', 'build-kit', name]],
    requiredBy: [overrides.direct === true ? '' : 'node_modules/build-kit'],
    workspaces: [],
    patched: false,
    line: 100 + name.length,
    column: 5,
    ...overrides,
  };
}

/** Facts of a dependency for which the registry has nothing. */
export const NO_FACTS: Facts = {
  verification: 'none',
  level: 'none',
  checks: [],
  rejections: [],
  unverifiable: [],
  provenance: null,
  publish: null,
  registrySignature: 'missing',
  binding: 'lockfile',
  otherPredicateTypes: [],
};

/** Provenance as a certificate of GitHub's builder establishes it. */
export function sampleProvenance(
  repository = 'https://github.com/acme/widget',
): ProvenanceFacts {
  const workflow = '.github/workflows/release.yml';
  const tag = 'refs/tags/v1.0.0';
  return {
    sourceRepository: repository,
    sourceRepositoryId: '1001',
    sourceOwnerId: '42',
    sourceRevision: '1f4a9c2000000000000000000000000000000000',
    sourceRef: tag,
    workflow,
    workflowRef: tag,
    signer: `${repository}/${workflow}@${tag}`,
    issuer: 'https://token.actions.githubusercontent.com',
    builder: 'https://github.com/actions/runner/github-hosted',
    buildType:
      'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
    runner: 'github-hosted',
    event: 'release',
    runUrl: `${repository}/actions/runs/81723/attempts/1`,
    signedAt: new Date('2026-11-02T10:14:00Z'),
    logIndex: '152334871',
    predicateType: 'https://slsa.dev/provenance/v1',
    limitedIdentity: false,
  };
}

const METADATA = {
  integrity: sampleIntegrity(1),
  signatures: [],
  advertisesAttestations: true,
  advertisesProvenance: false,
  publishedAt: null,
  declaredRepository: null,
};
const ATTESTED: JudgedEvidence = {
  status: 'attested',
  metadata: METADATA,
  statements: [],
};
const UNATTESTED: JudgedEvidence = {
  status: 'unattested',
  metadata: { ...METADATA, advertisesAttestations: false },
};

/** A dependency with verified provenance. */
export function verified(dependency: Dependency, repository?: string): Subject {
  return inScope(dependency, ATTESTED, {
    ...NO_FACTS,
    verification: 'verified',
    level: 'provenance',
    provenance: sampleProvenance(repository),
    publish: {
      registry: REGISTRY,
      keyId: 'SHA256:DhQ8wR5APBvFHLF/+Tc+AYvPOdTpcIDqOhxsBHRwC7U',
      signedAt: new Date('2026-11-02T10:15:00Z'),
    },
    registrySignature: 'verified',
  });
}

/** A dependency with nothing but the registry's signature. */
export function signed(dependency: Dependency): Subject {
  return inScope(dependency, UNATTESTED, {
    ...NO_FACTS,
    level: 'registry-signature',
    registrySignature: 'verified',
  });
}

/** A dependency whose registry signs others, but not it. */
export function unsigned(dependency: Dependency): Subject {
  return inScope(dependency, UNATTESTED, NO_FACTS);
}

/** A dependency whose attestation is about other bytes. */
export function rejected(dependency: Dependency): Subject {
  return inScope(dependency, ATTESTED, {
    ...NO_FACTS,
    verification: 'rejected',
    rejections: [
      {
        kind: 'mismatch',
        code: 'subject-digest',
        attestation: 0,
        message: 'the signed digest is not the one this lockfile would install',
        expected: sampleIntegrity(0x9f),
        found: sampleIntegrity(0x60),
      },
    ],
  });
}

/** A dependency that the lockfile pins too weakly to decide. */
export function unverifiable(dependency: Dependency): Subject {
  return inScope(
    { ...dependency, integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
    ATTESTED,
    {
      ...NO_FACTS,
      verification: 'unverifiable',
      unverifiable: [
        {
          code: 'weak-integrity',
          message: 'the lockfile pins only sha1, which no attestation carries',
        },
      ],
      registrySignature: 'not-checked',
    },
  );
}

/** A dependency whose registry refused to answer. */
export function unavailable(dependency: Dependency): Subject {
  const evidence: JudgedEvidence = {
    status: 'unavailable',
    code: 'auth',
    message: '401, no token for this registry',
  };
  return {
    ...inScope(dependency, evidence, {
      ...NO_FACTS,
      registrySignature: 'not-checked',
    }),
    registry: 'https://npm.acme.example/',
  };
}

/** A dependency that no registry can vouch for. */
export function outOfScope(
  dependency: Dependency,
  reason: ScopeReason,
): Subject {
  return {
    dependency: { ...dependency, integrity: null },
    registry: null,
    askedAt: null,
    askedByProject: false,
    evidence: { status: 'not-applicable', reason },
    facts: null,
  };
}

function inScope(
  dependency: Dependency,
  evidence: JudgedEvidence,
  facts: Facts,
): Subject {
  return {
    dependency,
    registry: REGISTRY,
    askedAt: REGISTRY,
    askedByProject: false,
    evidence,
    facts,
  };
}

/** The finding that rejected evidence makes. */
export function tamperedFinding(subject: Subject): Finding {
  const [rejection] = subject.facts?.rejections ?? [];
  const { name } = subject.dependency.id;
  return {
    rule: 'evidence-rejected',
    level: 'error',
    consequence: 'tampered',
    subject,
    message: rejection?.message ?? 'rejected',
    expected: rejection?.expected ?? null,
    found: rejection?.found ?? null,
    remedy: `do not install; look at what last changed ${name} in the lockfile, and ask its maintainers`,
    policyLine: null,
    exempted: null,
  };
}

/** The finding of a policy that requires provenance. */
export function violatedFinding(subject: Subject): Finding {
  return {
    rule: 'provenance-missing',
    level: 'error',
    consequence: 'violated',
    subject,
    message: 'nothing proves where this version was built',
    expected: 'provenance',
    found: 'registry-signature',
    remedy:
      'look for a version that has provenance, or ask the maintainers to publish with it',
    policyLine: null,
    exempted: null,
  };
}

/** The finding of evidence that could not be had or judged. */
export function incompleteFinding(subject: Subject): Finding {
  const { dependency, evidence, facts } = subject;
  if (evidence.status === 'unavailable') {
    return {
      rule: 'evidence-unavailable',
      level: 'error',
      consequence: 'incomplete',
      subject,
      message: evidence.message,
      expected: null,
      found: null,
      remedy: 'give npm access to this registry, and run the audit again',
      policyLine: null,
      exempted: null,
    };
  }
  return {
    rule: 'weak-integrity',
    level: 'error',
    consequence: 'incomplete',
    subject,
    message: facts?.unverifiable[0]?.message ?? 'not verifiable',
    expected: 'sha512-…',
    found: dependency.integrity,
    remedy: 'let npm write the lockfile anew, so that it pins SHA-512',
    policyLine: null,
    exempted: null,
  };
}

/** The warning about a version that its registry did not sign. */
export function unsignedWarning(subject: Subject): Finding {
  return {
    rule: 'registry-signature-missing',
    level: 'warning',
    consequence: 'violated',
    subject,
    message: 'no registry signature, though the registry signs other versions',
    expected: null,
    found: null,
    remedy: 'compare the version with the one on the registry’s website',
    policyLine: null,
    exempted: null,
  };
}

/** Everything but the verdict, with a lockfile of exactly these subjects. */
export function sampleInput(
  subjects: readonly Subject[],
  findings: readonly Finding[],
): ReportInput {
  const dependencies = subjects.map(({ dependency }) => dependency);
  const lockfile: Lockfile = {
    path: 'package-lock.json',
    format: 'package-lock',
    formatVersion: '3',
    sha256: '5f'.repeat(32),
    entries: dependencies.flatMap(({ locations }) => locations).length,
    rootName: 'my-app',
    dependencies,
  };
  return {
    tool: { version: '0.1.0', verifier: '@sigstore/verify 4.1.3' },
    auditedAt: new Date('2026-11-22T10:00:00Z'),
    lockfile,
    trustRoot: {
      origin: 'tuf',
      rootVersion: 16,
      expires: '2027-04-22T00:00:00.000Z',
      refreshedAt: '2026-11-22T06:30:00.000Z',
      trustedRootSha256: '6a'.repeat(32),
      npmKeysSha256: '7b'.repeat(32),
      mirror: 'https://tuf.example',
      timestampVersion: 412,
      signedUntil: '2026-11-28T12:00:00.000Z',
      firstRoot: {
        origin: 'library',
        version: 16,
        expires: '2027-04-22T00:00:00.000Z',
      },
    },
    policy: { origin: 'default', path: null, ref: null, sha256: null },
    selection: null,
    verdict: { subjects, findings },
    durations: { total: 1943 },
  };
}

const SCOPE_REASONS = [
  'git',
  'file',
  'link',
  'workspace',
  'remote-tarball',
  'bundled',
  'omitted',
  'private-registry',
] as const satisfies readonly ScopeReason[];

/** A report with a dependency in every state, hostile names among them. */
export function sampleReport(): Report {
  const bad = rejected(
    sampleDependency('left-widget', '1.4.2', { line: 1207 }),
  );
  const hostile = rejected(
    sampleDependency(HOSTILE_NAME, '1.0.0\u{9b}31m', {
      paths: [['my-app', HOSTILE_NAME]],
    }),
  );
  const weak = unverifiable(sampleDependency('old-thing', '0.3.0'));
  const plain = signed(
    sampleDependency('plain', '2.0.0', {
      direct: true,
      paths: [['my-app', 'plain']],
    }),
  );
  const refused = [
    '@acme/alpha',
    '@acme/beta',
    '@acme/gamma',
    '@acme/delta',
  ].map((name) => unavailable(sampleDependency(name, '3.1.0')));
  const bare = ['a-bare', 'b-bare', 'c-bare', 'd-bare', 'e-bare'].map((name) =>
    unsigned(sampleDependency(name, '1.0.0', { production: false })),
  );
  const good = ['@acme/widget', 'build-kit'].map((name) =>
    verified(
      sampleDependency(name, '2.1.0', {
        direct: true,
        paths: [['my-app', name]],
      }),
    ),
  );
  const outside = SCOPE_REASONS.map((reason) =>
    outOfScope(sampleDependency(`from-${reason}`), reason),
  );
  const subjects = [
    ...good,
    plain,
    bad,
    hostile,
    weak,
    ...refused,
    ...bare,
    ...outside,
  ];
  return buildReport(
    sampleInput(subjects, [
      tamperedFinding(bad),
      tamperedFinding(hostile),
      violatedFinding(plain),
      ...refused.map(incompleteFinding),
      incompleteFinding(weak),
      ...bare.map(unsignedWarning),
    ]),
  );
}

/** A report that passes: 412 packages, as in a project of usual size. */
export function greenReport(): Report {
  const name = (index: number): string => `package-${index}`;
  const subjects = Array.from({ length: 412 }, (_, index) => {
    const dependency = sampleDependency(name(index), '1.0.0', {
      production: index % 4 === 0,
      direct: index < 12,
    });
    if (index >= 393) return outOfScope(dependency, 'bundled');
    if (index >= 385) return outOfScope(dependency, 'workspace');
    if (index >= 383) return outOfScope(dependency, 'git');
    return index % 3 === 0 ? verified(dependency) : signed(dependency);
  });
  return buildReport(sampleInput(subjects, []));
}

/** A report about a part of a lockfile, half of which was left out. */
export function selectiveReport(): Report {
  const subjects = ['a', 'b', 'c', 'd'].map((name, index) => {
    const dependency = sampleDependency(name, '1.0.0', { direct: index === 0 });
    return index < 2
      ? verified(dependency)
      : outOfScope({ ...dependency, production: false }, 'omitted');
  });
  return buildReport({
    ...sampleInput(subjects, []),
    selection: {
      omit: ['dev'],
      workspaces: ['web\u{1b}[31m'],
      direct: true,
      packages: ['@acme/*'],
      changedSince: null,
      coverageNotJudged: ['all', 'direct'],
    },
  });
}
