import type { JudgedEvidence } from '../evidence/judged-evidence.js';
import { packageEntries, type PackageEntry } from '../policy/package-entry.js';
import type { Policy } from '../policy/policy.js';
import type { Subject } from '../policy/verdict.js';
import { CHECKS } from '../verification/check-catalogue.js';
import type { Check } from '../verification/check.js';
import { buildReport, type ReportInput } from './build-report.js';
import type {
  InspectedPackage,
  PackageReport,
  ReportAttestation,
  ReportCheck,
} from './package-report.js';
import { compareSubjects, toReportDependency } from './report-dependency.js';

/**
 * The packages of an audit with everything known about each. Findings about the
 * audit as a whole are left out, of the result too: these packages are only a
 * part of it. `policy` is the one that they were held against.
 */
export function buildPackageReport(
  input: ReportInput,
  policy: Pick<Policy, 'packages'>,
): PackageReport {
  const entryFor = packageEntries(policy.packages);
  const { subjects, findings } = input.verdict;
  const report = buildReport({
    ...input,
    verdict: {
      subjects,
      findings: findings.filter(({ subject }) => subject !== null),
    },
  });
  return {
    schemaVersion: report.schemaVersion,
    tool: report.tool,
    auditedAt: report.auditedAt,
    lockfile: report.lockfile,
    trustRoot: report.trustRoot,
    policy: report.policy,
    result: report.result,
    exitCode: report.exitCode,
    packages: subjects
      .toSorted(compareSubjects)
      .map((subject) =>
        toInspectedPackage(subject, entryFor(subject.dependency.id.name)),
      ),
    findings: report.findings,
    durations: report.durations,
  };
}

function toInspectedPackage(
  subject: Subject,
  applied: PackageEntry | null,
): InspectedPackage {
  const { dependency, evidence, facts } = subject;
  const checks = (facts?.checks ?? []).map(toReportCheck);
  return {
    ...toReportDependency(subject),
    otherPredicateTypes: facts?.otherPredicateTypes ?? [],
    paths: dependency.paths,
    line: dependency.line,
    column: dependency.column,
    policyEntry: applied && {
      pattern: applied.entry.pattern,
      reason: applied.reason,
      line: applied.entry.line,
    },
    attestations: toAttestations(evidence, checks),
    checks,
  };
}

function toAttestations(
  evidence: JudgedEvidence,
  checks: readonly ReportCheck[],
): readonly ReportAttestation[] {
  if (evidence.status !== 'attested') return [];
  return evidence.statements.map(({ predicateType }, index) => ({
    predicateType,
    outcome: outcomeOf(checks.filter((each) => each.attestation === index)),
  }));
}

/** Only what passed something, and failed nothing, is verified. */
function outcomeOf(
  checks: readonly ReportCheck[],
): ReportAttestation['outcome'] {
  const has = (outcome: ReportCheck['outcome']): boolean =>
    checks.some((each) => each.outcome === outcome);
  if (has('failed')) return 'rejected';
  return has('passed') && !has('undecided') ? 'verified' : 'undecided';
}

function toReportCheck(made: Check): ReportCheck {
  const { number, group, title, expects } = CHECKS[made.check];
  const { outcome } = made;
  const hasCode = outcome === 'failed' || outcome === 'undecided';
  return {
    check: made.check,
    number,
    group,
    title,
    attestation: made.attestation,
    outcome,
    code: hasCode ? made.code : null,
    message: outcome === 'passed' ? null : made.message,
    expected: made.expected ?? expects,
    found: made.found,
  };
}
