import { pinnedSubjects } from '../pins/pinned-subjects.js';
import type { Rule } from '../rule.js';

export const sourceChanged: Rule = {
  id: 'source-changed',
  title: 'Built from or by something else than is pinned',
  meaning:
    'The certificate names another repository, owner, workflow, issuer, ' +
    'builder or kind of ref than provenance.lock.json has for this package. ' +
    'Repositories and owners are told apart by their ids, since a name can be ' +
    'registered again. What an old certificate leaves out is not compared.',
  remedy:
    'Find out from the project whether it has moved or changed how it ' +
    'publishes. If so: provenance-audit pin --accept with its name, and have ' +
    'the change of provenance.lock.json reviewed.',
  example: 'not built as 1.2.3 was, which is pinned: repository, workflow',
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { pins }) =>
    pinnedSubjects(subjects, pins).flatMap(
      ({ subject, pinned, comparison: { changes } }) => {
        if (changes.length === 0) return [];
        const what = changes.map((change) => change.what).join(', ');
        return [
          {
            subject,
            message: `not built as ${pinned.version} was, which is pinned: ${what}`,
            expected: describeSide(changes, 'expected'),
            found: describeSide(changes, 'found'),
          },
        ];
      },
    ),
};

function describeSide(
  changes: readonly Readonly<Record<'what' | 'expected' | 'found', string>>[],
  side: 'expected' | 'found',
): string {
  return changes.map((each) => `${each.what} ${each[side]}`).join(', ');
}
