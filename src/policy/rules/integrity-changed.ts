import { hasOtherBytes } from '../../lockfile/compare-lockfiles.js';
import type { Rule } from '../rule.js';

export const integrityChanged: Rule = {
  id: 'integrity-changed',
  title: 'The same version has other bytes than before',
  meaning:
    'A published version never changes. A lockfile that pins other bytes for a ' +
    'version than an earlier lockfile did was written against another registry, ' +
    'or by somebody who exchanged the package.',
  remedy:
    'Do not install it. Find out who changed this entry of the lockfile, and ' +
    'compare both packages.',
  example: 'other bytes for the same version than in the lockfile of main',
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { changes = [] }) => {
    const earlier = new Map(
      changes
        .filter(hasOtherBytes)
        .map(({ before, after }) => [after, before?.integrity ?? null]),
    );
    return subjects.flatMap((subject) => {
      const expected = earlier.get(subject.dependency);
      return expected === undefined
        ? []
        : [
            {
              subject,
              message: 'other bytes for the same version than before',
              expected,
              found: subject.dependency.integrity,
            },
          ];
    });
  },
};
