import type { ClaimedLevel } from '../../evidence/release-history.js';
import type { HistoryRelease, HistoryReport } from '../history-report.js';
import { counted, enumerate, field, sentence } from './wording.js';

/** How a version was published, by the registry's word. */
export const CLAIM_WORDS: Readonly<Record<ClaimedLevel, string>> = {
  none: 'no provenance',
  provenance: 'provenance',
  'trusted-publisher': 'trusted publisher (claimed)',
  staged: 'staged (claimed)',
};

/** What is known of a version: what it was published with, or why that is open. */
export function wordRelease({
  verification,
  claimed,
  reason,
}: Pick<HistoryRelease, 'verification' | 'claimed' | 'reason'>): string {
  switch (verification) {
    case 'verified':
    case 'not-claimed':
      return CLAIM_WORDS[claimed];
    case 'not-asked':
      return `${CLAIM_WORDS[claimed]} not asked for`;
    case 'rejected':
    case 'unverifiable':
    case 'unavailable':
      return reason === null
        ? verification
        : `${verification}: ${sentence(reason.message)} (${field(reason.code)})`;
  }
}

/** The counts of a timeline, or why there is none, as words to keep together. */
export function wordHistory({
  summary,
  unavailable,
}: Pick<HistoryReport, 'summary' | 'unavailable'>): readonly string[] {
  if (unavailable !== null) {
    return [
      `no history: ${sentence(unavailable.message)} (${field(unavailable.code)})`,
    ];
  }
  const { versions, claimed, verified, rejected, unknown, notAsked } = summary;
  const counts: readonly (readonly [number, string])[] = [
    [verified, 'verified'],
    [rejected, 'rejected'],
    [unknown, 'not known'],
    [notAsked, 'not asked about (--max-versions)'],
  ];
  const words = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`);
  return [
    `${counted(versions, 'version')},`,
    words.length === 0
      ? `${claimed} with provenance`
      : `${claimed} with provenance:`,
    ...enumerate(words),
  ];
}

/** Tells releases without provenance that come after one with it. */
export function gapFinder(
  releases: readonly HistoryRelease[],
): (release: HistoryRelease) => boolean {
  const start = releases.findIndex(({ claimed }) => claimed !== 'none');
  const later = new Set(start === -1 ? [] : releases.slice(start));
  return (release) =>
    release.verification === 'not-claimed' &&
    later.has(release) &&
    // Pre-releases are often published in another way.
    !release.line.includes(' ');
}
