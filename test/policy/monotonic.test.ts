import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../src/facts/facts.js';
import { evaluatePolicy } from '../../src/policy/evaluate-policy.js';
import { requiredLevel } from '../../src/policy/package-entry.js';
import {
  DEFAULT_POLICY,
  EVERYTHING,
  type PackagePolicy,
  type Policy,
} from '../../src/policy/policy.js';
import type { RuleLevel } from '../../src/policy/rule.js';
import { NO_PINS, type Pins } from '../../src/policy/pins/pins.js';
import { RULES } from '../../src/policy/rules/index.js';
import type { Subject } from '../../src/policy/verdict.js';
import { findWeakenings } from '../../src/policy/weaker/find-weakenings.js';
import { weakerPins } from '../../src/policy/weaker/weaker-pins.js';
import { resultOf } from '../../src/report/result.js';
import {
  PACKAGE_RULES,
  RULE_LEVELS,
  arbitraryAcknowledgement,
  arbitraryDemand,
  arbitraryExemption,
  arbitraryPolicy,
  arbitrarySubject,
  arbitraryThreshold,
  type Demand,
} from './arbitrary-policy.js';
import { exemption } from './entries.js';
import { PROVEN_PIN, UNPROVEN_PIN, pinsOf } from './pins/samples.js';
import { SIGNED_AT, contextOf, inScope } from './subjects.js';

/*
 * What is compared are the findings that fail the audit, and the result. Left
 * out of what is generated:
 *
 * - exemptions that have expired: adding one is an error by itself
 *   (exemption-expired), so that nobody keeps them;
 * - levels of the rules about the policy: they find more, as warnings, where
 *   there is more in the policy to be wrong (exemption-unused,
 *   setting-without-effect); raised to errors they would fail by an exemption
 *   that nothing needs, and are meant to;
 * - new entries of `packages` and new settings of a rule before others: they
 *   replace what counted before, and may be laxer or stricter than that;
 * - more values for a demand that is there: they allow more.
 */

/** From passing to the gravest. */
const EXIT_CODES: readonly number[] = [0, 3, 1, 4];
const NOW = new Date(SIGNED_AT.getTime() + 60_000);
/** Changes a policy in one direction only, or leaves it as it is. */
type Change = (policy: Policy) => Policy;

const arbitraryStep = fc.constantFrom(1, 2);
const arbitraryIndex = fc.nat({ max: 3 });

/** Moves one level of one rule up or down, of those that are written or not. */
function moved(direction: 1 | -1): fc.Arbitrary<Change> {
  return fc
    .record({
      rule: fc.constantFrom(...PACKAGE_RULES),
      step: arbitraryStep,
      index: arbitraryIndex,
    })
    .map(({ rule, step, index }) => (policy) => {
      const settings = policy.rules.get(rule.id) ?? [
        { level: rule.defaultLevel, for: EVERYTHING },
      ];
      const at = index % settings.length;
      const changed = settings.map((setting, position) =>
        position === at
          ? { ...setting, level: levelAt(setting.level, direction * step) }
          : setting,
      );
      const rules = new Map(policy.rules).set(rule.id, changed);
      return { ...policy, rules };
    });
}

function levelAt(level: RuleLevel, by: number): RuleLevel {
  const index = Math.min(2, Math.max(0, RULE_LEVELS.indexOf(level) + by));
  return RULE_LEVELS[index] ?? level;
}

function insert<Item>(
  items: readonly Item[],
  item: Item,
  index: number,
): readonly Item[] {
  return items.toSpliced(Math.min(index, items.length), 0, item);
}

const LOOSENING: Readonly<Record<string, fc.Arbitrary<Change>>> = {
  'an exemption': fc
    .tuple(arbitraryExemption, arbitraryIndex)
    .map(([entry, index]) => (policy) => ({
      ...policy,
      exemptions: insert(policy.exemptions, entry, index),
    })),
  'an acknowledgement': fc
    .tuple(arbitraryAcknowledgement, arbitraryIndex)
    .map(([entry, index]) => (policy) => ({
      ...policy,
      acknowledged: insert(policy.acknowledged, entry, index),
    })),
  'a lower level': moved(-1),
};

