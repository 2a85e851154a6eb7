import {
  readCommandLine,
  usage,
  type CommandLine,
  type OptionName,
} from './command-line.js';
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

type Given = Extract<CommandLine, { status: 'given' }>;

const DEFAULT_CONCURRENCY = 16;
const MAX_CONCURRENCY = 256;
const DEFAULT_TIMEOUT = '30s';
const DEFAULT_DEADLINE = '15m';

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
  const given = await readCommandLine(argv, self);
  if (given.status === 'text') return given;
  const options: Options = {
    directory: readDirectory(given),
    lockfile: readText(given, 'lockfile'),
    ...readTrustRoot(given),
    registry: readUrl(given, 'registry'),
    cache: readText(given, 'cache'),
    format: readFormat(given),
    output: readText(given, 'output'),
    concurrency: readConcurrency(given),
    timeoutMs: readDuration(given, 'timeout', DEFAULT_TIMEOUT),
    deadlineMs: readDuration(given, 'deadline', DEFAULT_DEADLINE),
    quiet: readFlag(given, 'quiet') ?? false,
    verbose: readFlag(given, 'verbose') ?? false,
    color: readFlag(given, 'color'),
  };
  if (options.quiet && options.verbose) {
    throw usage('--quiet and --verbose exclude each other');
  }
  return { status: 'audit', options };
}

function readDirectory({ directories }: Given): string {
  const [directory = '.', ...others] = directories.map(String);
  if (directory === '') throw usage('[dir]: expected a folder');
  if (others.length === 0) return directory;
  throw usage(
    `expected one folder, found ${directories.map(String).join(', ')}`,
  );
}

type TrustRootOptions = Pick<
  Options,
  'trustedRoot' | 'npmKeys' | 'tufMirror' | 'tufRoot'
>;

function readTrustRoot(given: Given): TrustRootOptions {
  const trustedRoot = readText(given, 'trusted-root');
  const npmKeys = readText(given, 'npm-keys');
  const tufMirror = readUrl(given, 'tuf-mirror');
  const tufRoot = readText(given, 'tuf-root');
  // Half a trust root from a file and half from the network would leave open
  // which of them vouches for what.
  if ((npmKeys === null) !== (trustedRoot === null)) {
    throw usage('--trusted-root and --npm-keys belong together');
  }
  if (tufMirror !== null && tufRoot === null) {
    throw usage('--tuf-mirror needs the repository’s root.json as --tuf-root');
  }
  if (trustedRoot !== null && tufRoot !== null) {
    throw usage('--trusted-root and --tuf-root exclude each other');
  }
  return { trustedRoot, npmKeys, tufMirror, tufRoot };
}

function readText({ options }: Given, name: OptionName): string | null {
  const value = options.get(name);
  if (value === undefined) return null;
  if (typeof value === 'string' && value !== '') return value;
  throw usage(`--${name}: expected a value`);
}

function readFlag({ options }: Given, name: OptionName): boolean | null {
  const value = options.get(name);
  return typeof value === 'boolean' ? value : null;
}

function readUrl(given: Given, name: OptionName): string | null {
  const text = readText(given, name);
  if (text === null) return null;
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  if (protocol === 'https:' || protocol === 'http:') return text;
  throw usage(`--${name}: expected an http(s) URL, found ${text}`);
}

function readFormat(given: Given): ReportFormat | null {
  const format = readText(given, 'format');
  if (format !== null && format !== 'text' && format !== 'json') {
    throw usage(`--format: expected text or json, found ${format}`);
  }
  if (readFlag(given, 'json') !== true) return format;
  if (format !== 'text') return 'json';
  throw usage('--json and --format text exclude each other');
}

function readConcurrency(given: Given): number {
  const text = readText(given, 'concurrency') ?? String(DEFAULT_CONCURRENCY);
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MAX_CONCURRENCY) return number;
  throw usage(
    `--concurrency: expected a whole number from 1 to ${MAX_CONCURRENCY}, found ${text}`,
  );
}

function readDuration(
  given: Given,
  name: OptionName,
  otherwise: string,
): number {
  const text = readText(given, name) ?? otherwise;
  const milliseconds = parseDuration(text);
  if (milliseconds !== null) return milliseconds;
  throw usage(
    `--${name}: expected a duration with a unit (500ms, 30s, 5m), found ${text}`,
  );
}
