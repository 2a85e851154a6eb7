import { readCommandLine } from './command-line.js';
import type { ReadyCommand } from './commands/command.js';
import { DEFAULT_COMMAND, NAMED_COMMANDS } from './commands/index.js';

/** What the user asked for, checked as far as it can be without files. */
export type Arguments =
  | {
      readonly status: 'command';
      /** Name of the command. */
      readonly name: string;
      readonly command: ReadyCommand;
    }
  | { readonly status: 'text'; readonly text: string };

/**
 * Reads the command line (without the program's name). Throws `AuditError`
 * `USAGE` with one line for what cannot be followed. Prints nothing.
 *
 * `width` is the terminal's, for the help text.
 */
export async function parseArguments(
  argv: readonly string[],
  self: { readonly version: string; readonly width: number },
): Promise<Arguments> {
  const commands = { named: NAMED_COMMANDS, unnamed: DEFAULT_COMMAND };
  const read = await readCommandLine(argv, commands, self);
  if (read.status === 'text') return read;
  const { command, given } = read;
  return {
    status: 'command',
    name: command.name,
    command: command.prepare(given),
  };
}
