import { PassThrough, Writable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import type { ResponseBody } from 'make-fetch-happen';

/** The codings `readBody` undoes, as an `Accept-Encoding` header asks for. */
export const ACCEPTED_CODINGS = 'gzip, deflate, br';

/** More layers than any honest server applies; each costs memory. */
const MAX_CODINGS = 2;

const DECODERS: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** Thrown by `readBody` at the first byte over the limit. */
export class BodyTooLarge extends Error {}

/**
 * The decoders for a `Content-Encoding` header, in the order they apply, or
 * null for codings that nothing here undoes.
 */
export function decodersFor(header: string | null): Transform[] | null {
  const codings = (header ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MAX_CODINGS) return null;
  const decoders: Transform[] = [];
  // The header lists codings in the order they were applied.
  for (const coding of codings.toReversed()) {
    const create = DECODERS.get(coding);
    if (create === undefined) return null;
    decoders.push(create());
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
 *
 * The decoders of make-fetch-happen are not used: they expand every received
 * chunk at once, a thousandfold where a bomb wants it.
 */
export async function readBody(
  body: ResponseBody | null,
  decoders: readonly Transform[],
  { maxBytes, onChunk }: ReadOptions,
): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const entry = new PassThrough();
  const decoded: Uint8Array[] = [];
  const take = onChunk ?? ((chunk) => void decoded.push(chunk));
  const reading = pipeline([entry, ...decoders, sink(take, maxBytes)]);
  feed(body, entry, maxBytes);
  await reading;
  return Buffer.concat(decoded);
}

/**
 * `body` cannot be slowed down, so what waits for the decoders is bounded by
 * counting at its entrance.
 */
function feed(body: ResponseBody, entry: PassThrough, maxBytes: number): void {
  let received = 0;
  body.on('error', (error) => {
    entry.destroy(error instanceof Error ? error : new Error('no body'));
  });
  body.on('end', () => {
    entry.end();
  });
  body.on('data', (chunk) => {
    received += chunk.length;
    if (received > maxBytes) entry.destroy(new BodyTooLarge());
    else if (!entry.destroyed) entry.write(chunk);
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
