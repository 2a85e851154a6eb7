import { CHECKS } from '../../verification/check-catalogue.js';
import type { ReportChecked, ReportDependency } from '../report.js';
import { wordPredicateType } from '../text/predicate-words.js';
// Under another name, as line breaks count here and no formatter may add any.
import { html, html as write, join, NOTHING, type Markup } from './markup.js';

/**
 * What came of the checks is the same for thousands of packages, as it follows
 * from the kind of evidence that there is. A list that several packages have is
 * written once, and their chains lead to it.
 */
export interface CheckLists {
  /** Number of the list with all checks of it, from 1; null: nobody shares it. */
  readonly numberOf: (dependency: ReportDependency) => number | null;
  /** The section with these lists; nothing where there are none. */
  readonly section: Markup;
  readonly count: number;
}

/** Finds the lists that occur more than once, numbered as they come up. */
export function toCheckLists(
  dependencies: readonly ReportDependency[],
): CheckLists {
  const found = new Map<string, ReportDependency[]>();
  for (const dependency of dependencies) {
    if (dependency.checked.length === 0) continue;
    const key = keyOf(dependency);
    const same = found.get(key);
    if (same === undefined) found.set(key, [dependency]);
    else same.push(dependency);
  }
  const shared = [...found].filter(([, { length }]) => length > 1);
  const numbers = new Map(shared.map(([key], index) => [key, index + 1]));
  return {
    numberOf: (dependency) => numbers.get(keyOf(dependency)) ?? null,
    section: section(shared.flatMap(([, [first]]) => first ?? [])),
    count: shared.length,
  };
}

/** Checks by number and title, each behind the sign of what came of it. */
export function checkLines(group: ReportChecked): readonly Markup[] {
  const lines = (mark: string, ids: readonly string[]): readonly Markup[] =>
    ids.map((id) => write`${mark} ${TITLES.get(id) ?? id}`);
  return [
    ...lines('✖', group.failed),
    ...lines('?', group.undecided),
    ...lines('✔', group.passed),
    ...lines('–', group.notMade),
  ];
}

/** What checks that stand together are about: `Checks of 0, SLSA provenance v1`. */
export function wordChecked(
  { attestation }: ReportChecked,
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

function keyOf(dependency: ReportDependency): string {
  const { checked } = dependency;
  return JSON.stringify(
    checked.map((group) => [wordChecked(group, dependency), group]),
  );
}

function section(examples: readonly ReportDependency[]): Markup {
  if (examples.length === 0) return NOTHING;
  const lists = examples.map(
    (one, index) =>
      html`<h3 id="c${index + 1}">List ${index + 1}</h3>
        ${join(one.checked.map((group) => groupBlock(group, one)))}`,
  );
  return html`<section id="checks" aria-labelledby="checks-title">
    <h2 id="checks-title">Lists of checks</h2>
    <p class="quiet">
      What passed (✔), failed (✖), was left undecided (?) or not made (–), where
      it is the same for several packages. Their chains of evidence lead here.
    </p>
    ${join(lists)}
  </section>`;
}

function groupBlock(group: ReportChecked, one: ReportDependency): Markup {
  const items = checkLines(group).map((line) => write`<li>${line}</li>`);
  return html`<p>${wordChecked(group, one)}</p>
    <ul class="checks">
      ${join(items)}
    </ul>`;
}
