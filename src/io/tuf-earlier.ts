import type { TufAnchor } from './embedded-tuf-root.js';
import type { TufCacheEntry } from './tuf-cache.js';
import { createRecordedDownloader } from './tuf-download.js';
import { walkRepository, type VerifiedWalk } from './tuf-walk.js';

/** A TUF refresh whose result verifies as of `refreshedAt`. */
export interface Refresh {
  readonly refreshedAt: Date;
  readonly walk: VerifiedWalk;
}

/**
 * How far a refresh may be used without another one: `fresh` without asking;
 * `silent` and `warning` when the repository cannot be reached; else not.
 */
export type Usability = 'fresh' | 'silent' | 'warning' | 'too-old';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FRESH_MS = DAY_MS;
const SILENT_MS = 7 * DAY_MS;
const USABLE_MS = 30 * DAY_MS;

/** How far ahead of the local clock a refresh may claim to be. */
const CLOCK_SKEW_MS = HOUR_MS;

/** Age of a refresh in milliseconds; 0 for one slightly ahead of the clock. */
export function ageOf(refreshedAt: Date, now: Date): number {
  return Math.max(0, now.getTime() - refreshedAt.getTime());
}

/**
 * Rates a refresh by its age (SECURITY section 4). One that is young but has
 * expired since, or that left open whether a host has keys, is not `fresh`.
 */
export function rateRefresh(refresh: Refresh, now: Date): Usability {
  const { refreshedAt, walk } = refresh;
  const age = ageOf(refreshedAt, now);
  const isSigned = walk.signedUntil > now && walk.rootExpires > now;
  const isComplete = [...walk.keys.values()].every(
    ({ status }) => status === 'found' || status === 'none',
  );
  if (age < FRESH_MS && isSigned && isComplete) return 'fresh';
  if (age <= SILENT_MS) return 'silent';
  return age <= USABLE_MS ? 'warning' : 'too-old';
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
  options: TufAnchor & { readonly hosts: readonly string[] },
  now: Date,
): Promise<Refresh | null> {
  const { refreshedAt, files } = entry;
  if (refreshedAt.getTime() > now.getTime() + CLOCK_SKEW_MS) return null;
  const walk = await walkRepository({
    ...options,
    download: createRecordedDownloader(files),
    at: refreshedAt,
    earlier: files,
    knownRoots: new Map(),
  });
  return walk.status === 'verified' ? { refreshedAt, walk } : null;
}
