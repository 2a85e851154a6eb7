import { expect, it } from 'vitest';

import { resolveVirtualTree } from '../../src/lockfile/npm-resolve.js';
import type { Relations } from '../../src/lockfile/npm-tree.js';

const NONE: Relations = {
  dependencies: {},
  devDependencies: {},
  optionalDependencies: {},
  peerDependencies: {},
  optionalPeers: [],
};

// That it finds the edges npm finds is tested where npm's reader is at hand.
it('does not claim to know what an overridden name asks for', () => {
  const dependencies = { a: '1', b: '1', '@s/c': '1', d: '1' };
  const tree = resolveVirtualTree(
    {
      root: {
        relations: { ...NONE, dependencies },
        overrides: { a: '2', x: { '@s/c@^1': { b: 'github:acme/b' } } },
        workspaces: [],
      },
      packages: new Map(),
    },
    () => 'registry',
  );
  expect(tree.nodes[0]?.edges.map(({ name, asks }) => [name, asks])).toEqual([
    ['a', 'unknown'],
    ['b', 'unknown'],
    ['@s/c', 'unknown'],
    ['d', 'registry'],
  ]);
});
