import { observeHistory } from '../history/observe-history.js';
import { dayOf, previousRelease } from '../history/placed-release.js';
import type { Rule } from '../rule.js';

export const approverMissing: Rule = {
  id: 'approver-missing',
  title: 'Nobody approved it, though somebody approved the version before',
  meaning:
    'The registry names a person who approved the publication of the release ' +
    'before this one (a staged publication), and none for this one. What it can ' +
    'tell: the second look that this package used to get did not happen. What it ' +
    'cannot tell: whether the maintainers turned it off. Basis: the registry’s ' +
    'unsigned word. Costs a request for each package.',
  remedy:
    'Ask the project whether it has given up staged publications; take the ' +
    'version before until you know.',
  example: 'nobody approved it, as somebody did 1.4.1 of 2026-03-02',
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  needs: 'history',
  evaluate: (subjects) =>
    observeHistory(subjects, (_subject, release) => {
      const previous = previousRelease(release);
      const isMissing =
        previous?.hasApprover === true && !release.own.hasApprover;
      if (!isMissing) return null;
      return {
        message: `nobody approved it, as somebody did ${previous.version} of ${dayOf(previous.publishedAt)}`,
        expected: 'an approver',
        found: null,
      };
    }),
};
