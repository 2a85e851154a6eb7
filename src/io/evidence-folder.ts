import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openPack } from './evidence-pack.js';
import { OWN_NAME, PACK_NAME } from './evidence-store.js';
import { isMissing } from './files.js';

/** What a store's folder holds. */
export interface EvidenceUse {
  /** Keys with a body, each counted once. */
  readonly answers: number;
  readonly files: number;
  readonly bytes: number;
  /** When the oldest and the newest of them were stored. */
  readonly oldest: Date | null;
  readonly newest: Date | null;
}

/**
 * Describes the store in `folder`, empty if that is not there. Files that
 * cannot be read count for their size only. Throws the system's error.
 */
export async function describeEvidence(folder: string): Promise<EvidenceUse> {
  const keys = new Set<string>();
  const times: number[] = [];
  let files = 0;
  let bytes = 0;
  for (const name of await ownNames(folder)) {
    const path = join(folder, name);
    const status = await lstat(path).catch(nullIfMissing);
    // Another run has merged, evicted or cleared it meanwhile.
    if (status === null) continue;
    files += 1;
    bytes += status.size;
    if (!PACK_NAME.test(name)) continue;
    const pack = await openPack(path).catch(() => null);
    for (const { key, length, storedAt } of pack?.entries ?? []) {
      if (length === 0) continue;
      keys.add(key);
      times.push(storedAt);
    }
    await pack?.file.close();
  }
  const ends = times.toSorted((one, other) => one - other);
  return {
    answers: keys.size,
    ...{ files, bytes },
    oldest: toDate(ends[0]),
    newest: toDate(ends.at(-1)),
  };
}

/**
 * Removes the store in `folder`, and nothing else that lies there: a link is
 * not followed. Returns how many files that were. Throws the system's error.
 */
export async function clearEvidence(folder: string): Promise<number> {
  const names = await ownNames(folder);
  for (const name of names) await rm(join(folder, name), { force: true });
  return names.length;
}

async function ownNames(folder: string): Promise<readonly string[]> {
  try {
    if ((await lstat(folder)).isSymbolicLink()) {
      throw new Error('it is a symbolic link');
    }
    return (await readdir(folder)).filter((name) => OWN_NAME.test(name)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

function toDate(ms: number | undefined): Date | null {
  return ms === undefined ? null : new Date(ms);
}
