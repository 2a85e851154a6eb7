import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { createRepository, type GitRepository } from '../io/git-repository.js';
import { v1, v1Entry } from '../lockfile/yarn-input.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const WIDGET = { name: '@acme/widget', version: '1.2.3' };
const widget = publishPackage(sigstore, WIDGET);
const LOCKFILE = v1(
  v1Entry('@acme/widget@^1.0.0', {
    version: '1.2.3',
    integrity: widget.integrity,
  }),
);

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

/** What one workspace asks for, in a commit and then in the working tree. */
interface Asked {
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

async function write(
  repository: GitRepository,
  dependencies: object,
): Promise<void> {
  await repository.write('yarn.lock', LOCKFILE);
  const manifest = {
    name: 'my-app',
    private: true,
    workspaces: ['packages/*'],
  };
  await repository.write('package.json', JSON.stringify(manifest));
  const workspace = { name: 'a', version: '1.0.0', dependencies };
  await repository.write('packages/a/package.json', JSON.stringify(workspace));
}

async function diff({ before, after }: Asked): Promise<Run> {
  const project = { ...projectOf([]), packages: [widget] };
  const scene = await createScene(sigstore, project);
  scenes.push(scene);
  await rm(join(scene.project, 'package-lock.json'));
  const repository = await createRepository(scene.project);
  await write(repository, before);
  repository.commit();
  await write(repository, after);
  return runMain(scene, ['diff', 'HEAD', '.', ...scene.options]);
}

describe('diff of a Yarn project with workspaces', () => {
  const asks = { '@acme/widget': '^1.0.0' };
  const asksMore = { ...asks, gadget: '^2.0.0' };

  it('finds the same where nothing differs', async () => {
    const { exitCode, stdout } = await diff({ before: asks, after: asks });
    expect(stdout).toContain('no package differs');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['the earlier commit', { before: asksMore, after: asks }],
    ['the working tree', { before: asks, after: asksMore }],
  ])(
    'is refused where the lockfile does not cover %s',
    async (_what, asked) => {
      const { exitCode, stdout, stderr } = await diff(asked);
      expect(stderr).toContain('does not pin "gadget"');
      expect(stdout).toBe('');
      expect(exitCode).toBe(2);
    },
  );
});
