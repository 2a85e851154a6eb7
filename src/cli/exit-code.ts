import { AuditError, type AuditErrorCode } from '../errors.js';
import type { Report } from '../report/report.js';

/** Every code the program can end with. Stable API. */
export type ExitCode = Report['exitCode'] | 2 | 70 | 130 | 143;

/** How a run of the program ended. */
export type Ending =
  | {
      readonly status: 'reported';
      readonly report: { readonly exitCode: Report['exitCode'] | 2 };
    }
  | {
      readonly status: 'failed';
      /** Whatever was thrown. */
      readonly error: unknown;
      /** The signal that ended the run; null if it ended by itself. */
      readonly signal: 'SIGINT' | 'SIGTERM' | null;
    };

const INTERNAL_ERROR = 70;

const BY_ERROR: Readonly<Record<AuditErrorCode, ExitCode>> = {
  USAGE: 2,
  CONFIG_INVALID: 2,
  LOCKFILE_MISSING: 2,
  LOCKFILE_INVALID: 2,
  POLICY_INVALID: 2,
  GIT_FAILED: 2,
  TRUST_ROOT_INVALID: 2,
  TRUST_ROOT_UNAVAILABLE: 3,
  CLOCK_IMPLAUSIBLE: 3,
  OUTPUT_FAILED: INTERNAL_ERROR,
  ABORTED: 130,
};

/**
 * The one table from the end of a run to its exit code. A report that could not
 * be delivered counts as the error it ended with, and an error that nobody
 * foresaw never passes: it is 70.
 */
export function exitCodeOf(ending: Ending): ExitCode {
  if (ending.status === 'reported') return ending.report.exitCode;
  const { error, signal } = ending;
  if (!(error instanceof AuditError)) return INTERNAL_ERROR;
  if (error.code === 'ABORTED' && signal === 'SIGTERM') return 143;
  return BY_ERROR[error.code];
}
