import dgram from 'node:dgram';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import npa from 'npm-package-arg';
import { afterEach, describe, expect, it, vi } from 'vitest';

import {
  loadPlainly,
  loadVirtualTree,
  loadWithArborist,
} from '../../src/io/arborist-tree.js';
import type {
  NpmTree,
  Relations,
  VirtualPackage,
  VirtualProject,
} from '../../src/lockfile/npm-tree.js';

const NONE: Relations = {
  dependencies: {},
  devDependencies: {},
  optionalDependencies: {},
  peerDependencies: {},
  optionalPeers: [],
};

function packageOf(
  name: string,
  relations: Partial<Relations> = {},
): VirtualPackage {
  return {
    name,
    version: '1.0.0',
    relations: { ...NONE, ...relations },
    link: null,
  };
}

function linkTo(link: string): VirtualPackage {
  return { ...packageOf('x'), link };
}

function project(
  relations: Partial<Relations>,
  packages: Readonly<Record<string, VirtualPackage>>,
  rest: Partial<VirtualProject['root']> = {},
): VirtualProject {
  const root = {
    relations: { ...NONE, ...relations },
    overrides: null,
    workspaces: [],
    ...rest,
  };
  return { root, packages: new Map(Object.entries(packages)) };
}

/** Edges as `from -type/asks-> to`, sorted. */
function edgesOf(tree: NpmTree): readonly string[] {
  return tree.nodes
    .flatMap(({ location, target, edges }) => [
      ...(target === null ? [] : [`${location} => ${target}`]),
      ...edges.map(
        ({ name, type, asks, to }) =>
          `${location} -${name}:${type}/${asks}-> ${to ?? '?'}`,
      ),
    ])
    .toSorted();
}

const EXAMPLES: readonly (readonly [string, VirtualProject])[] = [
  ['nothing', project({}, {})],
  [
    'each kind of dependency, and names asked for twice',
    project(
      {
        dependencies: { a: '1', both: '1' },
        devDependencies: { b: '2', both: '2' },
        optionalDependencies: { c: 'latest', gone: '*' },
        peerDependencies: { d: '1', e: '1' },
        optionalPeers: ['e'],
      },
      {
        'node_modules/a': packageOf('a', {
          dependencies: { b: '1', missing: '1' },
          devDependencies: { d: '1' },
        }),
        'node_modules/a/node_modules/b': packageOf('b', {
          peerDependencies: { a: '1' },
        }),
        'node_modules/b': packageOf('b', { optionalDependencies: { c: '' } }),
        'node_modules/c': packageOf('c'),
        'node_modules/d': packageOf('d'),
        'node_modules/e': packageOf('e'),
        'node_modules/both': packageOf('both'),
        'node_modules/loose': packageOf('loose', { dependencies: { a: '1' } }),
      },
    ),
  ],
  [
    'each kind of specification',
    project(
      {
        dependencies: {
          range: '^1.2.0 || 2',
          alias: 'npm:@acme/real@^1.0.0',
          tag: 'next',
          git: 'git+https://git.example/a.git#main',
          scp: 'git@git.example:a/b.git',
          short: 'acme/a',
          hosted: 'https://github.com/acme/a.git',
          tarball: 'https://files.example/a.tgz',
          file: 'file:a.tgz',
          folder: '../a',
          strange: 'workspace:*',
          broken: 'not a tag!',
        },
      },
      { 'node_modules/alias': packageOf('@acme/real') },
    ),
  ],
  [
    'workspaces and links, inside and outside',
    project(
      { dependencies: { out: 'file:../../out' } },
      {
        'node_modules/w': linkTo('packages/w'),
        'packages/w': packageOf('w', {
          dependencies: { a: '1', own: '1' },
          devDependencies: { a: '2', d: '1' },
        }),
        'packages/w/node_modules/own': packageOf('own', {
          dependencies: { a: '1' },
        }),
        'node_modules/out': linkTo('../../out'),
        '../../out': packageOf('out', { dependencies: { a: '1', near: '1' } }),
        '../../out/node_modules/near': packageOf('near'),
        'node_modules/self': linkTo(''),
        'node_modules/a': packageOf('a'),
        'node_modules/d': packageOf('d'),
      },
      { workspaces: ['packages/w'] },
    ),
  ],
  [
    'names that every object has',
    project(
      { dependencies: { constructor: '1', toString: '1' } },
      {
        'node_modules/constructor': packageOf('constructor', {
          peerDependencies: { toString: '1', hasOwnProperty: '1' },
        }),
        'node_modules/toString': packageOf('toString'),
      },
    ),
  ],
];

