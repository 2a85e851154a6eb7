import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Dependency, Lockfile } from '../../src/lockfile/dependency.js';
import { sharedArchive } from '../shared-data.js';
import { nameOf, parseOther } from './pnpm-input.js';

interface Indexed {
  readonly file: string;
  readonly format: string;
  readonly counts: {
    readonly entries: number;
    readonly importers?: number;
    readonly distinctRegistryVersions: number;
    readonly notFromRegistry?: number;
  };
}

const folder = await sharedArchive('real-lockfiles');
const FORMATS = /^(?:pnpm|bun) /;
const FILES = folder === null ? [] : await listFiles(folder);

it.skipIf(folder === null)('has every such lockfile of the index', () => {
  expect(FILES.length).toBe(3);
});

// Skipped where the folder of shared material is not beside the repository.
describe.skipIf(folder === null).each(FILES)(
  '$file',
  ({ file, format, counts }) => {
    const load = async (): Promise<Lockfile> => {
      const name = file.split('/').at(-1) ?? file;
      return parseOther(name, await readFile(join(folder ?? '', file)));
    };

    it('has the counts of the index', async () => {
      const { entries, dependencies, formatVersion } = await load();
      const of = (...kinds: readonly string[]): readonly Dependency[] =>
        dependencies.filter(({ origin }) => kinds.includes(origin.kind));
      const sum = (list: readonly Dependency[]): number =>
        list.reduce((total, { locations }) => total + locations.length, 0);
      const projects = sum(of('workspace'));
      expect(sum(dependencies)).toBe(entries);
      if (counts.importers !== undefined) {
        expect(projects).toBe(counts.importers - 1);
      }
      expect(entries - projects).toBe(counts.entries);
      expect(new Set(of('registry').map(nameOf)).size).toBe(
        counts.distinctRegistryVersions,
      );
      expect(sum(of('git', 'file', 'remote-tarball', 'link'))).toBe(
        counts.notFromRegistry ?? 0,
      );
      expect(format.endsWith(` ${formatVersion}`)).toBe(true);
    });

    it('has a path and a place for all', async () => {
      const { dependencies } = await load();
      for (const { paths, line, column, id } of dependencies) {
        expect(paths.length, id.name).toBeGreaterThan(0);
        expect(line, id.name).toBeGreaterThan(0);
        expect(column, id.name).toBeGreaterThan(0);
      }
    });

    it('is read the same way twice', async () => {
      expect(await load()).toEqual(await load());
    });
  },
);

async function listFiles(archive: string): Promise<readonly Indexed[]> {
  const index = JSON.parse(
    await readFile(join(archive, 'index.json'), 'utf8'),
  ) as { readonly entries: readonly Indexed[] };
  return index.entries.filter(({ format }) => FORMATS.test(format));
}
