import type { DiffReport } from '../diff-report.js';

/** What a comparison comes to, in words: `policy met:`, `2 updated`, `1 added`. */
export function wordDiffVerdict({
  result,
  summary,
}: Pick<DiffReport, 'result' | 'summary'>): {
  readonly outcome: string;
  readonly counts: readonly string[];
} {
  const { added, removed, updated, reResolved, worse, better } = summary;
  const counts: readonly (readonly [number, string])[] = [
    [updated, 'updated'],
    [added, 'added'],
    [removed, 'removed'],
    [reResolved, 're-resolved'],
    [worse, 'with less proven'],
    [better, 'with more proven'],
  ];
  const words = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`);
  return {
    outcome: OUTCOMES[result],
    counts: words.length === 0 ? ['no package differs'] : words,
  };
}

const OUTCOMES = {
  pass: 'policy met:',
  violated: 'policy violated:',
  incomplete: 'incomplete:',
  tampered: 'evidence rejected:',
} as const;
