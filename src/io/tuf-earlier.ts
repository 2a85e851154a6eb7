import type { TufAnchor } from './embedded-tuf-root.js';
import type { TufCacheEntry } from './tuf-cache.js';
import { createRecordedDownloader } from './tuf-download.js';
import { walkRepository, type VerifiedWalk, type Walk } from './tuf-walk.js';

/** A TUF refresh whose result verifies as of `refreshedAt`. */
export interface Refresh {
  readonly refreshedAt: Date;
  readonly walk: VerifiedWalk;
}

/** An earlier one, from the cache. */
export interface EarlierRefresh extends Refresh {
  /**
   * Whether another one would be in vain for now: this one is less than a day
   * old, and all of it, keys included, verifies as of now too.
   */
  readonly isFresh: boolean;
}

/** How far a refresh may be used where the repository cannot be reached. */
export type Usability = 'silent' | 'warning' | 'too-old';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FRESH_MS = DAY_MS;
const SILENT_MS = 7 * DAY_MS;

/** Age up to which a refresh is used unless the user says else: 30 days. */
export const DEFAULT_MAX_AGE_MS = 30 * DAY_MS;

/** How far ahead of the local clock a refresh may claim to be. */
const CLOCK_SKEW_MS = HOUR_MS;

/** Age of a refresh in milliseconds; 0 for one slightly ahead of the clock. */
export function ageOf(refreshedAt: Date, now: Date): number {
  return Math.max(0, now.getTime() - refreshedAt.getTime());
}

/** Rates a refresh by its age in milliseconds (SECURITY section 4). */
export function rateAge(age: number, maxAge: number): Usability {
  if (age > maxAge) return 'too-old';
  return age <= SILENT_MS ? 'silent' : 'warning';
}

/** As of when the cache is verified, and for what. */
export interface EarlierOptions extends TufAnchor {
  readonly hosts: readonly string[];
  readonly now: Date;
  /** Milliseconds; none that is older is fresh. */
  readonly maxAge: number;
}

/**
 * Verifies what the cache holds from the anchor on, without a request; null if
 * it does not verify or claims to be from the future.
 *
 * Nothing in `entry` is trusted, its date included: all metadata must be
 * unexpired as of that date, so old metadata cannot claim to be fresh beyond
 * its signed expiry, and a date that is too early only shortens its use.
 */
export async function verifyEarlier(
  entry: TufCacheEntry,
  options: EarlierOptions,
): Promise<EarlierRefresh | null> {
  const { refreshedAt } = entry;
  const { now, maxAge } = options;
  if (refreshedAt.getTime() > now.getTime() + CLOCK_SKEW_MS) return null;
  const age = ageOf(refreshedAt, now);
  if (age < FRESH_MS && age <= maxAge) {
    const walk = await walkRecorded(entry, options, now);
    const isFresh = walk.status === 'verified' && knowsAllKeys(walk);
    if (isFresh) return { refreshedAt, walk, isFresh };
  }
  const walk = await walkRecorded(entry, options, refreshedAt);
  return walk.status === 'verified'
    ? { refreshedAt, walk, isFresh: false }
    : null;
}

function walkRecorded(
  { files }: TufCacheEntry,
  options: EarlierOptions,
  at: Date,
): Promise<Walk> {
  return walkRepository({
    ...options,
    download: createRecordedDownloader(files),
    at,
    earlier: files,
    knownRoots: new Map(),
  });
}

/** A host that was not asked about, or without usable keys, is worth asking. */
function knowsAllKeys({ keys }: VerifiedWalk): boolean {
  return [...keys.values()].every(
    ({ status }) => status === 'found' || status === 'none',
  );
}
