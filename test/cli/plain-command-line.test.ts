import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  DEFAULT_COMMAND,
  NAMED_COMMANDS,
} from '../../src/cli/commands/index.js';
import { readCommandLine } from '../../src/cli/command-line.js';
import { FLAG_NAMES, OPTION_NAMES } from '../../src/cli/option-table.js';
import { readPlainCommandLine } from '../../src/cli/plain-command-line.js';

const COMMANDS = { named: NAMED_COMMANDS, unnamed: DEFAULT_COMMAND };
const SELF = { version: '0.0.0', width: 80 };

const operand = fc.oneof(
  fc.constantFrom('app', './show', '@acme/widget', 'left-pad@1.3.0', '1e3'),
  fc.constantFrom('007', 'true', 'false', 'a=b', 'a,b', 'C:\\app', '-', '-x'),
  fc.constantFrom('"a"', "'b'", 'a b', '', '--', '--no-color', '--unknown'),
  fc.constantFrom(...NAMED_COMMANDS.map(({ name }) => name)),
  fc.string({ maxLength: 8 }),
);
const option = fc
  .tuple(fc.constantFrom(...OPTION_NAMES), operand, fc.nat(3))
  .map(([name, value, form]) => {
    if (FLAG_NAMES.includes(name) && form < 3) return [`--${name}`];
    return form === 0 ? [`--${name}=${value}`] : [`--${name}`, value];
  });
const commandLine = fc
  .array(
    fc.oneof(
      operand.map((word) => [word]),
      option,
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.flat());

/** Of a command that takes it, so that most lines are right. */
const ordinary = fc
  .constantFrom(DEFAULT_COMMAND, ...NAMED_COMMANDS)
  .chain((command) => {
    const name = command === DEFAULT_COMMAND ? [] : [command.name];
    const options = fc
      .subarray([...command.options], {
        maxLength: Math.min(4, command.options.length),
      })
      .map((names) =>
        names.flatMap((each) =>
          FLAG_NAMES.includes(each) ? [`--${each}`] : [`--${each}`, 'value-1'],
        ),
      );
    return options.map((given) => [...name, ...given, './app']);
  });

async function expectSame(argv: readonly string[]): Promise<boolean> {
  const plain = readPlainCommandLine(argv, COMMANDS);
  if (plain === null) return false;
  const read = await readCommandLine(argv, COMMANDS, SELF);
  expect(plain).toEqual(read);
  return true;
}

describe('a plain command line', () => {
  it('is read as the parser of all others reads it', async () => {
    await fc.assert(
      fc.asyncProperty(ordinary, async (argv) => {
        expect(await expectSame(argv)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is left to that parser where it is anything but plain', async () => {
    await fc.assert(
      fc.asyncProperty(commandLine, async (argv) => {
        await expectSame(argv);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [['--help']],
    [['show', '--help']],
    [['--format']],
    [['--format', '--json']],
    [['--format=json']],
    [['--format', 'json', '--format', 'text']],
    [['--json', 'true']],
    [['--no-color']],
    [['--unknown']],
    [['-v']],
    [['--', 'show']],
    [['']],
    [['"app"']],
    [['rules', '--recursive']],
  ])('is not: %j', (argv) => {
    expect(readPlainCommandLine(argv, COMMANDS)).toBeNull();
  });

  it.each([
    [[]],
    [['app']],
    [['show', '@acme/widget@1.0.0', 'app', '--json']],
    [['--omit', 'dev', '--omit', 'optional', '--quiet']],
  ])('is: %j', async (argv) => {
    expect(await expectSame(argv)).toBe(true);
  });
});
