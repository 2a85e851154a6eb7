import { requireCommonJs } from '../../commonjs.js';
import {
  CLAIMED_LEVELS,
  type ClaimedLevel,
} from '../../evidence/release-history.js';
import type { Facts } from '../../facts/facts.js';
import type { HistoryWindows } from '../policy.js';
import type { Subject } from '../verdict.js';
import type { DatedRelease, PlacedRelease } from './placed-release.js';
import { lineOf } from './release-line.js';

const parse = requireCommonJs('semver/functions/parse.js');

/** Less than some earlier version of the package had. */
export interface Downgrade {
  readonly level: ClaimedLevel;
  /** Of those with the highest level the last one, in the same line if any is. */
  readonly compared: DatedRelease;
  /**
   * - `same-line`: its own line had more.
   * - `new-line`: only lower lines had more.
   * - `old-line`: a higher line had more, and this is the first one here since.
   */
  readonly kind: 'same-line' | 'new-line' | 'old-line';
}

/**
 * What the version has by the registry's word, and by its own evidence: verified
 * provenance counts whatever the registry says, and none without it.
 */
export function levelOfRelease(
  { own }: PlacedRelease,
  { facts }: Pick<Subject, 'facts'>,
): ClaimedLevel {
  // A claim alone, an approval too, must not hide that provenance was lost.
  if (!isProvenBuild(facts)) return 'none';
  return own.level === 'none' ? 'provenance' : own.level;
}

/**
 * Compares a version with those that were published before it, by date, within
 * the policy's `compareWithin`: with its own line of releases, and where that has nothing
 * better with the others of its class. Null where nothing had more, which it is
 * for what is older than the first attested version.
 *
 * A line in which a release without has stood for `byHandAfter` since the package
 * began to attest is one that is done by hand: what follows it there is no loss.
 */
export function findDowngrade(
  release: PlacedRelease,
  subject: Pick<Subject, 'facts'>,
  windows: HistoryWindows,
): Downgrade | null {
  const level = levelOfRelease(release, subject);
  const { line, history, own } = release;
  const at = own.publishedAt ?? release.publishedAt;
  const comparable = release.earlier.filter(
    ({ version, publishedAt }) =>
      lineOf(version, history.tags).preRelease === line.preRelease &&
      at.getTime() - publishedAt.getTime() <= windows.compareWithin,
  );
  const stronger = comparable.filter((each) => isMore(each.level, level));
  const isInLine = ({ version }: DatedRelease): boolean =>
    lineOf(version, history.tags).series === line.series;
  const ownLine = strongest(stronger.filter(isInLine));
  if (ownLine !== null) return { level, compared: ownLine, kind: 'same-line' };
  const compared = strongest(stronger);
  if (compared === null) return null;
  const adopted = stronger[0]?.publishedAt ?? at;
  const isByHand = comparable.some(
    (each) =>
      isInLine(each) &&
      each.publishedAt >= adopted &&
      at.getTime() - each.publishedAt.getTime() >= windows.byHandAfter,
  );
  if (isByHand) return null;
  const isOld = stronger.some(({ version }) => isAbove(version, own.version));
  return { level, compared, kind: isOld ? 'old-line' : 'new-line' };
}

/** Whether a build is proven: verified, with provenance. */
export function isProvenBuild(facts: Facts | null | undefined): boolean {
  return facts?.verification === 'verified' && facts.provenance !== null;
}

function strongest(releases: readonly DatedRelease[]): DatedRelease | null {
  return releases.reduce<DatedRelease | null>(
    (best, each) =>
      best === null || !isMore(best.level, each.level) ? each : best,
    null,
  );
}

function isMore(one: ClaimedLevel, other: ClaimedLevel): boolean {
  return CLAIMED_LEVELS.indexOf(one) > CLAIMED_LEVELS.indexOf(other);
}

function isAbove(one: string, other: string): boolean {
  const [left, right] = [parse(one), parse(other)];
  return left !== null && right !== null && left.compare(right) > 0;
}
