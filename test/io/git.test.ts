import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openCommit, readAtCommit } from '../../src/io/git.js';
import { createRepository, type GitRepository } from './git-repository.js';

const LIMIT = 1000;
const env = { PATH: process.env['PATH'] };
let base: string;
let count = 0;
let repository: GitRepository;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'git-'));
});

beforeEach(async () => {
  count += 1;
  repository = await createRepository(join(base, `repository-${count}`));
});

afterAll(async () => {
  await rm(base, { recursive: true });
});

function refused(message: RegExp) {
  return {
    code: 'GIT_FAILED',
    message: expect.stringMatching(message) as unknown,
  };
}

async function read(path: string, ref = 'HEAD'): Promise<string | null> {
  const commit = await openCommit({ folder: repository.root, env }, ref);
  const bytes = await readAtCommit(commit, path, LIMIT);
  return bytes?.toString('utf8') ?? null;
}

describe('openCommit', () => {
  it('finds a commit by branch, tag and id, and says where the folder is', async () => {
    await repository.write('apps/a/policy.yaml', 'one');
    const id = repository.commit();
    repository.git('tag', 'v1');
    const folder = join(repository.root, 'apps/a');
    for (const ref of ['main', 'v1', 'refs/heads/main', id, 'HEAD^0']) {
      expect(await openCommit({ folder, env }, ref)).toMatchObject({
        ref,
        id,
        prefix: 'apps/a/',
      });
    }
    const { prefix } = await openCommit(
      { folder: repository.root, env },
      'main',
    );
    expect(prefix).toBe('');
  });

  it.each([
    ['empty', '', /expected a git ref/],
    ['an option', '--output=x', /expected a git ref/],
    ['with a line end', 'main\nx', /expected a git ref/],
    ['one that is not there', 'origin/main', /^origin\/main: no such commit/],
    ['a file', 'main:policy.yaml', /no such commit|git/],
    ['a range', 'main..main', /no such commit|git names no single commit/],
  ])('refuses a ref that is %s', async (_case, ref, message) => {
    await repository.write('policy.yaml', 'one');
    repository.commit();
    await expect(
      openCommit({ folder: repository.root, env }, ref),
    ).rejects.toMatchObject(refused(message));
    expect(existsSync('x')).toBe(false);
  });

  it('says what is wrong with a folder', async () => {
    await expect(
      openCommit({ folder: join(base, 'nothing'), env }, 'main'),
    ).rejects.toMatchObject(refused(/no such file or folder/));
    const outside = await mkdtemp(join(base, 'outside-'));
    await expect(
      openCommit({ folder: outside, env }, 'main'),
    ).rejects.toMatchObject(refused(/not a git repository/));
    repository.commit();
    await expect(
      openCommit({ folder: join(repository.root, '.git'), env }, 'main'),
    ).rejects.toMatchObject(refused(/bare|not the working tree/));
  });

  it('takes no bare repository inside of the checkout for one', async () => {
    const bare = join(repository.root, 'history');
    await createRepository(join(base, `other-${count}`));
    repository.git('clone', '--quiet', '--bare', `../other-${count}`, bare);
    repository.commit();
    await expect(
      openCommit({ folder: bare, env }, 'main'),
    ).rejects.toMatchObject(refused(/bare/));
  });

  it('says so where git is not there', async () => {
    const none = { PATH: join(base, 'nothing') };
    await expect(
      openCommit({ folder: repository.root, env: none }, 'main'),
    ).rejects.toMatchObject(refused(/git is not installed/));
  });

  it('runs no git that the project brings along', async () => {
    repository.commit();
    const programs = join(repository.root, 'node_modules', '.bin');
    await mkdir(programs, { recursive: true });
    const marker = join(base, `ran-${count}`);
    await writeFile(join(programs, 'git'), `#!/bin/sh\ntouch ${marker}\n`);
    await chmod(join(programs, 'git'), 0o755);
    const path = [programs, process.env['PATH']].join(delimiter);
    const place = { folder: repository.root, env: { PATH: path } };
    expect(await openCommit(place, 'main')).toMatchObject({ prefix: '' });
    expect(existsSync(marker)).toBe(false);
  });

  it('does not let GIT_DIR lead to another repository', async () => {
    const id = repository.commit();
    const other = await createRepository(join(base, `other-${count}`));
    await other.write('x', 'y');
    other.commit();
    const misled = { ...env, GIT_DIR: join(other.root, '.git') };
    expect(
      await openCommit({ folder: repository.root, env: misled }, 'main'),
    ).toMatchObject({ id });
  });

  it.runIf(process.getuid?.() === 0)(
    'names the remedy for a repository of another user (needs root)',
    async () => {
      repository.commit();
      await chown(repository.root, 12345, 12345);
      const place = { folder: repository.root, env };
      await expect(openCommit(place, 'main')).rejects.toMatchObject(
        refused(/safe\.directory/),
      );
      const trusted = {
        ...env,
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: repository.root,
      };
      expect(
        await openCommit({ folder: repository.root, env: trusted }, 'main'),
      ).toMatchObject({ ref: 'main' });
    },
  );
});

