import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { resolveVirtualTree } from '../../src/lockfile/npm-resolve.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';
import {
  at,
  failure,
  fileOf,
  lockfileV3,
  parse,
  PATH,
  registryEntry,
} from './lockfile-input.js';

function asks(name: string, fields: object): object {
  return { ...registryEntry(name), ...fields };
}

const FLAGS = {
  dev: true,
  optional: true,
  peer: true,
  devOptional: true,
  extraneous: true,
};

describe('what the graph says', () => {
  const PACKAGES = {
    'node_modules/prod': asks('prod', {
      dependencies: { shared: '1' },
      ...FLAGS,
    }),
    'node_modules/dev': asks('dev', {
      dependencies: { shared: '1', 'dev-only': '1' },
    }),
    'node_modules/opt': asks('opt', { dependencies: { 'opt-only': '1' } }),
    'node_modules/peer': registryEntry('peer'),
    'node_modules/shared': asks('shared', {
      ...FLAGS,
      optionalDependencies: { native: '1' },
      peerDependencies: { peered: '1', maybe: '1' },
      peerDependenciesMeta: { maybe: { optional: true } },
    }),
    'node_modules/dev-only': asks('dev-only', {
      devDependencies: { never: '1' },
    }),
    'node_modules/opt-only': registryEntry('opt-only'),
    'node_modules/native': registryEntry('native'),
    'node_modules/peered': registryEntry('peered'),
    'node_modules/maybe': registryEntry('maybe'),
    'node_modules/never': registryEntry('never'),
    'node_modules/both': registryEntry('both'),
  };
  const ROOT = {
    dependencies: { prod: '1', both: '1' },
    devDependencies: { dev: '1', both: '1' },
    optionalDependencies: { opt: '1' },
    peerDependencies: { peer: '1' },
  };

  it.each([
    // location, production, direct, optional, number of paths
    ['prod', true, true, false, 1],
    ['dev', false, true, false, 1],
    ['opt', true, true, true, 1],
    ['peer', true, true, false, 1],
    ['shared', true, false, false, 2],
    ['dev-only', false, false, false, 1],
    ['opt-only', true, false, true, 1],
    ['native', true, false, true, 2],
    ['peered', true, false, false, 2],
    ['maybe', true, false, true, 2],
    ['never', true, false, false, 0],
    ['both', true, true, false, 1],
  ])(
    'of %s, whatever the flags say',
    async (name, production, direct, optional, count) => {
      for (const packages of [PACKAGES, withFlags(PACKAGES)]) {
        const found = at(
          await parse(lockfileV3(ROOT, packages)),
          `node_modules/${name}`,
        );
        expect(found).toMatchObject({ production, direct, optional });
        expect(found.paths).toHaveLength(count);
      }
    },
  );

  it('goes by the manifest where the lockfile says something else', async () => {
    const manifest = fileOf({ dependencies: { dev: '1' } });
    const lockfile = await parse(lockfileV3(ROOT, PACKAGES), manifest);
    expect(at(lockfile, 'node_modules/dev').production).toBe(true);
    expect(at(lockfile, 'node_modules/prod')).toMatchObject({
      direct: false,
      production: true,
      paths: [],
    });
  });

  it('finds the nearest node_modules upwards', async () => {
    const lockfile = await parse(
      lockfileV3(
        { dependencies: { a: '1', b: '1' } },
        {
          'node_modules/a': asks('a', { dependencies: { x: '2', y: '1' } }),
          'node_modules/a/node_modules/x': registryEntry('x', '2.0.0'),
          'node_modules/a/node_modules/y': asks('y', {
            dependencies: { x: '2' },
          }),
          'node_modules/b': asks('b', { dependencies: { x: '1' } }),
          'node_modules/x': registryEntry('x'),
        },
      ),
    );
    expect(at(lockfile, 'node_modules/x').paths).toEqual([
      ['my-app', 'b', 'x'],
    ]);
    expect(at(lockfile, 'node_modules/a/node_modules/x').paths).toEqual([
      ['my-app', 'a', 'x'],
      ['my-app', 'a', 'y', 'x'],
    ]);
  });

  it('keeps five paths, the shortest first, and survives cycles', async () => {
    const names = ['g', 'f', 'e', 'd', 'c', 'b'];
    const lockfile = await parse(
      lockfileV3(
        {
          dependencies: Object.fromEntries(
            [...names, 'long'].map((name) => [name, '1']),
          ),
        },
        {
          ...Object.fromEntries(
            names.map((name) => [
              `node_modules/${name}`,
              asks(name, { dependencies: { target: '1' } }),
            ]),
          ),
          'node_modules/long': asks('long', { dependencies: { b: '1' } }),
          'node_modules/target': asks('target', {
            dependencies: { b: '1', target: '1' },
          }),
        },
      ),
    );
    expect(at(lockfile, 'node_modules/target').paths).toEqual(
      ['b', 'c', 'd', 'e', 'f'].map((name) => ['my-app', name, 'target']),
    );
    const { paths } = at(lockfile, 'node_modules/b');
    expect(paths[0]).toEqual(['my-app', 'b']);
    for (const path of paths) expect(new Set(path).size).toBe(path.length);
  });

  it('survives a chain of many thousand entries', async () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `p${i}`);
    const packages = names.map(
      (name, i) =>
        [
          `node_modules/${name}`,
          asks(name, { dependencies: { [`p${i + 1}`]: '1' } }),
        ] as const,
    );
    const lockfile = await parse(
      lockfileV3({ dependencies: { p0: '1' } }, Object.fromEntries(packages)),
    );
    expect(lockfile.dependencies).toHaveLength(20_000);
    expect(at(lockfile, 'node_modules/p98').paths[0]).toHaveLength(100);
    expect(at(lockfile, 'node_modules/p99')).toMatchObject({
      paths: [],
      production: true,
    });
  });

  it('still counts an entry that npm takes for another one', async () => {
    const lockfile = await parse(
      lockfileV3(
        { dependencies: { Thing: '1', thing: '1' } },
        {
          'node_modules/Thing': registryEntry('Thing'),
          'node_modules/thing': registryEntry('thing'),
        },
      ),
    );
    expect(lockfile.dependencies.map(({ id }) => id.name)).toEqual([
      'Thing',
      'thing',
    ]);
    expect(lockfile.dependencies.every(({ production }) => production)).toBe(
      true,
    );
  });
});

