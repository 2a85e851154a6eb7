import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Scene } from './scene.js';

const sigstore = await createSigstore();
const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

const HIDDEN = 'node_modules/.package-lock.json';

/**
 * A project with a workspace, installed: npm's note of it lists what is there,
 * the link to the workspace and its folder too, but has no record of the root.
 */
async function installed(manifest: object): Promise<Scene> {
  const [widget, below, tool] = ['widget', 'below', 'tool'].map((name) =>
    publishPackage(sigstore, { name, version: '1.0.0' }),
  );
  if (!widget || !below || !tool) throw new Error('nothing published');
  const project = projectOf([widget, below, tool]);
  const scene = await createScene(sigstore, project);
  scenes.push(scene);
  const at = (name: string): string => join(scene.project, name);
  const written = JSON.parse(
    await readFile(at('package-lock.json'), 'utf8'),
  ) as { readonly packages: Readonly<Record<string, object>> };
  const packages = Object.fromEntries(
    Object.entries(written.packages).filter(([location]) => location !== ''),
  );
  await mkdir(at('node_modules'), { recursive: true });
  await writeFile(
    at(HIDDEN),
    JSON.stringify({
      ...written,
      packages: {
        'node_modules/@acme/member': { resolved: 'packages/a', link: true },
        ...packages,
        'node_modules/widget': {
          ...packages['node_modules/widget'],
          dependencies: { below: '^1.0.0' },
        },
        'packages/a': {
          ...{ name: '@acme/member', version: '1.0.0' },
          dependencies: { tool: '^1.0.0' },
        },
      },
    }),
  );
  // The manifest beside the hidden lockfile, if any, is of no project.
  await writeFile(at('node_modules/package.json'), '{"name":"none"}');
  await writeFile(at('package.json'), JSON.stringify(manifest));
  return scene;
}

async function audit(scene: Scene): Promise<Report> {
  const argv = [...scene.options, '--json', '--lockfile', HIDDEN];
  const { stdout, stderr, exitCode } = await runMain(scene, argv);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout) as Report;
}

describe('node_modules/.package-lock.json', () => {
  it('is audited by the manifest of the project around it', async () => {
    const scene = await installed({
      name: 'my-app',
      workspaces: ['packages/*'],
      devDependencies: { widget: '^1.0.0' },
    });
    const { lockfile, dependencies } = await audit(scene);
    expect(lockfile).toMatchObject({
      ...{ path: HIDDEN, format: 'package-lock', formatVersion: '3' },
      entries: 5,
    });
    expect(
      dependencies.map(({ name, production, direct }) => [
        name,
        { production, direct },
      ]),
    ).toEqual([
      ['@acme/member', { production: true, direct: true }],
      ['@acme/member', { production: true, direct: true }],
      ['below', { production: false, direct: false }],
      ['tool', { production: true, direct: true }],
      ['widget', { production: false, direct: true }],
    ]);
  });
});
