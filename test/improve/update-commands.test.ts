import { describe, expect, it } from 'vitest';

import { updateCommands } from '../../src/improve/update-commands.js';
import type { Lockfile } from '../../src/lockfile/dependency.js';

const UPDATES = [
  { name: 'b', version: '2.0.0', direct: true },
  { name: '@acme/a', version: '1.2.3', direct: true },
  { name: 'deep', version: '3.0.0', direct: false },
  { name: 'deep', version: '3.0.0', direct: false },
];

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
    expect(updateCommands(UPDATES, format)).toEqual(commands);
  });

  it.each([
    ["a'b", `npm install 'a'\\''b@1.0.0'`],
    ['a$(id)', `npm install 'a$(id)@1.0.0'`],
    ['a;b', `npm install 'a;b@1.0.0'`],
    ['a b', `npm install 'a b@1.0.0'`],
    ['~a', `npm install '~a@1.0.0'`],
    ['a\nb', `npm install 'a\nb@1.0.0'`],
  ])('quotes what a shell would read: %j', (name, command) => {
    const update = { name, version: '1.0.0', direct: true };
    expect(updateCommands([update], 'package-lock')).toEqual([command]);
  });

  it('has none for no updates', () => {
    expect(updateCommands([], 'package-lock')).toEqual([]);
  });
});
