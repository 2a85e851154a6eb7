import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
  withTampered,
  writeProject,
  type Project,
} from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Scene } from './scene.js';

const sigstore = await createSigstore();
const NAME = '@acme/widget';
const widget = publishPackage(sigstore, { name: NAME, version: '1.2.3' });
const later = publishPackage(sigstore, { name: NAME, version: '1.2.4' });
const stolen = publishPackage(
  sigstore,
  { name: NAME, version: '1.2.5' },
  { attest: null },
);
const plain = publishPackage(
  sigstore,
  { name: 'left-pad', version: '1.3.0' },
  { attest: null },
);
const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(project: Project): Promise<Scene> {
  const scene = await createScene(sigstore, project, {});
  scenes.push(scene);
  return scene;
}

/** Another lockfile in the same project. */
async function exchange(scene: Scene, project: Project): Promise<void> {
  serveProject(project, scene.registry);
  await writeProject(scene.project, project, {});
}

function pinsOf(scene: Scene): Promise<string> {
  return readFile(join(scene.project, 'provenance.lock.json'), 'utf8');
}

async function findingsOf(scene: Scene) {
  const run = await runMain(scene, [...scene.options, '--json']);
  const { findings, exitCode } = JSON.parse(run.stdout) as Report;
  const errors = findings.filter(({ level }) => level === 'error');
  return {
    exitCode,
    rules: errors.map(({ rule }) => rule),
    stderr: run.stderr,
  };
}

