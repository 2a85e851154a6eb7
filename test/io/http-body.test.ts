import { PassThrough, Transform } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { BodyTooLarge, readBody } from '../../src/io/http-body.js';

const MIB = 1024 * 1024;

/** A decoder that counts what comes out of the one before it. */
function createCounter(): { readonly stream: Transform; bytes: number } {
  const counter = {
    bytes: 0,
    stream: new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        counter.bytes += chunk.length;
        done(null, chunk);
      },
    }),
  };
  return counter;
}

async function readGzip(size: number, maxBytes: number) {
  const body = new PassThrough();
  const counter = createCounter();
  const decoders = [createGunzip(), counter.stream];
  const reading = readBody(body, decoders, { maxBytes });
  body.end(gzipSync(Buffer.alloc(size)));
  const outcome = await reading.then(
    ({ length }) => length,
    (error: unknown) => error,
  );
  return { outcome, decoded: counter.bytes };
}

describe('readBody', () => {
  it.each([
    ['less than the limit', MIB - 1],
    ['exactly the limit', MIB],
  ])('reads %s', async (_what, size) => {
    expect(await readGzip(size, MIB)).toEqual({ outcome: size, decoded: size });
  });

  it.each([
    ['a byte over the limit', MIB + 1],
    ['a bomb of sixty-four times the limit', 64 * MIB],
  ])('stops decoding at %s', async (_what, size) => {
    const { outcome, decoded } = await readGzip(size, MIB);
    expect(outcome).toBeInstanceOf(BodyTooLarge);
    // What stood in the streams between decoder and limit comes on top.
    expect(decoded).toBeLessThanOrEqual(2 * MIB);
  });
});
