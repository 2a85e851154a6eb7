import { describe, expect, it } from 'vitest';

import { isOmitted } from '../../src/lockfile/omission.js';
import { at, lockfileV3, parse, registryEntry } from './lockfile-input.js';

/** Flags as npm writes them for what may be left out; here they lie. */
const FLAGS = { dev: true, optional: true, peer: true, devOptional: true };

const ROOT = {
  dependencies: { prod: '1', both: '1' },
  devDependencies: { dev: '1', both: '1', 'dev-or-optional': '1' },
  optionalDependencies: { optional: '1' },
  peerDependencies: { peer: '1' },
};
const PACKAGES = {
  prod: {
    ...FLAGS,
    peerDependencies: { peered: '1', maybe: '1' },
    peerDependenciesMeta: { maybe: { optional: true } },
  },
  dev: { peerDependencies: { 'peer-of-dev': '1' } },
  optional: { dependencies: { 'dev-or-optional': '1', 'under-optional': '1' } },
  peer: {},
  both: FLAGS,
  peered: {},
  maybe: {},
  'peer-of-dev': {},
  'dev-or-optional': {},
  'under-optional': {},
  // Nothing asks for it: there is no knowing who needs it.
  stray: FLAGS,
};

function lockfile() {
  return parse(
    lockfileV3(
      ROOT,
      Object.fromEntries(
        Object.entries(PACKAGES).map(([name, fields]) => [
          `node_modules/${name}`,
          { ...registryEntry(name), ...fields },
        ]),
      ),
    ),
  );
}

describe('what leaves a package out', () => {
  it.each([
    ['prod', []],
    ['both', []],
    ['stray', []],
    ['dev', [['dev']]],
    ['optional', [['optional']]],
    ['under-optional', [['optional']]],
    ['peer', [['peer']]],
    ['peered', [['peer']]],
    ['maybe', [['optional'], ['peer']]],
    ['peer-of-dev', [['dev'], ['peer']]],
    ['dev-or-optional', [['dev', 'optional']]],
  ])('%s, by the graph and not by its flags', async (name, omittedBy) => {
    const found = at(await lockfile(), `node_modules/${name}`);
    expect(found.omittedBy).toEqual(omittedBy);
  });

  it('agrees with what counts as production', async () => {
    for (const one of (await lockfile()).dependencies) {
      expect(one.production).toBe(!isOmitted(one.omittedBy, ['dev']));
    }
  });

  it('keeps a package that is at one needed place and one that is not', async () => {
    const nested = registryEntry('shared');
    const both = await parse(
      lockfileV3(
        { dependencies: { a: '1' }, devDependencies: { b: '1' } },
        {
          'node_modules/a': {
            ...registryEntry('a'),
            dependencies: { shared: '1' },
          },
          'node_modules/b': {
            ...registryEntry('b'),
            dependencies: { shared: '1' },
          },
          'node_modules/a/node_modules/shared': nested,
          'node_modules/b/node_modules/shared': nested,
        },
      ),
    );
    const shared = at(both, 'node_modules/b/node_modules/shared');
    expect(shared.locations).toHaveLength(2);
    expect(shared.omittedBy).toEqual([]);
    expect(at(both, 'node_modules/b').omittedBy).toEqual([['dev']]);
  });
});

describe('leaving kinds out', () => {
  it.each([
    ['nothing', [], ['dev', 'optional', 'peer'], false],
    ['one of two that are needed', [['dev', 'optional']], ['dev'], false],
    ['both', [['dev', 'optional']], ['optional', 'dev'], true],
    ['either', [['dev'], ['peer']], ['peer'], true],
    ['another', [['dev']], ['peer', 'optional'], false],
    ['no kind', [['dev']], [], false],
  ] as const)('%s', (_what, omittedBy, kinds, expected) => {
    expect(isOmitted(omittedBy, kinds)).toBe(expected);
  });
});