describe('pin', () => {
  it('writes what is proven, and the next audit is held against it', async () => {
    const scene = await open(projectOf([widget, plain]));
    const run = await runMain(scene, ['pin', ...scene.options]);
    expect(run).toEqual({
      exitCode: 0,
      stdout:
        'provenance.lock.json: 2 pins; 2 added, 0 raised, 0 accepted, 0 left\n',
      stderr: '',
    });
    const text = await pinsOf(scene);
    expect(text).toContain(`    "${NAME}@1.2.3": { "level": "provenance", `);
    expect(text).toContain(
      '    "left-pad@1.3.0": { "level": "registry-signature" }\n',
    );
    expect(await findingsOf(scene)).toMatchObject({ exitCode: 0, rules: [] });
    await exchange(scene, projectOf([later, plain]));
    expect(await findingsOf(scene)).toMatchObject({ exitCode: 0, rules: [] });
    expect((await runMain(scene, ['pin', ...scene.options])).exitCode).toBe(0);
    expect(await pinsOf(scene)).toBe(text);
  });

  it('accepts what has become less only where it is named', async () => {
    const scene = await open(projectOf([widget, plain]));
    await runMain(scene, ['pin', ...scene.options]);
    const text = await pinsOf(scene);
    await exchange(scene, projectOf([stolen, plain]));
    expect(await findingsOf(scene)).toMatchObject({
      exitCode: 1,
      rules: ['level-downgrade'],
    });
    expect(await pinsOf(scene)).toBe(text);
    const left = await runMain(scene, ['pin', ...scene.options]);
    expect(left.exitCode).toBe(1);
    expect(left.stdout.split('\n').slice(0, 4)).toEqual([
      `left        ${NAME}@1.2.5 is not as 1.2.3, which is pinned`,
      '  pinned    level provenance',
      '  found     level registry-signature',
      `do          find out why; then provenance-audit pin --accept ${NAME}`,
    ]);
    expect(await pinsOf(scene)).toBe(text);
    const other = ['--accept', 'left-pad'];
    expect(
      (await runMain(scene, ['pin', ...other, ...scene.options])).exitCode,
    ).toBe(1);
    const accept = ['--accept', NAME];
    const accepted = await runMain(scene, ['pin', ...accept, ...scene.options]);
    expect(accepted.exitCode).toBe(0);
    expect(accepted.stdout).toContain('accepted    @acme/widget@1.2.5');
    expect(await pinsOf(scene)).not.toBe(text);
    expect(await findingsOf(scene)).toMatchObject({ exitCode: 0, rules: [] });
  });

  it('P21: writes nothing with rejected evidence, accepted or not', async () => {
    const project = withTampered(sigstore, projectOf([widget, plain]), NAME);
    const scene = await open(project);
    const accept = ['--accept', NAME];
    const run = await runMain(scene, ['pin', ...accept, ...scene.options]);
    expect(run.exitCode).toBe(4);
    expect(run.stdout).toContain(`rejected    ${NAME}@1.2.3: `);
    expect(run.stdout).toContain('not written');
    expect(existsSync(join(scene.project, 'provenance.lock.json'))).toBe(false);
  });

  it('P21: an audit never writes pins', async () => {
    const scene = await open(projectOf([widget]));
    expect(await findingsOf(scene)).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(scene.project, 'provenance.lock.json'))).toBe(false);
  });

  it('keeps what was pinned of packages that cannot be asked about', async () => {
    const scene = await open(projectOf([widget, plain]));
    await runMain(scene, ['pin', ...scene.options]);
    const text = await pinsOf(scene);
    await scene.registry.close();
    // What was kept of the first run would answer for the registry.
    await rm(join(scene.folder, 'cache'), { recursive: true, force: true });
    const run = await runMain(scene, ['pin', ...scene.options]);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain(`not pinned  ${NAME}@1.2.3: `);
    expect(await pinsOf(scene)).toBe(text);
  });

  it('leaves alone what a selection leaves out', async () => {
    const scene = await open(projectOf([widget, plain]));
    await runMain(scene, ['pin', ...scene.options]);
    const text = await pinsOf(scene);
    await exchange(scene, projectOf([stolen, plain]));
    const some = ['--package', 'left-pad', '--prune'];
    const run = await runMain(scene, ['pin', ...some, ...scene.options]);
    expect(run.exitCode).toBe(0);
    expect(await pinsOf(scene)).toBe(text);
  });

  it('keeps pins of what is gone until told to drop them', async () => {
    const scene = await open(projectOf([widget, plain]));
    await runMain(scene, ['pin', ...scene.options]);
    await exchange(scene, projectOf([plain]));
    const kept = await runMain(scene, ['pin', ...scene.options]);
    expect(kept.stdout).toContain('(--prune removes them)');
    expect(await pinsOf(scene)).toContain(NAME);
    const run = await runMain(scene, ['pin', '--prune', ...scene.options]);
    expect(run.stdout).toContain('removed     1 pin ');
    expect(await pinsOf(scene)).not.toContain(NAME);
  });

  it.each([
    [
      'a name that is nowhere',
      ['--accept', 'left-padd'],
      'not in the lockfile',
    ],
    ['a version', ['--accept', 'left-pad@1.3.0'], 'name alone'],
    ['a report', ['--json'], '--json'],
  ])('refuses %s', async (_what, argv, message) => {
    const scene = await open(projectOf([plain]));
    const run = await runMain(scene, ['pin', ...argv, ...scene.options]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(message);
    expect(existsSync(join(scene.project, 'provenance.lock.json'))).toBe(false);
  });
});

describe('an audit with pins', () => {
  it.each<[string, (path: string) => Promise<void>, string]>([
    [
      'that are no pins',
      (path) => writeFile(path, '{ "version": 1, "pins": { "x": 1 } }'),
      'provenance.lock.json:1:27: pins.x: ',
    ],
    [
      'that are empty',
      (path) => writeFile(path, ''),
      'provenance.lock.json:1:1: ',
    ],
    [
      'behind a link',
      (path) => symlink('package.json', path),
      'provenance.lock.json: a symbolic link',
    ],
  ])('ends with 2 where there are some %s', async (_what, make, message) => {
    const scene = await open(projectOf([plain]));
    const path = join(scene.project, 'provenance.lock.json');
    await make(path);
    for (const command of [[], ['pin'], ['show', 'left-pad']]) {
      const run = await runMain(scene, [...command, ...scene.options]);
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toContain(message);
    }
    await rm(path);
    expect(await findingsOf(scene)).toMatchObject({ exitCode: 0 });
  });
});
