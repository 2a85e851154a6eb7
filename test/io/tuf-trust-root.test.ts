import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MirrorFault } from '../../fixtures/tuf-mirror.js';
import { createTufRepository } from '../../fixtures/tuf-repository.js';
import { DEFAULT_NETWORK } from '../../src/io/http.js';
import {
  daysLater,
  failureOf,
  HOST,
  KEYS,
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

const ONE = { trustedRoot: 'root one', keys: KEYS };
const TWO = { trustedRoot: 'root two', keys: KEYS };
const targetsTwo = new Map([['trusted_root.json', Buffer.from('root two')]]);

const OTHER_KEYS = Buffer.from('{"keys":[],"other":true}');

describe('refreshing', () => {
  it('fetches and verifies everything on an empty cache', async () => {
    scene.repository.rotateRoot({ newKeys: true, expires: daysLater(90) });
    const documents = await scene.load();
    expect(textsOf(documents)).toEqual(ONE);
    expect(documents).toMatchObject({
      origin: 'tuf',
      rootVersion: 2,
      expires: daysLater(90),
      refreshedAt: NOW,
    });
    expect(scene.warnings).toEqual([]);
  });

  it('leaves one private file in a private directory', async () => {
    await scene.load();
    const names = await readdir(scene.cacheDir);
    expect(names).toHaveLength(1);
    const modes = [scene.cacheDir, join(scene.cacheDir, names.join())].map(
      async (path) => (await lstat(path)).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o700, 0o600]);
  });

  it('makes no request while the last refresh is younger than a day', async () => {
    await scene.load();
    scene.mirror.requests.length = 0;
    scene.now = daysLater(0.99);
    const documents = await scene.load();
    expect(scene.mirror.requests).toEqual([]);
    expect(textsOf(documents)).toEqual(ONE);
    expect(documents).toMatchObject({ origin: 'cache', refreshedAt: NOW });
  });

  it.each<[string, () => void]>([
    ['a day has passed', () => (scene.now = daysLater(1))],
    ['the clock went back', () => (scene.now = daysLater(-1))],
  ])('asks again when %s', async (_reason, change) => {
    await scene.load();
    scene.repository.publish({ targets: targetsTwo });
    change();
    const documents = await scene.load();
    expect(documents).toMatchObject({ origin: 'tuf', refreshedAt: scene.now });
    expect(textsOf(documents)).toEqual(TWO);
  });

  it('asks again when the young timestamp has expired', async () => {
    scene.repository.publish({ expires: { timestamp: daysLater(0.5) } });
    await scene.load();
    scene.repository.publish({ expires: { timestamp: daysLater(8) } });
    scene.now = daysLater(0.6);
    expect(await scene.load()).toMatchObject({ origin: 'tuf' });
  });

  it.each(['root', 'snapshot', 'targets', 'delegation'] as const)(
    'asks again when the young %s has expired',
    async (role) => {
      const expires = daysLater(0.5);
      if (role === 'root') scene.repository.rotateRoot({ expires });
      else scene.repository.publish({ expires: { [role]: expires } });
      await scene.load();
      scene.repository.rotateRoot({ expires: daysLater(90) });
      scene.repository.publish({ expires: { [role]: daysLater(90) } });
      scene.now = daysLater(0.4);
      expect(await scene.load()).toMatchObject({ origin: 'cache' });
      scene.now = daysLater(0.6);
      expect(await scene.load()).toMatchObject({ origin: 'tuf' });
    },
  );

  it('says which repository vouches for it, and since and until when', async () => {
    scene.repository.rotateRoot();
    scene.repository.publish({ versions: { timestamp: 41 } });
    const tuf = {
      mirrorUrl: scene.mirror.url,
      timestampVersion: 41,
      signedUntil: daysLater(7),
      firstRoot: { origin: 'file', version: 1, expires: daysLater(180) },
    };
    for (const origin of ['tuf', 'cache']) {
      expect(await scene.load()).toMatchObject({ origin, rootVersion: 2, tuf });
    }
  });

  it('asks again for the keys of a host it never asked about', async () => {
    await scene.load({ hosts: [] });
    expect(textsOf(await scene.load())).toEqual(ONE);
    expect(await scene.load()).toMatchObject({ origin: 'cache' });
    expect(await scene.load({ hosts: [] })).toMatchObject({ origin: 'cache' });
  });

  it('U18 20 runs at once on an empty cache all succeed and leave it valid', async () => {
    const runs = Array.from({ length: 20 }, () => scene.load());
    for (const documents of await Promise.all(runs)) {
      expect(textsOf(documents)).toEqual(ONE);
    }
    expect(await readdir(scene.cacheDir)).toHaveLength(1);
    expect(await scene.load()).toMatchObject({ origin: 'cache' });
    expect(scene.warnings).toEqual([]);
  });

  it('keeps two first roots apart, even at the same address', async () => {
    await scene.load();
    const other = createTufRepository({
      targets: new Map([['trusted_root.json', Buffer.from('other')]]),
    });
    for (const [path, bytes] of other.files) {
      scene.repository.files.set(path, bytes);
    }
    const documents = await scene.load({ rootFile: other.rootJson });
    expect(textsOf(documents).trustedRoot).toBe('other');
    const own = await scene.load();
    expect(own.origin).toBe('cache');
    expect(textsOf(own)).toEqual(ONE);
  });

  it('stops when the caller does', async () => {
    scene.mirror.faults.set('*', { kind: 'hang' });
    const controller = new AbortController();
    const load = failureOf(scene.load({ signal: controller.signal }));
    controller.abort();
    expect(await load).toMatchObject({ code: 'ABORTED' });
  });
});

