import type { TufAnchor } from './embedded-tuf-root.js';
import {
  readTufCache,
  writeTufCache,
  type TufCacheEntry,
} from './tuf-cache.js';
import { verifyEarlier } from './tuf-earlier.js';
import type { VerifiedWalk } from './tuf-walk.js';

/** Where and as of when a walk is published. */
export interface PublishOptions {
  readonly cacheFile: string;
  readonly anchor: TufAnchor;
  readonly hosts: readonly string[];
  readonly now: Date;
  /** Milliseconds after which nothing in a cache is used. */
  readonly maxAge: number;
}

/**
 * Makes `walk` the content of the cache, where `before` was found when the
 * walk began. Rejects with the system's error where it cannot be written.
 *
 * Keeps a newer state that another run has published meanwhile: it protects
 * the next run from being set back, which an older one from a slow or hostile
 * mirror must not undo. No lock: a run that dies would leave it behind.
 */
export async function publishWalk(
  walk: VerifiedWalk,
  before: TufCacheEntry | null,
  options: PublishOptions,
): Promise<void> {
  const { cacheFile, now } = options;
  const current = await readTufCache(cacheFile);
  const isChanged = current !== null && !isSame(current, before);
  if (isChanged && (await isNewer(current, walk, options))) return;
  const { files } = walk;
  writeTufCache(cacheFile, { refreshedAt: now, files });
}

/** A version number alone proves nothing, so `entry` is verified first. */
async function isNewer(
  entry: TufCacheEntry,
  walk: VerifiedWalk,
  options: PublishOptions,
): Promise<boolean> {
  const other = await verifyEarlier(entry, { ...options.anchor, ...options });
  if (other === null) return false;
  const { rootVersion, timestampVersion } = other.walk;
  // Numbers of timestamps start over where a new root names another key.
  return rootVersion === walk.rootVersion
    ? timestampVersion > walk.timestampVersion
    : rootVersion > walk.rootVersion;
}

function isSame(one: TufCacheEntry, other: TufCacheEntry | null): boolean {
  const timestampOf = (entry: TufCacheEntry | null): Buffer =>
    Buffer.from(entry?.files.get('timestamp.json') ?? []);
  return (
    one.refreshedAt.getTime() === other?.refreshedAt.getTime() &&
    timestampOf(one).equals(timestampOf(other))
  );
}
