import { hash } from 'node:crypto';
import { constants, open, type FileHandle } from 'node:fs/promises';
import {
  isJsonArray,
  parseStrictJson,
  type JsonValue,
} from '../json/strict-json.js';

/** Where a body stands in a pack, and as of when it was stored. */
export interface PackEntry {
  readonly key: string;
  /** SHA-256 of the body in hex: it is read back by what it is. */
  readonly sha256: string;
  readonly offset: number;
  readonly length: number;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  /** What was said along with the body; left out where nothing was. */
  readonly note?: string;
}

/** A pack that is open for reading. */
export interface OpenPack {
  readonly path: string;
  readonly size: number;
  readonly entries: readonly PackEntry[];
  readonly file: FileHandle;
  /** Through which bodies are read. */
  readonly blocks: BlockReader;
}

/** Bodies are mostly asked for in the order in which they were kept. */
const BLOCK_BYTES = 256 * 1024;
const MAX_BLOCKS = 8;

/** Larger ones are not read, and none larger is written. */
export const MAX_PACK_BYTES = 128 * 1024 * 1024;

const MARK = 'provenance-audit pack 1\n';
const LENGTH_DIGITS = 10;
const DIGEST = /^[0-9a-f]{64}$/;
/** `SHA256 LENGTH MARK`, of the index before it. */
const TRAILER_BYTES = 64 + 1 + LENGTH_DIGITS + 1 + MARK.length;
const INDEX_LIMITS = { maxBytes: 32 * 1024 * 1024, maxDepth: 2 };

/**
 * Opens a pack: bodies one after the other, then the index of them, then the
 * index's digest and length. Throws for whatever is not wholly of that form or
 * is a link; what the bodies are is only seen when they are read.
 */
export async function openPack(path: string): Promise<OpenPack> {
  const flags =
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags);
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new Error('not a regular file');
    if (status.size > MAX_PACK_BYTES) throw new Error('too large');
    return {
      path,
      size: status.size,
      file,
      blocks: new BlockReader(file, status.size),
      entries: await readIndex(file, status.size),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The body of `entry`; null unless it is still the one that was stored. */
export async function readPacked(
  { blocks }: OpenPack,
  { offset, length, sha256 }: PackEntry,
): Promise<Uint8Array | null> {
  const body = await blocks.read(offset, length).catch(() => null);
  return body !== null && sha256Hex(body) === sha256 ? body : null;
}

/** Reads a file in blocks and holds a few of them: a call for each body costs more. */
class BlockReader {
  readonly #file: FileHandle;
  readonly #size: number;
  /** By number, the one read last at the end. */
  readonly #blocks = new Map<number, Promise<Buffer>>();

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** A copy, so that a block is not held for the sake of a body. */
  async read(offset: number, length: number): Promise<Buffer> {
    const number = Math.floor(offset / BLOCK_BYTES);
    const start = offset - number * BLOCK_BYTES;
    if (start + length > BLOCK_BYTES) return readAt(this.#file, offset, length);
    const block = await this.#block(number);
    return Buffer.from(block.subarray(start, start + length));
  }

  #block(number: number): Promise<Buffer> {
    const start = number * BLOCK_BYTES;
    const length = Math.min(BLOCK_BYTES, this.#size - start);
    const block = this.#blocks.get(number) ?? readAt(this.#file, start, length);
    this.#blocks.delete(number);
    this.#blocks.set(number, block);
    const [oldest = number] = this.#blocks.keys();
    if (this.#blocks.size > MAX_BLOCKS) this.#blocks.delete(oldest);
    return block;
  }
}

/** What follows the bodies in a pack. */
export function packIndex(entries: readonly PackEntry[]): Uint8Array {
  const rows = entries.map(
    ({ key, sha256, offset, length, storedAt, note }) => [
      ...[key, sha256, offset, length, storedAt],
      ...(note === undefined ? [] : [note]),
    ],
  );
  const index = Buffer.from(JSON.stringify(rows));
  const length = String(index.length).padStart(LENGTH_DIGITS, '0');
  const trailer = `${sha256Hex(index)} ${length} ${MARK}`;
  return Buffer.concat([index, Buffer.from(trailer)]);
}

/** SHA-256 in hexadecimal. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return hash('sha256', bytes, 'hex');
}

async function readIndex(
  file: FileHandle,
  size: number,
): Promise<readonly PackEntry[]> {
  const start = size - TRAILER_BYTES;
  const trailer = (await readAt(file, start, TRAILER_BYTES)).toString('latin1');
  const [digest = '', digits = '', ...mark] = trailer.split(' ');
  const length = /^\d{10}$/.test(digits) ? Number(digits) : Infinity;
  const isOurs = mark.join(' ') === MARK && length <= start;
  if (!isOurs) throw new Error('not a pack');
  const index = await readAt(file, start - length, length);
  if (sha256Hex(index) !== digest) throw new Error('a damaged index');
  const parsed = parseStrictJson(index, INDEX_LIMITS);
  if (parsed.status !== 'ok' || !isJsonArray(parsed.value)) {
    throw new Error('an unreadable index');
  }
  return parsed.value.map((row) => toEntry(row, start - length));
}

function toEntry(row: JsonValue, end: number): PackEntry {
  const [key, sha256, offset, length, storedAt, note] = isJsonArray(row)
    ? row
    : [];
  const isEntry =
    isDigest(key) &&
    isDigest(sha256) &&
    isCount(offset) &&
    isCount(length) &&
    isCount(storedAt) &&
    (note === undefined || typeof note === 'string') &&
    offset + length <= end;
  if (!isEntry) throw new Error('an unreadable index');
  const place = { key, sha256, offset, length, storedAt };
  return note === undefined ? place : { ...place, note };
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && DIGEST.test(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

async function readAt(
  file: FileHandle,
  position: number,
  length: number,
): Promise<Buffer> {
  if (position < 0) throw new Error('it ends early');
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  if (bytesRead !== length) throw new Error('it ends early');
  return bytes;
}
