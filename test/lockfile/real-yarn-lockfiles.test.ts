import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { AuditError } from '../../src/errors.js';
import type { Lockfile, OriginKind } from '../../src/lockfile/dependency.js';
import { sharedArchive } from '../shared-data.js';
import { parseYarn } from './yarn-input.js';

interface Indexed {
  readonly file: string;
  readonly counts: Readonly<Record<string, number>>;
}

const MUTATIONS = 500;
/** What nothing of Berry is read without. */
const ROOT = `"my-app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "my-app@workspace:."`;

const folder = await sharedArchive('real-lockfiles');
const YARN = folder === null ? [] : await yarnLockfiles(folder);

it.skipIf(folder === null)('has every file of Yarn of the index', () => {
  expect(YARN.map(({ file }) => file)).toEqual([
    'yarnpkg-yarn-yarn-v1/yarn.lock',
    'babel-babel-yarn-berry/yarn.lock',
  ]);
});

// Skipped where the folder of shared material is not beside the repository.
describe.skipIf(folder === null).each(YARN)('$file', ({ file, counts }) => {
  const isV1 = file.includes('yarn-v1');
  let text: string;
  let lockfile: Lockfile;

  const count = (kind: OriginKind): number =>
    lockfile.dependencies
      .filter(({ origin }) => origin.kind === kind)
      .reduce((sum, { locations }) => sum + locations.length, 0);

  beforeAll(async () => {
    text = await readFile(join(folder ?? '', file), 'utf8');
    lockfile = await parseYarn(text);
  });

  it('has the numbers of the index', () => {
    const versions = lockfile.dependencies
      .filter(({ origin }) => origin.kind === 'registry')
      .map(({ id }) => `${id.name}@${id.version}`);
    expect(new Set(versions).size).toBe(counts['distinctRegistryVersions']);
    // The index counts the root project, which Berry lists, too.
    expect(lockfile.entries).toBe((counts['entries'] ?? 0) - (isV1 ? 0 : 1));
    if (isV1) {
      expect(count('file')).toBe(counts['notFromRegistry']);
      const unpinned = lockfile.dependencies.filter(
        ({ origin, integrity }) =>
          origin.kind === 'registry' && integrity === null,
      );
      expect(unpinned.length).toBe(counts['withoutIntegrity']);
    } else {
      expect(lockfile.formatVersion).toBe(String(counts['metadataVersion']));
      expect(count('workspace')).toBe((counts['workspaceEntries'] ?? 0) - 1);
      expect(count('link')).toBe(counts['other']);
      expect(
        lockfile.dependencies
          .filter(({ patched }) => patched)
          .flatMap(({ locations }) => locations)
          .filter((key) => key.includes('@patch:')).length,
      ).toBe(counts['patchEntries']);
    }
  });

  it('has each entry in exactly one dependency, at its line', () => {
    const lines = text.split('\n');
    const places = lockfile.dependencies.flatMap(({ locations }) => locations);
    expect(places.length).toBe(lockfile.entries);
    expect(new Set(places).size).toBe(lockfile.entries);
    for (const { line, locations } of lockfile.dependencies) {
      const key = lines[(line ?? 0) - 1]?.replaceAll('"', '');
      expect(key).toBe(`${locations[0] ?? ''}:`);
    }
  });

  it('reaches everything from the project', () => {
    const loose = lockfile.dependencies.filter(({ paths }) => !paths.length);
    expect(loose).toEqual([]);
  });

  it('does not depend on the order of its entries', async () => {
    const [head = '', ...blocks] = text.split(/\n\n(?=\S)/);
    const reversed = [head, ...blocks.toReversed()].join('\n\n');
    const withoutPlaces = ({ dependencies }: Lockfile): unknown =>
      dependencies.map((one) => ({ ...one, line: null }));
    expect(withoutPlaces(await parseYarn(reversed))).toEqual(
      withoutPlaces(lockfile),
    );
  });

  it(`survives ${MUTATIONS} mutations`, { timeout: 120_000 }, async () => {
    const random = randomFrom(7);
    const below = (limit: number): number => Math.floor(random() * limit);
    const blocks = text.split(/\n\n(?=["@\w])/);
    const head = blocks.slice(0, isV1 ? 1 : 2);
    let refused = 0;
    for (let round = 0; round < MUTATIONS; round += 1) {
      // Some entries are enough, and quick.
      const from = head.length + below(blocks.length - 10);
      const root = isV1 ? [] : [ROOT];
      const some = blocks.slice(from, from + 8);
      const part = [...head, ...root, ...some].join('\n\n');
      try {
        const read = await parseYarn(`${mutate(part, below)}\n`);
        const all = read.dependencies.flatMap(({ locations }) => locations);
        expect(all.length).toBe(read.entries);
        expect(new Set(all).size).toBe(read.entries);
      } catch (error) {
        if (!(error instanceof AuditError)) throw error;
        expect(error.code).toBe('LOCKFILE_INVALID');
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(0);
    // Many changes leave a lockfile that is one.
    expect(refused).toBeLessThan(MUTATIONS * 0.8);
  });
});

const PIECES = ['"', ':', '\n', '  ', ',', '@', '#', '\0', '&a ', '*a', '- '];
PIECES.push('__proto__', '<<<<<<< ', 'npm:', 'patch:', '%', '::', '?', '{');

/** One change of `text`: something left out, put in, doubled or exchanged. */
function mutate(text: string, below: (limit: number) => number): string {
  const at = below(text.length);
  const end = Math.min(text.length, at + 1 + below(40));
  const piece = text.slice(at, end);
  switch (below(4)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return (
        text.slice(0, at) +
        (PIECES[below(PIECES.length)] ?? '') +
        text.slice(at)
      );
    case 2:
      return text.slice(0, end) + piece + text.slice(end);
    default: {
      const other = below(text.length);
      return text.slice(0, other) + piece + text.slice(other + piece.length);
    }
  }
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function yarnLockfiles(path: string): Promise<readonly Indexed[]> {
  const text = await readFile(join(path, 'index.json'), 'utf8');
  const { entries } = JSON.parse(text) as { readonly entries: Indexed[] };
  return entries.filter(({ file }) => file.endsWith('yarn.lock'));
}
