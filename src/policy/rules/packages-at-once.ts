import { isAnswered } from '../answered.js';
import { openAbout } from '../history/observe-history.js';
import { placeRelease, type PlacedRelease } from '../history/placed-release.js';
import type { Rule } from '../rule.js';
import { foldGithubCase } from '../source-pattern.js';
import { describeSpan } from '../span.js';
import type { Subject } from '../verdict.js';

const MAX_NAMED = 5;

/** One release, and who it seems to be of. */
interface Release {
  readonly subject: Subject;
  readonly at: number;
  /** The repository that is proven, else the one that it names itself. */
  readonly repository: string | null;
  readonly run: string | null;
}

export const packagesAtOnce: Rule = {
  id: 'packages-at-once',
  title: 'Several packages of one owner within minutes, or from one run',
  meaning:
    'Other packages of this lockfile were published within ten minutes ' +
    '(`history.atOnceWithin`) of this one and are of the same owner, by the proven repository or else the ' +
    'one that they name, or come from the same run of a workflow. Packages of ' +
    'one repository in the same version count as one release, as a program and ' +
    'its builds for each platform. What it can tell: a burst, as of a worm that ' +
    'publishes whatever a stolen token reaches. What it cannot tell: whether it ' +
    'is one; projects with many packages release like this every day. The owner ' +
    'that a package names, and dates without a verified log entry, are the ' +
    'registry’s unsigned word. Costs a request for each package.',
  remedy:
    'Look at the project for what it has released, and wait a few days where ' +
    'nothing explains it.',
  example: 'published within 10 minutes of widget@2.0.1, gadget@1.1.5',
  setting: `rules:
  packages-at-once: warning
history:
  atOnceWithin: 10m
`,
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  needs: 'history',
  evaluate: (subjects, { policy }) => {
    const { atOnceWithin } = policy.history;
    const answered = subjects.filter(isAnswered);
    const placed = answered.map((subject) => ({
      subject,
      placement: placeRelease(subject),
    }));
    const releases = placed.flatMap(({ subject, placement }) =>
      placement.status === 'placed'
        ? [toRelease(subject, placement.release)]
        : [],
    );
    const byOwner = groupBy(releases, ownerOf);
    const byRun = groupBy(releases, ({ run }) => run);
    const own = new Map(releases.map((each) => [each.subject, each]));
    return placed.flatMap(({ subject, placement }) => {
      if (placement.status === 'unknown') {
        return [openAbout(subject, placement.message)];
      }
      const release = own.get(subject);
      if (release === undefined) return [];
      const isOther = (other: Release): boolean =>
        !isSameRelease(release, other);
      const sameRun = (byRun.get(release.run) ?? []).filter(isOther);
      const near = (byOwner.get(ownerOf(release)) ?? []).filter(
        (other) =>
          isOther(other) &&
          !sameRun.includes(other) &&
          Math.abs(other.at - release.at) <= atOnceWithin,
      );
      const messages = [
        ...wordOthers('built by the same run as', sameRun),
        ...wordOthers(
          `published within ${describeSpan(atOnceWithin)} of`,
          near,
        ),
      ];
      return messages.length === 0
        ? []
        : [
            {
              subject,
              message: messages.join('; '),
              expected: null,
              found: new Date(release.at).toISOString(),
            },
          ];
    });
  },
};

function toRelease(
  subject: Subject,
  { own, publishedAt }: PlacedRelease,
): Release {
  const provenance =
    subject.facts?.verification === 'verified'
      ? subject.facts.provenance
      : null;
  return {
    subject,
    at: publishedAt.getTime(),
    repository: provenance?.sourceRepository ?? own.declaredRepository,
    run: provenance?.runUrl ?? null,
  };
}

/** `https://github.com/acme`; null where no repository is known. */
function ownerOf({ repository }: Release): string | null {
  if (repository === null) return null;
  return foldGithubCase(repository).split('/').slice(0, 4).join('/');
}

function isSameRelease(one: Release, other: Release): boolean {
  const [left, right] = [
    one.subject.dependency.id,
    other.subject.dependency.id,
  ];
  if (left.name === right.name) return true;
  return (
    left.version === right.version &&
    one.repository !== null &&
    other.repository !== null &&
    foldGithubCase(one.repository) === foldGithubCase(other.repository)
  );
}

/** Without those of which the key is not known. */
function groupBy(
  releases: readonly Release[],
  keyOf: (release: Release) => string | null,
): ReadonlyMap<string | null, readonly Release[]> {
  const groups = new Map<string, Release[]>();
  for (const each of releases) {
    const key = keyOf(each);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
}

/** One part of a message; none without any of them. */
function wordOthers(
  what: string,
  others: readonly Release[],
): readonly string[] {
  if (others.length === 0) return [];
  const names = [
    ...new Set(
      others.map(
        ({ subject: { dependency } }) =>
          `${dependency.id.name}@${dependency.id.version}`,
      ),
    ),
  ];
  const rest = names.length - MAX_NAMED;
  const named = names.slice(0, MAX_NAMED).join(', ');
  return [`${what} ${named}${rest > 0 ? ` and ${rest} more` : ''}`];
}