describe('readAtCommit', () => {
  it('reads the bytes of the commit, not those of the working tree', async () => {
    await repository.write('a/b/policy.yaml', 'one\r\n');
    await repository.write('.gitattributes', '* text eol=lf filter=x ident\n');
    repository.git('config', 'filter.x.smudge', 'tr a-z A-Z');
    const id = repository.commit();
    await repository.write('a/b/policy.yaml', 'two');
    repository.commit();
    await repository.write('a/b/policy.yaml', 'three');
    expect(await read('a/b/policy.yaml', id)).toBe('one\n');
    expect(await read('a/b/policy.yaml')).toBe('two');
  });

  it('tells what is not there from what is empty', async () => {
    await repository.write('empty', '');
    repository.commit();
    expect(await read('empty')).toBe('');
    expect(await read('nothing')).toBeNull();
    expect(await read('nothing/at/all')).toBeNull();
  });

  it('reads files whatever they are called', async () => {
    const names = ['-r', '*', '[a]', ':(top)x', 'ö', 'a b', '"q"'];
    await repository.write('a', 'another');
    for (const name of names) await repository.write(name, name);
    repository.commit();
    for (const name of names) expect(await read(name)).toBe(name);
  });

  it('finds no other file by a pattern', async () => {
    await repository.write('a', 'one');
    repository.commit();
    expect(await read('*')).toBeNull();
    expect(await read('[a]')).toBeNull();
  });

  it('refuses links, submodules, folders and what is too large', async () => {
    await repository.write('folder/file', 'one');
    await repository.write('exact', 'x'.repeat(LIMIT));
    await repository.write('large', 'x'.repeat(LIMIT + 1));
    await symlink('folder/file', join(repository.root, 'link'));
    await symlink('folder', join(repository.root, 'way'));
    const inner = await createRepository(join(repository.root, 'module'));
    await inner.write('file', 'x');
    inner.commit();
    repository.commit();
    expect(await read('exact')).toHaveLength(LIMIT);
    for (const [path, message] of [
      ['large', /^HEAD:large: larger than 1000 bytes$/],
      ['link', /a symbolic link/],
      ['way/file', /behind a symbolic link/],
      ['module', /a submodule/],
      ['module/file', /in a submodule/],
      ['folder', /a folder, not a file/],
      ['exact/file', /a folder on the way is a file/],
      ['../x', /expected a path inside/],
      ['folder//file', /expected a path inside/],
      ['/folder', /expected a path inside/],
    ] as const) {
      await expect(read(path), path).rejects.toMatchObject(refused(message));
    }
  });

  it('runs nothing that the repository’s configuration names', async () => {
    await repository.write('policy.yaml', 'one');
    await repository.write('.gitattributes', '* diff=x filter=x\n');
    repository.commit();
    const marker = join(base, `ran-${count}`);
    const script = join(base, `script-${count}`);
    await writeFile(script, `#!/bin/sh\ntouch ${marker}\n`);
    await chmod(script, 0o755);
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'core.sshCommand',
      'diff.x.textconv',
      'filter.x.smudge',
      'alias.cat-file',
    ]) {
      const value = key.startsWith('alias.') ? `!${script}` : script;
      repository.git('config', key, value);
    }
    expect(await read('policy.yaml')).toBe('one');
    expect(existsSync(marker)).toBe(false);
  });

  it('fetches nothing that a partial clone lacks', async () => {
    await repository.write('policy.yaml', 'one');
    repository.commit();
    const origin = repository.root;
    repository.git('config', 'uploadpack.allowFilter', 'true');
    const clone = join(base, `clone-${count}`);
    repository.git(
      ...['clone', '--quiet', '--no-checkout', '--filter=blob:none'],
      ...[`file://${origin}`, clone],
    );
    const commit = await openCommit({ folder: clone, env }, 'main');
    await expect(
      readAtCommit(commit, 'policy.yaml', LIMIT),
    ).rejects.toMatchObject(refused(/git/));
  });
});
