import type { Consequence } from '../../policy/verdict.js';
import { formatPackageId } from '../../package/package-id.js';
import type { Report, ReportDependency, ReportFinding } from '../report.js';

/** What findings are told from: a whole report, or a part of one. */
export type FindingSource = Pick<Report, 'findings' | 'dependencies'>;

/** Findings that are told together; there is at least one. */
export interface FindingGroup {
  readonly first: ReportFinding;
  readonly findings: readonly ReportFinding[];
  /** What could not be had, and of whom; null for other findings. */
  readonly cause: {
    readonly registry: string | null;
    readonly code: string;
    readonly message: string;
  } | null;
}

/** So many alike are easier to read as one list than one by one. */
const MANY = 4;

const ORDER: readonly Consequence[] = ['tampered', 'violated', 'incomplete'];

/**
 * All errors of a report in the order to read them: rejected evidence, broken
 * policy, then what could not be checked, by registry and reason. None is left
 * out: the groups together hold every error once.
 */
export function groupErrors(report: FindingSource): readonly FindingGroup[] {
  const errors = report.findings.filter(({ level }) => level === 'error');
  return ORDER.flatMap((consequence) => {
    const same = errors.filter((one) => one.consequence === consequence);
    return consequence === 'incomplete'
      ? groupByCause(same, report.dependencies)
      : groupAlike(same);
  });
}

/**
 * All warnings of a report, those of one rule together, but for a few about the
 * audit as a whole: only their messages tell what they are about.
 */
export function groupWarnings(report: FindingSource): readonly FindingGroup[] {
  const warnings = report.findings.filter(({ level }) => level === 'warning');
  return groupBy(warnings, ({ rule, package: name }) =>
    JSON.stringify([rule, name === null]),
  ).flatMap((group) =>
    group[0].package === null && group.length < MANY
      ? group.map((one) => toGroup([one]))
      : [toGroup(group)],
  );
}

function groupAlike(findings: readonly ReportFinding[]): FindingGroup[] {
  return groupBy(findings, (one) =>
    JSON.stringify([one.rule, one.message, one.expected, one.found]),
  ).flatMap((group) =>
    group.length < MANY ? group.map((one) => toGroup([one])) : [toGroup(group)],
  );
}

function groupByCause(
  findings: readonly ReportFinding[],
  dependencies: readonly ReportDependency[],
): FindingGroup[] {
  const causes = findCauses(dependencies);
  const causeOf = (one: ReportFinding): FindingGroup['cause'] =>
    causes.get(one.package ?? '') ?? null;
  return groupBy(findings, (one) => {
    const cause = causeOf(one);
    return JSON.stringify([
      one.rule,
      cause?.registry,
      // Without a cause only the message tells findings apart.
      cause?.code ?? one.message,
    ]);
  }).map((group) => ({ ...toGroup(group), cause: causeOf(group[0]) }));
}

/** By package; of two entries with one name and version the first reason. */
function findCauses(
  dependencies: readonly ReportDependency[],
): ReadonlyMap<string, NonNullable<FindingGroup['cause']>> {
  const causes = new Map<string, NonNullable<FindingGroup['cause']>>();
  for (const dependency of dependencies) {
    const { registry, unavailable, unverifiable } = dependency;
    const reason = unavailable ?? unverifiable;
    const name = formatPackageId(dependency);
    if (reason === null || causes.has(name)) continue;
    // Which registry it is of does not matter where the lockfile is too weak.
    causes.set(name, {
      registry: unavailable === null ? null : registry,
      ...reason,
    });
  }
  return causes;
}

type NonEmpty = readonly [ReportFinding, ...ReportFinding[]];

function toGroup(findings: NonEmpty): FindingGroup {
  return { first: findings[0], findings, cause: null };
}

/** In order of first occurrence. */
function groupBy(
  findings: readonly ReportFinding[],
  keyOf: (finding: ReportFinding) => string,
): NonEmpty[] {
  const groups = new Map<string, [ReportFinding, ...ReportFinding[]]>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}
