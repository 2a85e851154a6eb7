import { gitError, runGit } from './run-git.js';
import { describeMode, REGULAR_FILES, type GitCommit } from './git.js';

/** A file of a commit, as a tree of it has it. */
export interface CommitFile {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly mode: string;
  readonly object: string;
}

/** Half a million files, more or less. */
const MAX_LIST = 64 * 1024 * 1024;
const LISTED = /^(\d{6}) [a-z]+ ([0-9a-f]{40}|[0-9a-f]{64})\t(.+)$/s;

/**
 * The files of that name in `folder` of a commit and below: empty, or ending in
 * `/`. What is in a submodule or behind a symbolic link is not among them.
 * Throws `AuditError` `GIT_FAILED` with one line.
 */
export async function listCommitFiles(
  commit: GitCommit,
  folder: string,
  name: string,
): Promise<readonly CommitFile[]> {
  const below = folder === '' ? [] : ['--', folder];
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit.id, ...below];
  const answer = await runGit(commit, args, MAX_LIST);
  if (answer.status === 'failed') {
    throw gitError(`${commit.ref}:${folder}`, answer.reason, answer.cause);
  }
  return answer.output
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, mode = '', object = '', path = ''] = LISTED.exec(line) ?? [];
      const isNamed = path.split('/').at(-1) === name;
      return isNamed && path.startsWith(folder) ? [{ path, mode, object }] : [];
    });
}

/**
 * Reads one of them as it is stored. Symbolic links are refused and not
 * followed. Throws `AuditError` `GIT_FAILED` with one line.
 */
export async function readCommitFile(
  commit: GitCommit,
  { path, mode, object }: CommitFile,
  maxBytes: number,
): Promise<Buffer> {
  const refuse = (reason: string, cause?: unknown) =>
    gitError(`${commit.ref}:${path}`, reason, cause);
  if (!REGULAR_FILES.includes(mode)) throw refuse(describeMode(mode, true));
  const answer = await runGit(
    commit,
    ['cat-file', 'blob', object],
    maxBytes + 1,
  );
  if (answer.status === 'failed') throw refuse(answer.reason, answer.cause);
  if (answer.output.length <= maxBytes) return answer.output;
  throw refuse(`larger than ${maxBytes} bytes`);
}
