import { isProvenBuild } from '../history/downgrade.js';
import { observeHistory } from '../history/observe-history.js';
import type { PlacedRelease } from '../history/placed-release.js';
import { lineOf } from '../history/release-line.js';
import { describeSpan } from '../span.js';
import type { Subject } from '../verdict.js';
import type { Rule } from '../rule.js';

export const majorsAtOnce: Rule = {
  id: 'majors-at-once',
  title: 'Several major versions of the package within minutes',
  meaning:
    'Within ten minutes (`history.atOnceWithin`) of this version the registry ' +
    'dates releases of the same package in other lines (major versions). What it can tell: ' +
    'somebody wanted to reach everyone, whatever they have pinned, which is how ' +
    'stolen tokens are used, and how a security fix is brought to old versions. ' +
    'Versions in other lines that this lockfile has too and that come from the ' +
    'same run of a workflow, by their certificates, count whatever time passed. ' +
    'What it cannot tell: which of both. Dates are the registry’s unsigned word. ' +
    'Costs a request for each package.',
  remedy:
    'Look for an advisory or a changelog that explains the releases; without ' +
    'one wait.',
  example: 'published within 10 minutes of 1.9.9, 3.0.4',
  setting: `rules:
  majors-at-once: warning
history:
  atOnceWithin: 10m
`,
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  needs: 'history',
  evaluate: (subjects, { policy }) =>
    observeHistory(subjects, (subject, release) => {
      const { atOnceWithin } = policy.history;
      const near = releasesBeside(release, atOnceWithin);
      const sameRun = linesOfRun(subject, release, subjects).filter(
        (version) => !near.includes(version),
      );
      const messages = [
        ...(near.length === 0
          ? []
          : [
              `published within ${describeSpan(atOnceWithin)} of ${near.join(', ')}`,
            ]),
        ...(sameRun.length === 0
          ? []
          : [`built by the same run as ${sameRun.join(', ')}`]),
      ];
      return messages.length === 0
        ? null
        : {
            message: messages.join('; '),
            expected: null,
            found: release.publishedAt.toISOString(),
          };
    }),
};

/** Versions of other lines that the lockfile has and that one run has built. */
function linesOfRun(
  { dependency, registry, facts }: Subject,
  { line, history }: PlacedRelease,
  subjects: readonly Subject[],
): readonly string[] {
  const run = runOf(facts);
  if (run === null) return [];
  const versions = subjects
    .filter(
      (other) =>
        other.dependency.id.name === dependency.id.name &&
        other.registry === registry &&
        runOf(other.facts) === run,
    )
    .map((other) => other.dependency.id.version)
    .filter((version) => {
      const { series, preRelease } = lineOf(version, history.tags);
      return preRelease === line.preRelease && series !== line.series;
    });
  return [...new Set(versions)];
}

/** Of verified provenance alone. */
function runOf(facts: Subject['facts']): string | null {
  return isProvenBuild(facts) ? (facts?.provenance?.runUrl ?? null) : null;
}

function releasesBeside(
  { own, line, history, publishedAt }: PlacedRelease,
  within: number,
): readonly string[] {
  const at = (own.publishedAt ?? publishedAt).getTime();
  return history.versions
    .filter((each) => {
      const other = lineOf(each.version, history.tags);
      return (
        each.publishedAt !== null &&
        Math.abs(each.publishedAt.getTime() - at) <= within &&
        // Builds for other platforms are published as pre-releases of their own.
        other.preRelease === line.preRelease &&
        other.series !== line.series
      );
    })
    .map(({ version }) => version);
}
