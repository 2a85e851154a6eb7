/** Why an audit could not be carried out at all. Part of the stable API. */
export type AuditErrorCode =
  | 'USAGE'
  | 'CONFIG_INVALID'
  | 'LOCKFILE_MISSING'
  | 'LOCKFILE_INVALID'
  | 'POLICY_INVALID'
  | 'GIT_FAILED'
  | 'TRUST_ROOT_INVALID'
  | 'TRUST_ROOT_UNAVAILABLE'
  | 'CLOCK_IMPLAUSIBLE'
  | 'OUTPUT_FAILED'
  | 'ABORTED';

/**
 * The audit could not be carried out. Outcomes about one dependency are never
 * errors of this kind: those are values in the report.
 *
 * `message` is one line: the file or option, what was expected, what was found;
 * of `POLICY_INVALID` one such line for each problem.
 * It may quote outside text; whoever prints it escapes it.
 */
export class AuditError extends Error {
  readonly code: AuditErrorCode;

  constructor(code: AuditErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AuditError';
    this.code = code;
  }
}
