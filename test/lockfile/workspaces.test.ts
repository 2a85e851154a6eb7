import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Edge, Graph } from '../../src/lockfile/graph.js';
import {
  findWorkspaces,
  MAX_WORKSPACES,
  type WorkspacesOf,
} from '../../src/lockfile/workspaces.js';
import { resolveVirtualTree } from '../../src/lockfile/npm-resolve.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';
import {
  at,
  lockfileV3,
  parse,
  PATH,
  registryEntry,
} from './lockfile-input.js';

function workspace(name: string, fields: object): Record<string, object> {
  return {
    [`node_modules/${name}`]: { resolved: `packages/${name}`, link: true },
    [`packages/${name}`]: { version: '1.0.0', ...fields },
  };
}

describe('the workspaces of a dependency', () => {
  const PACKAGES = {
    ...workspace('api', {
      dependencies: { express: '1', core: '1' },
      devDependencies: { 'api-test': '1' },
    }),
    ...workspace('web', {
      dependencies: { core: '1' },
      optionalDependencies: { native: '1' },
    }),
    ...workspace('core', { dependencies: { shared: '1' } }),
    ...workspace('docs', { dependencies: { express: '2' } }),
    'node_modules/express': {
      ...registryEntry('express'),
      dependencies: { body: '1' },
      peerDependencies: { peered: '1' },
    },
    'packages/docs/node_modules/express': registryEntry('express', '2.0.0'),
    'node_modules/body': {
      ...registryEntry('body'),
      dependencies: { loop: '1' },
    },
    'node_modules/loop': {
      ...registryEntry('loop'),
      dependencies: { body: '1' },
    },
    'node_modules/peered': registryEntry('peered'),
    'node_modules/api-test': registryEntry('api-test'),
    'node_modules/native': registryEntry('native'),
    'node_modules/shared': registryEntry('shared'),
    'node_modules/root-only': {
      ...registryEntry('root-only'),
      dependencies: { 'root-deep': '1' },
    },
    'node_modules/root-deep': registryEntry('root-deep'),
    'node_modules/loose': registryEntry('loose'),
  };
  const ROOT = {
    workspaces: ['packages/*'],
    dependencies: { 'root-only': '1', shared: '1' },
  };

  it.each<[string, string, readonly string[]]>([
    ['one asks for it', 'node_modules/express', ['api']],
    [
      'another one has its own version',
      'packages/docs/node_modules/express',
      ['docs'],
    ],
    ['on the way', 'node_modules/body', ['api']],
    ['in a cycle', 'node_modules/loop', ['api']],
    ['by a peer', 'node_modules/peered', ['api']],
    ['for development', 'node_modules/api-test', ['api']],
    ['as an option', 'node_modules/native', ['web']],
    [
      'by a workspace that others ask for, and by the root',
      'node_modules/shared',
      ['api', 'core', 'web'],
    ],
    ['only the root asks for it', 'node_modules/root-only', []],
    ['on the way from the root', 'node_modules/root-deep', []],
    ['nobody asks for it', 'node_modules/loose', []],
    ['a workspace itself', 'packages/core', ['api', 'core', 'web']],
  ])('%s: %s', async (_what, location, workspaces) => {
    const lockfile = await parse(lockfileV3(ROOT, PACKAGES));
    expect(at(lockfile, location).workspaces).toEqual(workspaces);
  });

  it('are those of all places where it is', async () => {
    const packages = {
      ...workspace('b', { dependencies: { x: '1' } }),
      ...workspace('a', { dependencies: { x: '1' } }),
      'packages/a/node_modules/x': registryEntry('x'),
      'packages/b/node_modules/x': registryEntry('x'),
    };
    const lockfile = await parse(
      lockfileV3({ workspaces: ['packages/*'] }, packages),
    );
    const found = at(lockfile, 'packages/a/node_modules/x');
    expect(found.locations).toHaveLength(2);
    expect(found.workspaces).toEqual(['a', 'b']);
  });

  it('are none where the project has none', async () => {
    const packages = { 'node_modules/x': registryEntry('x') };
    const lockfile = await parse(
      lockfileV3({ dependencies: { x: '1' } }, packages),
    );
    expect(at(lockfile, 'node_modules/x').workspaces).toEqual([]);
  });

  it('are refused if there are too many to say so', async () => {
    const packages = Object.fromEntries(
      Array.from({ length: MAX_WORKSPACES + 1 }, (_, index) =>
        Object.entries(workspace(`w${index}`, {})),
      ).flat(),
    );
    const source = {
      path: PATH,
      bytes: lockfileV3({ workspaces: ['packages/*'] }, packages),
      manifest: null,
    };
    const parsed = parseLockfile(source, (project) =>
      Promise.resolve(resolveVirtualTree(project, () => 'registry')),
    );
    await expect(parsed).rejects.toMatchObject({
      code: 'LOCKFILE_INVALID',
      message: 'package-lock.json: more than 4096 workspaces',
    });
  });
});

