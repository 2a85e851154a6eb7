import { randomUUID } from 'node:crypto';
import {
  lstatSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { member } from './member.js';
import { readRegularFile } from './regular-file.js';

/** Largest accepted cache file; real ones have less than 200 KiB. */
const MAX_BYTES = 16 * 1024 * 1024;

const FORMAT_VERSION = 1;

/** Far longer than any writer needs: older ones were left by one that died. */
const ABANDONED_MS = 3_600_000;

/**
 * What an earlier TUF refresh left behind. Nothing in it is trusted: the files
 * are verified again from the embedded root, and `refreshedAt` only tells as of
 * when, so that a claim later than the signed expiry is refused.
 */
export interface TufCacheEntry {
  readonly refreshedAt: Date;
  /**
   * `N.root.json` as fetched, all other metadata under its plain name, targets
   * under `targets/`; names percent-encoded.
   */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads a cache file. Whatever is wrong with it (missing, cut off, a link,
 * another format), the answer is null: the next refresh replaces it.
 */
export async function readTufCache(
  path: string,
): Promise<TufCacheEntry | null> {
  try {
    const limits = { maxBytes: MAX_BYTES, followLink: false };
    const text = (await readRegularFile(path, limits)).toString('utf8');
    const value: unknown = JSON.parse(text);
    return parseEntry(value);
  } catch {
    return null;
  }
}

/**
 * Publishes a cache file under `path` in one step: a reader sees the old state
 * or the new one, and of several writers the last one wins. The directory must
 * exist and be private.
 */
export function writeTufCache(path: string, entry: TufCacheEntry): void {
  const files = [...entry.files]
    .filter(([name]) => isFileName(name))
    .map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]);
  const text = JSON.stringify({
    formatVersion: FORMAT_VERSION,
    refreshedAt: entry.refreshedAt.toISOString(),
    files: Object.fromEntries(files) as unknown,
  });
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(aside, text, { flag: 'wx', mode: 0o600 });
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
  removeAbandoned(path);
}

/** What killed writers of `path` have left beside it. */
function removeAbandoned(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const isAside =
      name.startsWith(`${basename(path)}.`) && name.endsWith('.tmp');
    if (!isAside) continue;
    const aside = join(folder, name);
    // Another run may have removed it, or given it its final name, meanwhile.
    const status = lstatSync(aside, { throwIfNoEntry: false });
    const age = Date.now() - (status?.mtimeMs ?? Infinity);
    if (age > ABANDONED_MS) rmSync(aside, { force: true });
  }
}

function parseEntry(value: unknown): TufCacheEntry | null {
  if (member(value, 'formatVersion') !== FORMAT_VERSION) return null;
  const refreshedAt = member(value, 'refreshedAt');
  const files = member(value, 'files');
  const isComplete =
    typeof refreshedAt === 'string' &&
    typeof files === 'object' &&
    files !== null &&
    !Array.isArray(files);
  if (!isComplete) return null;
  const date = new Date(refreshedAt);
  if (Number.isNaN(date.getTime())) return null;
  const entries = new Map<string, Uint8Array>();
  for (const [name, base64] of Object.entries<unknown>({ ...files })) {
    // A name with a path in it would be written outside the staging directory.
    if (!isFileName(name) || typeof base64 !== 'string') return null;
    entries.set(name, Buffer.from(base64, 'base64'));
  }
  return { refreshedAt: date, files: entries };
}

function isFileName(name: string): boolean {
  return /^(?:targets\/)?[\w%!~'()-][\w%!~'().-]{0,250}$/.test(name);
}
