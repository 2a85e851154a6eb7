import type { ChangeKind } from '../lockfile/compare-lockfiles.js';
import type { Report, ReportDependency } from './report.js';
import type { TrustDifference } from './trust-differences.js';

/** What a lockfile is compared with. */
export interface DiffBase {
  /** A commit, a lockfile, or an earlier report of this program. */
  readonly origin: 'git' | 'lockfile' | 'report';
  /** As the user named it. */
  readonly name: string;
  /** Object id of the commit; null unless `origin` is `git`. */
  readonly commit: string | null;
}

/** One package that differs from the base. */
export interface ReportChange {
  readonly kind: ChangeKind;
  readonly name: string;
  /** What is known of it in the base; null exactly where it was added. */
  readonly before: ReportDependency | null;
  /** What is known of it now; null exactly where it was removed. */
  readonly after: ReportDependency | null;
  /** Empty where one side is null. */
  readonly differences: readonly TrustDifference[];
}

/**
 * What changed in trust, plain and JSON-safe: what `diff --json` writes. The
 * members that a report of an audit has too mean the same, for the packages
 * that differ alone. Contract: schema/diff-report.schema.json.
 */
export interface DiffReport extends Pick<
  Report,
  | 'schemaVersion'
  | 'tool'
  | 'auditedAt'
  | 'lockfile'
  | 'trustRoot'
  | 'policy'
  | 'result'
  | 'exitCode'
  | 'findings'
  | 'durations'
> {
  readonly base: DiffBase;
  readonly summary: Readonly<
    Record<'added' | 'removed' | 'updated' | 'reResolved', number>
  > & {
    /** Of which less, or more, is proven than before. */
    readonly worse: number;
    readonly better: number;
  };
  /** Sorted by name, then by version. */
  readonly changes: readonly ReportChange[];
}
