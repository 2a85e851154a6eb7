import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import {
  BodyTooLarge,
  decodersFor,
  readBody,
  type ReadOptions,
} from '../../src/io/http-body.js';

const MIB = 1024 * 1024;

const GZIP = decodersFor('gzip') ?? [];

async function readGzip(zeros: Buffer, onChunk?: ReadOptions['onChunk']) {
  const body = Readable.from([zeros]);
  return readBody(body, GZIP, { maxBytes: MIB, onChunk }).then(
    ({ length }) => length,
    (error: unknown) => error,
  );
}

describe('readBody', () => {
  it.each([
    ['less than the limit', MIB - 1],
    ['exactly the limit', MIB],
  ])('reads %s', async (_what, size) => {
    let taken = 0;
    const take = (chunk: Uint8Array) => void (taken += chunk.length);
    const zeros = gzipSync(Buffer.alloc(size));
    expect(await readGzip(zeros)).toBe(size);
    expect(await readGzip(zeros, take)).toBe(0);
    expect(taken).toBe(size);
  });

  it.each([
    ['a byte over the limit', MIB + 1],
    ['a bomb of sixty-four times the limit', 64 * MIB],
    ['a bomb that is not decoded at once', 128 * MIB],
  ])('stops decoding at %s', async (_what, size) => {
    let taken = 0;
    const take = (chunk: Uint8Array) => void (taken += chunk.length);
    const zeros = gzipSync(Buffer.alloc(size));
    expect(await readGzip(zeros)).toBeInstanceOf(BodyTooLarge);
    expect(await readGzip(zeros, take)).toBeInstanceOf(BodyTooLarge);
    expect(taken).toBeLessThanOrEqual(MIB);
  });

  it.each([
    ['at its start', 1],
    ['after more than is read at once', 2],
  ])('takes no body for whole that is cut off %s', async (_where, pieces) => {
    const sent = Array.from({ length: pieces }, () => Buffer.alloc(64 * 1024));
    const body = new Readable({
      read() {
        const piece = sent.shift();
        if (piece === undefined) this.destroy();
        else this.push(piece);
      },
    });
    await expect(readBody(body, [], { maxBytes: MIB })).rejects.toThrow();
  });

  it('reads several members, whatever the last one says of its size', async () => {
    const members = [Buffer.alloc(50_000, 'a'), Buffer.from('b')];
    const body = Readable.from([
      Buffer.concat(members.map((m) => gzipSync(m))),
    ]);
    const read = await readBody(body, GZIP, { maxBytes: MIB });
    expect(Buffer.concat(members).equals(read)).toBe(true);
  });

  it('refuses a size that is not true', async () => {
    const claimed = gzipSync('{}');
    claimed.writeUInt32LE(0xffffffff, claimed.length - 4);
    const body = Readable.from([claimed]);
    await expect(readBody(body, GZIP, { maxBytes: MIB })).rejects.toThrow();
  });

  it.each([10, 3000, 6000, 300_000])(
    'holds %d bytes in no more than twice their memory, or a shared block',
    async (size) => {
      const body = Readable.from([gzipSync(Buffer.alloc(size))]);
      const read = await readBody(body, GZIP, { maxBytes: MIB });
      expect(read.length).toBe(size);
      expect(read.buffer.byteLength).toBeLessThanOrEqual(
        Math.max(2 * size, Buffer.poolSize),
      );
    },
  );

  it('reads in pieces what is too much to be decoded at once', async () => {
    const noise = Buffer.concat(
      Array.from({ length: 4000 }, (_, index) =>
        createHash('sha256').update(String(index)).digest(),
      ),
    );
    const body = Readable.from([gzipSync(noise)]);
    const read = await readBody(body, GZIP, { maxBytes: MIB });
    expect(noise.equals(read)).toBe(true);
  });
});
