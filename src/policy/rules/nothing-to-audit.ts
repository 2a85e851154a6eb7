import { isLeftOut } from '../left-out.js';
import type { Rule } from '../rule.js';

export const nothingToAudit: Rule = {
  id: 'nothing-to-audit',
  title: 'No package of this lockfile is in scope',
  meaning:
    'The lockfile, or what was selected of it, pins no package from a registry, so nothing was asked and ' +
    'nothing is proven.',
  remedy: 'Check that this is the lockfile you meant (--lockfile).',
  example: 'no package of this lockfile comes from a registry',
  defaultLevel: 'warning',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) =>
    // Where all is left out, some other lockfile has what was selected.
    subjects.some(({ facts }) => facts !== null) ||
    (subjects.length > 0 && subjects.every(isLeftOut))
      ? []
      : [
          {
            subject: null,
            message: subjects.some(isLeftOut)
              ? 'no selected package comes from a registry'
              : 'no package of this lockfile comes from a registry',
            expected: null,
            found: null,
          },
        ],
};
