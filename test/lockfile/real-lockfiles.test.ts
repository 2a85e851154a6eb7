import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import {
  loadPlainly,
  loadVirtualTree,
  loadWithArborist,
} from '../../src/io/arborist-tree.js';
import type { Dependency, Lockfile } from '../../src/lockfile/dependency.js';
import type { NpmTree, VirtualProject } from '../../src/lockfile/npm-tree.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';
import { sharedArchive } from '../shared-data.js';

interface Counts {
  readonly keysInPackages?: number;
  readonly entries: number;
  readonly distinctRegistryVersions: number;
  readonly links?: number;
  readonly workspaceFolders?: number;
  readonly bundled: number;
  readonly dev: number;
  readonly withoutIntegrity: number;
  readonly notFromRegistry: number;
}

interface Indexed {
  readonly file: string;
  readonly format: string;
  readonly counts: Counts;
}

const folder = await sharedArchive('real-lockfiles');
const NPM = folder === null ? [] : await npmLockfiles(folder);

it.skipIf(folder === null)('has every npm lockfile of the index', () => {
  expect(NPM.length).toBe(4);
});

// Skipped where the folder of shared material is not beside the repository.
describe.skipIf(folder === null).each(NPM)(
  '$file',
  ({ file, format, counts }) => {
    let bytes: Uint8Array;
    let lockfile: Lockfile;
    let project: VirtualProject | null = null;
    let tree: NpmTree | null = null;

    beforeAll(async () => {
      bytes = await readFile(join(folder ?? '', file));
      lockfile = await parseLockfile(
        { path: file, bytes, manifest: null },
        async (input) => {
          project = input;
          return (tree = await loadWithArborist(input));
        },
      );
    });

    it('has each entry in exactly one dependency', () => {
      const record: unknown = JSON.parse(new TextDecoder().decode(bytes));
      const expected = format.endsWith('v1')
        ? nestedLocations(record, '')
        : listedLocations(record);
      const found = lockfile.dependencies.flatMap(({ locations }) => locations);
      expect(found.toSorted()).toEqual(expected.toSorted());
      expect(lockfile.entries).toBe(found.length);
      expect(lockfile.format).toBe(format.split(' ')[0]);
      expect(`v${lockfile.formatVersion}`).toBe(format.split(' ')[1]);
    });

    it('has the counts of the index', () => {
      const { links = 0, workspaceFolders = 0 } = counts;
      expect(count('link')).toBe(links);
      expect(count('workspace')).toBe(workspaceFolders);
      // The index counts what is installed from a tarball or repository.
      expect(lockfile.entries - links - workspaceFolders).toBe(counts.entries);
      if (counts.keysInPackages !== undefined) {
        expect(lockfile.entries + 1).toBe(counts.keysInPackages);
      }
      // Nor does the index count those without a version here.
      expect(
        sum(
          isInstalled,
          ({ integrity }) => integrity === null,
          (dependency) => !isBlank(dependency),
        ),
      ).toBe(counts.withoutIntegrity);
      // Entries without a version are "not from the registry" there; here they
      // stay in scope since nothing says where they come from.
      expect(
        count('git') + count('file') + count('remote-tarball') + sum(isBlank),
      ).toBe(counts.notFromRegistry);
      expect(distinctVersions()).toBe(counts.distinctRegistryVersions);
    });

    it('has the bundled entries of the index', () => {
      const record: unknown = JSON.parse(new TextDecoder().decode(bytes));
      const flagged = new Set(flaggedAsBundled(record));
      expect(flagged.size).toBe(counts.bundled);
      // What the root project bundles carries the flag too, but is downloaded:
      // it has a digest and stays in scope.
      const inTarball = lockfile.dependencies
        .filter(({ origin }) => origin.kind === 'bundled')
        .flatMap(({ locations }) => locations);
      expect(inTarball.every((location) => flagged.has(location))).toBe(true);
      const downloaded = sum(
        ({ origin, integrity, locations }) =>
          origin.kind === 'registry' &&
          integrity !== null &&
          locations.some((location) => flagged.has(location)),
      );
      expect(inTarball.length + downloaded).toBeGreaterThanOrEqual(
        flagged.size,
      );
    });

    it('is at least as strict as the file’s own flag on what is production', () => {
      // The flag `dev` is not read, as it could be set to hide something. What
      // it leaves to production is production from the graph too, which besides
      // counts what a workspace needs that only development uses, and in
      // version 1, where the root is unknown without a manifest, everything.
      const production = sum(({ production }) => production, isInstalled);
      expect(production).toBeGreaterThanOrEqual(counts.entries - counts.dev);
      if (format.endsWith('v1')) expect(production).toBe(counts.entries);
      if (format.endsWith('v2'))
        expect(production).toBe(counts.entries - counts.dev);
    });

    it('has a path to every entry, beginning at the root', () => {
      for (const { paths, id } of lockfile.dependencies) {
        expect(paths.length, id.name).toBeGreaterThan(0);
        expect(paths.length).toBeLessThanOrEqual(5);
        expect(paths.every(([first]) => first === lockfile.rootName)).toBe(
          true,
        );
      }
    });

    it('has a line and column for every dependency that names its first location', () => {
      const lines = new TextDecoder().decode(bytes).split('\n');
      for (const { line, column, locations } of lockfile.dependencies) {
        const name = locations[0]?.slice(
          format.endsWith('v1')
            ? locations[0].lastIndexOf('node_modules/') + 13
            : 0,
        );
        const found = lines[(line ?? 0) - 1]?.slice((column ?? 0) - 1);
        expect(found?.startsWith(`${JSON.stringify(name)}: {`)).toBe(true);
      }
    });

    it('is read the same way twice, and whatever the order of its entries', async () => {
      const load = (input: Uint8Array): Promise<Lockfile> =>
        parseLockfile(
          { path: file, bytes: input, manifest: null },
          loadVirtualTree,
        );
      expect(await load(bytes)).toEqual(lockfile);
      const record: unknown = JSON.parse(new TextDecoder().decode(bytes));
      const reversed = await load(
        new TextEncoder().encode(JSON.stringify(reverseKeys(record))),
      );
      expect(reversed.dependencies.map(withoutPlace)).toEqual(
        lockfile.dependencies.map(withoutPlace),
      );
    });

    it('has the edges that the plain resolver finds', () => {
      if (project === null || tree === null) throw new Error('not loaded');
      const plain = loadPlainly(project);
      const edgesIn = ({ nodes }: NpmTree): readonly string[] =>
        nodes
          .flatMap(({ location, edges }) =>
            edges.map(
              ({ name, type, asks, to }) =>
                `${location} -${name}:${type}/${asks}-> ${to ?? '?'}`,
            ),
          )
          .toSorted();
      expect(edgesIn(plain)).toEqual(edgesIn(tree));
    });

    function isInstalled({ origin }: Dependency): boolean {
      return origin.kind !== 'link' && origin.kind !== 'workspace';
    }

    function isBlank({ id, origin }: Dependency): boolean {
      return origin.kind === 'registry' && id.version === '';
    }

    function count(kind: Dependency['origin']['kind']): number {
      return sum(({ origin }) => origin.kind === kind);
    }

    /** Entries of the dependencies that fit all of `tests`. */
    function sum(
      ...tests: readonly ((dependency: Dependency) => boolean)[]
    ): number {
      return lockfile.dependencies
        .filter((dependency) => tests.every((test) => test(dependency)))
        .reduce((total, { locations }) => total + locations.length, 0);
    }

    function distinctVersions(): number {
      const ids = lockfile.dependencies
        .filter(
          ({ id, origin }) =>
            id.version !== '' &&
            (origin.kind === 'registry' || origin.kind === 'bundled'),
        )
        .map(({ id }) => `${id.name}@${id.version}`);
      return new Set(ids).size;
    }
  },
);

