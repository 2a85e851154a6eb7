import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTufKey, type TufKey } from '../../fixtures/tuf-metadata.js';
import type { RootRotation } from '../../fixtures/tuf-repository.js';
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

const TWO = { trustedRoot: 'root two', keys: KEYS };
const targetsTwo = new Map([['trusted_root.json', Buffer.from('root two')]]);
const GIB = 2 ** 30;

describe('a repository that answers with what does not verify', () => {
  const hash = (): string =>
    [...scene.repository.files.keys()]
      .filter((path) => path.endsWith('.trusted_root.json'))
      .at(-1) ?? '';

  const ROWS: [string, () => void, RegExp][] = [
    [
      'U01 a timestamp that has expired, frozen by the mirror',
      () => {
        scene.repository.publish({ expires: { timestamp: daysLater(1) } });
      },
      /\(trust-root-expired\): .*timestamp\.json is expired/,
    ],
    [
      'U02 a timestamp that was rolled back',
      () => {
        scene.repository.publish({ versions: { timestamp: 3 } });
      },
      /\(trust-root-rollback\): .*less than current/,
    ],
    [
      'U02 a snapshot that was rolled back',
      () => {
        scene.repository.publish({ versions: { snapshot: 3 } });
      },
      /\(trust-root-rollback\): .*less than current/,
    ],
    [
      'U02 targets that were rolled back',
      () => {
        scene.repository.publish({ versions: { targets: 3 } });
      },
      /\(trust-root-rollback\): .*less than current/,
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
      'U10 a trusted root with another digest',
      () => {
        scene.repository.publish({ targets: targetsTwo });
        scene.repository.files.set(hash(), Buffer.from('root 222'));
      },
      /Expected hash/,
    ],
    [
      'U10 a trusted root longer than listed',
      () => {
        scene.repository.publish({ targets: targetsTwo });
        scene.mirror.faults.set(hash(), { kind: 'oversized', bytes: 1e6 });
      },
      /more than 8 bytes/,
    ],
    [
      'U10 a trusted root listed with more than 4 MiB',
      () => {
        scene.repository.publish({
          targets: new Map([['trusted_root.json', Buffer.alloc(2 ** 22 + 1)]]),
        });
      },
      /larger than 4194304 bytes/,
    ],
    [
      'U10 a trusted root that never ends',
      () => {
        scene.repository.publish({ targets: targetsTwo });
        scene.mirror.faults.set(hash(), { kind: 'streamed', bytes: GIB });
      },
      /more than 8 bytes/,
    ],
    [
      'U10 a trusted root listed with 1 GiB, and served so',
      () => {
        const lengths = new Map([['trusted_root.json', GIB]]);
        scene.repository.publish({ targets: targetsTwo, lengths });
        scene.mirror.faults.set(hash(), { kind: 'streamed', bytes: GIB });
      },
      /larger than 4194304 bytes/,
    ],
    [
      'U10 a trusted root of another length than listed',
      () => {
        const lengths = new Map([['trusted_root.json', 7]]);
        scene.repository.publish({ targets: targetsTwo, lengths });
      },
      /more than 7 bytes/,
    ],
    [
      'U10 a trusted root shorter than listed',
      () => {
        const lengths = new Map([['trusted_root.json', 9]]);
        scene.repository.publish({ targets: targetsTwo, lengths });
      },
      /Expected length 9 but got 8/,
    ],
    ...(
      [
        ['2.root.json', 512_000],
        ['timestamp.json', 16_384],
        ['6.snapshot.json', 2_000_000],
        ['6.targets.json', 4_194_304],
      ] as const
    ).map(([path, limit]): [string, () => void, RegExp] => [
      `U10 a ${path} that never ends`,
      () => {
        scene.repository.publish();
        scene.mirror.faults.set(path, { kind: 'streamed', bytes: GIB });
      },
      new RegExp(`more than ${limit} bytes`),
    ]),
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

  it.each(ROWS)('%s', async (_defect, play, message) => {
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
    // What the mirror could send ahead of a client that stops reading.
    expect(scene.mirror.streamed()).toBeLessThan(16 * 2 ** 20);
    expect(await scene.readCache()).toEqual(cached);
  });

  const alias = (key: TufKey, id: string): TufKey => ({ ...key, id });

  it.each<[string, RootRotation, RegExp]>([
    ['U04 threshold 0', { threshold: 0 }, /threshold must be at least 1/],
    ['U04 threshold -1', { threshold: -1 }, /threshold must be at least 1/],
    ['U04 a threshold below 1', { threshold: 0.5 }, /must be at least 1/],
    [
      'U04 threshold 3, met by one key that signs three times',
      { signedBy: ([key]) => (key ? [key, key, key] : []) },
      /multiple signatures found/,
    ],
    [
      'U04 threshold 3, met by one key under ids that nobody listed',
      {
        signedBy: ([key]) =>
          key ? [key, alias(key, 'a'), alias(key, 'b')] : [],
      },
      /signed by 1\/3 keys/,
    ],
    [
      'U04 a root that lists one key under two ids',
      {
        listKeys: ([key, ...keys]) =>
          key ? [key, alias(key, 'a'), ...keys] : [],
      },
      /one key stands for several of the role root/,
    ],
    [
      'U04 the same, after another key was added',
      {
        listKeys: ([key, ...keys]) =>
          key ? [key, ...keys, createTufKey(), alias(key, 'a')] : [],
      },
      /one key stands for several of the role root/,
    ],
  ])('%s', async (_defect, rotation, message) => {
    scene.repository.rotateRoot(rotation);
    const error = await failureOf(scene.load());
    expect(error.code).toBe('TRUST_ROOT_UNAVAILABLE');
    expect(error.message).toMatch(message);
  });

  it('U04 a changed threshold, and a key of two roles, are in order', async () => {
    scene.repository.rotateRoot({ oldSignatures: 5, threshold: 5 });
    scene.repository.rotateRoot({ oldSignatures: 5, threshold: 1 });
    scene.repository.rotateRoot();
    expect(await scene.load()).toMatchObject({ rootVersion: 4 });
  });

  it('U05 a chain of more than 256 roots, that of none expired', async () => {
    for (let count = 0; count < 256; count += 1) scene.repository.rotateRoot();
    expect(await scene.load()).toMatchObject({ rootVersion: 257 });
    scene.repository.rotateRoot();
    scene.repository.rotateRoot();
    const error = await failureOf(scene.refresh());
    expect(error.code).toBe('TRUST_ROOT_UNAVAILABLE');
    expect(error.message).toContain('more than 256 roots follow');
    expect(scene.mirror.requests).not.toContain('259.root.json');
  });

  it('does not go back to an older root by hiding the newest', async () => {
    scene.repository.rotateRoot();
    await scene.load();
    scene.repository.files.delete('2.root.json');
    scene.now = daysLater(2);
    expect(await scene.load()).toMatchObject({ origin: 'tuf', rootVersion: 2 });
  });

  it('U06 an expired first root that nothing follows', async () => {
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
