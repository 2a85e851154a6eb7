import {
  findIdleEntries,
  findIdleRegistries,
  findIdleRuleSettings,
  wouldBeAudited,
} from '../idle-settings.js';
import { atLine } from '../identity-demand.js';
import { findOverruledDemands } from '../overruled-demands.js';
import type { Rule } from '../rule.js';

export const settingWithoutEffect: Rule = {
  id: 'setting-without-effect',
  title: 'A setting of the policy changes nothing',
  meaning:
    'What the policy says there has no effect on this lockfile: an entry of ' +
    'packages, rules or registries is about no audited package, another one ' +
    'always counts before it, or the rule that sees to a demand is off. A ' +
    'misspelt name guards nothing.',
  remedy:
    'Correct the name or the pattern, turn the rule on, or remove the ' +
    'setting.',
  example: 'packages, @acme/wigdet: matches no package of the lockfile',
  defaultLevel: 'warning',
  consequence: 'violated',
  about: 'policy',
  evaluate: (subjects, { policy }) => {
    // What a selection leaves out must not make a setting look idle.
    const audited = subjects.filter(wouldBeAudited);
    // Where nothing is audited nothing has an effect: nothing-to-audit says so.
    if (audited.length === 0) return [];
    const overruled = findOverruledDemands(audited, { policy });
    return [
      ...findIdleEntries(subjects, policy),
      ...findIdleRuleSettings(audited, policy),
      ...findIdleRegistries(subjects, policy),
      ...overruled.map(({ demand, rules, line }) => ({
        message:
          rules.length === 1
            ? `${demand}: ${rules.join('')}, which sees to it, is off`
            : `${demand}: ${rules.join(' and ')}, which see to it, are off`,
        line,
      })),
    ].map(({ message, line }) => ({
      subject: null,
      message,
      expected: null,
      found: null,
      ...atLine({ line }),
    }));
  },
};
