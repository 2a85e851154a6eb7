import type { ReportChange } from './diff-report.js';

/** Those of which less is proven, then the others, each in their order. */
export function worstFirst(
  changes: readonly ReportChange[],
): readonly ReportChange[] {
  const isWorse = ({ differences }: ReportChange): boolean =>
    differences.some(({ effect }) => effect === 'worse');
  return changes.toSorted((a, b) => Number(isWorse(b)) - Number(isWorse(a)));
}
