import { describe, expect, it } from 'vitest';

import {
  canMake,
  updateCommands,
  type Update,
} from '../../src/improve/update-commands.js';
import type { Lockfile } from '../../src/lockfile/dependency.js';

const TOOL = { folder: 'packages/tool', name: '@acme/tool' };
type Request = Extract<Update, { readonly by: 'request' }>;
const request = (name: string, version: string): Request => ({
  ...{ name, version, ofRoot: true, workspaces: [] },
  by: 'request',
});
const UPDATES: readonly Update[] = [
  request('b', '2.0.0'),
  request('@acme/a', '1.2.3'),
  { name: 'deep', version: '3.0.0', by: 'ranges' },
  { name: 'deep', version: '3.0.0', by: 'ranges' },
];
const OF_WORKSPACE: Update = {
  ...request('b', '2.0.0'),
  ...{ ofRoot: false, workspaces: [TOOL] },
};
const OVERRIDE: Update = {
  ...{ name: '@acme/deep.er', version: '1.1.0', by: 'override' },
  ranges: ['^1.0.0', '1 || 2'],
};

// Each was tried on the manager by hand, as these tests install nothing.
describe('updateCommands', () => {
  it.each<[Lockfile['format'], readonly string[]]>([
    ['package-lock', ['npm install @acme/a@1.2.3 b@2.0.0', 'npm update deep']],
    [
      'npm-shrinkwrap',
      ['npm install @acme/a@1.2.3 b@2.0.0', 'npm update deep'],
    ],
    [
      'pnpm-lock',
      [
        'pnpm update @acme/a@1.2.3 b@2.0.0',
        'pnpm update --depth Infinity deep',
      ],
    ],
    [
      'yarn-berry',
      ['yarn up @acme/a@1.2.3 b@2.0.0', 'yarn up --recursive deep'],
    ],
    ['yarn-v1', ['yarn upgrade @acme/a@1.2.3 b@2.0.0']],
    ['bun-lock', ['bun update @acme/a@1.2.3 b@2.0.0']],
    ['cyclonedx', []],
  ])('speaks to the manager of %s', (format, commands) => {
    const updates = UPDATES.filter((each) => canMake(each, format));
    expect(updateCommands(updates, format)).toEqual(commands);
  });

  it.each<[Lockfile['format'], string | null]>([
    ['package-lock', 'npm install b@2.0.0 --workspace packages/tool'],
    ['pnpm-lock', 'pnpm --filter ./packages/tool update b@2.0.0'],
    ['yarn-berry', 'yarn up b@2.0.0'],
    ['yarn-v1', 'yarn workspace @acme/tool upgrade b@2.0.0'],
    ['bun-lock', 'bun add --cwd packages/tool b@2.0.0'],
    ['spdx', null],
  ])('reaches a workspace of %s', (format, command) => {
    expect(canMake(OF_WORKSPACE, format)).toBe(command !== null);
    expect(updateCommands([OF_WORKSPACE], format)).toEqual(
      command === null ? [] : [command],
    );
  });

  it('has one command for the root and one for each workspace that asks', () => {
    const other = { folder: "it's here", name: null };
    const updates: readonly Update[] = [
      { ...OF_WORKSPACE, ofRoot: true, workspaces: [TOOL, other] },
      { ...OF_WORKSPACE, name: 'c', workspaces: [other] },
    ];
    expect(updateCommands(updates, 'package-lock')).toEqual([
      'npm install b@2.0.0',
      'npm install b@2.0.0 --workspace packages/tool',
      `npm install b@2.0.0 c@2.0.0 --workspace 'it'\\''s here'`,
    ]);
    expect(updateCommands(updates, 'yarn-berry')).toEqual([
      'yarn up b@2.0.0 c@2.0.0',
    ]);
    // Yarn 1 goes by names alone.
    expect(updates.map((each) => canMake(each, 'yarn-v1'))).toEqual([
      false,
      false,
    ]);
  });

  it.each<[Lockfile['format'], readonly string[]]>([
    [
      'package-lock',
      [`npm pkg set 'overrides[@acme/deep.er]=1.1.0'`, 'npm install'],
    ],
    [
      'yarn-v1',
      [`npm pkg set 'resolutions[@acme/deep.er]=1.1.0'`, 'yarn install'],
    ],
    [
      'yarn-berry',
      [
        `yarn set resolution '@acme/deep.er@npm:^1.0.0' npm:1.1.0`,
        `yarn set resolution '@acme/deep.er@npm:1 || 2' npm:1.1.0`,
      ],
    ],
    [
      'bun-lock',
      [`bun pm pkg set 'overrides[@acme/deep.er]=1.1.0'`, 'bun install'],
    ],
    [
      'pnpm-lock',
      [
        '# pnpm 10 and before:',
        `npm pkg set 'pnpm.overrides[@acme/deep.er]=1.1.0'`,
        '# pnpm 11 and later, by hand in pnpm-workspace.yaml: overrides: { "@acme/deep.er": "1.1.0" }',
        'pnpm install',
      ],
    ],
    ['cyclonedx', []],
  ])('overrides in the way of %s', (format, commands) => {
    expect(canMake(OVERRIDE, format)).toBe(commands.length > 0);
    expect(updateCommands([OVERRIDE], format)).toEqual(commands);
  });

  it.each([
    ["a'b", `npm install 'a'\\''b@1.0.0'`],
    ['a$(id)', `npm install 'a$(id)@1.0.0'`],
    ['a;b', `npm install 'a;b@1.0.0'`],
    ['a b', `npm install 'a b@1.0.0'`],
    ['~a', `npm install '~a@1.0.0'`],
    ['a\nb', `npm install 'a\nb@1.0.0'`],
  ])('quotes what a shell would read: %j', (name, command) => {
    expect(updateCommands([request(name, '1.0.0')], 'package-lock')).toEqual([
      command,
    ]);
  });

  it('has none for no updates', () => {
    expect(updateCommands([], 'package-lock')).toEqual([]);
  });
});
