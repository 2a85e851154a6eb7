import yargs from 'yargs';
import { AuditError } from '../errors.js';

const VALUE = { type: 'string', requiresArg: true, global: false } as const;
const FLAG = { type: 'boolean', global: false } as const;

/** Every option, in the order of the help text, which is made from this. */
const OPTIONS = {
  lockfile: { ...VALUE, describe: 'Which lockfile, where several exist' },
  policy: {
    ...VALUE,
    describe: 'Policy file, instead of the project’s provenance-audit.yaml',
  },
  format: { ...VALUE, describe: 'Form of the report: text (default) or json' },
  json: { ...FLAG, describe: 'Same as --format json' },
  output: {
    ...VALUE,
    describe: 'Write the report to a file too: JSON unless --format says else',
  },
  'trusted-root': { ...VALUE, describe: 'Sigstore trusted root from a file' },
  'npm-keys': { ...VALUE, describe: 'Registry keys from a file' },
  'tuf-mirror': { ...VALUE, describe: 'Another TUF repository (URL)' },
  'tuf-root': { ...VALUE, describe: 'The root.json that it begins with' },
  'max-root-age': {
    ...VALUE,
    describe: 'Oldest trust root used where TUF cannot be reached: 12h, 30d',
  },
  registry: { ...VALUE, describe: 'Registry to ask instead of npm’s setting' },
  cache: { ...VALUE, describe: 'Cache folder of this program' },
  concurrency: {
    ...VALUE,
    describe: 'Package versions asked about at the same time (16)',
  },
  timeout: {
    ...VALUE,
    describe: 'Limit for one request: 500ms, 30s (default)',
  },
  deadline: { ...VALUE, describe: 'Limit for all evidence together (15m)' },
  quiet: { ...FLAG, describe: 'Only the verdict and errors' },
  verbose: { ...FLAG, describe: 'Every package, path and digest in full' },
  color: { ...FLAG, describe: 'Colours, or with --no-color none' },
} as const;
const FLAGS: readonly string[] = Object.entries(OPTIONS).flatMap(
  ([name, { type }]) => (type === 'boolean' ? [name] : []),
);

export type OptionName = keyof typeof OPTIONS;

interface CommandDescription {
  readonly usage: string;
  readonly describe: string;
  readonly text: string;
  readonly options: readonly OptionName[];
}

const ALL_OPTIONS = Object.keys(OPTIONS).filter(isOptionName);
const EXIT_CODES =
  'Exit codes: 0 policy met, 1 policy violated, 2 unusable input, ' +
  '3 incomplete, 4 evidence rejected, 70 internal error, ' +
  '130 and 143 stopped by a signal.\n' +
  'Provenance tells where a package was built, not that it is harmless.';

/** The commands beside the audit itself, which has no name. */
const COMMANDS = {
  show: {
    usage: '<pkg>[@version] [dir]',
    describe: 'Everything known about one package of the lockfile',
    text:
      'Everything known about one package that the lockfile of the project in ' +
      'dir (the current folder) pins: its evidence, every check with what was ' +
      'expected and found, and what follows. <pkg> is a name or an alias, with ' +
      'an exact version to leave out others. The exit code is that of an audit ' +
      'of this package alone.',
    options: ALL_OPTIONS,
  },
  'trust-root': {
    usage: '[show|refresh]',
    describe: 'What everything is verified against, and how fresh it is',
    text:
      'show (the default) describes the trust root that an audit would use now, ' +
      'refreshed if the last refresh is older than a day; refresh always asks ' +
      'the TUF repository, and fails where that cannot be done.',
    options: [
      ...(['format', 'json', 'output'] as const),
      ...(['trusted-root', 'npm-keys', 'tuf-mirror', 'tuf-root'] as const),
      ...(['max-root-age', 'registry', 'cache', 'quiet', 'color'] as const),
    ],
  },
} as const satisfies Readonly<Record<string, CommandDescription>>;

/** What is to be done: the audit, or one of the named commands. */
export type CommandName = 'audit' | keyof typeof COMMANDS;

/** Either what was given, unchecked, or a text that was asked for instead. */
export type CommandLine =
  | {
      readonly status: 'given';
      readonly command: CommandName;
      /** What is no option, the command's name left out. */
      readonly operands: readonly string[];
      readonly options: ReadonlyMap<OptionName, unknown>;
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
  { version, width }: { readonly version: string; readonly width: number },
): Promise<CommandLine> {
  refuseOddFlags(argv);
  let text = '';
  const chosen: CommandName[] = [];
  const parser = createParser({ version, width }, (name) => chosen.push(name));
  const parsed: Readonly<Record<string, unknown>> = await parser.parseAsync(
    argv,
    {},
    (_error, _parsed, output) => {
      text = output;
    },
  );
  if (text !== '') return { status: 'text', text: `${text}\n` };
  const [command = 'audit'] = chosen;
  const rest = parsed['_'];
  const operands = Array.isArray(rest) ? rest.map(String) : [];
  return {
    status: 'given',
    command,
    operands: command === 'audit' ? operands : operands.slice(1),
    options: new Map(ALL_OPTIONS.map((name) => [name, parsed[name]])),
  };
}

/** The error for a command line that cannot be followed; one line. */
export function usage(message: string): AuditError {
  return new AuditError(
    'USAGE',
    `${message.replace(/\s*\n\s*/g, ' ')} (see --help)`,
  );
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}

function optionsOf(names: readonly OptionName[]) {
  return Object.fromEntries(names.map((name) => [name, OPTIONS[name]]));
}

function createParser(
  { version, width }: { readonly version: string; readonly width: number },
  choose: (name: CommandName) => void,
) {
  const parser = yargs()
    .scriptName('provenance-audit')
    .locale('en')
    .usage(
      '$0 [dir]\n\n' +
        'Checks for every package that the lockfile of the project in dir (the ' +
        'current folder) pins where it was built, and that the proof is about ' +
        'the very bytes that would be installed. Nothing is installed or executed.',
    )
    .options(OPTIONS)
    .epilogue(`COMMAND --help describes a command. ${EXIT_CODES}`);
  addCommand(parser, 'show', choose);
  addCommand(parser, 'trust-root', choose);
  return parser
    .strictOptions()
    .parserConfiguration({
      'duplicate-arguments-array': false,
      'dot-notation': false,
      'parse-positional-numbers': false,
      'camel-case-expansion': false,
      'populate--': false,
    })
    .exitProcess(false)
    .showHelpOnFail(false)
    .version(version)
    .help()
    .wrap(width)
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
  name: keyof typeof COMMANDS,
  choose: (name: CommandName) => void,
): void {
  const { describe, text, options, usage: operands } = COMMANDS[name];
  parser.command(
    name,
    describe,
    (own) =>
      own
        .usage(`$0 ${name} ${operands}\n\n${text}`)
        .options(optionsOf(options))
        .epilogue(EXIT_CODES),
    () => {
      choose(name);
    },
  );
}

/** The parser takes any word after `=` for a flag, as false. */
function refuseOddFlags(argv: readonly string[]): void {
  const end = argv.indexOf('--');
  for (const argument of end === -1 ? argv : argv.slice(0, end)) {
    const [, name = '', value = ''] =
      /^--([a-z-]+)=(.*)$/s.exec(argument) ?? [];
    if (FLAGS.includes(name) && value !== 'true' && value !== 'false') {
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