const TIGHTENING: Readonly<Record<string, fc.Arbitrary<Change>>> = {
  'a higher level': moved(1),
  'a demand': fc
    .tuple(arbitraryDemand, arbitraryIndex)
    .map(([demand, index]) => (policy) => ({
      ...policy,
      packages: policy.packages.map((entry, position) =>
        position === index ? demanding(entry, demand) : entry,
      ),
    })),
  'a denied event': fc
    .constantFrom('push', 'issue_comment', 'pull_request_target')
    .map((event) => (policy) => ({
      ...policy,
      deniedEvents: [...policy.deniedEvents, event],
    })),
  'a higher threshold': fc
    .tuple(arbitraryThreshold, fc.constantFrom('all', 'production', 'direct'))
    .map(([threshold, group]) => (policy) => {
      const was = policy.coverage[group]?.hundredths ?? -1;
      return was > threshold.hundredths
        ? policy
        : {
            ...policy,
            coverage: { ...policy.coverage, [group]: threshold },
          };
    }),
  'a greater age': fc.constant((policy) => ({
    ...policy,
    minimumReleaseAge: Math.max(policy.minimumReleaseAge ?? 0, 3_600_000),
  })),
  'an exemption less': arbitraryIndex.map((index) => (policy) => ({
    ...policy,
    exemptions: policy.exemptions.toSpliced(index, 1),
  })),
  'an acknowledgement less': arbitraryIndex.map((index) => (policy) => ({
    ...policy,
    acknowledged: policy.acknowledged.toSpliced(index, 1),
  })),
};

/**
 * Demands what was not demanded before. A level that is written replaces the one
 * that a demanded identity implies, so only a higher one is a demand more.
 */
function demanding(
  entry: PackagePolicy,
  demand: Partial<PackagePolicy>,
): PackagePolicy {
  const { require } = demand;
  if (require !== undefined && require !== null) {
    const was = LEVELS.indexOf(requiredLevel(entry));
    return LEVELS.indexOf(require) > was ? { ...entry, require } : entry;
  }
  const isNew = (Object.keys(demand) as Demand[]).every(
    (key) => (entry[key] ?? []).length === 0,
  );
  return isNew ? { ...entry, ...demand } : entry;
}

interface Outcome {
  readonly failing: ReadonlySet<string>;
  /** Position in the order of gravity. */
  readonly gravity: number;
}

function outcomeOf(
  subjects: readonly Subject[],
  policy: Policy,
  pins: Pins = NO_PINS,
): Outcome {
  const context = { ...contextOf(policy, NOW), pins };
  const { findings } = evaluatePolicy(subjects, context, RULES);
  const failing = findings
    .filter(({ level, exempted }) => level === 'error' && exempted === null)
    .map(({ rule, subject, message }) =>
      // What is about no single package is told apart by what it says.
      subject === null
        ? `${rule}: ${message}`
        : `${rule} ${subjects.indexOf(subject)}`,
    );
  const gravity = EXIT_CODES.indexOf(resultOf(findings).exitCode);
  return { failing: new Set(failing), gravity };
}

function expectNotStricter(lax: Outcome, strict: Outcome): void {
  const more = [...lax.failing].filter((each) => !strict.failing.has(each));
  expect(more).toEqual([]);
  expect(lax.gravity).toBeLessThanOrEqual(strict.gravity);
}

const arbitrarySubjects = fc.array(arbitrarySubject, { maxLength: 6 });

/** Holds for every run; says in how many of them the change mattered. */
function compare(
  change: fc.Arbitrary<Change>,
  expectOrder: (before: Outcome, after: Outcome) => void,
): number {
  let mattered = 0;
  fc.assert(
    fc.property(
      arbitrarySubjects,
      arbitraryPolicy,
      change,
      (subjects, policy, apply) => {
        const before = outcomeOf(subjects, policy);
        const after = outcomeOf(subjects, apply(policy));
        if (before.failing.size !== after.failing.size) mattered += 1;
        expectOrder(before, after);
      },
    ),
    { numRuns: 1500, seed: 5 },
  );
  return mattered;
}

describe('adding or lowering', () => {
  it.each(Object.entries(LOOSENING))(
    '%s is never stricter',
    (_what, change) => {
      const mattered = compare(change, (before, after) => {
        expectNotStricter(after, before);
      });
      // Or the property would hold of nothing.
      expect(mattered).toBeGreaterThan(3);
    },
  );
});

describe('tightening by', () => {
  it.each(Object.entries(TIGHTENING))('%s is never laxer', (_what, change) => {
    const mattered = compare(change, (before, after) => {
      expectNotStricter(before, after);
    });
    expect(mattered).toBeGreaterThan(3);
  });
});

