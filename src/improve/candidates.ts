import { requireCommonJs } from '../commonjs.js';
import type {
  PublishedVersion,
  ReleaseHistory,
} from '../evidence/release-history.js';
import type { KnownRanges } from './ranges.js';

const semver = requireCommonJs('semver');

/** Versions of a package that might be better, by what is only claimed of them. */
export interface Candidates {
  /** Claimed attested and newer, the nearest first. */
  readonly all: readonly PublishedVersion[];
  /** Of these, what every known range allows; empty where not all are known. */
  readonly inRange: readonly PublishedVersion[];
  /**
   * Where an update within the ranges leads: the newest that they allow, attested
   * or not; null if that is what is there, or the ranges are not known.
   */
  readonly newestInRange: PublishedVersion | null;
}

/**
 * What might take the place of `version`: newer versions that are not deprecated,
 * and pre-releases only where it is one itself or the range names one.
 */
export function findCandidates(
  version: string,
  history: ReleaseHistory,
  { ranges, isComplete }: KnownRanges,
): Candidates {
  const isPreRelease = (semver.prerelease(version)?.length ?? 0) > 0;
  const newer = history.versions
    .filter(
      (each) =>
        semver.valid(each.version) !== null &&
        semver.gt(each.version, version) &&
        !each.isDeprecated,
    )
    .toSorted((a, b) => semver.compare(a.version, b.version));
  const isAllowed = (each: PublishedVersion): boolean =>
    isComplete &&
    ranges.every((range) => semver.satisfies(each.version, range));
  const attested = newer.filter(({ level }) => level !== 'none');
  return {
    all: attested.filter(
      (each) =>
        isPreRelease ||
        isAllowed(each) ||
        semver.prerelease(each.version) === null,
    ),
    inRange: attested.filter(isAllowed),
    newestInRange: newer.findLast(isAllowed) ?? null,
  };
}
