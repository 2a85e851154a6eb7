import { DEFAULT_MIRROR_URL } from '@sigstore/tuf';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTufMirror, type TufMirror } from '../../fixtures/tuf-mirror.js';
import { embeddedTufAnchor } from '../../src/io/embedded-tuf-root.js';
import { createNetworkDownloader } from '../../src/io/tuf-download.js';
import { DEFAULT_NETWORK } from '../../src/io/http.js';
import { findRepeatedKey } from '../../src/io/tuf-keys.js';
import { walkRepository, type Walk } from '../../src/io/tuf-walk.js';
import { sharedArchive } from '../shared-data.js';

const archive = await sharedArchive('real-attestations');

describe('embeddedTufAnchor', () => {
  it('is a public repository with a root of its own', async () => {
    const { mirrorUrl, root } = embeddedTufAnchor();
    expect(mirrorUrl).toBe(DEFAULT_MIRROR_URL);
    expect(mirrorUrl).toMatch(/^https:\/\//);
    const files = new Map<string, Buffer>();
    const mirror = await startTufMirror({ files });
    // It is accepted as a beginning; the empty mirror then has no timestamp.
    expect(await walkFrom(mirror, root)).toEqual(END_OF_CHAIN);
    await mirror.close();
  });
});

const END_OF_CHAIN = {
  status: 'invalid',
  message: 'timestamp.json is not in the repository',
};

function walkFrom(mirror: TufMirror, root: Uint8Array): Promise<Walk> {
  const { signal } = new AbortController();
  const network = { ...DEFAULT_NETWORK, noProxy: '127.0.0.1' };
  return walkRepository({
    root,
    mirrorUrl: mirror.url,
    download: createNetworkDownloader({ network, signal, timeoutMs: 10_000 }),
    at: new Date('2026-11-01T00:00:00Z'),
    hosts: [],
    earlier: new Map(),
    knownRoots: new Map(),
  });
}

describe.skipIf(archive === null)(
  'real roots 14 and 15 (skipped without ../shared)',
  () => {
    let root14: Buffer;
    let root15: Buffer;
    let mirror: TufMirror;
    const files = new Map<string, Buffer>();

    beforeAll(async () => {
      const trust = join(archive ?? '', 'trust');
      root14 = await readFile(join(trust, 'public-good-tuf-root-v14.json'));
      root15 = await readFile(join(trust, 'public-good-tuf-root-v15.json'));
      mirror = await startTufMirror({ files });
    });

    afterAll(async () => {
      await mirror.close();
    });

    it('chain, and on to the embedded root', async () => {
      files.set('15.root.json', root15);
      const { root } = embeddedTufAnchor();
      files.set('16.root.json', Buffer.from(root));
      mirror.requests.length = 0;
      expect(await walkFrom(mirror, root14)).toEqual(END_OF_CHAIN);
      expect(mirror.requests).toEqual([
        '15.root.json',
        '16.root.json',
        '17.root.json',
        'timestamp.json',
      ]);
    });

    it('list every key once, in all spellings', () => {
      const { root } = embeddedTufAnchor();
      for (const each of [root14, root15, root]) {
        expect(findRepeatedKey(each)).toBeNull();
      }
    });

    it.each<[string, () => Buffer, RegExp]>([
      ['root 14 again', () => root14, /Expected version 15, got 14/],
      [
        'another expiry date',
        () => edit(root15, '2026-11-20T', '2027-11-20T'),
        /root was signed by 0\/3 keys/,
      ],
      [
        'another threshold',
        () => edit(root15, '"threshold": 3', '"threshold": 1'),
        /root was signed by 0\/3 keys/,
      ],
    ])('do not chain with %s as root 15', async (_defect, bytes, message) => {
      files.set('15.root.json', bytes());
      const walk = await walkFrom(mirror, root14);
      expect(walk).toMatchObject({
        status: 'invalid',
        message: expect.stringMatching(message) as unknown,
      });
    });
  },
);

function edit(bytes: Buffer, from: string, to: string): Buffer {
  const text = bytes.toString('utf8');
  if (!text.includes(from)) throw new Error(`no ${from} to edit`);
  return Buffer.from(text.replace(from, to));
}
