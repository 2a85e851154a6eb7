import type { JudgedEvidence } from '../evidence/judged-evidence.js';
import {
  isClaimed,
  type ProvenanceFacts,
  type PublishFacts,
} from '../facts/facts.js';
import type { Dependency, OriginKind } from '../lockfile/dependency.js';
import {
  comparePackageIds,
  compareText,
  toPurl,
} from '../package/package-id.js';
import type { Subject } from '../policy/verdict.js';
import type { Check } from '../verification/check.js';
import type { Rejection } from '../verification/verification.js';
import type {
  ReportDependency,
  ReportProvenance,
  ReportReason,
  ReportChecked,
  ReportRejection,
  ReportStatement,
} from './report.js';

/**
 * Orders subjects by name, version, origin, integrity and place: the same for
 * every order of arrival, since no two dependencies agree in all of them.
 */
export function compareSubjects(a: Subject, b: Subject): number {
  const [left, right] = [a.dependency, b.dependency];
  return (
    comparePackageIds(left.id, right.id) ||
    compareText(left.origin.kind, right.origin.kind) ||
    compareOptional(left.origin.resolved, right.origin.resolved) ||
    compareOptional(left.integrity, right.integrity) ||
    compareText(left.locations.join('\n'), right.locations.join('\n'))
  );
}

/**
 * One dependency as the report states it. Text stays as claimed; dates become
 * ISO 8601. A subject whose evidence and facts disagree on whether it is in
 * scope is a bug and throws: leaving it out of the counts could hide it.
 */
export function toReportDependency(subject: Subject): ReportDependency {
  const { dependency, evidence, facts } = subject;
  if ((evidence.status === 'not-applicable') !== (facts === null)) {
    throw new Error('facts belong to dependencies in scope, and only to them');
  }
  // One literal: an object put together from others takes many times the memory.
  return {
    name: dependency.id.name,
    version: dependency.id.version,
    purl: toPurl(dependency.id),
    aliases: dependency.aliases,
    integrity: dependency.integrity,
    resolved: dependency.origin.resolved,
    locations: dependency.locations,
    requiredBy: dependency.requiredBy,
    production: dependency.production,
    direct: dependency.direct,
    optional: dependency.optional,
    patched: dependency.patched,
    registry: subject.registry,
    askedAt: subject.askedAt,
    scope: facts === null ? 'out-of-scope' : 'in-scope',
    scopeReason: evidence.status === 'not-applicable' ? evidence.reason : null,
    evidence: evidence.status,
    verification: facts?.verification ?? 'none',
    level: facts?.level ?? 'none',
    claimed: facts !== null && isClaimed(facts.level),
    rejections: facts?.rejections.map(toReportRejection) ?? [],
    unverifiable: toReason(facts?.unverifiable[0]),
    provenance: toReportProvenance(facts?.provenance ?? null),
    publish: toPublish(facts?.publish ?? null),
    registrySignature: facts?.registrySignature ?? 'not-checked',
    checked: toChecked(facts?.checks ?? []),
    binding: facts?.binding ?? null,
    statements: toStatements(evidence),
    unavailable:
      evidence.status === 'unavailable'
        ? { code: evidence.code, message: evidence.message }
        : null,
  };
}

function toStatements(evidence: JudgedEvidence): readonly ReportStatement[] {
  if (evidence.status !== 'attested') return [];
  return evidence.statements.flatMap(({ predicateType, sha256 }) =>
    sha256 === null ? [] : [{ predicateType, sha256 }],
  );
}

/** The dependency that a report describes, as far as it tells. */
export function toLockfileDependency(one: ReportDependency): Dependency {
  const { name, version, resolved, scopeReason } = one;
  const kind =
    ORIGINS.find((each) => each === scopeReason) ?? ('registry' as const);
  return {
    id: { name, version },
    aliases: one.aliases,
    integrity: one.integrity,
    origin: { kind, resolved },
    locations: one.locations,
    production: one.production,
    direct: one.direct,
    optional: one.optional,
    omittedBy: [],
    paths: [],
    requiredBy: one.requiredBy,
    workspaces: [],
    patched: one.patched,
    line: null,
    column: null,
  };
}

/** Out of scope by where they come from; all others are a registry's. */
const ORIGINS = [
  'git',
  'file',
  'link',
  'workspace',
  'remote-tarball',
  'bundled',
] as const satisfies readonly OriginKind[];

/** Those about one attestation stand together already. */
function toChecked(checks: readonly Check[]): readonly ReportChecked[] {
  const groups: Group[] = [];
  for (const { attestation, outcome, check } of checks) {
    let group = groups.at(-1);
    if (group?.attestation !== attestation) {
      group = {
        attestation,
        passed: [],
        failed: [],
        undecided: [],
        notMade: [],
      };
      groups.push(group);
    }
    group[outcome === 'not-made' ? 'notMade' : outcome].push(check);
  }
  return groups;
}

type Group = { readonly attestation: number | null } & Readonly<
  Record<Exclude<keyof ReportChecked, 'attestation'>, string[]>
>;

function toReportRejection(rejection: Rejection): ReportRejection {
  return {
    kind: rejection.kind,
    code: rejection.code,
    attestation: rejection.attestation,
    message: rejection.message,
    expected: rejection.expected,
    found: rejection.found,
  };
}

function toReason(reason: ReportReason | undefined): ReportReason | null {
  return reason === undefined
    ? null
    : { code: reason.code, message: reason.message };
}

/** Provenance in its plain form; null stays null. */
export function toReportProvenance(
  facts: ProvenanceFacts | null,
): ReportProvenance | null {
  if (facts === null) return null;
  return {
    sourceRepository: facts.sourceRepository,
    sourceRepositoryId: facts.sourceRepositoryId,
    sourceOwnerId: facts.sourceOwnerId,
    sourceRevision: facts.sourceRevision,
    sourceRef: facts.sourceRef,
    workflow: facts.workflow,
    workflowRef: facts.workflowRef,
    signer: facts.signer,
    issuer: facts.issuer,
    builder: facts.builder,
    buildType: facts.buildType,
    runner: facts.runner,
    event: facts.event,
    runUrl: facts.runUrl,
    signedAt: facts.signedAt.toISOString(),
    logIndex: facts.logIndex,
    predicateType: facts.predicateType,
    limitedIdentity: facts.limitedIdentity,
  };
}

function toPublish(facts: PublishFacts | null): ReportDependency['publish'] {
  return facts === null
    ? null
    : {
        registry: facts.registry,
        keyId: facts.keyId,
        signedAt: facts.signedAt.toISOString(),
      };
}

function compareOptional(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return compareText(a, b);
}
