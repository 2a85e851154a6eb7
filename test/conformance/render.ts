import { escapeLogLine } from '../../src/report/escape.js';
import type { CaseResult } from './judge.js';

/**
 * One line per case, a remark on what the passed ones prove, and the line
 * `N passed, M failed, K not applicable`. Quotes of bundles are escaped.
 */
export function renderResults(results: readonly CaseResult[]): string {
  const count = (verdict: CaseResult['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length;
  const unreached = results.filter(
    ({ verdict, isRefusedAsMessage }) =>
      verdict === 'passed' && isRefusedAsMessage,
  ).length;
  const lines = [
    ...results.map(renderResult),
    `Of the passed cases, ${unreached} were refused for holding a message signature; what else they are about was not looked at.`,
    `${count('passed')} passed, ${count('failed')} failed, ${count('not applicable')} not applicable`,
  ];
  return lines.map((line) => `${escapeLogLine(line)}\n`).join('');
}

function renderResult({ name, verdict, outcome, reason }: CaseResult): string {
  return `${name}: ${verdict} (${reason ?? describe(outcome)})`;
}

function describe(outcome: CaseResult['outcome']): string {
  return outcome.status === 'verified'
    ? outcome.status
    : `${outcome.status}: ${outcome.code}, ${outcome.message}`;
}
