import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  MAX_PACK_BYTES,
  packIndex,
  sha256Hex,
  type PackEntry,
} from './evidence-pack.js';

/** Room that the index of a full pack may need. */
const INDEX_RESERVE = 24 * 1024 * 1024;
const BATCH_BYTES = 1024 * 1024;

/** What a body is stored with. */
export type StoredWith = Pick<PackEntry, 'storedAt' | 'note'>;

/**
 * Writes one pack beside its name and gives it that when it is whole: a reader
 * never sees a part, and a writer that dies leaves nothing that is read. Bodies
 * that are equal are stored once. What no longer fits is left out.
 */
export class PackWriter {
  readonly path: string;
  readonly #aside: string;
  readonly #entries: PackEntry[] = [];
  readonly #places = new Map<string, number>();
  #batch: Uint8Array[] = [];
  #batchBytes = 0;
  #offset = 0;
  #file: FileHandle | null = null;
  #writing: Promise<void> = Promise.resolve();
  #failure: Error | null = null;

  constructor(folder: string) {
    const name = randomBytes(16).toString('hex');
    this.path = join(folder, `${name}.pack`);
    this.#aside = join(folder, `${name}.tmp`);
  }

  /** Never throws: a failure is told by `finish`. */
  add(key: string, body: Uint8Array, stored: StoredWith): void {
    const sha256 = sha256Hex(body);
    const known = this.#places.get(sha256);
    const offset = known ?? this.#offset;
    const end = known === undefined ? offset + body.length : this.#offset;
    const hasRoom = end <= MAX_PACK_BYTES - INDEX_RESERVE;
    if (this.#failure !== null || !hasRoom) return;
    const { length } = body;
    this.#entries.push({ key, sha256, offset, length, ...stored });
    if (known !== undefined) return;
    this.#places.set(sha256, offset);
    this.#offset = end;
    this.#batch.push(body);
    this.#batchBytes += body.length;
    if (this.#batchBytes >= BATCH_BYTES) this.#flush();
  }

  /**
   * Publishes the pack; false if there was nothing to write. Rejects with the
   * system's error, and then leaves nothing behind.
   */
  async finish(): Promise<boolean> {
    if (this.#entries.length === 0) return false;
    this.#batch.push(packIndex(this.#entries));
    this.#flush();
    await this.#writing;
    await this.#file?.close();
    if (this.#failure === null) {
      await rename(this.#aside, this.path).catch((error: unknown) => {
        this.#failure = toError(error);
      });
    }
    if (this.#failure === null) return true;
    await rm(this.#aside, { force: true }).catch(() => undefined);
    throw this.#failure;
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    this.#writing = this.#writing.then(async () => {
      if (this.#failure !== null) return;
      try {
        this.#file ??= await open(this.#aside, 'wx', 0o600);
        await this.#file.appendFile(Buffer.concat(batch));
      } catch (error) {
        this.#failure = toError(error);
      }
    });
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
