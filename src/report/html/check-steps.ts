import type { ReportChecked, ReportDependency } from '../report.js';
import { step, type Outcome } from './chain-step.js';
import { checkLines, wordChecked, type CheckLists } from './check-lists.js';
// Under another name, as line breaks count here and no formatter may add any.
import { html as write, type Markup } from './markup.js';

/**
 * Check by check, by the titles of the catalogue: what was expected and found
 * stands above where one failed. Where others have the same list, what failed or
 * was left undecided is here, and the rest is counted and in that list.
 */
export function checkSteps(
  dependency: ReportDependency,
  lists: CheckLists,
): readonly Markup[] {
  const { checked } = dependency;
  const number = lists.numberOf(dependency);
  if (number === null) {
    return checked.map((group) =>
      step(outcomeOf(group), wordChecked(group, dependency), checkLines(group)),
    );
  }
  const whole = {
    failed: checked.flatMap(({ failed }) => failed),
    undecided: checked.flatMap(({ undecided }) => undecided),
    passed: checked.flatMap(({ passed }) => passed),
    notMade: checked.flatMap(({ notMade }) => notMade),
  };
  const grave = { ...whole, attestation: null, passed: [], notMade: [] };
  const line = write`${wordCounts(whole)}: <a href=#c${number}>list ${number}</a>`;
  return [step(outcomeOf(whole), 'Checks', [...checkLines(grave), line])];
}

type Ids = Omit<ReportChecked, 'attestation'>;

/** Where nothing was checked, nothing is in order. */
function outcomeOf({ passed, failed, undecided }: Ids): Outcome {
  if (failed.length > 0) return 'bad';
  if (undecided.length > 0) return 'open';
  return passed.length > 0 ? 'ok' : 'none';
}

function wordCounts({ failed, undecided, passed, notMade }: Ids): string {
  const counts = [
    ...([
      [failed, 'failed'],
      [undecided, 'undecided'],
    ] as const),
    ...([
      [passed, 'passed'],
      [notMade, 'not made'],
    ] as const),
  ];
  return counts
    .filter(([ids]) => ids.length > 0)
    .map(([ids, words]) => `${ids.length} ${words}`)
    .join(', ');
}
