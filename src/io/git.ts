import { realpath } from 'node:fs/promises';
import { reasonOf } from './files.js';
import { gitError, runGit, type GitAnswer, type GitPlace } from './run-git.js';

/** A commit of the repository that a folder is in. */
export interface GitCommit extends GitPlace {
  /** As the user named it: a branch, a tag, anything that git takes for one. */
  readonly ref: string;
  /** Its full object id. */
  readonly id: string;
  /** From the repository's root to the folder: empty, or ending in `/`. */
  readonly prefix: string;
}

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const TREE_ENTRY = /^(\d{6}) [a-z]+ ([0-9a-f]+) +(\d+|-)\t/;
const TREE = '040000';
/** Modes of what git has as a file, and nothing else. */
export const REGULAR_FILES: readonly string[] = ['100644', '100755'];

/**
 * Finds the commit that `ref` names now, so that everything is read from the
 * same one afterwards. `folder` is one of a working tree; which repository it
 * is in, git finds out. Throws `AuditError` `GIT_FAILED` with one line.
 */
export async function openCommit(
  place: GitPlace,
  ref: string,
): Promise<GitCommit> {
  if (!isRef(ref)) throw gitError(ref, 'expected a git ref');
  const git = { ...place, folder: await realpathOf(place.folder) };
  const args = ['rev-parse', '--is-inside-git-dir', '--show-prefix'];
  const [isInside, prefix = ''] = (await say(git, args)).split('\n');
  // Also said where git is too old to know safe.bareRepository.
  if (isInside !== 'false') {
    throw gitError(git.folder, 'not the working tree of a git repository');
  }
  const id = await findCommit(git, ref);
  return { ...git, ref, id, prefix };
}

/**
 * Reads one file of a commit, as it is stored: no filters, no line ends
 * changed. `path` begins at the repository's root and has `/` between folders.
 * Null exactly if the commit has nothing there.
 *
 * Symbolic links and submodules, at `path` or on the way to it, are refused
 * and not followed. Nothing is fetched: what is not there is an error. Throws
 * `AuditError` `GIT_FAILED` with one line.
 */
export async function readAtCommit(
  commit: GitCommit,
  path: string,
  maxBytes: number,
): Promise<Buffer | null> {
  const refuse = (reason: string) => gitError(`${commit.ref}:${path}`, reason);
  const segments = path.split('/');
  if (!segments.every(isPlainSegment)) {
    throw refuse('expected a path inside the repository');
  }
  let entry: TreeEntry = { mode: TREE, object: commit.id, size: NaN };
  for (const [index, segment] of segments.entries()) {
    const inner = await findEntry(commit, entry.object, segment);
    if (inner === null) return null;
    entry = inner;
    const isLast = index === segments.length - 1;
    const isExpected = isLast
      ? REGULAR_FILES.includes(entry.mode)
      : entry.mode === TREE;
    if (!isExpected) throw refuse(describeMode(entry.mode, isLast));
  }
  const { object, size } = entry;
  if (!(size <= maxBytes)) throw refuse(`larger than ${maxBytes} bytes`);
  const args = ['cat-file', 'blob', object];
  const bytes = toOutput(commit, await runGit(commit, args, maxBytes + 1));
  if (bytes.length !== size) throw refuse('git did not give all of it');
  return bytes;
}

/** Nothing that git would take for an option. */
function isRef(ref: string): boolean {
  return ref !== '' && !ref.startsWith('-') && !/\p{Cc}/u.test(ref);
}

async function realpathOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (cause) {
    throw gitError(folder, reasonOf(cause), cause);
  }
}

async function findCommit(git: GitPlace, ref: string): Promise<string> {
  const options = ['--verify', '--quiet', '--end-of-options'];
  const args = ['rev-parse', ...options, `${ref}^{commit}`];
  const answer = await runGit(git, args);
  if (answer.status === 'failed' && answer.isQuiet) {
    throw gitError(
      ref,
      'no such commit here; a shallow clone may have to fetch it first',
    );
  }
  const commit = toOutput(git, answer).toString('utf8').trim();
  if (!OBJECT_ID.test(commit)) {
    throw gitError(ref, 'git names no single commit for it');
  }
  return commit;
}

interface TreeEntry {
  readonly mode: string;
  readonly object: string;
  /** In bytes; not a number for what is no file. */
  readonly size: number;
}

async function findEntry(
  git: GitPlace,
  tree: string,
  name: string,
): Promise<TreeEntry | null> {
  const options = ['-z', '-l', '--full-tree', '--'];
  const line = await say(git, ['ls-tree', ...options, tree, name]);
  if (line === '') return null;
  const [entry = '', mode = '', object = '', size] =
    TREE_ENTRY.exec(line) ?? [];
  if (line !== `${entry}${name}\0` || !OBJECT_ID.test(object)) {
    throw gitError(git.folder, 'git lists something else than was asked for');
  }
  return { mode, object, size: Number(size) };
}

/** Why what has this mode is not read; `isLast`: or on the way to it. */
export function describeMode(mode: string, isLast: boolean): string {
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
  return !['', '.', '..'].includes(segment) && !/[\p{Cc}\\]/u.test(segment);
}

async function say(git: GitPlace, args: readonly string[]): Promise<string> {
  return toOutput(git, await runGit(git, args)).toString('utf8');
}

function toOutput({ folder }: GitPlace, answer: GitAnswer): Buffer {
  if (answer.status === 'ok') return answer.output;
  throw gitError(folder, answer.reason, answer.cause);
}
