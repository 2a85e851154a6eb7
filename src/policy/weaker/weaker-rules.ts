import type { Policy, RuleSetting, Selector } from '../policy.js';
import type { Rule, RuleLevel } from '../rule.js';
import { selectsEverything } from '../select.js';
import { levelOf } from '../evaluate-policy.js';
import { coversGlob, overlapGlobs } from './glob-relations.js';
import type { Weakening } from './weakening.js';

const LEVELS: readonly RuleLevel[] = ['off', 'warning', 'error'];
/** With more different selectors not every combination is tried. */
const MAX_SELECTORS = 10;

/**
 * Rules whose findings weigh less for some package by `proposed` than by `base`.
 * What a selector means is not looked at beyond what follows from its members,
 * so that the answer is true of every lockfile.
 */
export function weakerRules(
  base: Policy,
  proposed: Policy,
  rules: readonly Rule[],
): readonly Weakening[] {
  return rules.flatMap((rule) => {
    const [before, after] = [base, proposed].map(
      ({ rules: settings }) => settings.get(rule.id) ?? [],
    );
    if (before === undefined || after === undefined) return [];
    const isWeaker =
      isLower(
        levelOf(rule, null, { policy: proposed }),
        levelOf(rule, null, { policy: base }),
      ) || isLowerForSome(before, after, rule);
    if (!isWeaker) return [];
    return [
      {
        what: `rules, ${rule.id}`,
        expected: describe(before, rule),
        found: describe(after, rule),
      },
    ];
  });
}

function isLowerForSome(
  before: readonly RuleSetting[],
  after: readonly RuleSetting[],
  { defaultLevel }: Rule,
): boolean {
  if (isOnlyRaised(before, after)) return false;
  const selectors = distinctSelectors([...before, ...after]);
  if (selectors.length > MAX_SELECTORS) return true;
  return combinations(selectors).some((holding) => {
    const level = (settings: readonly RuleSetting[]) =>
      settings.find((each) => holding.has(keyOf(each.for)))?.level ??
      defaultLevel;
    return isLower(level(after), level(before));
  });
}

/** The same selectors in the same order, no level lower. */
function isOnlyRaised(
  before: readonly RuleSetting[],
  after: readonly RuleSetting[],
): boolean {
  return (
    before.length === after.length &&
    before.every((setting, index) => {
      const other = after[index];
      return (
        other !== undefined &&
        keyOf(other.for) === keyOf(setting.for) &&
        !isLower(other.level, setting.level)
      );
    })
  );
}

/** Which selectors can hold of one package, by key. */
function combinations(
  selectors: readonly Selector[],
): readonly ReadonlySet<string>[] {
  const all: ReadonlySet<string>[] = [];
  for (let bits = 0; bits < 2 ** selectors.length; bits += 1) {
    const holds = (index: number): boolean => (bits & (1 << index)) !== 0;
    const holding = selectors.filter((_, index) => holds(index));
    const others = selectors.filter((_, index) => !holds(index));
    const isPossible =
      !others.some(selectsEverything) &&
      !holding.some((each) => others.some((other) => implies(each, other))) &&
      !holding.some((each) => holding.some((other) => excludes(each, other)));
    if (isPossible) all.push(new Set(holding.map(keyOf)));
  }
  return all;
}

/** Whether what `a` selects is selected by `b`, whatever it is. */
function implies(a: Selector, b: Selector): boolean {
  return (
    (b.scope === 'all' || a.scope === b.scope) &&
    (b.direct === null || a.direct === b.direct) &&
    isWithin(a.workspaces, b.workspaces, isSame) &&
    isWithin(a.packages, b.packages, (x, y) => coversGlob(y, x)) &&
    isWithin(a.registries, b.registries, isSame)
  );
}

/** Whether nothing can be selected by both. */
function excludes(a: Selector, b: Selector): boolean {
  return (
    (a.direct !== null && b.direct !== null && a.direct !== b.direct) ||
    isApart(a.packages, b.packages, overlapGlobs) ||
    isApart(a.registries, b.registries, isSame)
  );
}

/** Empty lists select everything. */
function isWithin(
  inner: readonly string[],
  outer: readonly string[],
  covers: (inner: string, outer: string) => boolean,
): boolean {
  if (outer.length === 0) return true;
  return (
    inner.length > 0 &&
    inner.every((each) => outer.some((other) => covers(each, other)))
  );
}

function isApart(
  a: readonly string[],
  b: readonly string[],
  meets: (a: string, b: string) => boolean,
): boolean {
  return (
    a.length > 0 &&
    b.length > 0 &&
    !a.some((each) => b.some((other) => meets(each, other)))
  );
}

function distinctSelectors(
  settings: readonly RuleSetting[],
): readonly Selector[] {
  return [
    ...new Map(settings.map((each) => [keyOf(each.for), each.for])).values(),
  ];
}

function keyOf(selector: Selector): string {
  const { scope, direct, workspaces, packages, registries } = selector;
  return JSON.stringify([
    ...[scope, direct, workspaces.toSorted()],
    ...[packages.toSorted(), registries.toSorted()],
  ]);
}

function isLower(a: RuleLevel, b: RuleLevel): boolean {
  return LEVELS.indexOf(a) < LEVELS.indexOf(b);
}

function isSame(a: string, b: string): boolean {
  return a === b;
}

function describe(
  settings: readonly RuleSetting[],
  { defaultLevel }: Rule,
): string {
  const written = settings.map(
    ({ level, for: selector }) => `${level}${describeSelector(selector)}`,
  );
  const isWhole = settings.some((each) => selectsEverything(each.for));
  return [...written, ...(isWhole ? [] : [`${defaultLevel} by default`])].join(
    ', ',
  );
}

function describeSelector(selector: Selector): string {
  const { scope, direct, workspaces, packages, registries } = selector;
  const parts = [
    ...(scope === 'all' ? [] : [scope]),
    ...(direct === null ? [] : [direct ? 'direct' : 'not direct']),
    ...[...workspaces, ...packages, ...registries],
  ];
  return parts.length === 0 ? '' : ` for ${parts.join(' ')}`;
}
