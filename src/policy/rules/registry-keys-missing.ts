import type { Rule } from '../rule.js';
import { unverifiableBy } from '../unverifiable-rules.js';

export const registryKeysMissing: Rule = {
  id: 'registry-keys-missing',
  title: 'The trust root has no keys for the registry',
  meaning:
    'The registry signed something about this package, but its keys are not in ' +
    'the trust root. The registry’s own list of keys is never believed, since ' +
    'it would vouch for itself.',
  remedy:
    'Give the registry’s keys from a source you trust, with --npm-keys. If it ' +
    'serves the public registry’s packages, say so in the policy, with ' +
    'mirrorOf: public for it below registries.',
  example: 'the trust root has no keys for https://npm.acme.example/',
  defaultLevel: 'error',
  consequence: 'incomplete',
  about: 'packages',
  evaluate: (subjects) =>
    subjects.flatMap((subject) => {
      const reason = unverifiableBy('registry-keys-missing', subject);
      return reason === null
        ? []
        : [{ subject, message: reason.message, expected: null, found: null }];
    }),
};
