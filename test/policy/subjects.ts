import type { JudgedEvidence } from '../../src/evidence/judged-evidence.js';
import type { Facts, ProvenanceFacts } from '../../src/facts/facts.js';
import type { Dependency, OriginKind } from '../../src/lockfile/dependency.js';
import type { PolicyContext } from '../../src/policy/evaluate-policy.js';
import { NO_PINS } from '../../src/policy/pins/pins.js';
import { DEFAULT_POLICY, type Policy } from '../../src/policy/policy.js';
import { RULES } from '../../src/policy/rules/index.js';
import type { RuleContext } from '../../src/policy/rule.js';
import type { Subject } from '../../src/policy/verdict.js';
import type { Rejection } from '../../src/verification/verification.js';
import { ACME_REGISTRY, ID, SRI, pinned } from '../verification/samples.js';

/** When every sample was built and published. */
export const SIGNED_AT = new Date('2026-06-01T12:00:00Z');

export const PROVENANCE: ProvenanceFacts = {
  sourceRepository: 'https://github.com/acme/widget',
  sourceRepositoryId: '1001',
  sourceOwnerId: '2001',
  sourceRevision: 'a'.repeat(40),
  sourceRef: 'refs/tags/v1.2.3',
  workflow: '.github/workflows/release.yml',
  workflowRef: 'refs/tags/v1.2.3',
  signer: 'https://github.com/acme/widget/x.yml@refs/tags/v1.2.3',
  issuer: 'https://token.actions.githubusercontent.com',
  builder: 'https://github.com/actions/runner/github-hosted',
  buildType: 'https://example.com/build/v1',
  runner: 'github-hosted',
  event: 'push',
  runUrl: 'https://github.com/acme/widget/actions/runs/1/attempts/1',
  signedAt: SIGNED_AT,
  logIndex: '1000',
  predicateType: 'https://slsa.dev/provenance/v1',
  limitedIdentity: false,
};

const METADATA = {
  integrity: SRI,
  signatures: [],
  advertisesAttestations: true,
  advertisesProvenance: false,
  publishedAt: null,
  declaredRepository: null,
};
export const ATTESTED: JudgedEvidence = {
  status: 'attested',
  metadata: METADATA,
  statements: [],
};
export const UNATTESTED: JudgedEvidence = {
  status: 'unattested',
  metadata: { ...METADATA, advertisesAttestations: false },
};

/** Facts of a package with verified provenance. */
export const PROVEN: Facts = {
  verification: 'verified',
  level: 'provenance',
  checks: [],
  rejections: [],
  unverifiable: [],
  provenance: PROVENANCE,
  publish: {
    registry: ACME_REGISTRY,
    keyId: 'SHA256:one',
    signedAt: SIGNED_AT,
  },
  registrySignature: 'verified',
  binding: 'lockfile',
  otherPredicateTypes: [],
};

/** Facts of a package with nothing but the registry's signature. */
export const UNPROVEN: Facts = {
  ...PROVEN,
  verification: 'none',
  level: 'registry-signature',
  provenance: null,
  publish: null,
};

export function rejection(change: Partial<Rejection> = {}): Rejection {
  return {
    kind: 'mismatch',
    code: 'subject-digest',
    attestation: 1,
    message: 'about other bytes',
    expected: 'ours',
    found: 'theirs',
    ...change,
  };
}

interface Shape {
  readonly name?: string;
  readonly version?: string;
  readonly evidence?: JudgedEvidence;
  readonly facts?: Partial<Facts>;
  /** What differs of its provenance. */
  readonly provenance?: Partial<ProvenanceFacts>;
  /** Of its metadata, if it is attested. */
  readonly declaredRepository?: string;
  /** What differs of its place in the lockfile. */
  readonly place?: Partial<Dependency>;
  readonly integrity?: string | null;
  readonly resolved?: string | null;
  readonly registry?: string;
  readonly askedByProject?: boolean;
}

/** A package in scope; by default one whose provenance is verified. */
export function inScope(shape: Shape = {}): Subject {
  const {
    name = ID.name,
    version = ID.version,
    registry = ACME_REGISTRY,
    askedByProject = false,
    place,
    integrity,
    resolved,
  } = shape;
  const entry = {
    ...(integrity === undefined ? {} : { integrity }),
    ...(resolved === undefined ? {} : { resolved }),
  };
  return {
    dependency: { ...pinned({ ...entry, id: { name, version } }), ...place },
    registry,
    askedAt: registry,
    askedByProject,
    evidence: evidenceOf(shape),
    facts: {
      ...PROVEN,
      provenance: { ...PROVENANCE, ...shape.provenance },
      ...shape.facts,
    },
  };
}

function evidenceOf({
  evidence = ATTESTED,
  declaredRepository,
}: Shape): JudgedEvidence {
  return evidence.status === 'attested' && declaredRepository !== undefined
    ? { ...evidence, metadata: { ...evidence.metadata, declaredRepository } }
    : evidence;
}

/** A package that is not audited. */
export function outOfScope(
  kind: Exclude<OriginKind, 'registry'>,
  resolved: string | null = null,
): Subject {
  return {
    dependency: pinned({ kind, resolved }),
    registry: null,
    askedAt: null,
    askedByProject: false,
    evidence: { status: 'not-applicable', reason: kind },
    facts: null,
  };
}

/** A package about which its registry could not be asked. */
export function unavailable(
  code: Extract<JudgedEvidence, { status: 'unavailable' }>['code'],
): Subject {
  return inScope({
    evidence: { status: 'unavailable', code, message: `because: ${code}` },
    facts: {
      ...UNPROVEN,
      level: 'none',
      registrySignature: 'not-checked',
    },
  });
}

/** What policy is evaluated with besides the subjects: no pins, one policy. */
export function contextOf(
  policy: Partial<Policy> = {},
  now: Date = SIGNED_AT,
): PolicyContext {
  return {
    policy: { ...DEFAULT_POLICY, ...policy },
    pins: NO_PINS,
    proposed: null,
    now,
  };
}

/** What one rule is evaluated with. */
export function ruleContextOf(
  policy: Partial<Policy> = {},
  now: Date = SIGNED_AT,
): RuleContext {
  return { ...contextOf(policy, now), findings: [], rules: RULES };
}
