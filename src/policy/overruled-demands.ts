import { levelOf, type PolicyContext } from './evaluate-policy.js';
import { isLeftOut, maySelect } from './left-out.js';
import { packageEntries, requiredLevel } from './package-entry.js';
import {
  DEFAULT_WINDOWS,
  type HistoryWindows,
  type PackagePolicy,
  type Policy,
} from './policy.js';
import type { Rule } from './rule.js';
import { builderNotAllowed } from './rules/builder-not-allowed.js';
import { coverageBelow } from './rules/coverage-below.js';
import { eventDenied } from './rules/event-denied.js';
import { issuerNotAllowed } from './rules/issuer-not-allowed.js';
import { majorsAtOnce } from './rules/majors-at-once.js';
import { packagesAtOnce } from './rules/packages-at-once.js';
import { refNotAllowed } from './rules/ref-not-allowed.js';
import { releaseTooYoung } from './rules/release-too-young.js';
import { requiredLevelMissing } from './rules/required-level-missing.js';
import { runnerNotAllowed } from './rules/runner-not-allowed.js';
import { signerNotAllowed } from './rules/signer-not-allowed.js';
import { sourceNotAllowed } from './rules/source-not-allowed.js';
import { trustDowngrade } from './rules/trust-downgrade.js';
import { workflowNotAllowed } from './rules/workflow-not-allowed.js';
import type { Subject } from './verdict.js';

/** Something that the policy demands while the rule that sees to it is off. */
export interface OverruledDemand {
  /** What demands it, as the policy spells it: `events.deny`. */
  readonly demand: string;
  /** Ids of the rules. */
  readonly rules: readonly string[];
  readonly line: number | null;
}

type RuleOf<Source> = readonly [
  key: string,
  rule: Pick<Rule, 'id' | 'defaultLevel' | 'consequence'>,
  isDemanded: (source: Source) => boolean,
];

const OF_ENTRIES: readonly RuleOf<PackagePolicy>[] = [
  ['require', requiredLevelMissing, (one) => requiredLevel(one) !== 'none'],
  ['source', sourceNotAllowed, ({ source }) => source.length > 0],
  ['workflow', workflowNotAllowed, ({ workflow }) => workflow.length > 0],
  ['signer', signerNotAllowed, ({ signer }) => signer.length > 0],
  ['ref', refNotAllowed, ({ ref }) => ref.length > 0],
  ['runner', runnerNotAllowed, ({ runner }) => runner.length > 0],
  ['builder', builderNotAllowed, ({ builder }) => builder.length > 0],
  ['issuer', issuerNotAllowed, ({ issuer }) => issuer.length > 0],
  ['events', eventDenied, ({ events }) => events.length > 0],
];

const isChanged =
  (name: keyof HistoryWindows) =>
  ({ history }: Policy): boolean =>
    history[name] !== DEFAULT_WINDOWS[name];

const OF_ALL: readonly (readonly [
  key: string,
  rules: readonly RuleOf<Policy>[1][],
  isDemanded: (policy: Policy) => boolean,
])[] = [
  ['events.deny', [eventDenied], ({ deniedEvents }) => deniedEvents.length > 0],
  [
    'minimumReleaseAge',
    [releaseTooYoung],
    ({ minimumReleaseAge }) => minimumReleaseAge !== null,
  ],
  ['history.compareWithin', [trustDowngrade], isChanged('compareWithin')],
  ['history.byHandAfter', [trustDowngrade], isChanged('byHandAfter')],
  [
    'history.atOnceWithin',
    [packagesAtOnce, majorsAtOnce],
    isChanged('atOnceWithin'),
  ],
];

/**
 * What the policy demands in vain: the rule is off for every package that the
 * demand is about. A rule that is off for some of them is a choice.
 */
export function findOverruledDemands(
  audited: readonly Subject[],
  context: Pick<PolicyContext, 'policy'>,
): readonly OverruledDemand[] {
  const { policy } = context;
  const isOff = (
    rule: Pick<Rule, 'id' | 'defaultLevel' | 'consequence'>,
    subjects: readonly Subject[],
  ): boolean =>
    subjects.length > 0 &&
    subjects.every(
      (each) =>
        levelOf(rule, each, context) === 'off' && !mayBeOn(rule, each, policy),
    );
  const byEntry = groupByEntry(audited, policy);
  return [
    ...policy.packages.flatMap((entry) => {
      const subjects = byEntry.get(entry) ?? [];
      return OF_ENTRIES.filter(
        ([, rule, isDemanded]) => isDemanded(entry) && isOff(rule, subjects),
      ).map(([key, { id }]) => ({
        demand: `packages, ${entry.pattern}, ${key}`,
        rules: [id],
        line: entry.line,
      }));
    }),
    ...OF_ALL.filter(
      ([, rules, isDemanded]) =>
        isDemanded(policy) && rules.every((rule) => isOff(rule, audited)),
    ).map(([demand, rules]) => ({
      demand,
      rules: rules.map(({ id }) => id),
      line: null,
    })),
    ...overruledThresholds(context),
  ];
}

/** Of what was left out the registry, which a setting can go by, is not known. */
function mayBeOn(
  { id }: Pick<Rule, 'id'>,
  subject: Subject,
  { rules }: Policy,
): boolean {
  return (
    isLeftOut(subject) &&
    (rules.get(id) ?? []).some(
      (each) => each.level !== 'off' && maySelect(each.for, subject),
    )
  );
}

/** The subjects for which each entry counts. */
function groupByEntry(
  subjects: readonly Subject[],
  { packages }: Policy,
): ReadonlyMap<PackagePolicy, readonly Subject[]> {
  const entryOf = packageEntries(packages);
  const groups = new Map<PackagePolicy, Subject[]>();
  for (const subject of subjects) {
    const entry = entryOf(subject.dependency.id.name)?.entry;
    if (entry === undefined) continue;
    const group = groups.get(entry);
    if (group === undefined) groups.set(entry, [subject]);
    else group.push(subject);
  }
  return groups;
}

function overruledThresholds(
  context: Pick<PolicyContext, 'policy'>,
): readonly OverruledDemand[] {
  const { all, production, direct } = context.policy.coverage;
  const isDemanded = all !== null || production !== null || direct !== null;
  return isDemanded && levelOf(coverageBelow, null, context) === 'off'
    ? [{ demand: 'coverage', rules: [coverageBelow.id], line: null }]
    : [];
}
