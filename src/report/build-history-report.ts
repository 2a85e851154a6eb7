import type {
  PublishedVersion,
  ReleaseHistory,
} from '../evidence/release-history.js';
import type { Evidence } from '../evidence/evidence.js';
import type { Facts } from '../facts/facts.js';
import { describeLine, lineOf } from '../policy/history/release-line.js';
import type {
  HistoryGap,
  HistoryOrigin,
  HistoryRelease,
  HistoryReport,
} from './history-report.js';
import { toReportProvenance } from './report-dependency.js';

/** What is known of the versions of a package. */
export interface HistoryInput {
  readonly head: Omit<
    HistoryReport,
    'summary' | 'releases' | 'origins' | 'gaps' | 'result' | 'exitCode'
  >;
  /** Null exactly where `head` says why there is none. */
  readonly history: ReleaseHistory | null;
  /** By version; the others were not asked about. */
  readonly assessed: ReadonlyMap<
    string,
    { readonly evidence: Evidence; readonly facts: Facts }
  >;
  /** Versions that the lockfile pins. */
  readonly pinned: ReadonlySet<string>;
}

/** Puts the versions of a package into the plain form of a timeline. */
export function buildHistoryReport(input: HistoryInput): HistoryReport {
  const versions = input.history?.versions ?? [];
  const releases = versions.map((each) => toRelease(each, input));
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

function toRelease(
  each: PublishedVersion,
  { history, assessed, pinned }: HistoryInput,
): HistoryRelease {
  const { version } = each;
  const tags = history?.tags ?? new Map<string, string>();
  return {
    version,
    publishedAt: each.publishedAt?.toISOString() ?? null,
    line: describeLine(lineOf(version, tags)),
    tags: [...tags].flatMap(([tag, at]) => (at === version ? [tag] : [])),
    isPinned: pinned.has(version),
    isDeprecated: each.isDeprecated,
    claimed: each.level,
    ...judge(each, assessed.get(version)),
  };
}

function judge(
  { level }: PublishedVersion,
  found: { readonly evidence: Evidence; readonly facts: Facts } | undefined,
): Pick<HistoryRelease, 'verification' | 'reason' | 'provenance'> {
  const nothing = { reason: null, provenance: null };
  if (found === undefined) {
    const verification = level === 'none' ? 'not-claimed' : 'not-asked';
    return { verification, ...nothing };
  }
  const { facts, evidence } = found;
  const provenance = toReportProvenance(facts.provenance);
  if (provenance !== null) {
    return { verification: 'verified', reason: null, provenance };
  }
  if (facts.verification === 'rejected') {
    const reason = toReason(facts.rejections[0]);
    return { ...nothing, verification: 'rejected', reason };
  }
  if (facts.verification === 'unverifiable') {
    const reason = toReason(facts.unverifiable[0]);
    return { ...nothing, verification: 'unverifiable', reason };
  }
  const reason =
    evidence.status === 'unavailable'
      ? toReason(evidence)
      : {
          code: 'attestations-withheld',
          message:
            'the list of versions names provenance, the answer about this one has none',
        };
  return { ...nothing, verification: 'unavailable', reason };
}

function toReason(
  reason: { readonly code: string; readonly message: string } | undefined,
): HistoryRelease['reason'] {
  return reason === undefined
    ? null
    : { code: reason.code, message: reason.message };
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
