import { observeHistory } from '../history/observe-history.js';
import { dayOf, previousRelease } from '../history/placed-release.js';
import type { Rule } from '../rule.js';

export const remoteDependencyAdded: Rule = {
  id: 'remote-dependency-added',
  title: 'Depends on something outside the registry that is new',
  meaning:
    'This version names a dependency by a git, web or folder address that the ' +
    'release before it did not name. What it can tell: code comes along that ' +
    'no registry has, that can change without a new version, and of which ' +
    'nothing can be proven. What it cannot tell: what is there. Basis: the ' +
    'registry’s unsigned word. Costs a request for each package.',
  remedy: 'Look at what is behind the address, and who can change it.',
  example:
    'depends on an address that 1.4.1 of 2026-03-02 did not name (found helper: github:acme/helper)',
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  needs: 'history',
  evaluate: (subjects) =>
    observeHistory(subjects, (_subject, release) => {
      const previous = previousRelease(release);
      if (previous === null) return null;
      const added = release.own.remoteDependencies.filter(
        (each) => !previous.remoteDependencies.includes(each),
      );
      if (added.length === 0) return null;
      return {
        message: `depends on an address that ${previous.version} of ${dayOf(previous.publishedAt)} did not name`,
        expected: null,
        found: added.join(', '),
      };
    }),
};
