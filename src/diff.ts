import { auditSubjects } from './audit.js';
import { readDependencies } from './read-dependencies.js';
import type { AuditOptions, AuditPorts } from './audit-ports.js';
import type { Dependency } from './lockfile/dependency.js';
import type { LockfileInput } from './lockfile/lockfile-format.js';
import { NO_PINS, type Pins } from './policy/pins/pins.js';
import { buildDiffReport } from './report/build-diff-report.js';
import type { DiffBase, DiffReport } from './report/diff-report.js';
import {
  toReportDependency,
  toLockfileDependency,
} from './report/report-dependency.js';
import { pinsOfReport } from './report/report-pins.js';
import type { ReportDependency } from './report/report.js';

/** An earlier state of the project: its lockfile, or what was found out then. */
export type DiffSource = { readonly base: DiffBase } & (
  | { readonly lockfile: LockfileInput }
  | { readonly dependencies: readonly ReportDependency[] }
);

/**
 * Compares the lockfile `source` with an earlier state: what differs, and what
 * is proven of it before and now. An earlier report is believed: who hands it in
 * vouches for it. Only what differs is asked about, on both
 * sides. What was proven before counts as pinned where the project has no pin
 * of its own, so that a loss is a finding.
 *
 * As `audit` otherwise.
 */
export async function diff(
  source: LockfileInput,
  earlier: DiffSource,
  ports: AuditPorts,
  options: AuditOptions,
): Promise<DiffReport> {
  const changedFrom = await readEarlier(earlier, ports, options);
  const before =
    'dependencies' in earlier
      ? earlier.dependencies
      : await auditBefore(earlier.lockfile, source, ports, options);
  const pins = withPinsOf(options.pins ?? NO_PINS, before);
  const { report, subjects, changes } = await auditSubjects(source, ports, {
    ...options,
    pins,
    changedFrom,
  });
  const known = new Map(
    before.map((each) => [keyOf(toLockfileDependency(each)), each]),
  );
  const found = new Map(
    subjects.map((subject) => [subject.dependency, subject]),
  );
  const sides = changes.map((change) => {
    const subject = change.after === null ? null : found.get(change.after);
    return {
      kind: change.kind,
      name: change.name,
      before:
        change.before === null
          ? null
          : required(known.get(keyOf(change.before))),
      after: subject === null ? null : toReportDependency(required(subject)),
    };
  });
  return buildDiffReport(report, earlier.base, sides);
}

/**
 * What was in the lockfile then, by the name of the earlier state. Throws
 * `AuditError` where it cannot be read.
 */
export async function readEarlier(
  earlier: DiffSource,
  ports: AuditPorts,
  options: AuditOptions,
): Promise<NonNullable<AuditOptions['changedFrom']>> {
  const { name } = earlier.base;
  const dependencies =
    'dependencies' in earlier
      ? earlier.dependencies.map(toLockfileDependency)
      : await readDependencies(earlier.lockfile, ports, options);
  return { name, dependencies };
}

/** What is known of the part of an earlier lockfile that differs from `now`. */
async function auditBefore(
  earlier: LockfileInput,
  now: LockfileInput,
  ports: AuditPorts,
  options: AuditOptions,
): Promise<readonly ReportDependency[]> {
  const dependencies = await readDependencies(now, ports, options);
  const { report } = await auditSubjects(earlier, ports, {
    ...options,
    // What rules find there is of no interest, nor what they would ask for.
    policy: { ...options.policy, rules: new Map() },
    attestationsFirst: true,
    changedFrom: { name: now.path, dependencies },
  });
  return report.dependencies;
}

/** The project's own pins go before what was only proven. */
function withPinsOf(own: Pins, known: readonly ReportDependency[]): Pins {
  return new Map([...pinsOfReport(known), ...own]);
}

/** No two dependencies of a lockfile agree in all of these. */
function keyOf({ id, integrity, origin }: Dependency): string {
  return JSON.stringify([
    ...[id.name, id.version, integrity],
    ...[origin.kind, origin.resolved],
  ]);
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a change of nothing that is there');
  return value;
}
