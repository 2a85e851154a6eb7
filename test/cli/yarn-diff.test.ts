import { mkdir, rm } from 'node:fs/promises';
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

describe('diff of a Yarn project with a lockfile of elsewhere', () => {
  const asks = { '@acme/widget': '^1.0.0' };

  /** A project beside a folder `earlier` that has its state of before. */
  async function open(): Promise<{
    scene: Scene;
    earlier: GitRepository;
    project: GitRepository;
  }> {
    const scene = await createScene(sigstore, {
      ...projectOf([]),
      packages: [widget],
    });
    scenes.push(scene);
    await rm(join(scene.project, 'package-lock.json'));
    await mkdir(join(scene.folder, 'earlier'));
    const project = await createRepository(scene.project);
    const earlier = await createRepository(join(scene.folder, 'earlier'));
    await write(project, asks);
    return { scene, earlier, project };
  }

  it('takes the workspaces from the folder of that lockfile', async () => {
    const { scene, earlier } = await open();
    await write(earlier, asks);
    const base = join(scene.folder, 'earlier', 'yarn.lock');
    const argv = ['diff', base, '.', ...scene.options];
    const same = await runMain(scene, argv);
    expect(same.stdout).toContain('no package differs');
    await write(earlier, { ...asks, gadget: '^2.0.0' });
    const drifted = await runMain(scene, argv);
    expect(drifted.exitCode).toBe(2);
    expect(drifted.stderr).toContain('does not pin "gadget"');
  });

  it('does without, where there are none', async () => {
    const { scene, earlier } = await open();
    await earlier.write('yarn.lock', LOCKFILE);
    const base = join(scene.folder, 'earlier', 'yarn.lock');
    const { stdout } = await runMain(scene, [
      ...['diff', base, '.', ...scene.options],
    ]);
    expect(stdout).toContain('no package differs');
  });

  it('does not hold an earlier lockfile against what is asked for today', async () => {
    const { scene, project } = await open();
    await project.write('old.lock', v1());
    const { exitCode, stdout, stderr } = await runMain(scene, [
      ...['diff', 'old.lock', '.', '--json', ...scene.options],
    ]);
    expect(stderr).not.toContain('does not pin');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      changes: [{ kind: 'added', name: '@acme/widget' }],
    });
  });
});
