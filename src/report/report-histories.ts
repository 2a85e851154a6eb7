import { compareText } from '../package/package-id.js';
import { RULES } from '../policy/rules/index.js';
import type { Subject, Verdict } from '../policy/verdict.js';
import { toHistoryRelease } from './history-release.js';
import type { ReportHistory } from './report.js';

/** More would make the report long, and nobody looks at so many charts. */
const MAX_HISTORIES = 50;
const MAX_RELEASES = 200;

/** Rules that look at more than one version of a package. */
const ABOUT_HISTORY = new Set(
  RULES.filter(({ needs }) => needs !== undefined).map(({ id }) => id),
);

/**
 * The histories behind what rules found: of each package that a rule found
 * something in the history of, the newest versions, and what is proven of those
 * that were asked about.
 */
export function toReportHistories({
  findings,
  subjects,
}: Verdict): readonly ReportHistory[] {
  const found = new Set(
    findings.flatMap(({ rule, subject }) =>
      ABOUT_HISTORY.has(rule) && subject !== null ? [keyOf(subject)] : [],
    ),
  );
  const packages = new Map<string, Subject[]>();
  for (const subject of found.size === 0 ? [] : subjects) {
    const key = keyOf(subject);
    if (!found.has(key)) continue;
    const others = packages.get(key);
    if (others === undefined) packages.set(key, [subject]);
    else others.push(subject);
  }
  return [...packages.entries()]
    .toSorted(([one], [other]) => compareText(one, other))
    .flatMap(([, pinned]) => toHistory(pinned) ?? [])
    .slice(0, MAX_HISTORIES);
}

/** Of the versions of one package that the lockfile pins; null if none is known. */
function toHistory(pinned: readonly Subject[]): ReportHistory | null {
  const [first] = pinned;
  const answer = pinned.find(({ history }) => history?.status === 'known');
  if (first?.registry == null || answer?.history?.status !== 'known') {
    return null;
  }
  const { versions, tags } = answer.history.history;
  const builds = new Map(
    pinned.flatMap(({ earlier, evidence, facts, dependency }) => [
      ...(earlier ?? []),
      ...(facts === null
        ? []
        : [[dependency.id.version, { evidence, facts }] as const]),
    ]),
  );
  const own = new Set(pinned.map(({ dependency }) => dependency.id.version));
  const shown = versions.slice(-MAX_RELEASES);
  return {
    name: first.dependency.id.name,
    registry: first.registry,
    releases: shown.map((each) =>
      toHistoryRelease(each, {
        tags,
        assessed: builds.get(each.version),
        isPinned: own.has(each.version),
      }),
    ),
    omitted: versions.length - shown.length,
  };
}

function keyOf({ dependency, registry }: Subject): string {
  return JSON.stringify([dependency.id.name, registry]);
}
