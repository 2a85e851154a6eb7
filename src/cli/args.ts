import yargs from 'yargs';
import { AuditError } from '../errors.js';
import { parseDuration } from './duration.js';

export type ReportFormat = 'text' | 'json';

/** What the user asked for, checked as far as it can be without files. */
export interface Options {
  readonly directory: string;
  readonly lockfile: string | null;
  readonly trustedRoot: string | null;
  readonly npmKeys: string | null;
  readonly tufMirror: string | null;
  readonly tufRoot: string | null;
  readonly registry: string | null;
  readonly cache: string | null;
  /** Null where neither `--format` nor `--json` was given. */
  readonly format: ReportFormat | null;
  readonly output: string | null;
  readonly concurrency: number;
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
  /** Milliseconds for all evidence together. */
  readonly deadlineMs: number;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Null where the user left it to the terminal and the environment. */
  readonly color: boolean | null;
}

/** Either options for an audit, or a text that was asked for instead. */
export type Arguments =
  | { readonly status: 'audit'; readonly options: Options }
  | { readonly status: 'text'; readonly text: string };

const MAX_CONCURRENCY = 256;

/**
 * Reads the command line (without the program's name). Throws `AuditError`
 * `USAGE` with one line for what it does not know. Prints nothing.
 *
 * `width` is the terminal's, for the help text.
 */
export async function parseArguments(
  argv: readonly string[],
  { version, width }: { readonly version: string; readonly width: number },
): Promise<Arguments> {
  let text = '';
  const parsed = await defineOptions(version, width).parseAsync(
    argv,
    {},
    (_error, _parsed, output) => {
      text = output;
    },
  );
  if (text !== '') return { status: 'text', text: `${text}\n` };
  const dir = parsed['dir'];
  const options: Options = {
    directory: typeof dir === 'string' ? dir : '.',
    lockfile: parsed.lockfile ?? null,
    trustedRoot: parsed.trustedRoot ?? null,
    npmKeys: parsed.npmKeys ?? null,
    tufMirror: parsed.tufMirror ?? null,
    tufRoot: parsed.tufRoot ?? null,
    registry: parsed.registry ?? null,
    cache: parsed.cache ?? null,
    format: toFormat(parsed.format, parsed.json),
    output: parsed.output ?? null,
    concurrency: parsed.concurrency,
    timeoutMs: toDuration('--timeout', parsed.timeout),
    deadlineMs: toDuration('--deadline', parsed.deadline),
    quiet: parsed.quiet,
    verbose: parsed.verbose,
    color: parsed.color ?? null,
  };
  return { status: 'audit', options: checkOptions(options) };
}

/** The command line, defined once; the help text is made from it. */
function defineOptions(version: string, width: number) {
  const file = { type: 'string', requiresArg: true } as const;
  return yargs()
    .scriptName('provenance-audit')
    .locale('en')
    .usage(
      '$0 [dir]\n\n' +
        'Checks for every package that the lockfile of a project pins where it ' +
        'was built, and that the proof is about the very bytes that would be ' +
        'installed. Nothing is installed or executed.',
    )
    .command('$0 [dir]', false, (command) =>
      command.positional('dir', {
        type: 'string',
        default: '.',
        describe: 'The project: a folder with a lockfile',
      }),
    )
    .options({
      lockfile: { ...file, describe: 'Which lockfile, where several exist' },
      json: {
        type: 'boolean',
        default: false,
        describe: 'Same as --format json',
      },
      format: {
        choices: ['text', 'json'] as const,
        requiresArg: true,
        describe: 'Form of the report (default: text)',
      },
      output: {
        ...file,
        describe:
          'Write the report to a file too: JSON unless --format says else',
      },
      'trusted-root': {
        ...file,
        describe: 'Sigstore trusted root from a file',
      },
      'npm-keys': { ...file, describe: 'Registry keys from a file' },
      'tuf-mirror': { ...file, describe: 'Another TUF repository (URL)' },
      'tuf-root': { ...file, describe: 'The root.json it begins with' },
      registry: {
        ...file,
        describe: 'Registry to ask instead of npm’s setting',
      },
      cache: { ...file, describe: 'Cache folder of this program' },
      concurrency: {
        type: 'number',
        default: 16,
        requiresArg: true,
        describe: 'Package versions asked about at the same time',
      },
      timeout: {
        ...file,
        default: '30s',
        describe: 'Limit for one request: 500ms, 30s, 5m',
      },
      deadline: {
        ...file,
        default: '15m',
        describe: 'Limit for collecting all evidence',
      },
      quiet: {
        type: 'boolean',
        default: false,
        describe: 'Only what is wrong',
      },
      verbose: { type: 'boolean', default: false, describe: 'Every package' },
      color: { type: 'boolean', describe: 'Colours, whatever the terminal' },
    } as const)
    .epilogue(
      'Exit codes: 0 policy met, 1 policy violated, 2 unusable input, ' +
        '3 incomplete, 4 evidence rejected.\n' +
        'Provenance tells where a package was built, not that it is harmless.',
    )
    .strict()
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .exitProcess(false)
    .showHelpOnFail(false)
    .version(version)
    .help()
    .wrap(width)
    .fail((message: string | null, error: Error | null) => {
      throw usage((message ?? error?.message ?? 'unusable').trim());
    });
}

function checkOptions(options: Options): Options {
  const { concurrency, npmKeys, trustedRoot, tufMirror, tufRoot } = options;
  const empty = Object.entries(options).find(([, value]) => value === '');
  if (empty !== undefined)
    throw usage(`--${kebab(empty[0])}: expected a value`);
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw usage('--concurrency: expected a whole number of at least 1');
  }
  if (concurrency > MAX_CONCURRENCY) {
    throw usage(`--concurrency: expected at most ${MAX_CONCURRENCY}`);
  }
  // Half a trust root from a file and half from the network would leave open
  // which of them vouches for what.
  if ((npmKeys === null) !== (trustedRoot === null)) {
    throw usage('--trusted-root and --npm-keys belong together');
  }
  if (tufMirror !== null && tufRoot === null) {
    throw usage('--tuf-mirror needs the repository’s root.json as --tuf-root');
  }
  if (trustedRoot !== null && (tufMirror ?? tufRoot) !== null) {
    throw usage('--trusted-root and --tuf-mirror exclude each other');
  }
  return options;
}

function toFormat(
  format: ReportFormat | undefined,
  json: boolean,
): ReportFormat | null {
  if (!json) return format ?? null;
  if (format === 'text')
    throw usage('--json and --format text exclude each other');
  return 'json';
}

function toDuration(option: string, text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== null) return milliseconds;
  throw usage(
    `${option}: expected a duration with a unit (500ms, 30s, 5m), found ${text}`,
  );
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function usage(message: string): AuditError {
  return new AuditError(
    'USAGE',
    `${message.replace(/\s*\n\s*/g, ' ')} (see --help)`,
  );
}
