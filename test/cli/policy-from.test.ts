import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
  writeProject,
  type Project,
} from '../../fixtures/projects.js';
import type { RecursiveReport } from '../../src/report/recursive-report.js';
import type { Report } from '../../src/report/report.js';
import { createRepository, type GitRepository } from '../io/git-repository.js';
import { createScene, runMain, type Scene } from './scene.js';

const sigstore = await createSigstore();
const NAME = '@acme/widget';
const widget = publishPackage(sigstore, { name: NAME, version: '1.2.3' });
const stolen = publishPackage(
  sigstore,
  { name: NAME, version: '1.2.4' },
  { attest: null },
);
const POLICY = 'provenance-audit.yaml';
const PINS = 'provenance.lock.json';
const STRICT = 'version: 1\nrules: { provenance-missing: error }\n';
const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

interface Checkout extends Scene {
  readonly repository: GitRepository;
  /** Writes one file of the project. */
  put(name: string, text: string): Promise<void>;
}

/** A project on the branch main, with a policy and its own pins. */
async function checkout(project: Project): Promise<Checkout> {
  const scene = await createScene(sigstore, project, {});
  scenes.push(scene);
  const repository = await createRepository(scene.project);
  const put = (name: string, text: string) =>
    writeFile(join(scene.project, name), text);
  await put(POLICY, STRICT);
  await runMain(scene, ['pin', ...scene.options]);
  repository.commit();
  repository.git('checkout', '--quiet', '-b', 'change');
  return { ...scene, repository, put };
}

async function audit(scene: Scene, ...more: readonly string[]) {
  const run = await runMain(scene, [
    ...[...scene.options, '--json', '--policy-from', 'main'],
    ...more,
  ]);
  if (run.stdout === '') throw new Error(run.stderr);
  const report = JSON.parse(run.stdout) as Report;
  const errors = report.findings.filter(({ level }) => level === 'error');
  return {
    exitCode: run.exitCode,
    policy: report.policy,
    rules: errors.map(({ rule }) => rule),
    errors,
  };
}

