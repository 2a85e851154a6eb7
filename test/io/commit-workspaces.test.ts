import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readBase } from '../../src/cli/base-source.js';
import { readCommitWorkspaces } from '../../src/io/commit-workspaces.js';
import { openCommit, type GitCommit } from '../../src/io/git.js';
import { readWorkspaceManifests } from '../../src/io/workspace-manifests.js';
import { createRepository, type GitRepository } from './git-repository.js';

const MANIFESTS = {
  'packages/a/package.json': { name: 'a' },
  'packages/b/package.json': { workspaces: ['inner'] },
  'packages/b/inner/package.json': { name: 'inner' },
  'packages/a/node_modules/c/package.json': { name: 'c' },
  'packages/ä b/package.json': { name: 'ab' },
  'packages/.hidden/package.json': { name: 'hidden' },
  'packages/empty/readme': {},
  'packages/large/sub/package.json': { name: 'x'.repeat(9 * 1024 * 1024) },
  'tools/package.json': { name: 'tools' },
} as const;

let folder: string;
let repository: GitRepository;
let commit: GitCommit;
const env = { PATH: process.env['PATH'] };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commit-workspaces-'));
  repository = await createRepository(folder);
  for (const [path, content] of Object.entries(MANIFESTS)) {
    await repository.write(`project/${path}`, JSON.stringify(content));
  }
  // Beside the project, with paths that begin as its own do.
  await repository.write('packages/z/package.json', '{}');
  await repository.write('project-2/packages/z/package.json', '{}');
  await repository.write('project/linked/to', '');
  const link = join(folder, 'project', 'linked', 'package.json');
  await symlink('../tools/package.json', link);
  repository.commit();
  const place = { folder: join(folder, 'project'), env };
  commit = await openCommit(place, 'HEAD');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const manifestOf = (workspaces: readonly unknown[]): Buffer =>
  Buffer.from(JSON.stringify({ workspaces }));
const read = (
  ...workspaces: readonly unknown[]
): Promise<ReadonlyMap<string, Uint8Array>> =>
  readCommitWorkspaces(commit, commit.prefix, manifestOf(workspaces));
const textsOf = (
  manifests: ReadonlyMap<string, Uint8Array>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...manifests].map(([at, bytes]) => [at, Buffer.from(bytes).toString()]),
  );

describe('workspaces of a commit', () => {
  it.each([
    ['one level', ['packages/*'], ['a', 'b', 'b/inner', 'ä b']],
    ['a leading dot', ['./packages/a/'], ['a']],
    ['alternatives', ['packages/{a,b}'], ['a', 'b', 'b/inner']],
    ['what begins with a dot', ['packages/.*'], ['.hidden']],
    ['all but some', ['packages/*', '!packages/b'], ['a', 'ä b']],
    ['what is not there', ['packages/x', 'packages/a'], ['a']],
    ['inner ones of every level', ['packages/b/**'], ['b', 'b/inner']],
    ['nothing', [], []],
  ])('are those of the working tree: %s', async (_what, patterns, expected) => {
    const found = await read(...patterns);
    expect([...found.keys()].toSorted()).toEqual(
      expected.map((one) => `packages/${one}`).toSorted(),
    );
    const root = join(folder, 'project');
    const there = await readWorkspaceManifests(root, manifestOf(patterns));
    expect(textsOf(found)).toEqual(textsOf(there));
  });

  it.each([
    ['outside the project', '../packages/*', 'workspaces outside the project'],
    ['behind a symbolic link', 'linked', 'a symbolic link'],
    ['too large', 'packages/large/*', 'git says too much'],
  ])('are refused: %s', async (_what, pattern, said) => {
    await expect(read(pattern)).rejects.toThrow(said);
  });

  it('are read as they were, whatever there is now', async () => {
    const path = 'project/package.json';
    await repository.write(path, manifestOf(['packages/a']));
    await repository.write('project/yarn.lock', '# yarn lockfile v1\n');
    const id = repository.commit();
    await repository.write('project/packages/a/package.json', '{"now":true}');
    await repository.write(path, manifestOf(['tools']));
    const directory = join(folder, 'project');
    const wanted = { name: id, directory, lockfile: 'yarn.lock' };
    const source = await readBase(wanted, { cwd: directory, env } as never);
    const { workspaces } = 'lockfile' in source ? source.lockfile : {};
    expect(textsOf(workspaces ?? new Map())).toEqual({
      'packages/a': JSON.stringify(MANIFESTS['packages/a/package.json']),
    });
  });
});
