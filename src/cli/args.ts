import type { CommandLine } from './command-line.js';
import type { ReadyCommand } from './commands/command.js';
import { DEFAULT_COMMAND, NAMED_COMMANDS } from './commands/index.js';
import { commandHelp, programHelp, type Commands } from './help-text.js';
import { readPlainCommandLine } from './plain-command-line.js';

const COMMANDS: Commands = { named: NAMED_COMMANDS, unnamed: DEFAULT_COMMAND };

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
  const text = textAskedFor(argv, self);
  if (text !== null) return { status: 'text', text };
  const read =
    readPlainCommandLine(argv, COMMANDS) ?? (await readOther(argv, self));
  if (read.status === 'text') return read;
  const { command, given } = read;
  return {
    status: 'command',
    name: command.name,
    command: command.prepare(given),
  };
}

async function readOther(
  argv: readonly string[],
  self: { readonly version: string; readonly width: number },
): Promise<CommandLine> {
  // Imported only here: its parser takes as long to load as all of the rest.
  const { readCommandLine } = await import('./command-line.js');
  return readCommandLine(argv, COMMANDS, self);
}

/** What is shown where nothing else is asked for; null where something is. */
function textAskedFor(
  argv: readonly string[],
  { version, width }: { readonly version: string; readonly width: number },
): string | null {
  const [first, second, ...others] = argv;
  if (others.length > 0) return null;
  if (second === undefined) {
    if (first === '--version') return `${version}\n`;
    return first === '--help' ? programHelp(COMMANDS, width) : null;
  }
  const command = COMMANDS.named.find(({ name }) => name === first);
  return command !== undefined && second === '--help'
    ? commandHelp(command, width)
    : null;
}
