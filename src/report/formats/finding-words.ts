import { formatPackageId } from '../../package/package-id.js';
import type { Report, ReportDependency, ReportFinding } from '../report.js';

/**
 * What a finding says, as one unescaped text: the message, both sides of the
 * comparison, and why it does not count where the policy exempts it.
 */
export function wordFinding(finding: ReportFinding): string {
  const { message, expected, found, exempted } = finding;
  const sides = [
    ...(expected === null ? [] : [`expected ${expected}`]),
    ...(found === null ? [] : [`found ${found}`]),
  ];
  return [
    sides.length === 0 ? message : `${message} (${sides.join(', ')})`,
    ...(exempted === null ? [] : [`exempted: ${exempted}`]),
  ].join('; ');
}

/** Whether it fails the audit: an error that nothing exempts. */
export function isFailing({ level, exempted }: ReportFinding): boolean {
  return level === 'error' && exempted === null;
}

/**
 * The findings about each dependency, in the order of the report. Several
 * dependencies of one name and version share them: they stand at the first.
 * `null` has those about the audit as a whole.
 */
export function groupFindings(
  report: Report,
): ReadonlyMap<ReportDependency | null, readonly ReportFinding[]> {
  const owners = new Map<string, ReportDependency>();
  for (const dependency of report.dependencies) {
    const id = formatPackageId(dependency);
    if (!owners.has(id)) owners.set(id, dependency);
  }
  const groups = new Map<ReportDependency | null, ReportFinding[]>();
  for (const finding of report.findings) {
    // What names no dependency of the report must not get lost.
    const owner = owners.get(finding.package ?? '') ?? null;
    const group = groups.get(owner);
    if (group === undefined) groups.set(owner, [finding]);
    else group.push(finding);
  }
  return groups;
}
