import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTufMirror, type TufMirror } from '../../fixtures/tuf-mirror.js';
import { findNewestRoot, withRelease } from '../../fixtures/tuf-release.js';
import {
  createTufRepository,
  type TufRepository,
} from '../../fixtures/tuf-repository.js';
import { embeddedTufAnchor } from '../../src/io/embedded-tuf-root.js';
import { RELEASE } from '../../src/io/tuf-release.js';
import { readSigned } from '../../src/io/tuf-staging.js';

const NOW = new Date('2026-11-22T10:00:00Z');
const PAST = new Date('2026-11-21T10:00:00Z');

let repository: TufRepository;
let mirror: TufMirror;

beforeEach(async () => {
  repository = createTufRepository({
    targets: new Map([['trusted_root.json', Buffer.from('root one')]]),
  });
  mirror = await startTufMirror(repository);
});

afterEach(async () => {
  await mirror.close();
});

function findNewest() {
  const { rootJson: root } = repository;
  const anchor = { mirrorUrl: mirror.url, root, origin: 'library' } as const;
  return findNewestRoot(anchor, NOW);
}

describe('findNewestRoot', () => {
  it('finds nothing to ship where the first root is the newest', async () => {
    const found = await findNewest();
    expect(found).toMatchObject({ tufRoot: null, version: 1 });
  });

  it('finds the end of the chain', async () => {
    const expires = new Date('2027-06-01T00:00:00Z');
    repository.rotateRoot({ newKeys: true });
    repository.rotateRoot({ newKeys: true, expires });
    const newest = repository.files.get('3.root.json')?.toString('base64');
    const found = await findNewest();
    expect(found).toEqual({ tufRoot: newest, version: 3, expires });
  });

  it.each<[string, () => void, RegExp]>([
    [
      'does not follow',
      () => {
        repository.rotateRoot({ newKeys: true, oldSignatures: 2 });
      },
      /signed by 2\/3 keys/,
    ],
    [
      'has expired',
      () => {
        repository.rotateRoot({ expires: PAST });
      },
      /expired/,
    ],
    [
      'names keys that did not sign the rest',
      () => {
        repository.rotateRoot({ newOnlineKey: true });
      },
      /timestamp was signed by 0\/1 keys/,
    ],
  ])('fails with a root that %s', async (_defect, play, message) => {
    play();
    await expect(findNewest()).rejects.toThrow(message);
  });
});

describe('the embedded root', () => {
  const rootOf = (version: number): string =>
    Buffer.from(
      JSON.stringify({ signed: { version, expires: NOW.toISOString() } }),
    ).toString('base64');

  it('is the library’s as long as the release has no newer one', () => {
    const library = embeddedTufAnchor(null);
    expect(library.origin).toBe('library');
    const { version } = readSigned(library.root);
    for (const older of [1, version - 1, version]) {
      expect(embeddedTufAnchor(rootOf(older))).toEqual(library);
    }
    const newer = embeddedTufAnchor(rootOf(version + 1));
    expect(newer).toMatchObject({
      mirrorUrl: library.mirrorUrl,
      origin: 'release',
    });
    expect(readSigned(newer.root).version).toBe(version + 1);
  });

  it('had not expired when this version was built', () => {
    const { root } = embeddedTufAnchor();
    const built = new Date(RELEASE.builtOn);
    expect(built.toISOString().slice(0, 10)).toBe(RELEASE.builtOn);
    expect(readSigned(root).expires > built).toBe(true);
  });
});

describe('withRelease', () => {
  it('replaces both values, and again', async () => {
    const file = new URL('../../src/io/tuf-release.ts', import.meta.url);
    const source = await readFile(file, 'utf8');
    const first = { builtOn: '2031-01-02', tufRoot: 'cm9vdA==' };
    const text = withRelease(source, first);
    expect(text).toContain("builtOn: '2031-01-02',");
    expect(text).toContain("tufRoot: 'cm9vdA==',");
    expect(withRelease(text, RELEASE)).toBe(withRelease(source, RELEASE));
  });

  it('says when there is nothing to replace', () => {
    expect(() => withRelease('', RELEASE)).toThrow('in the source');
  });
});
