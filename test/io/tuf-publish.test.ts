import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_NETWORK } from '../../src/io/http.js';
import { publishWalk } from '../../src/io/tuf-publish.js';
import { refreshOnline } from '../../src/io/tuf-refresh.js';
import type { VerifiedWalk } from '../../src/io/tuf-walk.js';
import {
  daysLater,
  HOST,
  NOW,
  openScene,
  textsOf,
  type TufScene,
} from './tuf-scene.js';

let scene: TufScene;

beforeEach(async () => {
  scene = await openScene();
});

afterEach(async () => {
  await scene.close();
});

const targetsTwo = new Map([['trusted_root.json', Buffer.from('root two')]]);

function fromBase64(text = ''): Buffer {
  return Buffer.from(text, 'base64');
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** What a run that began now, on an empty cache, will want to publish. */
async function beginRun(): Promise<VerifiedWalk> {
  const walk = await refreshOnline(
    {
      ...anchor(),
      hosts: [HOST],
      network: { ...DEFAULT_NETWORK, noProxy: '127.0.0.1' },
      signal: new AbortController().signal,
      timeoutMs: 10_000,
      at: NOW,
    },
    new Map(),
    null,
  );
  if (walk.status !== 'verified') throw new Error(walk.message);
  return walk;
}

function anchor() {
  const { repository, mirror } = scene;
  const origin = 'file' as const;
  return { root: repository.rootJson, mirrorUrl: mirror.url, origin };
}

async function cacheFile(): Promise<string> {
  return join(scene.cacheDir, (await readdir(scene.cacheDir)).join());
}

async function endRun(walk: VerifiedWalk): Promise<void> {
  await publishWalk(walk, null, {
    ...{ cacheFile: await cacheFile(), anchor: anchor() },
    ...{ hosts: [HOST], now: NOW, maxAge: 1e9 },
  });
}

describe('publishing what a slow run has verified', () => {
  it('U02 does not replace the newer state of a faster one', async () => {
    const slow = await beginRun();
    scene.repository.publish({ targets: targetsTwo });
    await scene.load();
    const newer = await scene.readCache();
    await endRun(slow);
    expect(await scene.readCache()).toEqual(newer);
    expect(textsOf(await scene.load()).trustedRoot).toBe('root two');
  });

  it('does not replace what a newer root stands for', async () => {
    scene.repository.publish({ versions: { timestamp: 9 } });
    const slow = await beginRun();
    scene.repository.rotateRoot({ newOnlineKey: true });
    scene.repository.publish({ versions: { timestamp: 1 } });
    await scene.load();
    const newer = await scene.readCache();
    await endRun(slow);
    expect(await scene.readCache()).toEqual(newer);
  });

  it.each<[string, () => Promise<void>]>([
    ['nothing', () => Promise.resolve()],
    ['the same state', () => scene.load().then(() => undefined)],
    [
      'an older state',
      async () => {
        scene.repository.publish({ versions: { timestamp: 1 } });
        await scene.load();
      },
    ],
    [
      'a state that only says that it is newer',
      async () => {
        await scene.load();
        const cache = await scene.readCache();
        const timestamp = fromBase64(cache.files['timestamp.json']).toString();
        const planted = timestamp.replace(/"version":5,/, '"version":999,');
        expect(planted).not.toBe(timestamp);
        await scene.writeCache({
          ...cache,
          refreshedAt: daysLater(-0.1).toISOString(),
          files: { ...cache.files, 'timestamp.json': toBase64(planted) },
        });
      },
    ],
    [
      'half a file',
      async () => {
        await scene.load();
        const text = await readFile(await cacheFile(), 'utf8');
        await scene.writeCache(text.slice(0, 5000));
      },
    ],
  ])('replaces %s', async (_what, before) => {
    scene.repository.publish({ versions: { timestamp: 5 } });
    const run = await beginRun();
    await before();
    if ((await readdir(scene.cacheDir).catch(() => [])).length === 0) {
      // The directory is made by whoever opens it.
      await scene.load();
    }
    await endRun(run);
    const { files } = await scene.readCache();
    const timestamp = fromBase64(files['timestamp.json']);
    expect(
      timestamp.equals(run.files.get('timestamp.json') ?? Buffer.of()),
    ).toBe(true);
  });

  it('removes what killed runs have left beside it, and nothing else', async () => {
    await scene.load();
    const file = await cacheFile();
    const old = new Date('2020-01-01T00:00:00Z');
    for (const [name, isOld] of [
      [`${file}.dead.tmp`, true],
      [`${file}.alive.tmp`, false],
      [join(scene.cacheDir, 'other.tmp'), true],
    ] as const) {
      await writeFile(name, 'half');
      if (isOld) await utimes(name, old, old);
    }
    await scene.refresh();
    expect(
      (await readdir(scene.cacheDir))
        .map((name) => join(scene.cacheDir, name))
        .sort(),
    ).toEqual(
      [file, `${file}.alive.tmp`, join(scene.cacheDir, 'other.tmp')].sort(),
    );
  });
});
