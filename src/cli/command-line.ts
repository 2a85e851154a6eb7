import yargs from 'yargs';

import type { Command } from './commands/command.js';
import { commandHelp, programHelp, type Commands } from './help-text.js';
import {
  FLAG_NAMES,
  OPTION_NAMES,
  OPTIONS,
  REPEATABLE_NAMES,
  type OptionName,
} from './option-table.js';
import type { Given } from './option-values.js';
import { usage } from './usage.js';

/** Either what was given, unchecked, or a text that was asked for instead. */
export type CommandLine =
  | {
      readonly status: 'given';
      readonly command: Command;
      readonly given: Given;
    }
  | { readonly status: 'text'; readonly text: string };

/**
 * Takes the command line (without the program's name) apart. Throws
 * `AuditError` `USAGE` for options that do not exist or lack a value; what the
 * values are is not looked at. Prints nothing.
 *
 * A command is one only as the first operand; a folder of its name is reached
 * as `./show`, or behind `--`.
 */
export async function readCommandLine(
  argv: readonly string[],
  commands: Commands,
  { version, width }: { readonly version: string; readonly width: number },
): Promise<CommandLine> {
  refuseOddFlags(argv);
  let text = '';
  const chosen: Command[] = [];
  const parser = createParser(commands, version, (command) =>
    chosen.push(command),
  );
  const parsed: Readonly<Record<string, unknown>> = await parser.parseAsync(
    argv,
    {},
    (_error, _parsed, output) => {
      text = output;
    },
  );
  const rest = parsed['_'];
  const operands = Array.isArray(rest) ? rest.map(String) : [];
  if (text !== '') {
    if (parsed['version'] === true) text = `${version}\n`;
    // The parser's own help is not the one that is shown.
    else text = helpOn(operands[0], commands, width);
    return { status: 'text', text };
  }
  const [command = commands.unnamed] = chosen;
  refuseForeignOptions(command, parsed);
  return {
    status: 'given',
    command,
    given: {
      operands: command === commands.unnamed ? operands : operands.slice(1),
      options: new Map(
        OPTION_NAMES.map((name) => [name, valueOf(name, parsed[name])]),
      ),
    },
  };
}

function helpOn(
  operand: string | undefined,
  commands: Commands,
  width: number,
): string {
  const command = commands.named.find(({ name }) => name === operand);
  return command === undefined
    ? programHelp(commands, width)
    : commandHelp(command, width);
}

/** A list for what may be repeated; of other options the last one given. */
function valueOf(name: OptionName, value: unknown): unknown {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!REPEATABLE_NAMES.includes(name)) return list.at(-1);
  return value === undefined ? undefined : list;
}

/** The parser knows all options, since they may come before the command. */
function refuseForeignOptions(
  { name: command, options }: Command,
  parsed: Readonly<Record<string, unknown>>,
): void {
  const foreign = OPTION_NAMES.find(
    (name) => parsed[name] !== undefined && !options.includes(name),
  );
  if (foreign === undefined) return;
  throw usage(`${command}: there is no option --${foreign}`);
}

function optionsOf(names: readonly OptionName[]) {
  return Object.fromEntries(
    OPTION_NAMES.filter((name) => names.includes(name)).map((name) => [
      name,
      OPTIONS[name],
    ]),
  );
}

function createParser(
  { named }: Commands,
  version: string,
  choose: (command: Command) => void,
) {
  const parser = yargs()
    .scriptName('provenance-audit')
    .locale('en')
    .options(OPTIONS);
  for (const command of named) addCommand(parser, command, choose);
  return parser
    .strictOptions()
    .parserConfiguration({
      'dot-notation': false,
      'parse-positional-numbers': false,
      'camel-case-expansion': false,
      'populate--': false,
    })
    .exitProcess(false)
    .showHelpOnFail(false)
    .version(version)
    .help()
    .fail((message: string | null, error: Error | null) => {
      throw usage(reword(message ?? error?.message ?? 'unusable'));
    });
}

/**
 * Operands are not declared: the parser would take each as an option of the
 * same name too.
 */
function addCommand(
  parser: ReturnType<typeof yargs>,
  command: Command,
  choose: (command: Command) => void,
): void {
  const { name, summary, options } = command;
  parser.command(
    name,
    summary,
    (own) => own.options(optionsOf(options)),
    () => {
      choose(command);
    },
  );
}

/** The parser takes any word after `=` for a flag, as false. */
function refuseOddFlags(argv: readonly string[]): void {
  const end = argv.indexOf('--');
  for (const argument of end === -1 ? argv : argv.slice(0, end)) {
    const [, name = '', value = ''] =
      /^--([a-z-]+)=(.*)$/s.exec(argument) ?? [];
    if (FLAG_NAMES.includes(name) && value !== 'true' && value !== 'false') {
      throw usage(`--${name}: expected no value, found ${value}`);
    }
  }
}

function reword(message: string): string {
  const [, unknown] = /^Unknown arguments?: (.*)$/s.exec(message) ?? [];
  if (unknown !== undefined) {
    const names = unknown.split(', ').map(dashed);
    return `unknown option${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
  }
  const [, bare] =
    /^Not enough arguments following: (.*)$/s.exec(message) ?? [];
  return bare === undefined ? message : `${dashed(bare)}: expected a value`;
}

function dashed(name: string): string {
  return `${name.length === 1 ? '-' : '--'}${name}`;
}
