import { LEVELS } from '../../facts/facts.js';
import { isAnswered } from '../answered.js';
import { atLine } from '../identity-demand.js';
import { packageEntries, requiredLevel } from '../package-entry.js';
import type { Rule } from '../rule.js';

export const requiredLevelMissing: Rule = {
  id: 'required-level-missing',
  title: 'Less is proven than the policy requires',
  meaning:
    'The policy requires a level for this package (require, or provenance ' +
    'wherever it demands a source, workflow, signer, ref, runner, ' +
    'builder, issuer or event), and what the registry answered proves ' +
    'less, or could not be had or verified. What trusted-publisher and staged ' +
    'add to provenance is the registry’s unsigned word. Of what was rejected ' +
    'another rule speaks.',
  remedy:
    'Look for a version that proves enough, and find out why this one ' +
    'does not: an earlier one that did is a warning sign.',
  example: 'the policy requires provenance of it',
  setting: `packages:
  '@acme/*':
    require: provenance
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { policy }) => {
    const entryOf = packageEntries(policy.packages);
    return subjects.flatMap((subject) => {
      const { facts, dependency } = subject;
      const entry = entryOf(dependency.id.name)?.entry;
      if (facts === null || entry === undefined) return [];
      const required = requiredLevel(entry);
      const isMet = LEVELS.indexOf(facts.level) >= LEVELS.indexOf(required);
      if (isMet || facts.verification === 'rejected') return [];
      const isKnown = isAnswered(subject);
      return [
        {
          subject,
          message: `the policy requires the level ${required} of it`,
          expected: required,
          found: isKnown ? facts.level : 'not known',
          // A rule of its own says why; a lower level of that one changes
          // nothing about what is required here.
          ...(isKnown ? {} : { consequence: 'incomplete' as const }),
          ...atLine(entry),
        },
      ];
    });
  },
};
