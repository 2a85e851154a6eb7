import type { Evidence } from '../evidence/evidence.js';
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
 * part of it.
 */
export function buildPackageReport(input: ReportInput): PackageReport {
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
    packages: subjects.toSorted(compareSubjects).map(toInspectedPackage),
    findings: report.findings,
    durations: report.durations,
  };
}

function toInspectedPackage(subject: Subject): InspectedPackage {
  const { dependency, evidence, facts } = subject;
  const checks = (facts?.checks ?? []).map(toReportCheck);
  return {
    ...toReportDependency(subject),
    otherPredicateTypes: facts?.otherPredicateTypes ?? [],
    paths: dependency.paths,
    line: dependency.line,
    attestations: toAttestations(evidence, checks),
    checks,
  };
}

function toAttestations(
  evidence: Evidence,
  checks: readonly ReportCheck[],
): readonly ReportAttestation[] {
  if (evidence.status !== 'attested') return [];
  if (evidence.document.status === 'malformed') return [];
  return evidence.document.attestations.map(({ predicateType }, index) => ({
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
