import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/args.js';
import { readCommandLine } from '../../src/cli/command-line.js';
import { defineCommand, type Command } from '../../src/cli/commands/command.js';
import type { OptionName } from '../../src/cli/option-table.js';

const SELF = { version: '0.0.0', width: 80 };
const parse = (argv: readonly string[]) => parseArguments(argv, SELF);

describe('commands', () => {
  it.each<[string, readonly string[], object]>([
    [
      'nothing',
      [],
      { name: 'audit', command: { options: { directory: '.' } } },
    ],
    [
      'a folder',
      ['app'],
      { name: 'audit', command: { options: { directory: 'app' } } },
    ],
    [
      'a folder of a command’s name',
      ['./show'],
      { name: 'audit', command: { options: { directory: './show' } } },
    ],
    [
      'the same behind --',
      ['--', 'show'],
      { name: 'audit', command: { options: { directory: 'show' } } },
    ],
    [
      'a folder, as its name is not first',
      ['--quiet', './trust-root'],
      { name: 'audit', command: { options: { directory: './trust-root' } } },
    ],
    [
      'a package',
      ['show', 'left-pad@1.3.0'],
      {
        name: 'show',
        command: { options: { spec: 'left-pad@1.3.0', directory: '.' } },
      },
    ],
    [
      'a package that looks like a number, and a folder',
      ['show', '1e3', 'app'],
      { name: 'show', command: { options: { spec: '1e3', directory: 'app' } } },
    ],
    [
      'a package of a command’s name',
      ['--json', 'show', 'show'],
      { name: 'show', command: { options: { spec: 'show', format: 'json' } } },
    ],
    [
      'the trust root',
      ['trust-root'],
      { name: 'trust-root', command: { options: { action: 'show' } } },
    ],
    [
      'the trust root refreshed',
      ['--cache', 'c', 'trust-root', 'refresh', '--json'],
      {
        name: 'trust-root',
        command: {
          options: { action: 'refresh', cache: 'c', format: 'json' },
        },
      },
    ],
    [
      'an age in days',
      ['--max-root-age', '30d'],
      {
        name: 'audit',
        command: { options: { maxRootAgeMs: 30 * 86_400_000 } },
      },
    ],
  ])('understand %s', async (_what, argv, expected) => {
    expect(await parse(argv)).toMatchObject(expected);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['show without a package', ['show'], /show: expected a package/],
    ['two folders', ['show', 'a', 'b', 'c'], /expected one folder/],
    [
      'an option of another command',
      ['trust-root', '--lockfile', 'x'],
      /unknown option --lockfile/,
    ],
    ['an unknown option', ['show', 'a', '--nope'], /unknown option --nope/],
    [
      'an unknown action',
      ['trust-root', 'update'],
      /expected show or refresh, found update/,
    ],
    ['two actions', ['trust-root', 'show', 'refresh'], /found show refresh/],
    [
      'a refresh of files',
      ['trust-root', 'refresh', '--trusted-root', 'a', '--npm-keys', 'b'],
      /nothing refreshes/,
    ],
    [
      'an age of files',
      ['--trusted-root', 'a', '--npm-keys', 'b', '--max-root-age', '1d'],
      /exclude each other/,
    ],
    ['an age without unit', ['--max-root-age', '30'], /12h, 30d\), found 30/],
    ['no age', ['--max-root-age', '0d'], /found 0d/],
    ['an age beyond any', ['--max-root-age', '9999d'], /found 9999d/],
    ['a time limit that no timer keeps', ['--timeout', '25d'], /found 25d/],
  ])('refuse %s', async (_what, argv, message) => {
    await expect(parse(argv)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it.each([
    [['--help'], 'trust-root'],
    [['show', '--help'], 'show <pkg>[@version] [dir]'],
    [['trust-root', '--help'], 'trust-root [show|refresh]'],
  ])('%j describes', async (argv, text) => {
    const help = await parse(argv);
    expect(help).toMatchObject({
      status: 'text',
      text: expect.stringContaining(text) as unknown,
    });
  });

  it('describe no option of another command', async () => {
    const help = await parse(['trust-root', '--help']);
    expect(JSON.stringify(help)).not.toContain('--lockfile');
  });

  it.each<[string, readonly string[]]>([
    ['nothing named', ['--verbose']],
    ['a command', ['--verbose', 'one']],
  ])('with %s, refuse an option of another command', async (_what, argv) => {
    const one = fakeCommand('one', ['quiet']);
    const two = fakeCommand('two', ['verbose']);
    const commands = { named: [one, two], unnamed: one };
    await expect(readCommandLine(argv, commands, SELF)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('--verbose') as unknown,
    });
    const help = await readCommandLine(['--help'], commands, SELF);
    expect(JSON.stringify(help)).not.toContain('--verbose');
    expect(
      await readCommandLine(['two', '--verbose'], commands, SELF),
    ).toMatchObject({ command: two });
  });
});

function fakeCommand(name: string, options: readonly OptionName[]): Command {
  return defineCommand({
    ...{ name, operands: '', summary: name, text: name },
    ...{ examples: [['one', 'x']] as const, options },
    read: () => ({}),
    run: () => Promise.resolve(0 as const),
  });
}
