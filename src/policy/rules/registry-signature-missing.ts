import type { Rule } from '../rule.js';
import type { Subject } from '../verdict.js';

export const registrySignatureMissing: Rule = {
  id: 'registry-signature-missing',
  title: 'No registry signature that counts',
  meaning:
    'The registry signs other versions of this audit but not this one, so not ' +
    'even the registry stands for these bytes; or its signature is by a key ' +
    'that has ended.',
  remedy: 'Compare with the registry’s own page of the package, and report it.',
  example: 'the registry signs other versions, but not this one',
  defaultLevel: 'warning',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) => {
    const signing = new Set(
      subjects
        .filter(({ facts }) => facts?.registrySignature === 'verified')
        .map(({ registry }) => registry),
    );
    return subjects.flatMap((subject) => {
      const { facts, registry } = subject;
      const isMissing =
        facts?.registrySignature === 'missing' && signing.has(registry);
      if (!isMissing && !hasEndedKey(subject)) return [];
      return [
        {
          subject,
          message: isMissing
            ? 'the registry signs other versions, but not this one'
            : 'the registry’s signature is by a key that has ended, and when it was made is not known',
          expected: 'a registry signature',
          found: null,
        },
      ];
    });
  },
};

/** Every other reason for not checking has a finding or a rejection already. */
function hasEndedKey({ facts, evidence }: Subject): boolean {
  return (
    facts?.registrySignature === 'not-checked' &&
    (evidence.status === 'attested' || evidence.status === 'unattested') &&
    (facts.verification === 'verified' || facts.verification === 'none')
  );
}
