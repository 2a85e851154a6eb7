import type {
  PublishedVersion,
  ReleaseHistory,
} from '../evidence/release-history.js';
import { describeLine, lineOf } from '../policy/history/release-line.js';
import type { EarlierBuild } from '../policy/verdict.js';
import type { HistoryRelease } from './history-report.js';
import { toReportProvenance } from './report-dependency.js';

/** What is known of a version beside what its registry lists. */
export interface ReleaseContext {
  readonly tags: ReleaseHistory['tags'];
  /** Undefined where nobody asked. */
  readonly assessed: EarlierBuild | undefined;
  readonly isPinned: boolean;
}

/** A version as a point of a timeline. */
export function toHistoryRelease(
  each: PublishedVersion,
  { tags, assessed, isPinned }: ReleaseContext,
): HistoryRelease {
  const { version } = each;
  return {
    version,
    publishedAt: each.publishedAt?.toISOString() ?? null,
    line: describeLine(lineOf(version, tags)),
    tags: [...tags].flatMap(([tag, at]) => (at === version ? [tag] : [])),
    isPinned,
    isDeprecated: each.isDeprecated,
    claimed: each.level,
    ...judge(each, assessed),
  };
}

function judge(
  { level }: PublishedVersion,
  found: EarlierBuild | undefined,
): Pick<HistoryRelease, 'verification' | 'reason' | 'provenance'> {
  const nothing = { reason: null, provenance: null };
  const isSilent = level === 'none' && found?.evidence.status === 'unattested';
  if (found === undefined || isSilent) {
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
