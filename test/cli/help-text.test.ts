import { describe, expect, it } from 'vitest';

import { parseArguments } from '../../src/cli/args.js';
import { readCommandLine } from '../../src/cli/command-line.js';
import {
  DEFAULT_COMMAND,
  NAMED_COMMANDS,
} from '../../src/cli/commands/index.js';
import { OPTION_NAMES } from '../../src/cli/option-table.js';

const COMMANDS = { named: NAMED_COMMANDS, unnamed: DEFAULT_COMMAND };
const WIDTHS = [40, 80, 100];

async function textOf(argv: readonly string[], width = 80): Promise<string> {
  const read = await parseArguments(argv, { version: '1.2.3', width });
  if (read.status !== 'text') throw new Error('not a text');
  return read.text;
}

describe('--help', () => {
  it('of the program names every command and its options, in order', async () => {
    const text = await textOf(['--help']);
    const terms = [...text.matchAll(/^ {2}(\S+).* {2}\S/gm)].map(([, t]) => t);
    expect(terms).toEqual([
      ...NAMED_COMMANDS.map(({ name }) => name),
      ...OPTION_NAMES.filter((name) =>
        DEFAULT_COMMAND.options.includes(name),
      ).map((name) => `--${name}`),
      ...['--version', '--help'],
    ]);
    expect(text).toContain('--lockfile VALUE  ');
    expect(text).toMatch(/^ {2}--json {2,}\S/m);
    expect(text).toContain('\n\nCOMMAND --help describes a command. ');
  });

  it.each(NAMED_COMMANDS)('of $name says what it takes', async (command) => {
    const text = await textOf([command.name, '--help']);
    const [usage] = text.split('\n');
    expect(usage).toBe(
      `provenance-audit ${command.name} ${command.operands}`.trimEnd(),
    );
    expect(text.replaceAll(/\s+/g, ' ')).toContain(command.text);
    expect(
      [...text.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name),
    ).toEqual([
      ...OPTION_NAMES.filter((name) => command.options.includes(name)),
      ...['version', 'help'],
    ]);
  });

  it.each(WIDTHS)('keeps to a width of %i', async (width) => {
    const text = await textOf(['--help'], width);
    // Commands to copy are not cut, nor words that are longer than their column.
    const lines = text
      .split('\n')
      .filter((line) => !line.startsWith('  provenance-audit '));
    const long = lines.filter(({ length }) => length > width);
    expect(long.map((line) => line.trim().split(/ +/).length)).toEqual(
      long.map(() => expect.toBeOneOf([1, 2, 3]) as number),
    );
    expect(long.length).toBeLessThan(width === 40 ? 5 : 1);
  });

  it.each([
    [
      ['--json', 'show', '--help'],
      ['show', '--help'],
    ],
    [
      ['show', 'left-pad', '--help'],
      ['show', '--help'],
    ],
    [['--help', '--json'], ['--help']],
    [['--json', '--version'], ['--version']],
  ])('%j is the text of %j', async (argv, short) => {
    expect(await textOf(argv)).toBe(await textOf(short));
  });

  it('is the same whoever takes the command line apart', async () => {
    for (const argv of [['--help'], ['pin', '--help'], ['--version']]) {
      const self = { version: '1.2.3', width: 80 };
      const read = await readCommandLine(argv, COMMANDS, self);
      expect(read).toEqual({ status: 'text', text: await textOf(argv) });
    }
  });
});