describe('an unreachable repository', () => {
  const FAULTS: [string, MirrorFault][] = [
    ['answers 503', { kind: 'status', status: 503 }],
    ['resets the connection', { kind: 'reset' }],
    ['hangs', { kind: 'hang' }],
  ];

  it.each(FAULTS)('fails on an empty cache when it %s', async (_how, fault) => {
    scene.mirror.faults.set('*', fault);
    const error = await failureOf(scene.load({ timeoutMs: 200 }));
    expect(error.code).toBe('TRUST_ROOT_UNAVAILABLE');
    expect(error.message).toMatch(/^trust root: http:.* cannot be reached/);
    expect(error.message).not.toContain('\n');
  });

  it.each(FAULTS)('uses a young cache when it %s', async (_how, fault) => {
    await scene.load();
    scene.mirror.faults.set('*', fault);
    scene.now = daysLater(2);
    expect(textsOf(await scene.load({ timeoutMs: 200 }))).toEqual(ONE);
  });

  it.each([
    ['the chain of roots', '2.root.json'],
    ['the timestamp', 'timestamp.json'],
    ['the snapshot', '2.snapshot.json'],
    ['the targets', '2.targets.json'],
    ['the delegation', `2.${HOST}.json`],
  ])('uses the cache when only %s cannot be had', async (_what, path) => {
    await scene.load();
    scene.repository.publish({ targets: targetsTwo });
    scene.mirror.faults.set(path, { kind: 'status', status: 500 });
    scene.now = daysLater(2);
    const documents = await scene.load();
    expect(documents).toMatchObject({ origin: 'cache', refreshedAt: NOW });
    expect(textsOf(documents)).toEqual(ONE);
  });

  it.each([
    ['U08 silently after 2 days', 2, 0],
    ['silently after 7 days', 7, 0],
    ['with a warning after 20 days', 20, 1],
    ['with a warning after 30 days', 30, 1],
  ])('%s, a cache is used', async (_how, days, warnings) => {
    await scene.load();
    scene.now = daysLater(days);
    scene.mirror.faults.set('*', { kind: 'status', status: 503 });
    const documents = await scene.load();
    expect(documents).toMatchObject({ origin: 'cache', refreshedAt: NOW });
    expect(textsOf(documents)).toEqual(ONE);
    expect(scene.warnings).toHaveLength(warnings);
  });

  it('U09 does not use a cache of 40 days', async () => {
    await scene.load();
    scene.now = daysLater(40);
    scene.mirror.faults.set('*', { kind: 'status', status: 503 });
    expect(await failureOf(scene.load())).toMatchObject({
      code: 'TRUST_ROOT_UNAVAILABLE',
    });
  });

  it.each<[string, number, number, 'cache' | 'tuf' | null, number]>([
    ['half a day old, with a limit of an hour', 0.5, 1 / 24, null, 0],
    ['half a day old, with a limit of none', 0.5, 0, null, 0],
    ['3 days old, with a limit of 2', 3, 2, null, 0],
    ['2 days old, with a limit of 2', 2, 2, 'cache', 0],
    ['20 days old, with a limit of 14', 20, 14, null, 0],
    ['10 days old, with a limit of 14', 10, 14, 'cache', 1],
    ['40 days old, with a limit of 50', 40, 50, 'cache', 1],
  ])(
    'unreachable, a cache is %s',
    async (_age, days, limit, origin, warned) => {
      await scene.load();
      scene.mirror.faults.set('*', { kind: 'status', status: 503 });
      scene.now = daysLater(days);
      const maxRootAge = limit * 86_400_000;
      if (origin === null) {
        expect(await failureOf(scene.load({ maxRootAge }))).toMatchObject({
          code: 'TRUST_ROOT_UNAVAILABLE',
        });
      } else {
        expect(await scene.load({ maxRootAge })).toMatchObject({ origin });
      }
      expect(scene.warnings).toHaveLength(warned);
    },
  );

  it('asks again at once where no age is allowed', async () => {
    await scene.load();
    scene.now = daysLater(0.001);
    expect(await scene.load({ maxRootAge: 0 })).toMatchObject({
      origin: 'tuf',
    });
  });

  it.each([
    'timestamp.json',
    '1.targets.json',
    'targets/',
    `1.${HOST}.json`,
    'targets/keys',
  ])('ends in time when it hangs from %s on', async (from) => {
    for (const path of [...scene.repository.files.keys(), 'timestamp.json']) {
      const isHit =
        from === 'targets/keys'
          ? path.endsWith('.keys.json')
          : path.startsWith(from);
      if (isHit) scene.mirror.faults.set(path, { kind: 'hang' });
    }
    const error = await failureOf(scene.load({ timeoutMs: 300 }));
    expect(error.code).toBe('TRUST_ROOT_UNAVAILABLE');
    expect(error.message).toContain('no complete answer within 0.3 s');
    expect(error.message).not.toContain('\n');
  });

  it('tries again before it gives up', async () => {
    scene.mirror.faults.set('timestamp.json', { kind: 'reset' });
    await failureOf(scene.load());
    const tries = scene.mirror.requests.filter((p) => p === 'timestamp.json');
    expect(tries).toHaveLength(3);
  });

  it('says nothing of a registry key that it could not ask for', async () => {
    scene.mirror.faults.set(`1.${HOST}.json`, { kind: 'status', status: 503 });
    expect(await failureOf(scene.load())).toMatchObject({
      code: 'TRUST_ROOT_UNAVAILABLE',
    });
  });

  it('never falls back on what the library ships', async () => {
    const error = await failureOf(
      scene.load({
        mirrorUrl: null,
        rootFile: null,
        network: { ...DEFAULT_NETWORK, proxy: 'http://127.0.0.1:1' },
      }),
    );
    expect(error.code).toBe('TRUST_ROOT_UNAVAILABLE');
  });
});