const folders: string[] = [];

describe('loadVirtualTree', () => {
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    for (const folder of folders.splice(0)) {
      await rm(folder, { recursive: true });
    }
  });

  it.each(EXAMPLES)(
    'finds the same edges as the plain resolver: %s',
    async (_what, example) => {
      const tree = await loadWithArborist(example);
      expect(edgesOf(tree)).toMatchSnapshot();
      const plain = loadPlainly(example);
      expect(edgesOf(plain).toSorted()).toEqual(edgesOf(tree).toSorted());
    },
  );

  it('applies the overrides of the manifest', async () => {
    const tree = await loadVirtualTree(
      project(
        { dependencies: { a: '1' } },
        {
          'node_modules/a': packageOf('a', { dependencies: { b: '1' } }),
          'node_modules/b': packageOf('b'),
        },
        { overrides: { b: 'github:acme/b' } },
      ),
    );
    expect(edgesOf(tree)).toContain(
      'node_modules/a -b:prod/git-> node_modules/b',
    );
  });

  it('reads nothing outside of its own folder', async () => {
    const folder = await ownTemporaryFolder();
    // Where `../../out` would be if the copy lay directly in its folder.
    await mkdir(join(folder, 'out'));
    const planted = JSON.stringify({ dependencies: { planted: '1' } });
    await writeFile(join(folder, 'out', 'package.json'), planted);
    const tree = await loadVirtualTree(
      project(
        { dependencies: { out: 'file:../../out' } },
        {
          'node_modules/out': linkTo('../../out'),
          '../../out': packageOf('out', { dependencies: { listed: '1' } }),
        },
      ),
    );
    expect(edgesOf(tree)).toContain('../../out -listed:prod/registry-> ?');
    expect(edgesOf(tree).join()).not.toContain('planted');
  });

  it('makes no request, and leaves nothing behind', async () => {
    const connect = vi.spyOn(net.Socket.prototype, 'connect');
    const send = vi.spyOn(dgram.Socket.prototype, 'send');
    const folder = await ownTemporaryFolder();
    for (const [, example] of EXAMPLES) await loadVirtualTree(example);
    expect(connect).not.toHaveBeenCalled();
    expect(send).not.toHaveBeenCalled();
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing behind when npm cannot read it', async () => {
    const folder = await ownTemporaryFolder();
    const impossible = project(
      { dependencies: { a: '1' } },
      {},
      { overrides: { a: '$nothing' } },
    );
    await expect(loadVirtualTree(impossible)).rejects.toThrow('nothing');
    expect(await readdir(folder)).toEqual([]);
  });

  it('says so where there is no temporary folder', async () => {
    const folder = await ownTemporaryFolder();
    vi.stubEnv('TMPDIR', join(folder, 'missing'));
    await expect(loadVirtualTree(project({}, {}))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });

  it('reads a project of 50,000 entries in seconds', async () => {
    const names = Array.from({ length: 50_000 }, (_, index) => `p${index}`);
    const packages = names.map(
      (name, index) =>
        [
          `node_modules/${name}`,
          packageOf(name, { dependencies: { [`p${index + 1}`]: '1' } }),
        ] as const,
    );
    const tree = await loadVirtualTree(
      project(
        { dependencies: { p0: 'github:a/b' } },
        Object.fromEntries(packages),
      ),
    );
    expect(tree.nodes).toHaveLength(50_001);
    expect(tree.nodes[0]?.edges).toEqual([
      { name: 'p0', type: 'prod', asks: 'git', to: 'node_modules/p0' },
    ]);
  });
});

/** Others' folders may come and go meanwhile in the common one. */
async function ownTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-test-'));
  folders.push(folder);
  vi.stubEnv('TMPDIR', folder);
  return folder;
}

it('asks npm about no plain range: all of them are of a registry', () => {
  const plain = fc.stringMatching(/^[~^]?\d{1,9}\.\d{1,9}\.\d{1,9}$/);
  fc.assert(
    fc.property(plain, (spec) => {
      const parsed = npa.resolve('package', spec, '/');
      expect(parsed.registry, spec).toBe(true);
    }),
    { numRuns: 500 },
  );
});
