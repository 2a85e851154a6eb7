import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readProject } from '../../src/cli/project-source.js';
import { AuditError } from '../../src/errors.js';
import { readWorkspaceManifests } from '../../src/io/workspace-manifests.js';

let base: string;
let root: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'workspaces-'));
  root = join(base, 'project');
  await mkdir(root);
});

afterEach(() => rm(base, { recursive: true }));

async function write(path: string, content: object): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), JSON.stringify(content));
}

async function foldersOf(...workspaces: unknown[]): Promise<readonly string[]> {
  const manifest = new TextEncoder().encode(JSON.stringify({ workspaces }));
  return [...(await readWorkspaceManifests(root, manifest)).keys()].toSorted();
}

async function failure(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return '';
  } catch (error) {
    if (error instanceof AuditError) return error.message;
    throw error;
  }
}

describe('readWorkspaceManifests', () => {
  beforeEach(async () => {
    await write('packages/a/package.json', { name: 'a' });
    await write('packages/b/package.json', { workspaces: ['inner'] });
    await write('packages/b/inner/package.json', {});
    await write('packages/a/node_modules/c/package.json', {});
    await write('tools/package.json', {});
    await mkdir(join(root, 'packages/empty'));
  });

  it.each([
    ['one level', ['packages/*'], ['a', 'b', 'b/inner']],
    ['a leading dot', ['./packages/a/'], ['a']],
    ['all levels', ['packages/**'], ['a', 'b', 'b/inner']],
    ['all but some', ['packages/*', '!packages/b'], ['a']],
    ['what is not there', ['packages/x', 'packages/a'], ['a']],
    ['what is no text', [7, 'packages/a'], ['a']],
    ['nothing', [], []],
  ])('finds %s', async (_what, patterns, found) => {
    expect(await foldersOf(...patterns)).toEqual(
      found.map((name) => `packages/${name}`),
    );
  });

  it('reads what is in them', async () => {
    const manifest = new TextEncoder().encode('{"workspaces":["packages/a"]}');
    const found = await readWorkspaceManifests(root, manifest);
    expect(new TextDecoder().decode(found.get('packages/a'))).toBe(
      '{"name":"a"}',
    );
  });

  it('leaves it to others to say what is wrong with a manifest', async () => {
    const manifest = new TextEncoder().encode('{');
    expect((await readWorkspaceManifests(root, manifest)).size).toBe(0);
  });

  it.each(['../x', 'packages/../../x', '/x', '!../x', 'C:/x', '..\\x'])(
    'refuses what lies outside the project: %s',
    async (pattern) => {
      expect(await failure(() => foldersOf('tools', pattern))).toBe(
        'package.json: workspaces outside the project',
      );
    },
  );

  it('refuses a link that leads out of the project', async () => {
    await mkdir(join(base, 'outside'));
    await writeFile(join(base, 'outside/package.json'), '{}');
    await symlink(join(base, 'outside'), join(root, 'packages/link'));
    expect(await failure(() => foldersOf('packages/*'))).toBe(
      'package.json: a workspace: a workspace outside the project',
    );
  });

  it('refuses what is no file', async () => {
    await mkdir(join(root, 'packages/x/package.json'), { recursive: true });
    expect(await failure(() => foldersOf('packages/*'))).toMatch(
      /^package\.json: a workspace: /,
    );
  });

  it('refuses more patterns than anybody has', async () => {
    const many = Array.from({ length: 1001 }, (_, index) => `p${index}`);
    expect(await failure(() => foldersOf(...many))).toContain(
      'more than 1000 patterns',
    );
  });
});

describe('readProject', () => {
  it('reads the manifests of workspaces where the format needs them', async () => {
    await write('package.json', { workspaces: ['packages/*'] });
    await write('packages/a/package.json', { name: 'a' });
    await write('package-lock.json', {});
    const npm = await readProject(root, null);
    expect(npm.input).not.toHaveProperty('workspaces');
    await writeFile(join(root, 'yarn.lock'), '# yarn lockfile v1\n');
    const { input } = await readProject(root, 'yarn.lock');
    expect([...(input.workspaces ?? [])].map(([folder]) => folder)).toEqual([
      'packages/a',
    ]);
  });
});