describe('--policy-from', () => {
  it('is met by a change that weakens nothing', async () => {
    const scene = await checkout(projectOf([widget]));
    await scene.put(POLICY, `${STRICT}coverage: { all: 100% }\n`);
    scene.repository.commit();
    expect(await audit(scene)).toMatchObject({
      exitCode: 0,
      rules: [],
      policy: { origin: 'git', ref: 'main', path: POLICY },
    });
  });

  it('P12: holds a change against the base’s policy, and reports the weakening', async () => {
    const scene = await checkout(projectOf([widget]));
    await writeLockfile(scene, projectOf([stolen]));
    await scene.put(POLICY, 'version: 1\nrules: { level-downgrade: off }\n');
    scene.repository.commit();
    const { exitCode, rules, errors } = await audit(scene);
    expect(exitCode).toBe(1);
    expect(rules.toSorted()).toEqual([
      'level-downgrade',
      'policy-weakened',
      'policy-weakened',
      'provenance-missing',
    ]);
    expect(
      errors
        .filter(({ rule }) => rule === 'policy-weakened')
        .map(({ message, expected, found }) => [message, expected, found]),
    ).toEqual([
      [
        'the working tree’s policy asks for less: rules, provenance-missing',
        'error',
        'off by default',
      ],
      [
        'the working tree’s policy asks for less: rules, level-downgrade',
        'error by default',
        'off',
      ],
    ]);
    // The same change, if it were its own judge, would pass.
    const own = await runMain(scene, [...scene.options, '--json']);
    expect(own.exitCode).toBe(0);
  });

  it.each<[string, (scene: Checkout) => Promise<void>]>([
    ['deleted', (scene) => rm(join(scene.project, PINS))],
    ['emptied', (scene) => scene.put(PINS, '{ "version": 1, "pins": {} }')],
  ])('P17: says that the pins were %s', async (_what, change) => {
    const scene = await checkout(projectOf([widget]));
    await change(scene);
    scene.repository.commit();
    expect(await audit(scene)).toMatchObject({
      exitCode: 1,
      rules: ['baseline-missing'],
    });
    const restored = scene.repository.git('show', `main:${PINS}`);
    await scene.put(PINS, restored);
    expect(await audit(scene)).toMatchObject({ exitCode: 0, rules: [] });
  });

  it('holds a lockfile against the base’s pins, whatever the change pins', async () => {
    const scene = await checkout(projectOf([widget]));
    await writeLockfile(scene, projectOf([stolen]));
    const accept = ['pin', '--accept', NAME];
    expect((await runMain(scene, [...accept, ...scene.options])).exitCode).toBe(
      0,
    );
    expect(await audit(scene)).toMatchObject({
      exitCode: 1,
      rules: expect.arrayContaining([
        'level-downgrade',
        'policy-weakened',
      ]) as unknown,
    });
  });

  it('says that the policy is gone in every way in which it asked for more', async () => {
    const scene = await checkout(projectOf([widget]));
    await rm(join(scene.project, POLICY));
    expect(await audit(scene)).toMatchObject({
      exitCode: 1,
      rules: ['policy-weakened'],
    });
  });

  it('follows the base where it does not mind', async () => {
    const scene = await checkout(projectOf([widget]));
    scene.repository.git('checkout', '--quiet', 'main');
    await scene.put(
      POLICY,
      STRICT.replace(' }', ', policy-weakened: warning }'),
    );
    scene.repository.commit();
    await scene.put(POLICY, 'version: 1\n');
    expect(await audit(scene)).toMatchObject({ exitCode: 0, rules: [] });
  });

  it('takes the default policy where the base has none', async () => {
    const scene = await createScene(sigstore, projectOf([widget]), {});
    scenes.push(scene);
    (await createRepository(scene.project)).commit();
    const text = await runMain(scene, [
      ...scene.options,
      ...['--policy-from', 'main'],
    ]);
    expect(text.exitCode).toBe(0);
    expect(text.stdout).toContain('the default one, as there is none in main');
    expect((await audit(scene)).policy).toEqual({
      origin: 'git',
      ref: 'main',
      path: null,
      sha256: null,
    });
  });

  it('reads the file that --policy names from there', async () => {
    const scene = await checkout(projectOf([stolen]));
    await scene.put('lax.yaml', 'version: 1\n');
    scene.repository.commit();
    scene.repository.git('branch', '--force', 'main', 'change');
    await rm(join(scene.project, 'lax.yaml'));
    const run = await audit(scene, '--policy', 'lax.yaml');
    expect(run).toMatchObject({
      exitCode: 0,
      policy: { origin: 'git', path: 'lax.yaml' },
    });
  });

  it('governs show as well', async () => {
    const scene = await checkout(projectOf([widget]));
    await writeLockfile(scene, projectOf([stolen]));
    await rm(join(scene.project, PINS));
    const run = await runMain(scene, [
      ...['show', NAME, ...scene.options],
      ...['--policy-from', 'main'],
    ]);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('level-downgrade');
    expect(run.stdout).toContain('provenance-audit.yaml in main');
  });

  it('governs every project of --recursive, with the folder’s own policy', async () => {
    const scene = await checkout(projectOf([widget]));
    await scene.put(POLICY, 'version: 1\n');
    const run = await runMain(scene, [
      ...['--recursive', '--json', ...scene.options],
      ...['--policy-from', 'main'],
    ]);
    expect(run.exitCode).toBe(1);
    const { projects } = JSON.parse(run.stdout) as RecursiveReport;
    expect(projects).toHaveLength(1);
    expect(projects[0]?.report).toMatchObject({
      policy: { origin: 'git', ref: 'main', path: POLICY },
      findings: [{ rule: 'policy-weakened' }],
    });
  });

  it.each([
    [
      'a ref that is not there',
      ['--policy-from', 'origin/main'],
      'origin/main: no such commit here',
    ],
    ['an option', ['--policy-from=--exec=x'], 'expected a git ref'],
    [
      'a policy from outside of the repository',
      ['--policy-from', 'main', '--policy', '../x.yaml'],
      'not in the repository',
    ],
    [
      'a policy that is not there',
      ['--policy-from', 'main', '--policy', 'x.yaml'],
      'main:x.yaml: no such file there',
    ],
  ])('ends with 2 for %s', async (_what, argv, message) => {
    const scene = await checkout(projectOf([widget]));
    const run = await runMain(scene, [...scene.options, ...argv]);
    expect(run.stderr).toContain(message);
    expect(run.stdout).toBe('');
    expect(run.exitCode).toBe(2);
  });

  it('ends with 2 where there is no repository', async () => {
    const scene = await createScene(sigstore, projectOf([widget]), {});
    scenes.push(scene);
    const argv = [...scene.options, '--policy-from', 'main'];
    const run = await runMain(scene, argv);
    expect(run.stderr).toContain('not a git repository');
    expect(run.exitCode).toBe(2);
  });

  it('ends with 2 where what the working tree says cannot be read', async () => {
    const scene = await checkout(projectOf([widget]));
    await scene.put(POLICY, 'version: 2\n');
    const argv = [...scene.options, '--policy-from', 'main'];
    const run = await runMain(scene, argv);
    expect(run.stderr).toContain('provenance-audit.yaml:1:10: version: ');
    expect(run.exitCode).toBe(2);
  });
});

async function writeLockfile(scene: Scene, project: Project): Promise<void> {
  serveProject(project, scene.registry);
  await writeProject(scene.project, project, {});
}