describe('grouping', () => {
  it('puts together what is the same in every respect, and nothing else', async () => {
    const lockfile = await parse(
      lockfileV3(
        {
          dependencies: { a: '1', b: '1', c: '1' },
          devDependencies: { d: '1' },
        },
        {
          'node_modules/a/node_modules/x': registryEntry('x'),
          'node_modules/b/node_modules/x': registryEntry('x'),
          'node_modules/c/node_modules/x': {
            ...registryEntry('x'),
            integrity: 'sha512-other',
          },
          'node_modules/d/node_modules/x': {
            ...registryEntry('x'),
            resolved: 'https://mirror.example/x/-/x-1.0.0.tgz',
          },
          ...Object.fromEntries(
            ['a', 'b', 'c', 'd'].map((name) => [
              `node_modules/${name}`,
              asks(name, { dependencies: { x: '1' } }),
            ]),
          ),
        },
      ),
    );
    const groups = lockfile.dependencies.filter(({ id }) => id.name === 'x');
    expect(groups.map(({ locations }) => locations)).toEqual([
      ['node_modules/d/node_modules/x'],
      ['node_modules/a/node_modules/x', 'node_modules/b/node_modules/x'],
      ['node_modules/c/node_modules/x'],
    ]);
    expect(groups.map(({ production }) => production)).toEqual([
      false,
      true,
      true,
    ]);
    expect(groups.map(({ line }) => line)).toEqual([33, 18, 28]);
  });

  it('does not depend on the order of the file', async () => {
    const packages = Object.entries({
      'node_modules/a': asks('a', { dependencies: { x: '1', b: '1' } }),
      'node_modules/b': asks('b', { dependencies: { x: '1' } }),
      'node_modules/c': asks('c', {
        dependencies: { x: '1' },
        bundleDependencies: ['x'],
      }),
      'node_modules/c/node_modules/x': { version: '1.0.0' },
      'node_modules/x': registryEntry('x'),
      'node_modules/w': { resolved: 'w', link: true },
      w: { version: '1.0.0', dependencies: { x: '1', a: '1' } },
      'w/node_modules/a': registryEntry('a'),
    });
    const root = {
      workspaces: ['w'],
      dependencies: { a: '1', b: '1', c: '1' },
    };
    const reference = await withoutLines(packages);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(packages, { minLength: packages.length }),
        async (shuffled) => {
          expect(await withoutLines(shuffled)).toEqual(reference);
        },
      ),
      { numRuns: 20 },
    );

    async function withoutLines(list: typeof packages): Promise<unknown> {
      const { dependencies } = await parse(
        lockfileV3(root, Object.fromEntries(list)),
      );
      return dependencies.map((dependency) => ({ ...dependency, line: null }));
    }
  });
});

