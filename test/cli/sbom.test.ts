import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import type { RegistryPackage } from '../../fixtures/registry-documents.js';
import { cycloneDxOf, spdxOf } from '../../fixtures/sbom.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Scene } from './scene.js';

const sigstore = await createSigstore();
const widget = publishPackage(sigstore, {
  name: '@acme/widget',
  version: '1.2.3',
});
const plain = publishPackage(
  sigstore,
  { name: 'left-pad', version: '1.3.0' },
  { attest: null },
);
const PACKAGES = [widget, plain];
const FORMS: readonly [
  string,
  (packages: readonly RegistryPackage[]) => object,
][] = [
  ['cyclonedx', cycloneDxOf],
  ['spdx', spdxOf],
];

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

/** A project whose lockfile pins nothing, with an SBOM in a folder of its own. */
async function open(sbom: string): Promise<Scene> {
  const project = { ...projectOf([]), packages: PACKAGES };
  const scene = await createScene(sigstore, project);
  scenes.push(scene);
  await mkdir(join(scene.project, 'out'));
  await writeFile(join(scene.project, 'out', 'sbom.json'), sbom);
  return scene;
}

describe.each(FORMS)('an SBOM as %s', (format, write) => {
  it('is audited as a lockfile would be', async () => {
    const scene = await open(JSON.stringify(write(PACKAGES)));
    const argv = ['out/sbom.json', ...scene.options, '--json'];
    const { exitCode, stdout, stderr } = await runMain(scene, argv);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const { lockfile, summary } = JSON.parse(stdout) as Report;
    expect(lockfile).toMatchObject({
      ...{ path: 'sbom.json', format, entries: 2, foreign: 0 },
    });
    const half = { verified: 1, eligible: 2, ratio: 0.5 };
    expect(summary.coverage).toEqual({
      ...{ all: half, production: half, direct: half },
    });
  });

  it('is rejected where it lists other bytes than are attested', async () => {
    const text = JSON.stringify(write(PACKAGES));
    const [, digest = ''] = /"([0-9a-f]{128})"/.exec(text) ?? [];
    const scene = await open(text.replace(digest, '0'.repeat(128)));
    const argv = ['out/sbom.json', ...scene.options];
    const { exitCode, stdout } = await runMain(scene, argv);
    expect(exitCode).toBe(4);
    expect(stdout).toContain('evidence rejected for 1 package');
  });

  it('is incomplete where it lists no SHA-512', async () => {
    const text = JSON.stringify(write(PACKAGES));
    const weak = text
      .replaceAll(/"[0-9a-f]{128}"/g, `"${'0'.repeat(40)}"`)
      .replaceAll(/SHA(-?)512/g, 'SHA$11');
    const scene = await open(weak);
    const argv = ['out/sbom.json', ...scene.options];
    const { exitCode, stdout } = await runMain(scene, argv);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('weak-integrity');
  });

  it('is one for --lockfile and show, too', async () => {
    const scene = await open(JSON.stringify(write(PACKAGES)));
    const named = ['--lockfile', 'out/sbom.json', ...scene.options];
    expect((await runMain(scene, named)).exitCode).toBe(0);
    const argv = ['show', '@acme/widget', 'out/sbom.json', ...scene.options];
    const { exitCode, stdout } = await runMain(scene, argv);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('@acme/widget 1.2.3');
  });
});

describe('a file in the place of a folder', () => {
  it('may be a lockfile', async () => {
    const scene = await open('{}');
    const argv = ['package-lock.json', ...scene.options];
    const { exitCode, stdout } = await runMain(scene, argv);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('package-lock.json, no packages');
  });

  it.each<[string, readonly string[], string]>([
    [
      'beside --lockfile',
      ['out/sbom.json', '--lockfile', 'package-lock.json'],
      'out/sbom.json: a file, and --lockfile names one too',
    ],
    [
      'of neither kind',
      ['out/sbom.json'],
      'sbom.json: expected lockfileVersion',
    ],
    ['that is not there', ['out/none.json'], 'no such file or folder'],
  ])('ends with 2 %s', async (_what, argv, message) => {
    const scene = await open('{}');
    const run = await runMain(scene, [...argv, ...scene.options]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(message);
  });

  it('says how much is not of npm', async () => {
    const text = JSON.stringify(cycloneDxOf([widget, plain]));
    const scene = await open(text.replace('pkg:npm/left', 'pkg:pypi/left'));
    const argv = ['out/sbom.json', ...scene.options];
    const { exitCode, stdout } = await runMain(scene, argv);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1 package, and 1 of other kinds');
  });
});
