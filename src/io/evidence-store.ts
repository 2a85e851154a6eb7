import { lstat, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import {
  openPack,
  readPacked,
  type OpenPack,
  type PackEntry,
} from './evidence-pack.js';
import { codeOf } from './files.js';
import { PackWriter, type StoredWith } from './pack-writer.js';

/** Bytes by key, kept from one run to the next. */
export interface EvidenceStore {
  /** Whether something may be had for `key`. */
  has(key: string): boolean;
  /** Null where there is nothing, or no longer what was stored. */
  find(key: string): Promise<StoredBody | null>;
  /** Keeps `body`, and a word beside it, for later runs. Never throws. */
  add(key: string, body: Uint8Array, note?: string): void;
  /** Makes later runs find nothing for `key`, until something is added. */
  forget(key: string): void;
  /**
   * Publishes what was added and keeps the store within its bounds. Rejects
   * with the system's error where that cannot be done.
   */
  close(): Promise<void>;
}

/** What was stored under a key, its digest checked when it is read. */
export interface StoredBody {
  readonly body: Uint8Array;
  /** Milliseconds since 1970, by the clock of the run that stored it. */
  readonly storedAt: number;
  /** What was kept beside it. */
  readonly note?: string;
}

/** How large a store may grow, and by what clock. */
export interface StoreOptions {
  readonly now: () => Date;
  /** All packs together; 256 MiB by default. */
  readonly maxBytes?: number;
}

/** Upper bound of a store's files together. */
export const MAX_STORE_BYTES = 256 * 1024 * 1024;
/** More than these are merged: every run opens all of them. */
const MAX_PACKS = 8;
/** Far longer than any run: older ones were left by one that died. */
const ABANDONED_MS = 3_600_000;
/** An entry from further ahead than this is of a clock that was wrong. */
const CLOCK_SKEW_MS = 3_600_000;

/** Name of a pack; whatever else lies in the folder is left alone. */
export const PACK_NAME = /^[0-9a-f]{32}\.pack$/;
/** The same, and one that is being written. */
export const OWN_NAME = /^[0-9a-f]{32}\.(?:pack|tmp)$/;
const ASIDE_NAME = /^[0-9a-f]{32}\.tmp$/;

/**
 * Opens the store in `folder`, which must be there and private. A pack that is
 * not wholly of the form that is written is passed over, and goes when the
 * store is closed. Any number of runs may share a folder: each writes a pack of
 * its own, and none waits for another.
 */
export async function openEvidenceStore(
  folder: string,
  options: StoreOptions,
): Promise<EvidenceStore> {
  const latest = options.now().getTime() + CLOCK_SKEW_MS;
  const { packs, broken } = await openPacks(folder);
  return new PackedStore({ folder, packs, broken, latest }, options);
}

interface Opened {
  readonly folder: string;
  readonly packs: readonly OpenPack[];
  readonly broken: readonly string[];
  /** Entries from after this are not believed. */
  readonly latest: number;
}

interface Place {
  readonly pack: OpenPack;
  readonly entry: PackEntry;
}

class PackedStore implements EvidenceStore {
  readonly #opened: Opened;
  readonly #options: StoreOptions;
  readonly #places: Map<string, Place>;
  readonly #used = new Set<OpenPack>();
  readonly #writer: PackWriter;

  constructor(opened: Opened, options: StoreOptions) {
    this.#opened = opened;
    this.#options = options;
    this.#places = newestPlaces(opened.packs, opened.latest);
    this.#writer = new PackWriter(opened.folder);
  }

  has(key: string): boolean {
    return (this.#places.get(key)?.entry.length ?? 0) > 0;
  }

  async find(key: string): Promise<StoredBody | null> {
    const place = this.#places.get(key);
    if (place === undefined || place.entry.length === 0) return null;
    const body = await readPacked(place.pack, place.entry);
    if (body === null) return null;
    this.#used.add(place.pack);
    return { body, ...storedWith(place.entry) };
  }

  add(key: string, body: Uint8Array, note?: string): void {
    const storedAt = this.#options.now().getTime();
    this.#writer.add(key, body, storedWith({ storedAt, note }));
  }

  forget(key: string): void {
    // Found by none: `has` and `find` take an empty body for nothing.
    if (this.has(key)) this.add(key, new Uint8Array());
    this.#places.delete(key);
  }

  async close(): Promise<void> {
    const { folder, packs, broken } = this.#opened;
    try {
      await this.#touchUsed();
      const isWritten = await this.#writer.finish();
      for (const path of broken) await rm(path, { force: true });
      if (!isWritten) return;
      await this.#mergeSmall();
      await evict(folder, this.#options.maxBytes ?? MAX_STORE_BYTES);
      await removeAbandoned(folder);
    } finally {
      await Promise.all(packs.map(({ file }) => file.close()));
    }
  }

  /** What was of use is evicted last. */
  async #touchUsed(): Promise<void> {
    const now = this.#options.now();
    for (const { path } of this.#used) {
      // Another run may have merged or evicted it meanwhile.
      await utimes(path, now, now).catch(() => undefined);
    }
  }

  /** The smaller half into one, so that large ones are not copied each time. */
  async #mergeSmall(): Promise<void> {
    const { packs, folder } = this.#opened;
    if (packs.length < MAX_PACKS) return;
    const bySize = packs.toSorted((one, other) => one.size - other.size);
    const small = bySize.slice(0, Math.ceil(packs.length / 2));
    const merged = new PackWriter(folder);
    for (const [key, { pack, entry }] of this.#places) {
      if (!small.includes(pack)) continue;
      const body = await readPacked(pack, entry);
      if (body !== null) merged.add(key, body, storedWith(entry));
    }
    await merged.finish();
    for (const { path } of small) await rm(path, { force: true });
  }
}

function storedWith({
  storedAt,
  note,
}: {
  readonly storedAt: number;
  readonly note?: string | undefined;
}): StoredWith {
  return note === undefined ? { storedAt } : { storedAt, note };
}

/** For each key the place that was stored last. */
function newestPlaces(
  packs: readonly OpenPack[],
  latest: number,
): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const pack of packs) {
    for (const entry of pack.entries) {
      const known = places.get(entry.key)?.entry.storedAt ?? -1;
      if (entry.storedAt <= latest && entry.storedAt >= known) {
        places.set(entry.key, { pack, entry });
      }
    }
  }
  return places;
}

