import type { Rule } from '../rule.js';

export const registrySignatureMissing: Rule = {
  id: 'registry-signature-missing',
  title: 'The registry did not sign this version',
  meaning:
    'The registry signs other versions of this audit but not this one, so not ' +
    'even the registry stands for these bytes.',
  remedy: 'Compare with the registry’s own page of the package, and report it.',
  defaultLevel: 'warning',
  consequence: 'violated',
  evaluate: (subjects) => {
    const signing = new Set(
      subjects
        .filter(({ facts }) => facts?.registrySignature === 'verified')
        .map(({ registry }) => registry),
    );
    return subjects
      .filter(
        ({ facts, registry }) =>
          facts?.registrySignature === 'missing' && signing.has(registry),
      )
      .map((subject) => ({
        subject,
        message: 'the registry signs other versions, but not this one',
        expected: 'a registry signature',
        found: null,
      }));
  },
};
