import type { ReleaseHistory } from '../evidence/release-history.js';
import type { EarlierBuild } from '../policy/verdict.js';
import type {
  HistoryGap,
  HistoryOrigin,
  HistoryRelease,
  HistoryReport,
} from './history-report.js';
import { toHistoryRelease } from './history-release.js';

/** What is known of the versions of a package. */
export interface HistoryInput {
  readonly head: Omit<
    HistoryReport,
    'summary' | 'releases' | 'origins' | 'gaps' | 'result' | 'exitCode'
  >;
  /** Null exactly where `head` says why there is none. */
  readonly history: ReleaseHistory | null;
  /** By version; the others were not asked about. */
  readonly assessed: ReadonlyMap<string, EarlierBuild>;
  /** Versions that the lockfile pins. */
  readonly pinned: ReadonlySet<string>;
}

/** Puts the versions of a package into the plain form of a timeline. */
export function buildHistoryReport(input: HistoryInput): HistoryReport {
  const versions = input.history?.versions ?? [];
  const releases = versions.map((each) =>
    toHistoryRelease(each, {
      tags: input.history?.tags ?? new Map<string, string>(),
      assessed: input.assessed.get(each.version),
      isPinned: input.pinned.has(each.version),
    }),
  );
  const count = (...states: readonly HistoryRelease['verification'][]) =>
    releases.filter(({ verification }) => states.includes(verification)).length;
  const summary = {
    versions: releases.length,
    claimed: releases.filter(({ claimed }) => claimed !== 'none').length,
    verified: count('verified'),
    rejected: count('rejected'),
    unknown: count('unverifiable', 'unavailable'),
    notAsked: count('not-asked'),
  };
  const { durations, ...head } = input.head;
  return {
    ...head,
    ...resultOfHistory(summary, head.unavailable !== null),
    summary,
    releases,
    origins: toOrigins(releases),
    gaps: toGaps(releases),
    durations,
  };
}

/** What nobody asked about is said, and leaves nothing open that was asked. */
function resultOfHistory(
  { rejected, unknown }: HistoryReport['summary'],
  isUnavailable: boolean,
): Pick<HistoryReport, 'result' | 'exitCode'> {
  if (rejected > 0) return { result: 'tampered', exitCode: 4 };
  return unknown > 0 || isUnavailable
    ? { result: 'incomplete', exitCode: 3 }
    : { result: 'pass', exitCode: 0 };
}

function toOrigins(
  releases: readonly HistoryRelease[],
): readonly HistoryOrigin[] {
  const origins: HistoryOrigin[] = [];
  for (const { version, provenance } of releases) {
    if (provenance === null) continue;
    const { sourceRepository, sourceRepositoryId, workflow, event } =
      provenance;
    const own = { sourceRepository, sourceRepositoryId, workflow, event };
    const last = origins.at(-1);
    if (last !== undefined && isAlike(last, own)) {
      const versions = last.versions + 1;
      origins[origins.length - 1] = { ...last, last: version, versions };
    } else {
      origins.push({ ...own, first: version, last: version, versions: 1 });
    }
  }
  return origins;
}

type Traits = Pick<
  HistoryOrigin,
  'sourceRepository' | 'sourceRepositoryId' | 'workflow' | 'event'
>;

function isAlike(one: Traits, other: Traits): boolean {
  return (
    one.sourceRepository === other.sourceRepository &&
    one.sourceRepositoryId === other.sourceRepositoryId &&
    one.workflow === other.workflow &&
    one.event === other.event
  );
}

/** Rows of releases proper: pre-releases are often published in another way. */
function toGaps(releases: readonly HistoryRelease[]): readonly HistoryGap[] {
  const gaps: HistoryGap[] = [];
  let after: string | null = null;
  let open = null as Omit<HistoryGap, 'until'> | null;
  for (const { version, claimed, line } of releases) {
    if (line.includes(' ')) continue;
    if (claimed === 'none') {
      if (after === null) continue;
      open =
        open === null
          ? { after, first: version, last: version, versions: 1 }
          : { ...open, last: version, versions: open.versions + 1 };
      continue;
    }
    if (open !== null) gaps.push({ ...open, until: version });
    open = null;
    after = version;
  }
  return open === null ? gaps : [...gaps, { ...open, until: null }];
}
