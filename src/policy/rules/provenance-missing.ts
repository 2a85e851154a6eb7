import { isAnswered } from '../answered.js';
import type { Rule } from '../rule.js';

export const provenanceMissing: Rule = {
  id: 'provenance-missing',
  title: 'The package has no provenance',
  meaning:
    'The registry was asked and has no statement of where and how this version ' +
    'was built. Most packages have none yet.',
  remedy:
    'Look for a version that has provenance, or ask the maintainers to publish ' +
    'with it.',
  example: 'no provenance is published for this version',
  setting: `rules:
  provenance-missing:
    level: error
    for: { scope: production, direct: true }
`,
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) =>
    subjects
      .filter(
        (subject) => isAnswered(subject) && subject.facts?.provenance === null,
      )
      .map((subject) => ({
        subject,
        message: 'no provenance is published for this version',
        expected: 'provenance',
        found: null,
      })),
};
