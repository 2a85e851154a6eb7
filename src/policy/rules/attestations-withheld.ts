import type { Rule } from '../rule.js';
import { unverifiableBy } from '../unverifiable-rules.js';
import type { Subject } from '../verdict.js';

export const attestationsWithheld: Rule = {
  id: 'attestations-withheld',
  title: 'The registry advertises attestations but does not serve them',
  meaning:
    'The version’s metadata says that there are attestations, and the registry ' +
    'answered twice that there are none. It happens as a passing fault, and it ' +
    'is what somebody who hides evidence would cause.',
  remedy:
    'Run the audit again later; if it stays, ask the registry itself instead of ' +
    'a mirror (--registry, or evidence: { registry: public } for it below ' +
    'registries in the policy).',
  example:
    'https://npm.acme.example/ says that @acme/widget@1.2.3 has attestations, but does not hand them out',
  defaultLevel: 'error',
  consequence: 'incomplete',
  about: 'packages',
  evaluate: (subjects) =>
    subjects.flatMap((subject) => {
      const message = withheldReason(subject);
      return message === null
        ? []
        : [{ subject, message, expected: null, found: null }];
    }),
};

function withheldReason(subject: Subject): string | null {
  const { evidence } = subject;
  if (evidence.status === 'unavailable') {
    return evidence.code === 'attestations-withheld' ? evidence.message : null;
  }
  return unverifiableBy('attestations-withheld', subject)?.message ?? null;
}
