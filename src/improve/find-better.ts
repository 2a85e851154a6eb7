import {
  assessVersions,
  type AssessOptions,
  type VersionToAssess,
} from '../assess-versions.js';
import type { PublishedVersion } from '../evidence/release-history.js';
import type { BetterVersion } from '../report/improve-report.js';
import type { Candidates } from './candidates.js';

/** Attestations of so many candidates are looked at before giving up. */
const MAX_TRIES = 3;

/** What was found among the candidates of one package. */
export interface Better {
  readonly inRange: BetterVersion | null;
  readonly nearest: BetterVersion | null;
  /** The newest one in range, if it is attested and verifies. */
  readonly newest: BetterVersion | null;
  /** An answer was missing that might have said otherwise. */
  readonly isUncertain: boolean;
}

/** Where the candidates of a package are asked for. */
export type Place = Pick<VersionToAssess, 'registry' | 'askedAt'> & {
  readonly name: string;
  /** A certificate that does not name the whole build would better nothing. */
  readonly needsFullIdentity: boolean;
};

/**
 * Verifies candidates, the nearest first, until one is proven: at most three in
 * range, three at all, and the newest in range.
 */
export async function findBetter(
  { all, inRange, newestInRange }: Candidates,
  place: Place,
  options: AssessOptions,
): Promise<Better> {
  const known = new Map<string, BetterVersion | null>();
  let isUncertain = false;
  const assess = async (
    one: PublishedVersion,
  ): Promise<BetterVersion | null> => {
    const { version, integrity } = one;
    const before = known.get(version);
    if (before !== undefined) return before;
    const { name, registry, askedAt } = place;
    const wanted = { id: { name, version }, integrity, registry, askedAt };
    const [found] = await assessVersions([wanted], options);
    const facts = found?.facts;
    const provenance =
      facts?.verification === 'verified' ? facts.provenance : null;
    if (found?.evidence.status === 'unavailable') isUncertain = true;
    const better =
      provenance === null ||
      facts === undefined ||
      (place.needsFullIdentity && provenance.limitedIdentity)
        ? null
        : {
            version,
            sourceRepository: provenance.sourceRepository,
            level: facts.level,
          };
    known.set(version, better);
    return better;
  };
  const firstOf = async (
    list: readonly PublishedVersion[],
  ): Promise<BetterVersion | null> => {
    for (const one of list.slice(0, MAX_TRIES)) {
      const better = await assess(one);
      if (better !== null) return better;
    }
    return null;
  };
  const nearestInRange = await firstOf(inRange);
  const nearest = await firstOf(all);
  const newest =
    newestInRange === null || newestInRange.level === 'none'
      ? null
      : await assess(newestInRange);
  return { inRange: nearestInRange ?? newest, nearest, newest, isUncertain };
}
