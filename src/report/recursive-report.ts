import type { Report, ReportSummary } from './report.js';

/** What one lockfile of several came to. */
export interface ReportProject {
  /** Its folder, from the one that was searched; empty for that itself. */
  readonly path: string;
  /** Exit code of an audit of this one alone. */
  readonly exitCode: Report['exitCode'] | 2;
  /** Null where no audit was possible. */
  readonly report: Report | null;
  /** Why none was; null where one was. `message` may quote outside text. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/**
 * The audit of all lockfiles below a folder, plain and JSON-safe, with the
 * stability of a `Report`. Contract: schema/recursive-report.schema.json.
 */
export interface RecursiveReport {
  readonly schemaVersion: 1;
  readonly tool: Report['tool'];
  /** ISO 8601, UTC. */
  readonly auditedAt: string;
  /** The gravest of all; `unusable` where some project could not be audited. */
  readonly result: Report['result'] | 'unusable';
  readonly exitCode: ReportProject['exitCode'];
  /** Sorted by path. */
  readonly projects: readonly ReportProject[];
  /** Lockfiles that git ignores, which were not audited, by their paths. */
  readonly ignored: readonly string[];
  /**
   * Of all projects together: every distinct package version once, in the worst
   * of its states; findings as often as they were made.
   */
  readonly summary: ReportSummary;
  /** Milliseconds. */
  readonly durations: { readonly total: number };
}
