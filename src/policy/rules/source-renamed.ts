import { pinnedSubjects } from '../pins/pinned-subjects.js';
import type { Rule } from '../rule.js';

export const sourceRenamed: Rule = {
  id: 'source-renamed',
  title: 'The repository has another name than is pinned',
  meaning:
    'It is the same repository, by its id, that provenance.lock.json has for ' +
    'this package, but its name or its owner’s has changed. That is no other ' +
    'source; what is demanded by name in the policy may have to follow.',
  remedy: 'Run provenance-audit pin, which takes the new name.',
  example: 'the repository was renamed',
  defaultLevel: 'warning',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { pins }) =>
    pinnedSubjects(subjects, pins).flatMap(
      ({ subject, comparison: { renamed } }) =>
        renamed === null
          ? []
          : [
              {
                subject,
                message: 'the repository was renamed',
                expected: renamed.expected,
                found: renamed.found,
              },
            ],
    ),
};
