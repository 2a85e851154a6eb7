import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AuditError } from '../errors.js';
import { codeOf, reasonOf } from './files.js';

/** A file of another commit. */
export interface FileAtRef {
  /** A folder of the working tree; which repository it is in, git finds out. */
  readonly cwd: string;
  /** A branch, a tag, a commit, or anything that git takes for one. */
  readonly ref: string;
  /** From the root of the repository, with `/` between folders. */
  readonly path: string;
  readonly maxBytes: number;
}

const TIMEOUT_MS = 20_000;
/** Of everything that git says but the file: one line each. */
const MAX_ANSWER = 64 * 1024;
const MAX_SHOWN = 200;
const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const TREE_ENTRY = /^(\d{6}) ([a-z]+) ([0-9a-f]+)\t/;
const TREE = '040000';
const FILES: readonly string[] = ['100644', '100755'];

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
 * Reads one file of a commit with git, as it is stored: no filters, no line
 * ends changed. Null exactly if that commit has nothing at `path`.
 *
 * Symbolic links and submodules, at `path` or on the way to it, are refused
 * and not followed. Nothing is fetched: a commit that is not there is an error.
 * Throws `AuditError` `POLICY_INVALID` with one line.
 */
export async function readAtRef(file: FileAtRef): Promise<Buffer | null> {
  const { ref, path, maxBytes } = file;
  const refuse = (reason: string): AuditError =>
    refuseFile(`${shorten(ref)}:${shorten(path)}`, reason);
  const segments = path.split('/');
  if (!segments.every(isPlainSegment)) {
    throw refuse('expected a path inside the repository');
  }
  const git = await openRepository(file.cwd);
  let object = await resolveCommit(git, ref);
  for (const [index, segment] of segments.entries()) {
    const entry = await findEntry(git, object, segment);
    if (entry === null) return null;
    const isLast = index === segments.length - 1;
    const isExpected = isLast ? FILES.includes(entry.mode) : entry.mode === TREE;
    if (!isExpected) throw refuse(describeMode(entry.mode, isLast));
    object = entry.object;
  }
  const size = Number(await say(git, ['cat-file', '-s', object]));
  if (!(size <= maxBytes)) throw refuse(`larger than ${maxBytes} bytes`);
  const bytes = await run(git, ['cat-file', 'blob', object], maxBytes + 1);
  if (bytes.length !== size) throw refuse('git did not give all of it');
  return bytes;
}

/**
 * Where `cwd` is in its repository: empty at the root, else with a `/` at the
 * end. Throws `AuditError` `POLICY_INVALID` with one line.
 */
export async function prefixInRepository(cwd: string): Promise<string> {
  const git = await openRepository(cwd);
  return (await say(git, ['rev-parse', '--show-prefix'])).replace(/\n$/, '');
}

/** A folder that git may be run in. */
interface Repository {
  readonly cwd: string;
}

async function openRepository(cwd: string): Promise<Repository> {
  const git = { cwd: await realpathOf(cwd) };
  // Also said where git is too old to know safe.bareRepository.
  const isInside = await say(git, ['rev-parse', '--is-inside-git-dir']);
  if (isInside.trim() !== 'false') {
    throw refuseFile(cwd, 'not the working tree of a git repository');
  }
  return git;
}

async function realpathOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (cause) {
    throw refuseFile(folder, reasonOf(cause), cause);
  }
}

async function resolveCommit(git: Repository, ref: string): Promise<string> {
  if (ref === '' || ref.startsWith('-') || /\p{Cc}/u.test(ref)) {
    throw refuseFile(shorten(ref), 'expected a git ref');
  }
  const revision = `${ref}^{commit}`;
  const options = ['--verify', '--quiet', '--end-of-options'];
  const answer = await attempt(git, ['rev-parse', ...options, revision]);
  if (answer.status === 'failed' && answer.isQuiet) {
    throw refuseFile(
      shorten(ref),
      'no such commit here; a shallow clone may have to fetch it first',
    );
  }
  const commit = toText(toOutput(git, answer)).trim();
  if (!OBJECT_ID.test(commit)) {
    throw refuseFile(shorten(ref), 'git names no single commit for it');
  }
  return commit;
}