async function openPacks(
  folder: string,
): Promise<{ readonly packs: OpenPack[]; readonly broken: string[] }> {
  const packs: OpenPack[] = [];
  const broken: string[] = [];
  for (const name of await packNames(folder)) {
    const path = join(folder, name);
    try {
      packs.push(await openPack(path));
    } catch (error) {
      // Too many open files, say, is no reason to throw evidence away.
      if (codeOf(error) === null) broken.push(path);
    }
  }
  return { packs, broken };
}

/** In an order that depends on nothing but the names. */
async function packNames(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names.filter((name) => PACK_NAME.test(name)).sort();
}

/** Removes packs, those unused for longest first, until the rest fits. */
async function evict(folder: string, maxBytes: number): Promise<void> {
  const packs = [];
  for (const name of await packNames(folder)) {
    const path = join(folder, name);
    const status = await lstat(path).catch(() => null);
    if (status === null) continue;
    packs.push({ path, size: status.size, mtimeMs: status.mtimeMs });
  }
  packs.sort((one, other) => other.mtimeMs - one.mtimeMs);
  let total = 0;
  for (const { path, size } of packs) {
    total += size;
    if (total > maxBytes) await rm(path, { force: true });
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!ASIDE_NAME.test(name)) continue;
    const path = join(folder, name);
    const status = await lstat(path).catch(() => null);
    const age = Date.now() - (status?.mtimeMs ?? Infinity);
    if (age > ABANDONED_MS) await rm(path, { force: true });
  }
}
