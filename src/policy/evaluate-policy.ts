import type { Policy } from './policy.js';
import type { Rule } from './rule.js';
import type { Finding, Subject, Verdict } from './verdict.js';

/**
 * Puts every rule to every subject at the levels of `policy`. Findings come
 * errors first, then in the order of `rules`, then of `subjects`.
 */
export function evaluatePolicy(
  subjects: readonly Subject[],
  policy: Policy,
  rules: readonly Rule[],
): Verdict {
  const findings = rules.flatMap((rule) => apply(rule, subjects, policy));
  return {
    subjects,
    findings: [
      ...findings.filter(({ level }) => level === 'error'),
      ...findings.filter(({ level }) => level === 'warning'),
    ],
  };
}

function apply(
  rule: Rule,
  subjects: readonly Subject[],
  policy: Policy,
): readonly Finding[] {
  const level = policy.levels.get(rule.id) ?? rule.defaultLevel;
  if (level === 'off') return [];
  return rule
    .evaluate(subjects)
    .map(({ subject, message, expected, found, remedy }) => ({
      rule: rule.id,
      level,
      consequence: rule.consequence,
      subject,
      message,
      expected,
      found,
      remedy: remedy ?? rule.remedy,
    }));
}