it('puts every entry of any tree into exactly one dependency', async () => {
  const name = fc.constantFrom('a', 'b', '@s/c', 'd');
  const location = fc
    .array(name, { minLength: 1, maxLength: 3 })
    .map((names) => names.map((part) => `node_modules/${part}`).join('/'));
  const entry = fc.record(
    {
      version: fc.constantFrom('1.0.0', '2.0.0'),
      resolved: fc.constantFrom(
        'https://registry.example/x.tgz',
        'git+ssh://git@github.com/a/b.git#1',
        'file:x.tgz',
      ),
      dependencies: fc.dictionary(
        name,
        fc.constantFrom(
          '1',
          'github:a/b',
          'file:x.tgz',
          'https://x.example/x.tgz',
        ),
      ),
      bundleDependencies: fc.array(name),
    },
    { requiredKeys: ['version'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(location, entry), async (packages) => {
      // A lockfile has to have what its project asks for.
      const dependencies = Object.fromEntries(
        ['a', 'd']
          .filter((asked) => `node_modules/${asked}` in packages)
          .map((asked) => [asked, '1']),
      );
      const bytes = lockfileV3({ dependencies }, packages);
      const lockfile = await parseLockfile(
        { path: PATH, bytes, manifest: null },
        (project) =>
          Promise.resolve(resolveVirtualTree(project, () => 'registry')),
      );
      const locations = lockfile.dependencies.flatMap(
        (dependency) => dependency.locations,
      );
      expect(locations.toSorted()).toEqual(Object.keys(packages).toSorted());
      expect(lockfile.entries).toBe(locations.length);
    }),
  );
});

it('reads any JSON in the place of entries, or refuses it with one line', async () => {
  const location = fc.constantFrom('', 'node_modules/a', 'node_modules/b', 'w');
  const field = fc.constantFrom(
    'name',
    'version',
    'resolved',
    'link',
    'dependencies',
    'peerDependenciesMeta',
    'bundleDependencies',
    'workspaces',
    'requires',
    'patched',
  );
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('1.0.0', 'w', '../x', true, { a: '1', b: '$a' }, ['*']),
  );
  const packages = fc.dictionary(
    location,
    fc.oneof(fc.dictionary(field, value, { maxKeys: 4 }), value),
  );
  await fc.assert(
    fc.asyncProperty(packages, value, async (entries, overrides) => {
      const manifest = fileOf({ dependencies: { a: '1', b: '1' }, overrides });
      const listed = { lockfileVersion: 3, packages: entries };
      const nested = { lockfileVersion: 1, dependencies: entries };
      for (const content of [listed, nested]) {
        const { code, message } = await failure(fileOf(content), manifest);
        expect(['none', 'LOCKFILE_INVALID']).toContain(code);
        expect(message).not.toContain('\n');
      }
    }),
    { numRuns: 200 },
  );
});

function withFlags(
  packages: Readonly<Record<string, object>>,
): Record<string, object> {
  return Object.fromEntries(
    Object.entries(packages).map(([location, entry]) => [
      location,
      { ...entry, ...FLAGS },
    ]),
  );
}

it('finds a folder through the link to it where nobody knows what the root asks for', async () => {
  const { dependencies } = await parse(
    fileOf({
      lockfileVersion: 3,
      packages: {
        'node_modules/member': { resolved: 'packages/a', link: true },
        'node_modules/tool': registryEntry('tool'),
        'packages/a': {
          ...{ name: 'member', version: '1.0.0' },
          dependencies: { tool: '^1.0.0' },
        },
        'packages/b': { name: 'alone', version: '1.0.0' },
      },
    }),
  );
  const found = dependencies.map(({ id, paths, direct, production }) => [
    ...[id.name, direct, production],
    ...paths.map((path) => path.join(' ')),
  ]);
  expect(found).toEqual([
    ['alone', true, true, 'root packages/b'],
    ['member', true, true, 'root member'],
    ['member', true, true, 'root member'],
    ['tool', false, true, 'root member tool'],
  ]);
});
