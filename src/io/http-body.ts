import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  gunzipSync,
  inflateSync,
} from 'node:zlib';

import { codeOf } from './files.js';

/** The codings `readBody` undoes, as an `Accept-Encoding` header asks for. */
export const ACCEPTED_CODINGS = 'gzip, deflate, br';

/** More layers than any honest server applies; each costs memory. */
const MAX_CODINGS = 2;
/** Undone at once: a stream costs more than so few bytes do. */
const FEW_BYTES = 64 * 1024;
/** Bytes of memory that are set aside for what is decoded, and not there yet. */
const LEAST_AT_ONCE = 4 * 1024;
const MOST_AT_ONCE = 256 * 1024;

interface Decoder {
  readonly atOnce: (bytes: Buffer, options: AtOnce) => Buffer;
  readonly stream: () => Transform;
}

interface AtOnce {
  readonly maxOutputLength: number;
}

const GZIP: Decoder = {
  atOnce: (bytes, options) =>
    gunzipSync(bytes, { ...options, chunkSize: claimedSize(bytes) }),
  stream: createGunzip,
};
const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  ['deflate', { atOnce: inflateSync, stream: createInflate }],
  ['br', { atOnce: brotliDecompressSync, stream: createBrotliDecompress }],
]);

/** Thrown by `readBody` at the first byte over the limit. */
export class BodyTooLarge extends Error {}

/**
 * The decoders for a `Content-Encoding` header, in the order they apply, or
 * null for codings that nothing here undoes.
 */
export function decodersFor(header: string): readonly Decoder[] | null {
  const codings = header
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MAX_CODINGS) return null;
  const decoders: Decoder[] = [];
  // The header lists codings in the order they were applied.
  for (const coding of codings.toReversed()) {
    const decoder = DECODERS.get(coding);
    if (decoder === undefined) return null;
    decoders.push(decoder);
  }
  return decoders;
}

/** How much is read, and who takes it instead of the caller. */
export interface ReadOptions {
  readonly maxBytes: number;
  /** Takes each decoded piece; the result is empty then. */
  readonly onChunk?: ((chunk: Uint8Array) => void) | undefined;
}

/**
 * Reads `body` through `decoders`, holding at most `maxBytes` of received and
 * `maxBytes` of decoded bytes. Rejects with `BodyTooLarge`, or with whatever
 * ended the stream early; the caller must then end the request.
 */
export async function readBody(
  body: Readable,
  decoders: readonly Decoder[],
  { maxBytes, onChunk }: ReadOptions,
): Promise<Uint8Array> {
  const start = await readStart(body);
  if (start.isWhole && onChunk === undefined) {
    const received = Buffer.concat(start.chunks);
    if (received.length > maxBytes) throw new BodyTooLarge();
    return decodeAtOnce(received, decoders, maxBytes);
  }
  const decoded: Uint8Array[] = [];
  const take = onChunk ?? ((chunk) => void decoded.push(chunk));
  await pipeline([
    Readable.from(continued(start.chunks, body)),
    limit(maxBytes),
    ...decoders.map(({ stream }) => stream()),
    sink(take, maxBytes),
  ]);
  return Buffer.concat(decoded);
}

/** Of what is decoded, in gzip's trailer (RFC 1952 section 2.3.1). */
const SIZE_BYTES = 4;

/**
 * How much memory to begin with: as much as gzip's trailer claims, within limits,
 * and a byte more, since a buffer that is full is followed by another one. A false
 * claim costs time and nothing else.
 */
function claimedSize(bytes: Buffer): number {
  const claimed =
    bytes.length < SIZE_BYTES
      ? 0
      : bytes.readUInt32LE(bytes.length - SIZE_BYTES);
  return Math.min(Math.max(claimed + 1, LEAST_AT_ONCE), MOST_AT_ONCE);
}

interface Start {
  readonly chunks: readonly Uint8Array[];
  readonly isWhole: boolean;
}

/** By its events: an iterator takes as long as half of the request. */
async function readStart(body: Readable): Promise<Start> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const take = (chunk: Uint8Array): void => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= FEW_BYTES) return;
      body.off('data', take);
      body.pause();
      resolve({ chunks, isWhole: false });
    };
    body.on('data', take);
    body.on('end', () => {
      resolve({ chunks, isWhole: true });
    });
    body.on('error', reject);
    body.on('close', () => {
      reject(new Error('the body ended early'));
    });
  });
}

async function* continued(
  start: readonly Uint8Array[],
  rest: Readable,
): AsyncGenerator<Uint8Array> {
  yield* start;
  yield* rest as AsyncIterable<Uint8Array>;
}

function decodeAtOnce(
  received: Buffer,
  decoders: readonly Decoder[],
  maxBytes: number,
): Buffer {
  try {
    const decoded = decoders.reduce(
      (bytes, { atOnce }) => atOnce(bytes, { maxOutputLength: maxBytes }),
      received,
    );
    return withoutSlack(decoded);
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw new BodyTooLarge();
    throw error;
  }
}

/** Bodies are kept: each would keep all the memory that it was decoded into. */
function withoutSlack(bytes: Buffer): Buffer {
  return bytes.buffer.byteLength > 2 * bytes.length
    ? Buffer.from(bytes)
    : bytes;
}

/** Passes on no more than that. */
function limit(maxBytes: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.length;
      if (size > maxBytes) done(new BodyTooLarge());
      else done(null, chunk);
    },
  });
}

function sink(take: (chunk: Uint8Array) => void, maxBytes: number): Writable {
  let size = 0;
  return new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      size += chunk.length;
      if (size > maxBytes) {
        done(new BodyTooLarge());
        return;
      }
      take(chunk);
      done();
    },
  });
}
