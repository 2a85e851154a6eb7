import type { ChangeKind } from '../lockfile/compare-lockfiles.js';
import type { DiffBase, DiffReport, ReportChange } from './diff-report.js';
import type { Report, ReportDependency } from './report.js';
import { trustDifferences } from './trust-differences.js';

/** One change with what was found out about both sides. */
export type DiffInput = Omit<ReportChange, 'differences'>;

/**
 * Puts a comparison into its plain form. `audit` is of the packages that differ;
 * `changes` are in order.
 */
export function buildDiffReport(
  audit: Report,
  base: DiffBase,
  changes: readonly DiffInput[],
): DiffReport {
  const compared = changes.map(compareSides);
  const count = (kind: ChangeKind): number =>
    changes.filter((each) => each.kind === kind).length;
  const withEffect = (effect: string): number =>
    compared.filter(({ differences }) =>
      differences.some((each) => each.effect === effect),
    ).length;
  const { schemaVersion, tool, auditedAt, lockfile, trustRoot } = audit;
  const { policy, findings, durations } = audit;
  const { result, exitCode } = resultOfDiff(audit, compared);
  return {
    ...{ schemaVersion, tool, auditedAt, lockfile },
    base: { origin: base.origin, name: base.name, commit: base.commit },
    ...{ trustRoot, policy, result, exitCode },
    summary: {
      added: count('added'),
      removed: count('removed'),
      updated: count('updated'),
      reResolved: count('re-resolved'),
      worse: withEffect('worse'),
      better: withEffect('better'),
    },
    changes: compared,
    findings,
    durations,
  };
}

/**
 * Where it is not known what was proven before, less may be proven now:
 * that is not known to be met. More than any registry could withhold is fine.
 */
function resultOfDiff(
  { result, exitCode }: Report,
  changes: readonly ReportChange[],
): Pick<Report, 'result' | 'exitCode'> {
  const isOpen = changes.some(
    ({ before, after }) =>
      before !== null &&
      after !== null &&
      isUnknown(before) &&
      after.provenance === null,
  );
  return isOpen && result === 'pass'
    ? { result: 'incomplete', exitCode: 3 }
    : { result, exitCode };
}

/** Whether nothing can be said of what was proven: no answer, or none asked. */
function isUnknown({
  evidence,
  verification,
  scopeReason,
}: ReportDependency): boolean {
  return (
    evidence === 'unavailable' ||
    verification === 'unverifiable' ||
    scopeReason === 'omitted'
  );
}

function compareSides({ kind, name, before, after }: DiffInput): ReportChange {
  const differences =
    before === null || after === null ? [] : trustDifferences(before, after);
  return { kind, name, before, after, differences };
}

/** The side of a change that is there; one always is. */
export function eitherSide({
  before,
  after,
}: Pick<ReportChange, 'before' | 'after'>): ReportDependency {
  const side = after ?? before;
  if (side === null) throw new Error('a change without any side');
  return side;
}