interface TreeEntry {
  readonly mode: string;
  readonly object: string;
}

async function findEntry(
  git: Repository,
  tree: string,
  name: string,
): Promise<TreeEntry | null> {
  const line = await say(git, ['ls-tree', '-z', '--full-tree', tree, name]);
  if (line === '') return null;
  const [entry = '', mode = '', , object = ''] = TREE_ENTRY.exec(line) ?? [];
  if (line !== `${entry}${name}\0` || !OBJECT_ID.test(object)) {
    throw refuseFile(git.cwd, 'git lists something else than was asked for');
  }
  return { mode, object };
}

function describeMode(mode: string, isLast: boolean): string {
  switch (mode) {
    case '120000':
      return isLast ? 'a symbolic link' : 'behind a symbolic link';
    case '160000':
      return isLast ? 'a submodule' : 'in a submodule';
    case TREE:
      return 'a folder, not a file';
    default:
      return isLast ? 'not a regular file' : 'a folder on the way is a file';
  }
}

/** `.` and `..` would be relative to the folder git runs in. */
function isPlainSegment(segment: string): boolean {
  return (
    segment !== '' &&
    segment !== '.' &&
    segment !== '..' &&
    !/[\p{Cc}\\]/u.test(segment)
  );
}

type Answer =
  | { readonly status: 'ok'; readonly output: Buffer }
  | {
      readonly status: 'failed';
      readonly reason: string;
      /** Git itself said no, and nothing about it. */
      readonly isQuiet: boolean;
      readonly cause: unknown;
    };

async function say(git: Repository, args: readonly string[]): Promise<string> {
  return toText(await run(git, args, MAX_ANSWER));
}

async function run(
  git: Repository,
  args: readonly string[],
  maxBytes: number,
): Promise<Buffer> {
  return toOutput(git, await attempt(git, args, maxBytes));
}

function toOutput({ cwd }: Repository, answer: Answer): Buffer {
  if (answer.status === 'ok') return answer.output;
  throw refuseFile(cwd, answer.reason, answer.cause);
}

function attempt(
  { cwd }: Repository,
  args: readonly string[],
  maxBytes = MAX_ANSWER,
): Promise<Answer> {
  const options = {
    // On Windows a program of the current folder would come before git.
    cwd: dirname(process.execPath),
    encoding: 'buffer',
    env: environment(),
    killSignal: 'SIGKILL',
    maxBuffer: maxBytes,
    timeout: TIMEOUT_MS,
    windowsHide: true,
  } as const;
  return new Promise((resolve) => {
    execFile(
      'git',
      ['-C', cwd, ...GUARDS, ...args],
      options,
      (cause, output, errors) => {
        if (cause === null) {
          resolve({ status: 'ok', output });
          return;
        }
        const isQuiet = typeof cause.code === 'number' && errors.length === 0;
        const reason = describeFailure(cause, errors);
        resolve({ status: 'failed', reason, isQuiet, cause });
      },
    );
  });
}

/**
 * Without what the caller's GIT_ variables could redirect, and without any
 * network: a partial clone would fetch what is missing by its own settings.
 */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.toUpperCase().startsWith('GIT_'),
  );
  return {
    ...Object.fromEntries(own),
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

function describeFailure(
  cause: Error & { readonly killed?: boolean },
  errors: Buffer,
): string {
  const code = codeOf(cause);
  if (code === 'ENOENT') return 'git is not installed';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'git says too much';
  if (cause.killed === true) return `git took longer than ${TIMEOUT_MS} ms`;
  const [line = ''] = toText(errors).split('\n');
  return line === '' ? 'git failed' : `git: ${shorten(line)}`;
}

/** One line: what is quoted may hold line ends and anything else. */
function refuseFile(what: string, reason: string, cause?: unknown): AuditError {
  const line = `${what}: ${reason}`.replaceAll(/[\r\n]+/g, ' ');
  return new AuditError('POLICY_INVALID', line, cause);
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function toText(bytes: Buffer): string {
  return bytes.toString('utf8');
}
