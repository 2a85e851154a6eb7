import {
  isForOtherSystems,
  WHOSE,
} from '../../verification/compared-digest.js';
import type { Rule } from '../rule.js';

export const digestNotPinned: Rule = {
  id: 'digest-not-pinned',
  title: 'What is proven is about a digest that the lockfile does not pin',
  meaning:
    'The lockfile pins no SHA-512 of the archive, so evidence was held against ' +
    'another one: that of the archive as it was downloaded for this audit ' +
    '(--fetch-tarball), or that which the registry states where the package ' +
    'manager pins an archive of its own making, or nothing because the package ' +
    'is for other systems than the one that the lockfile was written on. What is installed later need ' +
    'not be the same: a registry can lie about both, or answer another time ' +
    'with something else.',
  remedy:
    'Let the package manager write the entry anew with a sha512 integrity, or ' +
    'use one whose lockfile has them.',
  example: 'proven for the SHA-512 of the archive as downloaded',
  defaultLevel: 'warning',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) =>
    subjects.flatMap((subject) => {
      const { facts, dependency } = subject;
      if (facts === null) return [];
      const { binding } = facts;
      if (binding === null || binding === 'lockfile') return [];
      const isOther = binding === 'registry' && isForOtherSystems(dependency);
      // Where nothing is proven, nothing was compared in vain.
      if (facts.level === 'none' && !isOther) return [];
      const what = facts.level === 'none' ? 'judged by' : 'proven for';
      const why = isOther
        ? '; the lockfile pins nothing at all, as it is for other systems'
        : '';
      return [
        {
          subject,
          message: `${what} the SHA-512 ${WHOSE[binding]}${why}`,
          expected: 'a SHA-512 in the lockfile',
          found: dependency.integrity,
        },
      ];
    }),
};
