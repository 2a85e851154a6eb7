import { applyExemptions } from './exempt.js';
import type { Rule, RuleContext, RuleLevel } from './rule.js';
import { selects, selectsEverything, type Selectable } from './select.js';
import type { Finding, Subject, Verdict } from './verdict.js';

/** Everything a verdict depends on but the subjects and the rules. */
export type PolicyContext = Omit<RuleContext, 'findings' | 'rules'>;

/**
 * Puts every rule to every subject at the levels of the policy, then applies
 * exemptions, then lets the rules about the policy itself look at the result.
 * Findings come errors first, then in the order of `rules`, then of `subjects`.
 */
export function evaluatePolicy(
  subjects: readonly Subject[],
  context: PolicyContext,
  rules: readonly Rule[],
): Verdict {
  const put = (about: Rule['about'], findings: readonly Finding[]) =>
    rules
      .filter((rule) => rule.about === about)
      .flatMap((rule) =>
        apply(rule, subjects, { ...context, findings, rules }),
      );
  const aboutPackages = applyExemptions(put('packages', []), context);
  const all = [...aboutPackages, ...put('policy', aboutPackages)];
  return {
    subjects,
    findings: [
      ...all.filter(({ level }) => level === 'error'),
      ...all.filter(({ level }) => level === 'warning'),
    ],
  };
}

function apply(
  rule: Rule,
  subjects: readonly Subject[],
  context: RuleContext,
): readonly Finding[] {
  if (isOffForAll(rule, context)) return [];
  return rule.evaluate(subjects, context).flatMap((observation) => {
    const level = levelOf(rule, observation.subject, context);
    if (level === 'off') return [];
    return [
      {
        rule: rule.id,
        level,
        consequence: observation.consequence ?? rule.consequence,
        subject: observation.subject,
        message: observation.message,
        expected: observation.expected,
        found: observation.found,
        remedy: observation.remedy ?? rule.remedy,
        policyLine: observation.policyLine ?? null,
        exempted: null,
      },
    ];
  });
}

/** Whether nothing that it could find would count. */
function isOffForAll(
  { id, defaultLevel, consequence }: Rule,
  { policy }: RuleContext,
): boolean {
  const settings = policy.rules.get(id) ?? [];
  return (
    consequence !== 'tampered' &&
    defaultLevel === 'off' &&
    settings.every(({ level }) => level === 'off')
  );
}

/**
 * The level of a rule for one subject. What is about no single one is as grave
 * as the rule is for anyone, so that a selection cannot hide it.
 */
export function levelOf(
  rule: Pick<Rule, 'id' | 'defaultLevel' | 'consequence'>,
  subject: Selectable | null,
  { policy }: Pick<PolicyContext, 'policy'>,
): RuleLevel {
  // No level turns a sign of tampering into a success (DESIGN.md section 3).
  if (rule.consequence === 'tampered') return 'error';
  const settings = policy.rules.get(rule.id) ?? [];
  if (subject === null) {
    const isForAll = settings.some((each) => selectsEverything(each.for));
    const levels = settings.map(({ level }) => level);
    return gravest(isForAll ? levels : [...levels, rule.defaultLevel]);
  }
  const setting = settings.find((each) => selects(each.for, subject));
  return setting?.level ?? rule.defaultLevel;
}

function gravest(levels: readonly RuleLevel[]): RuleLevel {
  if (levels.includes('error')) return 'error';
  return levels.includes('warning') ? 'warning' : 'off';
}