/** Members of a policy that one can have from another. */
const arbitraryMembers = fc.subarray(
  [
    ...(['rules', 'coverage', 'packages', 'deniedEvents'] as const),
    ...(['minimumReleaseAge', 'exemptions', 'acknowledged'] as const),
  ],
  { minLength: 1, maxLength: 2 },
);
const arbitraryPins = fc
  .dictionary(
    fc.constantFrom(
      ...['@acme/widget@1.2.3', '@acme/widget@2.0.0-rc.1'],
      ...['@acme/gadget@1.2.0', 'left-pad@1.2.4', 'left-pad@3.0.0'],
    ),
    fc.constantFrom(
      ...[PROVEN_PIN, UNPROVEN_PIN, { ...PROVEN_PIN, sourceId: '7' }],
    ),
  )
  .map(pinsOf);

function isLaxer(than: Outcome, outcome: Outcome): boolean {
  return (
    [...than.failing].some((each) => !outcome.failing.has(each)) ||
    outcome.gravity < than.gravity
  );
}

describe('what is said to be weaker', () => {
  it('is every policy that can give a laxer result', () => {
    let laxer = 0;
    let notWeaker = 0;
    fc.assert(
      fc.property(
        ...[arbitrarySubjects, arbitraryPolicy, arbitraryPolicy],
        arbitraryMembers,
        (subjects, base, other, members) => {
          const taken = members.map((key) => [key, other[key]] as const);
          const proposed = { ...base, ...Object.fromEntries(taken) };
          const weaker = findWeakenings(base, proposed, RULES);
          if (weaker.length === 0) notWeaker += 1;
          const before = outcomeOf(subjects, base);
          if (!isLaxer(before, outcomeOf(subjects, proposed))) return;
          laxer += 1;
          expect(weaker).not.toEqual([]);
        },
      ),
      { numRuns: 800, seed: 5 },
    );
    // Or the property would hold of nothing, or of what always says so.
    expect(laxer).toBeGreaterThan(50);
    expect(notWeaker).toBeGreaterThan(50);
  });

  it('is every change of pins that can give a laxer result', () => {
    let laxer = 0;
    let notWeaker = 0;
    fc.assert(
      fc.property(
        ...[arbitrarySubjects, arbitraryPins, arbitraryPins],
        (subjects, base, proposed) => {
          const weaker = weakerPins(base, proposed);
          if (weaker.length === 0) notWeaker += 1;
          const before = outcomeOf(subjects, DEFAULT_POLICY, base);
          const after = outcomeOf(subjects, DEFAULT_POLICY, proposed);
          if (!isLaxer(before, after)) return;
          laxer += 1;
          expect(weaker).not.toEqual([]);
        },
      ),
      { numRuns: 800, seed: 5 },
    );
    expect(laxer).toBeGreaterThan(50);
    expect(notWeaker).toBeGreaterThan(50);
  });

  it.each(Object.entries(LOOSENING))(
    'is %s wherever it matters',
    (_what, change) => {
      fc.assert(
        fc.property(
          ...[arbitrarySubjects, arbitraryPolicy, change],
          (subjects, policy, apply) => {
            const proposed = apply(policy);
            const before = outcomeOf(subjects, policy);
            if (!isLaxer(before, outcomeOf(subjects, proposed))) return;
            expect(findWeakenings(policy, proposed, RULES)).not.toEqual([]);
          },
        ),
        { numRuns: 200, seed: 5 },
      );
    },
  );

  it.each(Object.entries(TIGHTENING))('is never %s', (_what, change) => {
    fc.assert(
      fc.property(arbitraryPolicy, change, (policy, apply) => {
        expect(findWeakenings(policy, apply(policy), RULES)).toEqual([]);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('is no policy beside itself', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryPins, (policy, pins) => {
        expect(findWeakenings(policy, { ...policy }, RULES)).toEqual([]);
        expect(weakerPins(pins, new Map(pins))).toEqual([]);
      }),
      { numRuns: 200, seed: 5 },
    );
  });
});

describe('the comparison', () => {
  it('tells stricter from laxer', () => {
    const lax = { failing: new Set(['a']), gravity: 1 };
    const strict = { failing: new Set(['a', 'b']), gravity: 2 };
    expectNotStricter(lax, strict);
    expectNotStricter(lax, lax);
    expect(() => {
      expectNotStricter(strict, lax);
    }).toThrow();
    expect(() => {
      expectNotStricter({ ...lax, gravity: 3 }, strict);
    }).toThrow();
  });

  it('leaves out that an exemption which has expired fails by itself', () => {
    const expired = exemption({ expires: '2020-01-01' });
    const policy = { ...DEFAULT_POLICY, exemptions: [expired] };
    const before = outcomeOf([inScope()], DEFAULT_POLICY);
    expect(outcomeOf([inScope()], policy).gravity).toBeGreaterThan(
      before.gravity,
    );
  });
});
