import type { Rule } from '../rule.js';
import { unverifiableBy } from '../unverifiable-rules.js';

export const weakIntegrity: Rule = {
  id: 'weak-integrity',
  title: 'The lockfile does not pin the bytes well enough',
  meaning:
    'Without a SHA-512 in the lockfile nothing can be said about the bytes that ' +
    'will be installed, whatever the registry attests.',
  remedy:
    'Let the package manager write the entry anew, so that it gets a sha512 ' +
    'integrity: npm install --package-lock-only. Until then --fetch-tarball goes ' +
    'on with the digest of the archive, and says so.',
  example: 'the lockfile pins only a SHA-1, which can be forged',
  defaultLevel: 'error',
  consequence: 'incomplete',
  about: 'packages',
  evaluate: (subjects) =>
    subjects.flatMap((subject) => {
      const reason = unverifiableBy('weak-integrity', subject);
      if (reason === null) return [];
      return [
        {
          subject,
          message: reason.message,
          expected: 'sha512-…',
          found: subject.dependency.integrity,
        },
      ];
    }),
};
