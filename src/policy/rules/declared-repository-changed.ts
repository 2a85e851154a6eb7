import { observeHistory } from '../history/observe-history.js';
import { dayOf, previousRelease } from '../history/placed-release.js';
import type { Rule } from '../rule.js';
import { foldGithubCase } from '../source-pattern.js';

export const declaredRepositoryChanged: Rule = {
  id: 'declared-repository-changed',
  title: 'The package names another repository than the version before',
  meaning:
    'The metadata of this version (repository) names another one than that of ' +
    'the release before it, or none any more. What it can tell: a project has ' +
    'moved, or somebody else publishes. What it cannot tell: where it was built, ' +
    'since anybody can write what they like there, and whoever means harm will ' +
    'rather leave it as it was. Basis: the registry’s unsigned word. Costs a ' +
    'request for each package.',
  remedy:
    'Look at both repositories, and whether the old one says that it has moved.',
  example: 'another repository than 1.4.1 of 2026-03-02 names',
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  needs: 'history',
  evaluate: (subjects) =>
    observeHistory(subjects, (_subject, release) => {
      const previous = previousRelease(release);
      const before = previous?.declaredRepository ?? null;
      const after = release.own.declaredRepository;
      if (previous === null || before === null) return null;
      if (after !== null && foldGithubCase(after) === foldGithubCase(before)) {
        return null;
      }
      return {
        message: `another repository than ${previous.version} of ${dayOf(previous.publishedAt)} names`,
        expected: before,
        found: after,
      };
    }),
};
