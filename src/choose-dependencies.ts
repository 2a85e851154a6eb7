import type { AuditOptions } from './audit-ports.js';
import {
  compareLockfiles,
  type LockfileChange,
} from './lockfile/compare-lockfiles.js';
import type { Dependency } from './lockfile/dependency.js';
import { unjudgedThresholds } from './policy/coverage.js';
import {
  isWhole,
  selectDependencies,
  WHOLE_LOCKFILE,
} from './policy/selection.js';
import type { ReportInput } from './report/build-report.js';

/** What of a lockfile is audited, and what is left out. */
export interface ChosenDependencies {
  readonly selected: readonly Dependency[];
  readonly leftOut: readonly Dependency[];
  /** What differs from the earlier lockfile; null where there is none. */
  readonly changes: readonly LockfileChange[] | null;
}

/**
 * Splits `dependencies`, of the lockfile at `path`, by the selection and, where
 * there is an earlier lockfile, by what differs from it. Each one is in exactly
 * one of the two lists, in its order. Throws `AuditError` where the selection
 * names what is not there.
 */
export function chooseDependencies(
  dependencies: readonly Dependency[],
  path: string,
  { selection = WHOLE_LOCKFILE, changedFrom }: AuditOptions,
): ChosenDependencies {
  const meant = selectDependencies(dependencies, selection, path);
  const changes =
    changedFrom === undefined
      ? null
      : compareLockfiles(changedFrom.dependencies, dependencies);
  const selected = changes === null ? meant : withinChanges(meant, changes);
  return {
    selected: [...selected],
    leftOut: dependencies.filter((each) => !selected.has(each)),
    changes,
  };
}

/** What the report says of the choice; null for the whole lockfile. */
export function describeChoice(
  { leftOut, changes }: ChosenDependencies,
  { selection = WHOLE_LOCKFILE, changedFrom, policy }: AuditOptions,
): ReportInput['selection'] {
  if (isWhole(selection) && changes === null) return null;
  return {
    ...selection,
    changedSince: changedFrom?.name ?? null,
    coverageNotJudged: unjudgedThresholds(policy.coverage, leftOut),
  };
}

function withinChanges(
  meant: ReadonlySet<Dependency>,
  changes: readonly LockfileChange[],
): ReadonlySet<Dependency> {
  return new Set(
    changes.flatMap(({ after }) =>
      after !== null && meant.has(after) ? [after] : [],
    ),
  );
}
