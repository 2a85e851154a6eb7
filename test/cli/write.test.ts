import { describe, expect, it } from 'vitest';

import type { OutputStream } from '../../src/cli/environment.js';
import { write } from '../../src/cli/write.js';

/** Keeps what it is given, and fails from the part `failsAt` on. */
function streamOf(failsAt = Infinity): {
  readonly parts: string[];
  readonly stream: OutputStream;
} {
  const parts: string[] = [];
  const stream: OutputStream = {
    write(text, done) {
      parts.push(text);
      done?.(parts.length > failsAt ? new Error('EPIPE') : null);
      return true;
    },
  };
  return { parts, stream };
}

const PART = 1 << 20;

describe('write', () => {
  it.each([
    ['nothing', '', 1],
    ['a line', 'verified\n', 1],
    ['as much as goes at once', 'x'.repeat(PART), 1],
    ['more', 'xy'.repeat(PART), 2],
    ['a character across two parts', `${'x'.repeat(PART - 1)}😀y`, 2],
    ['a half one at the end', `${'x'.repeat(PART - 1)}\ud83d`, 1],
  ])('hands on all of it, in parts that are whole: %s', async (...row) => {
    const [, text, count] = row;
    const { parts, stream } = streamOf();
    await write(stream, text);
    expect(parts.join('')).toBe(text);
    expect(parts).toHaveLength(count);
    const encoded = Buffer.concat(parts.map((part) => Buffer.from(part)));
    expect(encoded.equals(Buffer.from(text))).toBe(true);
  });

  it('fails where a part does, and writes no other', async () => {
    const { parts, stream } = streamOf(1);
    await expect(write(stream, 'x'.repeat(4 * PART))).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: 'output: EPIPE',
    });
    expect(parts).toHaveLength(2);
  });
});
