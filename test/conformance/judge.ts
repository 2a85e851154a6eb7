import type { ConformanceCase } from './cases.js';
import { holdsMessageSignature, type CaseOutcome } from './verify-case.js';

/** What the suite's expectation of a case and our outcome come to. */
export interface CaseResult {
  readonly name: string;
  readonly verdict: 'passed' | 'failed' | 'not applicable';
  readonly outcome: CaseOutcome;
  /** Null unless not applicable. */
  readonly reason: string | null;
  /**
   * Refused because it holds a message signature: whatever else the case is
   * about was not looked at.
   */
  readonly isRefusedAsMessage: boolean;
}

/**
 * Compares `outcome` with what the suite expects of the case. `reasons` say why
 * a case is not applicable, and hold only where it must verify, holds a message
 * signature and is refused for that: its trusted root must still be accepted,
 * and nothing that must fail is ever excused.
 */
export function judgeCase(
  conformanceCase: ConformanceCase,
  outcome: CaseOutcome,
  reasons: ReadonlyMap<string, string>,
): CaseResult {
  const { name, mustVerify } = conformanceCase;
  const expected = mustVerify ? 'verified' : 'refused';
  const isRefusedAsMessage =
    outcome.status === 'refused' &&
    outcome.check === 'bundle-content' &&
    holdsMessageSignature(conformanceCase);
  const excuse =
    mustVerify && isRefusedAsMessage ? (reasons.get(name) ?? null) : null;
  return {
    name,
    verdict: judge(outcome.status === expected, excuse),
    outcome,
    reason: excuse,
    isRefusedAsMessage,
  };
}

function judge(
  isAsExpected: boolean,
  excuse: string | null,
): CaseResult['verdict'] {
  if (isAsExpected) return 'passed';
  return excuse === null ? 'failed' : 'not applicable';
}
