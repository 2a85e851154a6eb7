import type { Rule } from '../rule.js';

export const attestationsWithheld: Rule = {
  id: 'attestations-withheld',
  title: 'The registry advertises attestations but does not serve them',
  meaning:
    'The version’s metadata says that there are attestations, and the registry ' +
    'answered twice that there are none. It happens as a passing fault, and it ' +
    'is what somebody who hides evidence would cause.',
  remedy:
    'Run the audit again later; if it stays, ask the registry itself instead of ' +
    'a mirror (--registry).',
  defaultLevel: 'error',
  consequence: 'incomplete',
  evaluate: (subjects) =>
    subjects.flatMap((subject) =>
      subject.evidence.status === 'unavailable' &&
      subject.evidence.code === 'attestations-withheld'
        ? [
            {
              subject,
              message: subject.evidence.message,
              expected: null,
              found: null,
            },
          ]
        : [],
    ),
};
