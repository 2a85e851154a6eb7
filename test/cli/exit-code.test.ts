import { describe, expect, it } from 'vitest';
import { exitCodeOf, type Ending } from '../../src/cli/exit-code.js';
import { AuditError, type AuditErrorCode } from '../../src/errors.js';

function failed(
  error: unknown,
  signal: 'SIGINT' | 'SIGTERM' | null = null,
): Ending {
  return { status: 'failed', error, signal };
}

const CODES: Record<AuditErrorCode, number> = {
  USAGE: 2,
  CONFIG_INVALID: 2,
  LOCKFILE_MISSING: 2,
  LOCKFILE_INVALID: 2,
  POLICY_INVALID: 2,
  GIT_FAILED: 2,
  TRUST_ROOT_INVALID: 2,
  TRUST_ROOT_UNAVAILABLE: 3,
  CLOCK_IMPLAUSIBLE: 3,
  OUTPUT_FAILED: 70,
  ABORTED: 130,
};

describe('exitCodeOf', () => {
  it.each([0, 1, 3, 4] as const)('takes %i from the report', (exitCode) => {
    expect(exitCodeOf({ status: 'reported', report: { exitCode } })).toBe(
      exitCode,
    );
  });

  it.each(Object.entries(CODES) as [AuditErrorCode, number][])(
    'maps %s to %i',
    (code, exitCode) => {
      expect(exitCodeOf(failed(new AuditError(code, 'why')))).toBe(exitCode);
    },
  );

  it.each([
    ['an interrupt', new AuditError('ABORTED', 'why'), 'SIGINT', 130],
    ['a termination', new AuditError('ABORTED', 'why'), 'SIGTERM', 143],
    ['another error during it', new AuditError('USAGE', 'why'), 'SIGTERM', 2],
    ['a bug', new TypeError('x is undefined'), null, 70],
    ['a bug during a signal', new TypeError('x'), 'SIGTERM', 70],
    ['something else thrown', 'text', null, 70],
    ['nothing thrown', undefined, null, 70],
    ['an object that looks right', { code: 'USAGE' }, null, 70],
  ] as const)('maps %s', (_what, error, signal, exitCode) => {
    expect(exitCodeOf(failed(error, signal))).toBe(exitCode);
  });
});
