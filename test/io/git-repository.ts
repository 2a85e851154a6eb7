import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** Independent of whoever runs the tests. */
const ENV = {
  PATH: process.env['PATH'],
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Author',
  GIT_AUTHOR_EMAIL: 'author@acme.example',
  GIT_COMMITTER_NAME: 'Author',
  GIT_COMMITTER_EMAIL: 'author@acme.example',
};

/** A real repository in a folder of a test. */
export interface GitRepository {
  readonly root: string;
  /** Writes one file of the working tree. */
  write(path: string, text: string | Buffer): Promise<void>;
  /** Runs git in it; returns what it prints. */
  git(...args: readonly string[]): string;
  /** Commits everything that is there; returns the commit's id. */
  commit(): string;
}

/** Makes `root` the root of a repository with the branch `main`, no commit. */
export async function createRepository(root: string): Promise<GitRepository> {
  await mkdir(root, { recursive: true });
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, {
      cwd: root,
      env: ENV,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  git('init', '--quiet', '--initial-branch=main');
  return {
    root,
    git,
    async write(path, text) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    },
    commit() {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message=change');
      return git('rev-parse', 'HEAD').trim();
    },
  };
}
