import { execFile } from 'node:child_process';
import { delimiter, dirname, isAbsolute, sep } from 'node:path';
import { AuditError } from '../errors.js';
import { codeOf } from './files.js';

/** Where git is run, and with which environment variables. */
export interface GitPlace {
  /** An absolute path. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What git said, or that it failed. */
export type GitAnswer =
  | { readonly status: 'ok'; readonly output: Buffer }
  | {
      readonly status: 'failed';
      /** In a few words; may quote outside text. */
      readonly reason: string;
      /** Git itself said no, and nothing about it. */
      readonly isQuiet: boolean;
      readonly cause: unknown;
    };

const TIMEOUT_MS = 20_000;
/** Of everything that git says but a file: a few lines. */
const MAX_ANSWER = 64 * 1024;
const MAX_SHOWN = 200;
/** Where the user says whom git may trust; no part of a repository. */
const KEPT =
  /^GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|CEILING_DIRECTORIES)$/;

/**
 * Before every command. Nothing that the repository's own configuration names
 * is run. A folder of the checkout that is laid out like a bare repository is
 * not taken for one, or a pull request could bring its own history along.
 */
const GUARDS = [
  '--no-pager',
  '--no-optional-locks',
  '--literal-pathspecs',
  '--no-replace-objects',
  ...['-c', 'core.fsmonitor=false'],
  ...['-c', 'core.hooksPath=/dev/null'],
  ...['-c', 'safe.bareRepository=explicit'],
] as const;

/**
 * Runs one git command without a shell and without a network. Never throws;
 * an answer longer than `maxBytes` counts as failed.
 */
export function runGit(
  { folder, env }: GitPlace,
  args: readonly string[],
  maxBytes = MAX_ANSWER,
): Promise<GitAnswer> {
  const options = {
    // On Windows a program of the current folder would come before git.
    cwd: dirname(process.execPath),
    encoding: 'buffer',
    env: gitEnvironment(env),
    killSignal: 'SIGKILL',
    maxBuffer: maxBytes,
    timeout: TIMEOUT_MS,
    windowsHide: true,
  } as const;
  return new Promise((resolve) => {
    execFile(
      'git',
      ['-C', folder, ...GUARDS, ...args],
      options,
      (cause, output, errors) => {
        if (cause === null) {
          resolve({ status: 'ok', output });
          return;
        }
        const isQuiet = typeof cause.code === 'number' && errors.length === 0;
        const reason = describeFailure(cause, errors.toString('utf8'), folder);
        resolve({ status: 'failed', reason, isQuiet, cause });
      },
    );
  });
}

/** The error about `what`, on one line however many the quoted texts have. */
export function gitError(
  what: string,
  reason: string,
  cause?: unknown,
): AuditError {
  const line = `${shorten(what)}: ${reason}`.replaceAll(/[\r\n]+/g, ' ');
  return new AuditError('GIT_FAILED', line, cause);
}

/**
 * Without the GIT_ variables that lead to another repository, and without any
 * network: a partial clone would fetch what is missing by its own settings.
 */
function gitEnvironment(env: GitPlace['env']): NodeJS.ProcessEnv {
  const kept = Object.entries(env).flatMap<[string, string | undefined]>(
    ([name, value]) => {
      const upper = name.toUpperCase();
      if (upper.startsWith('GIT_') && !KEPT.test(upper)) return [];
      if (upper === 'PATH') return [[name, ownPrograms(value ?? '')]];
      return [[name, value]];
    },
  );
  return {
    ...Object.fromEntries(kept),
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

/** npm puts the project's own programs first; one of them may be called git. */
function ownPrograms(path: string): string {
  return path
    .split(delimiter)
    .filter((each) => isAbsolute(each))
    .filter((each) => !each.split(sep).includes('node_modules'))
    .join(delimiter);
}

function describeFailure(
  cause: Error & { readonly killed?: boolean },
  errors: string,
  folder: string,
): string {
  const code = codeOf(cause);
  if (code === 'ENOENT') return 'git is not installed';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'git says too much';
  if (cause.killed === true) return `git took longer than ${TIMEOUT_MS} ms`;
  if (errors.includes('dubious ownership')) {
    return `git does not read a repository that belongs to somebody else, unless told by: git config --global --add safe.directory ${folder}`;
  }
  const [line = ''] = errors.split('\n');
  return line === '' ? 'git failed' : `git: ${shorten(line)}`;
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
