import { chmod, chown, mkdir, readdir, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  daysLater,
  failureOf,
  KEYS,
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

const ONE = { trustedRoot: 'root one', keys: KEYS };

describe('a damaged or hostile cache', () => {
  it('U14 a self-consistent repository planted in it is not believed', async () => {
    const attacker = await openScene({
      targets: new Map([['trusted_root.json', Buffer.from('evil')]]),
    });
    await attacker.load();
    await scene.load();
    const planted = await attacker.readCache();
    const root = attacker.repository.rootJson.toString('base64');
    await scene.writeCache({
      ...planted,
      files: { ...planted.files, 'root.json': root, '2.root.json': root },
    });
    const documents = await scene.load();
    expect(documents).toMatchObject({ origin: 'tuf', rootVersion: 1 });
    expect(textsOf(documents)).toEqual(ONE);
    await attacker.close();
  });

  it('U17 truncated at every 100th byte, it is rebuilt', async () => {
    await scene.load();
    const text = JSON.stringify(await scene.readCache());
    for (let length = 0; length < text.length; length += 100) {
      await scene.writeCache(text.slice(0, length));
      const documents = await scene.load();
      expect(documents.origin).toBe('tuf');
      expect(textsOf(documents)).toEqual(ONE);
    }
    expect(await scene.load()).toMatchObject({ origin: 'cache' });
  });

  it('heals after an alteration of any file', async () => {
    await scene.load();
    const { files, refreshedAt } = await scene.readCache();
    expect(Object.keys(files)).toHaveLength(6);
    for (const [name, base64] of Object.entries(files)) {
      const altered = Buffer.from(base64, 'base64');
      altered[altered.length >> 1] = (altered[altered.length >> 1] ?? 0) ^ 1;
      await scene.writeCache({
        refreshedAt,
        ...{ formatVersion: 1 },
        files: { ...files, [name]: altered.toString('base64') },
      });
      const documents = await scene.load();
      expect([name, documents.origin]).toEqual([name, 'tuf']);
      expect(textsOf(documents)).toEqual(ONE);
      expect(await scene.load()).toMatchObject({ origin: 'cache' });
    }
  });

  it.each([
    ['a path outside', '../../escaped.json'],
    ['an absolute path', '/escaped.json'],
    ['a hidden file', 'targets/..'],
  ])('does not write files under %s', async (_defect, name) => {
    await scene.load();
    const cache = await scene.readCache();
    await scene.writeCache({ ...cache, files: { ...cache.files, [name]: '' } });
    expect(await scene.load()).toMatchObject({ origin: 'tuf' });
  });

  it('does not let old metadata claim a recent refresh', async () => {
    await scene.load();
    const cache = await scene.readCache();
    scene.now = daysLater(20);
    await scene.writeCache({ ...cache, refreshedAt: scene.now.toISOString() });
    scene.mirror.faults.set('*', { kind: 'status', status: 503 });
    expect(await failureOf(scene.load())).toMatchObject({
      code: 'TRUST_ROOT_UNAVAILABLE',
    });
    // With the true date, the same files are usable.
    await scene.writeCache(cache);
    expect(textsOf(await scene.load())).toEqual(ONE);
  });
});

describe('the cache directory', () => {
  it.each<[string, () => Promise<void>, RegExp]>([
    [
      'a symbolic link',
      async () => {
        await mkdir(`${scene.cacheDir}-elsewhere`, { mode: 0o700 });
        await symlink(`${scene.cacheDir}-elsewhere`, scene.cacheDir);
      },
      /symbolic link/,
    ],
    [
      'writable for everybody',
      async () => {
        await mkdir(scene.cacheDir);
        await chmod(scene.cacheDir, 0o777);
      },
      /other users can write/,
    ],
    [
      'writable for the group',
      async () => {
        await mkdir(scene.cacheDir);
        await chmod(scene.cacheDir, 0o770);
      },
      /other users can write/,
    ],
    ...(process.getuid?.() === 0
      ? [
          [
            "somebody else's",
            async () => {
              await mkdir(scene.cacheDir, { mode: 0o700 });
              await chown(scene.cacheDir, 12_345, 12_345);
            },
            /another user/,
          ] as [string, () => Promise<void>, RegExp],
        ]
      : []),
  ])(
    'U16 one that is %s is refused, with a warning',
    async (_defect, make, why) => {
      await make();
      for (const run of [1, 2]) {
        const documents = await scene.load();
        expect(textsOf(documents)).toEqual(ONE);
        expect(documents.origin).toBe('tuf');
        expect(scene.warnings).toHaveLength(run);
      }
      expect(scene.warnings[0]).toMatch(why);
      expect(await readdir(scene.cacheDir)).toEqual([]);
    },
  );

  it('is used if only its owner can write to it', async () => {
    await mkdir(scene.cacheDir);
    await chmod(scene.cacheDir, 0o755);
    await scene.load();
    expect(await scene.load()).toMatchObject({ origin: 'cache' });
    expect(scene.warnings).toEqual([]);
  });

  it('is replaced for this run if it cannot be created', async () => {
    const documents = await scene.load({ cacheDir: '/dev/null/cache' });
    expect(documents.origin).toBe('tuf');
    expect(scene.warnings).toEqual([expect.stringContaining('not be created')]);
  });
});
