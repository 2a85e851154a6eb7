import { readCommandLine, usage } from './command-line.js';
import { MAX_AGE_MS, MAX_TIMER_MS } from './duration.js';
import {
  readCount,
  readDuration,
  readFlag,
  readText,
  readUrl,
  type Given,
} from './option-values.js';
import type {
  AuditCommandOptions,
  OutputOptions,
  ReportFormat,
  ShowOptions,
  TrustRootCommandOptions,
  TrustRootOptions,
} from './options.js';

/** What the user asked for, checked as far as it can be without files. */
export type Arguments =
  | { readonly status: 'audit'; readonly options: AuditCommandOptions }
  | { readonly status: 'show'; readonly options: ShowOptions }
  | { readonly status: 'trust-root'; readonly options: TrustRootCommandOptions }
  | { readonly status: 'text'; readonly text: string };

const DEFAULT_CONCURRENCY = 16;
const MAX_CONCURRENCY = 256;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_DEADLINE_MS = 900_000;
const TIMER = { max: MAX_TIMER_MS, examples: '500ms, 30s, 5m' };
const AGE = { max: MAX_AGE_MS, examples: '12h, 30d' };

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
  switch (given.command) {
    case 'audit':
      return { status: 'audit', options: readAudit(given, given.operands) };
    case 'show':
      return { status: 'show', options: readShow(given) };
    case 'trust-root':
      return { status: 'trust-root', options: readTrustRootCommand(given) };
  }
}

function readAudit(
  given: Given,
  directories: readonly string[],
): AuditCommandOptions {
  return {
    directory: readDirectory(directories),
    lockfile: readText(given, 'lockfile'),
    policy: readText(given, 'policy'),
    ...readTrustRoot(given),
    registry: readUrl(given, 'registry'),
    ...readOutput(given),
    concurrency:
      readCount(given, 'concurrency', MAX_CONCURRENCY) ?? DEFAULT_CONCURRENCY,
    timeoutMs: readDuration(given, 'timeout', TIMER) ?? DEFAULT_TIMEOUT_MS,
    deadlineMs: readDuration(given, 'deadline', TIMER) ?? DEFAULT_DEADLINE_MS,
  };
}

function readShow(given: Given): ShowOptions {
  const [spec, ...directories] = given.operands;
  if (spec === undefined) {
    throw usage('show: expected a package, as in show left-pad@1.3.0');
  }
  return { spec, ...readAudit(given, directories) };
}

function readTrustRootCommand(given: Given): TrustRootCommandOptions {
  const [action = 'show', ...others] = given.operands;
  if ((action !== 'show' && action !== 'refresh') || others.length > 0) {
    const found = given.operands.join(' ');
    throw usage(`trust-root: expected show or refresh, found ${found}`);
  }
  const trustRoot = readTrustRoot(given);
  if (action === 'refresh' && trustRoot.trustedRoot !== null) {
    throw usage(
      'trust-root refresh: nothing refreshes the file --trusted-root',
    );
  }
  return {
    action,
    registry: readUrl(given, 'registry'),
    ...trustRoot,
    ...readOutput(given),
  };
}

function readDirectory([
  directory = '.',
  ...others
]: readonly string[]): string {
  if (directory === '') throw usage('[dir]: expected a folder');
  if (others.length === 0) return directory;
  throw usage(
    `expected one folder, found ${[directory, ...others].join(', ')}`,
  );
}

function readTrustRoot(given: Given): TrustRootOptions {
  const trustedRoot = readText(given, 'trusted-root');
  const npmKeys = readText(given, 'npm-keys');
  const tufMirror = readUrl(given, 'tuf-mirror');
  const tufRoot = readText(given, 'tuf-root');
  const maxRootAgeMs = readDuration(given, 'max-root-age', AGE);
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
  // The age of a file is not known: a limit for it would not be kept.
  if (trustedRoot !== null && maxRootAgeMs !== null) {
    throw usage('--trusted-root and --max-root-age exclude each other');
  }
  const cache = readText(given, 'cache');
  return { trustedRoot, npmKeys, tufMirror, tufRoot, cache, maxRootAgeMs };
}

function readOutput(given: Given): OutputOptions {
  const quiet = readFlag(given, 'quiet') ?? false;
  const verbose = readFlag(given, 'verbose') ?? false;
  if (quiet && verbose) {
    throw usage('--quiet and --verbose exclude each other');
  }
  return {
    format: readFormat(given),
    output: readText(given, 'output'),
    quiet,
    verbose,
    color: readFlag(given, 'color'),
  };
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
