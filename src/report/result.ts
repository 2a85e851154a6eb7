import type { Finding } from '../policy/verdict.js';
import type { Report } from './report.js';

/** What the audit comes to, and the exit code that says so. */
export type Outcome = Pick<Report, 'result' | 'exitCode'>;

/**
 * Sums up `findings`: of those with level `error` the gravest consequence
 * decides. Tampering outweighs a violated policy, which outweighs what could
 * not be asked; only without any error is the policy met. What the policy exempts
 * or acknowledges is no error any more. Source: the table of
 * exit codes in the documentation, 4 > 1 > 3 > 0.
 */
export function resultOf(
  findings: readonly Pick<Finding, 'level' | 'consequence' | 'exempted'>[],
): Outcome {
  const errors = findings.filter(
    ({ level, exempted }) => level === 'error' && exempted === null,
  );
  const has = (consequence: Finding['consequence']): boolean =>
    errors.some((error) => error.consequence === consequence);
  if (has('tampered')) return { result: 'tampered', exitCode: 4 };
  if (has('violated')) return { result: 'violated', exitCode: 1 };
  // Whatever else an error may come to mean, it does not pass.
  if (errors.length > 0) return { result: 'incomplete', exitCode: 3 };
  return { result: 'pass', exitCode: 0 };
}