describe('a refresh that the user asks for', () => {
  it('asks the repository although the last one is young', async () => {
    await scene.load();
    scene.repository.publish({ targets: targetsTwo });
    expect(await scene.load()).toMatchObject({ origin: 'cache' });
    const documents = await scene.refresh();
    expect(documents.origin).toBe('tuf');
    expect(textsOf(documents)).toEqual(TWO);
    expect(textsOf(await scene.load())).toEqual(TWO);
  });

  it('never falls back on the cache, and leaves it as it is', async () => {
    await scene.load();
    const cached = await scene.readCache();
    scene.mirror.faults.set('*', { kind: 'status', status: 503 });
    const error = await failureOf(scene.refresh());
    expect(error.code).toBe('TRUST_ROOT_UNAVAILABLE');
    expect(error.message).toMatch(/cannot be reached .* was left as it is$/);
    expect(await scene.readCache()).toEqual(cached);
    expect(await scene.load()).toMatchObject({ origin: 'cache' });
  });

  it('is still held against what the cache has seen', async () => {
    scene.repository.publish({ versions: { timestamp: 5 } });
    await scene.load();
    scene.repository.publish({ versions: { timestamp: 4 } });
    const error = await failureOf(scene.refresh());
    expect(error.message).toContain('trust-root-rollback');
  });

  it('stops when the caller does', async () => {
    scene.mirror.faults.set('*', { kind: 'hang' });
    const controller = new AbortController();
    const refresh = failureOf(scene.refresh({ signal: controller.signal }));
    controller.abort();
    expect(await refresh).toMatchObject({ code: 'ABORTED' });
  });
});

describe('registry keys', () => {
  it('are fetched again as soon as a broken delegation is repaired', async () => {
    scene.repository.publish({ signedByStranger: ['delegation'] });
    await scene.load();
    scene.repository.publish();
    expect(textsOf(await scene.load())).toEqual(ONE);
  });

  it('are had for several hosts, one with a port', async () => {
    const other = 'npm.acme.example:8443';
    scene.repository.publish({
      registryKeys: new Map([
        [HOST, Buffer.from(KEYS)],
        [other, OTHER_KEYS],
      ]),
    });
    for (const origin of ['tuf', 'cache']) {
      const documents = await scene.load({ hosts: [other, HOST, other] });
      expect(documents.origin).toBe(origin);
      expect(textsOf(documents)).toEqual(ONE);
      expect(documents.registryKeys).toMatchObject({
        keys: new Map([
          [HOST, Buffer.from(KEYS)],
          [other, OTHER_KEYS],
        ]),
      });
    }
  });
});

describe('the root to begin with', () => {
  it.each([
    ['not JSON', Buffer.from('root')],
    ['not metadata', Buffer.from('{}')],
    ['of another role', Buffer.from('{"signed":{"_type":"targets"}}')],
  ])('is refused if it is %s', async (_defect, rootFile) => {
    const error = await failureOf(scene.load({ rootFile }));
    expect(error.code).toBe('TRUST_ROOT_INVALID');
    expect(error.message).toContain('--tuf-root');
  });

  it('is required for another repository than the public one', async () => {
    const error = await failureOf(scene.load({ rootFile: null }));
    expect(error.code).toBe('TRUST_ROOT_INVALID');
    expect(scene.mirror.requests).toEqual([]);
  });
});
