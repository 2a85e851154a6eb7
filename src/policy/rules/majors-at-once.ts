import { observeHistory } from '../history/observe-history.js';
import type { PlacedRelease } from '../history/placed-release.js';
import { lineOf } from '../history/release-line.js';
import type { Rule } from '../rule.js';

const MINUTES = 10;

export const majorsAtOnce: Rule = {
  id: 'majors-at-once',
  title: 'Several major versions of the package within minutes',
  meaning:
    `Within ${MINUTES} minutes of this version the registry dates releases of ` +
    'the same package in other lines (major versions). What it can tell: ' +
    'somebody wanted to reach everyone, whatever they have pinned, which is how ' +
    'stolen tokens are used, and how a security fix is brought to old versions. ' +
    'What it cannot tell: which of both. Basis: the registry’s unsigned word. ' +
    'Costs a request for each package.',
  remedy:
    'Look for an advisory or a changelog that explains the releases; without ' +
    'one wait.',
  example: 'published within 10 minutes of 1.9.9, 3.0.4',
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  needs: 'history',
  evaluate: (subjects) =>
    observeHistory(subjects, (_subject, release) => {
      const others = releasesBeside(release);
      return others.length === 0
        ? null
        : {
            message: `published within ${MINUTES} minutes of ${others.join(', ')}`,
            expected: null,
            found: release.publishedAt.toISOString(),
          };
    }),
};

function releasesBeside({
  own,
  line,
  history,
  publishedAt,
}: PlacedRelease): readonly string[] {
  const at = (own.publishedAt ?? publishedAt).getTime();
  return history.versions
    .filter((each) => {
      const other = lineOf(each.version, history.tags);
      return (
        each.publishedAt !== null &&
        Math.abs(each.publishedAt.getTime() - at) <= MINUTES * 60_000 &&
        // Builds for other platforms are published as pre-releases of their own.
        other.preRelease === line.preRelease &&
        other.series !== line.series
      );
    })
    .map(({ version }) => version);
}
