import type { Rule } from '../rule.js';

export const baselineMissing: Rule = {
  id: 'baseline-missing',
  title: 'The pins are gone from the working tree',
  meaning:
    'The commit that --policy-from names has pins, and provenance.lock.json ' +
    'of the working tree is missing or empty. The commit’s pins govern here; ' +
    'after a merge there would be none, and no loss would be noticed.',
  remedy:
    'Bring provenance.lock.json back as it is in that commit; pins of what ' +
    'is no longer used can be removed with provenance-audit pin --prune.',
  example: 'provenance.lock.json has no pins any more: before, of 412 packages',
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'policy',
  evaluate: (_subjects, { pins, proposed }) =>
    pins.size === 0 || proposed === null || proposed.pins.size > 0
      ? []
      : [
          {
            subject: null,
            message: 'provenance.lock.json has no pins any more',
            expected: `pins of packages: ${pins.size}`,
            found: 'none',
          },
        ],
};
