import type { Rule } from '../rule.js';
import { unverifiableBy } from '../unverifiable-rules.js';

export const clockImplausible: Rule = {
  id: 'clock-implausible',
  title: 'The local clock cannot be right',
  meaning:
    'Signatures, certificates and keys are valid for a time. With a clock that ' +
    'is before the build of this program, or more than a day from a registry’s ' +
    'own, nothing is verified: what is valid then is not known to be valid now.',
  remedy:
    'Set the clock, or find out why the registry’s is wrong, and audit again.',
  example:
    'the local clock says 2026-11-24T10:00:00.000Z, but that of npm.acme.example ' +
    'says 2026-11-27T10:00:00.000Z: 3 days apart',
  defaultLevel: 'error',
  consequence: 'incomplete',
  about: 'packages',
  // One clock, one finding: it is about no package more than about another.
  evaluate: (subjects) => {
    const [reason] = subjects.flatMap(
      (subject) => unverifiableBy('clock-implausible', subject) ?? [],
    );
    return reason === undefined
      ? []
      : [
          {
            subject: null,
            message: reason.message,
            expected: null,
            found: null,
          },
        ];
  },
};
