import { execFile } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLockfiles } from '../../src/io/find-lockfiles.js';

const run = promisify(execFile);
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provenance-audit-find-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const ENV = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null' };

async function write(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), '');
  }
}

async function git(...args: readonly string[]): Promise<void> {
  await run('git', ['-C', folder, ...args], { env: ENV });
}

async function found(): Promise<readonly string[]> {
  const { projects } = await findLockfiles(folder, ENV);
  return projects.flatMap(({ path, lockfiles }) =>
    lockfiles.map((name) => (path === '' ? name : `${path}/${name}`)),
  );
}

describe('lockfiles below a folder', () => {
  it('are found in every folder, sorted', async () => {
    await write(
      ...['z/yarn.lock', 'package-lock.json', 'a/b/npm-shrinkwrap.json'],
      ...['a/pnpm-lock.yaml', 'a/package-lock.json', '.hidden/bun.lock'],
      ...['a/package.json', 'a/package-lock.json.bak'],
    );
    expect(await findLockfiles(folder, ENV)).toEqual({
      projects: [
        { path: '', lockfiles: ['package-lock.json'] },
        { path: '.hidden', lockfiles: ['bun.lock'] },
        { path: 'a', lockfiles: ['package-lock.json', 'pnpm-lock.yaml'] },
        { path: 'a/b', lockfiles: ['npm-shrinkwrap.json'] },
        { path: 'z', lockfiles: ['yarn.lock'] },
      ],
      ignored: [],
      gitProblem: null,
    });
  });

  it('are none where there are none', async () => {
    expect(await found()).toEqual([]);
  });

  it('are not those of installed packages, nor of git', async () => {
    await write(
      ...['node_modules/a/package-lock.json', '.git/x/package-lock.json'],
      ...['b/node_modules/package-lock.json', 'b/yarn.lock'],
    );
    expect(await found()).toEqual(['b/yarn.lock']);
  });

  it('are not looked for behind links, in a circle or out of it', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'provenance-audit-find-'));
    await writeFile(join(outside, 'package-lock.json'), '');
    await write('a/package-lock.json');
    await symlink(outside, join(folder, 'out'));
    await symlink(folder, join(folder, 'a', 'circle'));
    await symlink(
      join(outside, 'package-lock.json'),
      join(folder, 'yarn.lock'),
    );
    expect(await found()).toEqual(['a/package-lock.json']);
    await rm(outside, { recursive: true });
  });

  it('are no folders of such a name', async () => {
    await write('yarn.lock/package-lock.json');
    expect(await found()).toEqual(['yarn.lock/package-lock.json']);
  });

  it.skipIf(process.getuid?.() === 0)(
    'are not passed over where a folder cannot be listed',
    async () => {
      await write('a/package-lock.json');
      await chmod(join(folder, 'a'), 0o000);
      await expect(found()).rejects.toThrow('permission denied');
      await chmod(join(folder, 'a'), 0o755);
    },
  );

  it('need a folder', async () => {
    await expect(findLockfiles(join(folder, 'none'), ENV)).rejects.toThrow(
      'no such file or folder',
    );
  });
});

describe('in a git repository', () => {
  it('those that git ignores are left out, and listed', async () => {
    await git('init', '-q');
    await writeFile(join(folder, '.gitignore'), 'build/\n/c/*.lock\n');
    await write(
      'build/deep/yarn.lock',
      'a/yarn.lock',
      'c/bun.lock',
      'c/d/yarn.lock',
    );
    const result = await findLockfiles(folder, ENV);
    expect(result.projects.map(({ path }) => path)).toEqual(['a', 'c/d']);
    expect(result.ignored).toEqual(['build/deep/yarn.lock', 'c/bun.lock']);
  });

  it('what is tracked is never ignored', async () => {
    await git('init', '-q');
    await write('a/package-lock.json');
    await git('add', '.');
    await writeFile(join(folder, '.gitignore'), '*\n');
    expect(await found()).toEqual(['a/package-lock.json']);
  });

  it('names that look like patterns or options are names', async () => {
    await git('init', '-q');
    await writeFile(join(folder, '.gitignore'), 'ignored/\n');
    await write(
      '*/yarn.lock',
      '--help/yarn.lock',
      ':(top)/yarn.lock',
      'ignored/yarn.lock',
    );
    expect(await found()).toEqual([
      '*/yarn.lock',
      '--help/yarn.lock',
      ':(top)/yarn.lock',
    ]);
  });

  it('many are asked about in several turns', async () => {
    await git('init', '-q');
    await writeFile(join(folder, '.gitignore'), 'n[13579]*\n');
    const name = 'x'.repeat(60);
    const paths = Array.from(
      { length: 300 },
      (_, i) => `n${i}/${name}/yarn.lock`,
    );
    await write(...paths);
    const { ignored } = await findLockfiles(folder, ENV);
    expect(ignored).toEqual(
      paths.filter((path) => /^n[13579]/.test(path)).toSorted(),
    );
  });

  it('without git nothing counts as ignored, and it is said', async () => {
    await write('.git/HEAD', 'a/yarn.lock');
    await writeFile(join(folder, '.gitignore'), 'a/\n');
    const result = await findLockfiles(folder, { ...ENV, PATH: folder });
    expect(result.projects.map(({ path }) => path)).toEqual(['a']);
    expect(result.gitProblem).toBe('git is not installed');
  });
});
