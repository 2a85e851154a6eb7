import { chmod, lstat, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MirrorFault } from '../../fixtures/tuf-mirror.js';
import { createTufRepository } from '../../fixtures/tuf-repository.js';
import { AuditError } from '../../src/errors.js';
import { DEFAULT_NETWORK } from '../../src/io/http.js';
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

const ONE = { trustedRoot: 'root one', keys: 'keys one' };
const TWO = { trustedRoot: 'root two', keys: 'keys one' };
const targetsTwo = new Map([['trusted_root.json', Buffer.from('root two')]]);

async function failureOf(load: Promise<unknown>): Promise<AuditError> {
  const error = await load.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AuditError) return error;
  throw new Error('expected an AuditError', { cause: error });
}

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

  it('asks again for the keys of a host it never asked about', async () => {
    await scene.load({ hosts: [] });
    expect(textsOf(await scene.load())).toEqual(ONE);
    expect(await scene.load()).toMatchObject({ origin: 'cache' });
    expect(await scene.load({ hosts: [] })).toMatchObject({ origin: 'cache' });
  });

  it('shares a cache between 20 runs that start at once', async () => {
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

describe('a damaged or hostile cache', () => {
  it('does not believe a self-consistent repository planted in it', async () => {
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

  it('heals after truncation anywhere', async () => {
    await scene.load();
    const text = JSON.stringify(await scene.readCache());
    for (let length = 0; length < text.length; length += 499) {
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
    ['silently after 2 days', 2, 0],
    ['silently after 7 days', 7, 0],
    ['with a warning after 20 days', 20, 1],
    ['with a warning after 30 days', 30, 1],
  ])('uses the cache %s', async (_how, days, warnings) => {
    await scene.load();
    scene.now = daysLater(days);
    scene.mirror.faults.set('*', { kind: 'status', status: 503 });
    const documents = await scene.load();
    expect(documents).toMatchObject({ origin: 'cache', refreshedAt: NOW });
    expect(textsOf(documents)).toEqual(ONE);
    expect(scene.warnings).toHaveLength(warnings);
  });

  it('does not use a cache of 40 days', async () => {
    await scene.load();
    scene.now = daysLater(40);
    scene.mirror.faults.set('*', { kind: 'status', status: 503 });
    expect(await failureOf(scene.load())).toMatchObject({
      code: 'TRUST_ROOT_UNAVAILABLE',
    });
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

describe('a repository that answers with what does not verify', () => {
  const hash = (): string =>
    [...scene.repository.files.keys()]
      .filter((path) => path.endsWith('.trusted_root.json'))
      .at(-1) ?? '';

  const ROWS: [string, () => void, RegExp][] = [
    [
      'an expired timestamp',
      () => {
        scene.repository.publish({ expires: { timestamp: daysLater(1) } });
      },
      /timestamp\.json is expired/,
    ],
    [
      'a timestamp that was rolled back',
      () => {
        scene.repository.publish({ versions: { timestamp: 3 } });
      },
      /less than current/,
    ],
    [
      'a snapshot that was rolled back',
      () => {
        scene.repository.publish({ versions: { snapshot: 3 } });
      },
      /less than current/,
    ],
    [
      'targets that were rolled back',
      () => {
        scene.repository.publish({ versions: { targets: 3 } });
      },
      /less than current/,
    ],
    ...(['timestamp', 'snapshot', 'targets'] as const).map(
      (role): [string, () => void, RegExp] => [
        `a stranger's signature on ${role}`,
        () => {
          scene.repository.publish({ signedByStranger: [role] });
        },
        /signed by 0\/1 keys/,
      ],
    ),
    [
      'an expired final root',
      () => {
        scene.repository.rotateRoot({ expires: daysLater(1) });
      },
      /root\.json is expired/,
    ],
    [
      'a new root that too few old keys signed',
      () => {
        scene.repository.rotateRoot({ newKeys: true, oldSignatures: 2 });
      },
      /signed by 2\/3 keys/,
    ],
    [
      'a new root that skips a version',
      () => {
        scene.repository.rotateRoot();
        scene.repository.rotateRoot();
        const third = scene.repository.files.get('3.root.json');
        if (third) scene.repository.files.set('2.root.json', third);
      },
      /Expected version 2, got 3/,
    ],
    [
      'a trusted root with another digest',
      () => {
        scene.repository.publish({ targets: targetsTwo });
        scene.repository.files.set(hash(), Buffer.from('root 222'));
      },
      /Expected hash/,
    ],
    [
      'a trusted root longer than listed',
      () => {
        scene.repository.publish({ targets: targetsTwo });
        scene.mirror.faults.set(hash(), { kind: 'oversized', bytes: 1e6 });
      },
      /more than 8 bytes/,
    ],
    [
      'a trusted root listed with more than 4 MiB',
      () => {
        scene.repository.publish({
          targets: new Map([['trusted_root.json', Buffer.alloc(2 ** 22 + 1)]]),
        });
      },
      /larger than 4194304 bytes/,
    ],
    [
      'no trusted root',
      () => {
        scene.repository.publish({ targets: new Map() });
      },
      /no target trusted_root\.json/,
    ],
    [
      'a huge timestamp',
      () => {
        const fault = { kind: 'oversized', bytes: 1e6 } as const;
        scene.mirror.faults.set('timestamp.json', fault);
      },
      /more than 16384 bytes/,
    ],
    [
      'no timestamp',
      () => scene.repository.files.delete('timestamp.json'),
      /timestamp\.json is not in the repository/,
    ],
    [
      'a page instead of a timestamp',
      () => {
        const page = Buffer.from('<html>\nlog in first');
        scene.repository.files.set('timestamp.json', page);
      },
      /not JSON/,
    ],
  ];

  it.each(ROWS)('is an error with %s', async (_defect, play, message) => {
    scene.repository.publish({
      versions: { timestamp: 5, snapshot: 5, targets: 5, delegation: 5 },
    });
    await scene.load();
    const cached = await scene.readCache();
    play();
    scene.now = daysLater(2);
    const error = await failureOf(scene.load());
    expect(error.code).toBe('TRUST_ROOT_UNAVAILABLE');
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
    expect(await scene.readCache()).toEqual(cached);
  });

  it('does not go back to an older root by hiding the newest', async () => {
    scene.repository.rotateRoot();
    await scene.load();
    scene.repository.files.delete('2.root.json');
    scene.now = daysLater(2);
    expect(await scene.load()).toMatchObject({ origin: 'tuf', rootVersion: 2 });
  });

  it('fails from an expired first root that nothing follows', async () => {
    const expired = await openScene({
      expires: { root: daysLater(-1), timestamp: daysLater(7) },
    });
    const error = await failureOf(expired.load());
    expect(error.message).toMatch(/root\.json is expired/);
    expired.repository.rotateRoot({ expires: daysLater(90) });
    expect(await expired.load()).toMatchObject({ rootVersion: 2 });
    await expired.close();
  });

  it('starts over after the online key was replaced', async () => {
    await scene.load();
    scene.repository.rotateRoot({ newOnlineKey: true });
    scene.repository.publish({
      targets: targetsTwo,
      versions: { timestamp: 1 },
    });
    scene.now = daysLater(2);
    expect(textsOf(await scene.load())).toEqual(TWO);
  });
});

describe('registry keys', () => {
  const drop = (path: RegExp): void => {
    for (const name of scene.repository.files.keys()) {
      if (path.test(name)) scene.repository.files.delete(name);
    }
  };

  it.each<[string, () => void]>([
    [
      'no delegation names the host',
      () => {
        scene.repository.publish({ registryKeys: new Map() });
      },
    ],
    [
      'the delegation lists no keys',
      () => {
        scene.repository.publish({ registryKeys: new Map([[HOST, null]]) });
      },
    ],
    [
      'the delegation has expired',
      () => {
        scene.repository.publish({ expires: { delegation: daysLater(-1) } });
      },
    ],
    [
      'a stranger signed the delegation',
      () => {
        scene.repository.publish({ signedByStranger: ['delegation'] });
      },
    ],
    [
      'the delegation is missing',
      () => {
        drop(/^1\.registry\.example/);
      },
    ],
    [
      'the target is missing',
      () => {
        drop(/keys\.json$/);
      },
    ],
    [
      'the target is listed with another digest',
      () => {
        const { files } = scene.repository;
        const path = [...files.keys()].find((p) => p.endsWith('.keys.json'));
        files.set(path ?? '', Buffer.from('keys 111'));
      },
    ],
  ])('are absent, with a warning, when %s', async (_defect, play) => {
    play();
    const documents = await scene.load();
    expect(textsOf(documents)).toEqual({ trustedRoot: 'root one', keys: null });
    expect(documents.origin).toBe('tuf');
    expect(scene.warnings).toEqual([expect.stringContaining(HOST)]);
  });

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
        [HOST, Buffer.from('keys one')],
        [other, Buffer.from('other keys')],
      ]),
    });
    for (const origin of ['tuf', 'cache']) {
      const documents = await scene.load({ hosts: [other, HOST, other] });
      expect(documents.origin).toBe(origin);
      expect(textsOf(documents)).toEqual(ONE);
      expect(documents.registryKeys).toMatchObject({
        keys: new Map([
          [HOST, Buffer.from('keys one')],
          [other, Buffer.from('other keys')],
        ]),
      });
    }
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
  ])('is refused, with a warning, if it is %s', async (_defect, make, why) => {
    await make();
    for (const run of [1, 2]) {
      const documents = await scene.load();
      expect(textsOf(documents)).toEqual(ONE);
      expect(documents.origin).toBe('tuf');
      expect(scene.warnings).toHaveLength(run);
    }
    expect(scene.warnings[0]).toMatch(why);
    expect(await readdir(scene.cacheDir)).toEqual([]);
  });

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
