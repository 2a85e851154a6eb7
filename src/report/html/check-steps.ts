import { CHECKS } from '../../verification/check-catalogue.js';
import type { ReportChecked, ReportDependency } from '../report.js';
import { wordPredicateType } from '../text/predicate-words.js';
import { step, type Outcome } from './chain-step.js';
// Under another name, as line breaks count here and no formatter may add any.
import { html as write, type Markup } from './markup.js';

/**
 * Check by check, by the titles of the catalogue: what was expected and found
 * stands above where one failed. Lines of text alone, as there are so many.
 */
export function checkSteps(dependency: ReportDependency): readonly Markup[] {
  return dependency.checked.map((group) => {
    const { attestation, passed, failed, undecided, notMade } = group;
    const list = (mark: string, ids: readonly string[]): readonly Markup[] =>
      ids.map((id) => write`${mark} ${TITLES.get(id) ?? id}`);
    return step(outcomeOf(group), wordChecked(attestation, dependency), [
      ...list('✖', failed),
      ...list('?', undecided),
      ...list('✔', passed),
      ...list('–', notMade),
    ]);
  });
}

/** Where nothing was checked, nothing is in order. */
function outcomeOf({ passed, failed, undecided }: ReportChecked): Outcome {
  if (failed.length > 0) return 'bad';
  if (undecided.length > 0) return 'open';
  return passed.length > 0 ? 'ok' : 'none';
}

function wordChecked(
  attestation: number | null,
  { statements }: ReportDependency,
): string {
  if (attestation === null) return 'Checks';
  const type = statements[attestation]?.predicateType;
  const name = type === undefined ? '' : `, ${wordPredicateType(type)}`;
  return `Checks of ${attestation}${name}`;
}

/** `C24 subject digest`, escaped once. */
const TITLES: ReadonlyMap<string, Markup> = new Map(
  Object.entries(CHECKS).map(([id, { number, title }]) => [
    id,
    write`${number} ${title}`,
  ]),
);
