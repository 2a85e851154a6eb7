import { describe, expect, it } from 'vitest';
import {
  askingFolders,
  createRangeFinder,
  createWorkspaceFinder,
} from '../../src/improve/ranges.js';
import type { Dependency } from '../../src/lockfile/dependency.js';
import type { LockfileInput } from '../../src/lockfile/lockfile-format.js';
import { sampleDependency, signed } from '../report/sample-report.js';

const jsonOf = (value: object): Uint8Array =>
  Buffer.from(JSON.stringify(value));
const SOURCE: LockfileInput = {
  ...{ path: 'lockfile', bytes: new Uint8Array() },
  manifest: jsonOf({ devDependencies: { left: '1 - 2' } }),
  workspaces: new Map([
    [
      'packages/tool',
      jsonOf({ name: '@acme/tool', dependencies: { left: '^1.0.0' } }),
    ],
    ['nameless', jsonOf({ name: '../x', dependencies: { left: '*' } })],
  ]),
};
const askedBy = (...requiredBy: readonly string[]): Dependency =>
  sampleDependency('left', '1.0.0', { direct: true, requiredBy });

describe('what a workspace asks for', () => {
  it.each([
    ['npm, pnpm', 'packages/tool'],
    ['Bun', '@acme/tool'],
    ['Yarn Berry', '@acme/tool@workspace:packages/tool'],
  ])('is found by the place that lockfiles have: %s', (_manager, place) => {
    const dependency = askedBy('', place);
    expect(createRangeFinder([], SOURCE)(signed(dependency))).toEqual({
      ranges: ['1 - 2', '^1.0.0'],
      isComplete: true,
    });
    expect(createWorkspaceFinder(SOURCE)(dependency)).toEqual([
      { folder: 'packages/tool', name: '@acme/tool' },
    ]);
  });

  it('has no name where the manifest has none that could be one', () => {
    expect(createWorkspaceFinder(SOURCE)(askedBy('nameless'))).toEqual([
      { folder: 'nameless', name: null },
    ]);
  });

  it('is not known of a place that nobody knows', () => {
    expect(
      createRangeFinder([], SOURCE)(signed(askedBy('', 'elsewhere'))),
    ).toEqual({ ranges: ['1 - 2'], isComplete: false });
  });

  it('may be in folders that ask and are no packages', () => {
    const top = sampleDependency('top', '1.0.0', {
      locations: ['node_modules/top'],
    });
    const left = askedBy('', 'packages/tool', 'node_modules/top', 'a');
    expect(askingFolders([top, left])).toEqual(['a', 'packages/tool']);
  });
});
