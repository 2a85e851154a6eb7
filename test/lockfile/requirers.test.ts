import { describe, expect, it } from 'vitest';
import type { Lockfile } from '../../src/lockfile/dependency.js';
import {
  at,
  lockfileV3,
  parse as parseNpm,
  registryEntry,
} from './lockfile-input.js';
import { fixture, only, parseOther } from './pnpm-input.js';
import { parseYarn } from './yarn-input.js';

const PACKAGES = {
  'node_modules/a': { ...registryEntry('a'), dependencies: { c: '1' } },
  'node_modules/b': { ...registryEntry('b'), dependencies: { c: '1', d: '1' } },
  'node_modules/b/node_modules/c': {
    ...registryEntry('c'),
    dependencies: { b: '1' },
  },
  'node_modules/c': { ...registryEntry('c'), dependencies: { c: '1' } },
  'node_modules/d': registryEntry('d'),
  'node_modules/lib': { resolved: 'packages/lib', link: true },
  'packages/lib': { name: 'lib', version: '1.0.0', dependencies: { d: '1' } },
  'node_modules/nobody': registryEntry('nobody'),
};

describe('what asks for a package', () => {
  it('is named by the first of its places, and the root by none', async () => {
    const root = {
      dependencies: { a: '1', b: '1' },
      workspaces: ['packages/*'],
    };
    const lockfile = await parseNpm(lockfileV3(root, PACKAGES));
    const askers = Object.fromEntries(
      Object.keys(PACKAGES).map((place) => [
        place,
        at(lockfile, place).requiredBy,
      ]),
    );
    // Both places of `c` are one dependency, known by the first of them.
    const c = ['node_modules/a', 'node_modules/b'];
    expect(askers).toEqual({
      'node_modules/a': [''],
      'node_modules/b': ['', 'node_modules/b/node_modules/c'],
      'node_modules/b/node_modules/c': c,
      'node_modules/c': c,
      'node_modules/d': ['node_modules/b', 'packages/lib'],
      'node_modules/lib': [''],
      'packages/lib': ['node_modules/lib'],
      'node_modules/nobody': [],
    });
  });

  const manifestOf = (folder: string): unknown =>
    JSON.parse(new TextDecoder().decode(fixture(`${folder}/package.json`)));

  it.each<[string, () => Promise<Lockfile>]>([
    ...['pnpm-7', 'pnpm-8', 'pnpm-9', 'pnpm-10'].map(
      (folder): [string, () => Promise<Lockfile>] => [
        folder,
        () => parseOther('pnpm-lock.yaml', fixture(`${folder}/pnpm-lock.yaml`)),
      ],
    ),
    ['bun-2', () => parseOther('bun.lock', fixture('bun-2/bun.lock'))],
    [
      'yarn-4.18.1',
      () =>
        parseYarn(new TextDecoder().decode(fixture('yarn-4.18.1/yarn.lock')), {
          root: manifestOf('yarn-4.18.1') as object,
        }),
    ],
  ])('leads from the root to all that has a path: %s', async (_name, load) => {
    const { dependencies } = await load();
    const first = new Map(
      dependencies.map((one) => [one.locations[0] ?? '', one]),
    );
    for (const { requiredBy } of dependencies) {
      for (const place of requiredBy) {
        expect(place === '' || first.has(place), place).toBe(true);
      }
    }
    const reached = new Set(['']);
    for (const from of reached) {
      for (const [place, { requiredBy }] of first) {
        if (requiredBy.includes(from)) reached.add(place);
      }
    }
    reached.delete('');
    const withPath = dependencies.filter(({ paths }) => paths.length > 0);
    expect(reached).toEqual(new Set(withPath.map((one) => one.locations[0])));
    expect(reached.size).toBeGreaterThan(5);
    for (const one of withPath) {
      // The shortest way of two steps is one that the root asks for itself.
      const isNamed = one.paths.some((path) => path.length === 2);
      expect(one.requiredBy.includes(''), one.id.name).toBe(isNamed);
    }
  });

  it('is a workspace by its folder', async () => {
    const lockfile = await parseOther(
      'pnpm-lock.yaml',
      fixture('pnpm-10/pnpm-lock.yaml'),
    );
    expect(only(lockfile, 'yallist').requiredBy).toEqual(['packages/tool']);
  });
});
