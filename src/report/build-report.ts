import type { Lockfile } from '../lockfile/dependency.js';
import { formatPackageId } from '../package/package-id.js';
import type { Finding, Verdict } from '../policy/verdict.js';
import { toReportHistories } from './report-histories.js';
import { compareSubjects, toReportDependency } from './report-dependency.js';
import type { Report, ReportFinding, ReportTrustRoot } from './report.js';
import { resultOf } from './result.js';
import { summarize } from './summarize.js';

/** Everything a report is made of. */
export interface ReportInput {
  /** Versions of this program and of what verifies signatures for it. */
  readonly tool: { readonly version: string; readonly verifier: string };
  /** The time of the audit, given by whoever started it. */
  readonly auditedAt: Date;
  readonly lockfile: Lockfile;
  readonly trustRoot: ReportTrustRoot;
  readonly policy: Report['policy'];
  readonly selection: Report['selection'];
  readonly verdict: Verdict;
  /** Milliseconds. */
  readonly durations: Report['durations'];
}

/**
 * Puts an audit into its plain form: sorts, counts, and decides the result from
 * the findings. The same input gives the same report, key order included,
 * whatever the order of the subjects. Findings keep their order, errors first.
 */
export function buildReport(input: ReportInput): Report {
  const { lockfile, verdict } = input;
  const dependencies = verdict.subjects
    .toSorted(compareSubjects)
    .map(toReportDependency);
  const findings = verdict.findings.toSorted(
    (a, b) => Number(a.level !== 'error') - Number(b.level !== 'error'),
  );
  const { result, exitCode } = resultOf(findings);
  return {
    schemaVersion: 1,
    tool: {
      name: 'provenance-audit',
      version: input.tool.version,
      verifier: input.tool.verifier,
    },
    auditedAt: input.auditedAt.toISOString(),
    lockfile: {
      path: lockfile.path,
      format: lockfile.format,
      formatVersion: lockfile.formatVersion,
      sha256: lockfile.sha256,
      entries: lockfile.entries,
      rootName: lockfile.rootName,
      foreign: lockfile.foreign ?? 0,
    },
    trustRoot: inOrder(input.trustRoot),
    policy: {
      origin: input.policy.origin,
      path: input.policy.path,
      ref: input.policy.ref,
      sha256: input.policy.sha256,
    },
    selection: toReportSelection(input.selection),
    result,
    exitCode,
    summary: summarize(dependencies, findings),
    dependencies,
    findings: findings.map((finding) =>
      toReportFinding(finding, lockfile, input.policy.path),
    ),
    histories: toReportHistories(verdict),
    durations: { total: input.durations.total },
  };
}

function inOrder(trustRoot: ReportTrustRoot): ReportTrustRoot {
  const { firstRoot } = trustRoot;
  return {
    origin: trustRoot.origin,
    rootVersion: trustRoot.rootVersion,
    expires: trustRoot.expires,
    refreshedAt: trustRoot.refreshedAt,
    trustedRootSha256: trustRoot.trustedRootSha256,
    npmKeysSha256: trustRoot.npmKeysSha256,
    mirror: trustRoot.mirror,
    timestampVersion: trustRoot.timestampVersion,
    signedUntil: trustRoot.signedUntil,
    firstRoot: firstRoot && {
      origin: firstRoot.origin,
      version: firstRoot.version,
      expires: firstRoot.expires,
    },
  };
}

function toReportSelection(
  selection: Report['selection'],
): Report['selection'] {
  if (selection === null) return null;
  const { omit, workspaces, direct, packages } = selection;
  const { changedSince, coverageNotJudged } = selection;
  return {
    ...{ omit, workspaces, direct, packages },
    ...{ changedSince, coverageNotJudged },
  };
}

function toReportFinding(
  finding: Finding,
  lockfile: Lockfile,
  policyPath: string | null,
): ReportFinding {
  const dependency = finding.subject?.dependency ?? null;
  return {
    rule: finding.rule,
    level: finding.level,
    consequence: finding.consequence,
    package: dependency === null ? null : formatPackageId(dependency.id),
    message: finding.message,
    expected: finding.expected,
    found: finding.found,
    remedy: finding.remedy,
    paths: dependency?.paths ?? [],
    location:
      dependency === null
        ? locateInPolicy(finding, policyPath)
        : {
            file: lockfile.path,
            line: dependency.line,
            column: dependency.column,
          },
    exempted: finding.exempted?.reason ?? null,
    exemption: toExemption(finding.exempted),
  };
}

function locateInPolicy(
  { policyLine }: Finding,
  file: string | null,
): ReportFinding['location'] {
  return policyLine === null || file === null
    ? null
    : { file, line: policyLine, column: null };
}

function toExemption(
  exempted: Finding['exempted'],
): ReportFinding['exemption'] {
  if (exempted === null) return null;
  const { by, owner, expires, policyLine } = exempted;
  return { by, owner, expires, line: policyLine };
}