async function npmLockfiles(archive: string): Promise<readonly Indexed[]> {
  const index = JSON.parse(
    await readFile(join(archive, 'index.json'), 'utf8'),
  ) as { readonly entries: readonly Indexed[] };
  return index.entries.filter(({ format }) =>
    /^(?:package-lock|npm-shrinkwrap) /.test(format),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listedLocations(record: unknown): readonly string[] {
  const packages = isRecord(record) ? record['packages'] : undefined;
  return isRecord(packages)
    ? Object.keys(packages).filter((key) => key !== '')
    : [];
}

function nestedLocations(record: unknown, prefix: string): readonly string[] {
  const nested = isRecord(record) ? record['dependencies'] : undefined;
  if (!isRecord(nested)) return [];
  return Object.entries(nested).flatMap(([name, value]) => {
    const location = `${prefix}node_modules/${name}`;
    return [location, ...nestedLocations(value, `${location}/`)];
  });
}

function flaggedAsBundled(record: unknown): readonly string[] {
  const packages = isRecord(record) ? record['packages'] : undefined;
  if (!isRecord(packages)) return [];
  return Object.entries(packages)
    .filter(([, entry]) => isRecord(entry) && entry['inBundle'] === true)
    .map(([location]) => location);
}

function reverseKeys(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, reverseKeys(inner)] as const,
  );
  return Object.fromEntries(entries.toReversed());
}

function withoutPlace(dependency: Dependency): Dependency {
  return { ...dependency, line: null, column: null };
}