type Links = readonly (readonly [from: number, to: number])[];

/** A graph of numbered locations, `0` the root. */
function graphOf(size: number, links: Links): Graph {
  const edge = (to: number): Edge => ({
    name: `n${to}`,
    type: 'prod',
    to: String(to),
  });
  const edges = new Map<string, Edge[]>(
    Array.from({ length: size }, (_, index) => [String(index), []]),
  );
  for (const [from, to] of links) edges.get(String(from))?.push(edge(to));
  return { edges, targets: new Map(), tops: new Set() };
}

function find(size: number, links: Links, count: number): WorkspacesOf {
  const workspaces = Array.from({ length: count }, (_, index) => ({
    name: `w${String(index + 1).padStart(4, '0')}`,
    target: String(index + 1),
  }));
  return findWorkspaces(graphOf(size, links), workspaces, (message) => {
    throw new Error(message);
  });
}

describe('reaching', () => {
  it('is the same as walking from each workspace', () => {
    const SIZE = 8;
    const node = fc.nat(SIZE - 1);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(node, node), { maxLength: 20 }),
        fc.nat(4),
        (links, count) => {
          const workspacesOf = find(SIZE, links, count);
          for (let to = 0; to < SIZE; to += 1) {
            const expected = Array.from({ length: count }, (_, i) => i + 1)
              .filter((from) => walk(from, links).has(to))
              .map((from) => `w000${from}`);
            expect(workspacesOf([String(to)])).toEqual(expected);
          }
        },
      ),
      { numRuns: 1000 },
    );

    function walk(from: number, links: Links): ReadonlySet<number> {
      const reached = new Set([from]);
      for (const each of reached) {
        for (const [start, end] of links) if (start === each) reached.add(end);
      }
      return reached;
    }
  });

  it('ends soon on a long chain, with all workspaces in front', () => {
    const [SIZE, COUNT] = [100_000, 1000];
    const links = Array.from(
      { length: SIZE - 2 },
      (_, index) => [index + 1, index + 2] as const,
    );
    const workspacesOf = find(SIZE, links, COUNT);
    expect(workspacesOf(['1'])).toEqual(['w0001']);
    expect(workspacesOf([String(SIZE - 1)])).toHaveLength(COUNT);
    // Kept once, however many dependencies have it.
    expect(workspacesOf(['50000'])).toBe(workspacesOf(['75000']));
  });

  it('refuses what would fill the memory with lists', () => {
    const BEHIND = MAX_WORKSPACES + 1;
    const links = Array.from(
      { length: MAX_WORKSPACES - 200 },
      (_, index) => [index + 201, BEHIND] as const,
    );
    const workspacesOf = find(BEHIND + 1, links, MAX_WORKSPACES);
    expect(workspacesOf([String(BEHIND)])).toHaveLength(MAX_WORKSPACES - 200);
    // Several thousand long lists of which no two are equal.
    expect(() => {
      for (let one = 1; one <= 100; one += 1) {
        for (let two = 101; two <= 200; two += 1) {
          workspacesOf([String(BEHIND), String(one), String(two)]);
        }
      }
    }).toThrow('too many workspaces share too much');
  });
});
