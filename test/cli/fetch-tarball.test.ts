import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { makeTarball } from '../../fixtures/packages.js';
import {
  projectOf,
  publishPackage,
  type Project,
} from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const widget = publishPackage(sigstore, {
  name: '@acme/widget',
  version: '1.2.3',
});
const solid = publishPackage(sigstore, { name: 'solid', version: '1.0.0' });
const honest = projectOf([widget, solid]);
const SHA1 = sha1Of(widget.tarball ?? makeTarball(widget.id));

function sha1Of(bytes: Uint8Array): string {
  return `sha1-${createHash('sha1').update(bytes).digest('base64')}`;
}

/** The honest project whose lockfile pins `integrity` for the widget. */
function pinning(integrity: string | null): Project {
  const location = 'node_modules/@acme/widget';
  const entry =
    integrity === null ? { version: '1.2.3' } : { version: '1.2.3', integrity };
  return { ...honest, entries: { ...honest.entries, [location]: entry } };
}

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(project: Project): Promise<Scene> {
  const scene = await createScene(sigstore, project);
  scenes.push(scene);
  return scene;
}

function parseReport({ stdout }: Run): Report {
  return JSON.parse(stdout) as Report;
}

function widgetOf({ dependencies }: Report) {
  return dependencies.find(({ name }) => name === '@acme/widget');
}

describe('--fetch-tarball', () => {
  it.each([
    ['only SHA-1', SHA1],
    ['nothing', null],
  ])('goes on where the lockfile pins %s, and says so', async (_what, pin) => {
    const scene = await open(pinning(pin));
    const without = await runMain(scene, [...scene.options, '--json']);
    expect(without.exitCode).toBe(3);
    expect(widgetOf(parseReport(without))).toMatchObject({ binding: null });
    const argv = [...scene.options, '--fetch-tarball'];
    const run = await runMain(scene, [...argv, '--json']);
    expect(run.exitCode).toBe(0);
    const report = parseReport(run);
    expect(widgetOf(report)).toMatchObject({
      ...{ verification: 'verified', level: 'provenance', binding: 'tarball' },
    });
    expect(report.summary.binding).toEqual({
      ...{ lockfile: 1, tarball: 1, registry: 0, none: 0 },
    });
    expect(report.findings).toMatchObject([
      { rule: 'digest-not-pinned', level: 'warning' },
    ]);
    const { stdout } = await runMain(scene, argv);
    expect(stdout).toContain('digest-not-pinned');
    expect(stdout).toMatch(/not pinned +1 held against the archive/);
    const shown = await runMain(scene, ['show', '@acme/widget', ...argv]);
    expect(shown.stdout).toMatch(/held against +the archive as downloaded/);
  });

  it('downloads nothing else', async () => {
    const scene = await open(pinning(SHA1));
    await runMain(scene, [...scene.options, '--fetch-tarball']);
    const tarballs = scene.registry.requests.filter(
      ({ kind }) => kind === 'tarball',
    );
    expect(tarballs.map(({ path }) => path)).toEqual([
      '/@acme/widget/-/widget-1.2.3.tgz',
    ]);
  });

  it('leaves it to the policy how grave that is', async () => {
    const scene = await open(pinning(SHA1));
    const policy = 'version: 1\nrules: { digest-not-pinned: error }\n';
    await writeFile(join(scene.project, 'provenance-audit.yaml'), policy);
    const argv = [...scene.options, '--fetch-tarball'];
    expect((await runMain(scene, argv)).exitCode).toBe(1);
  });

  it('rejects an archive that is not the one that the lockfile pins', async () => {
    const scene = await open(pinning(sha1Of(Buffer.from('another'))));
    const argv = [...scene.options, '--fetch-tarball', '--json'];
    const run = await runMain(scene, argv);
    expect(run.exitCode).toBe(4);
    expect(widgetOf(parseReport(run))?.rejections).toMatchObject([
      { code: 'integrity-mismatch' },
    ]);
  });

  it('rejects an archive that is not the one that is attested', async () => {
    const tarball = makeTarball(widget.id, { scripts: { postinstall: 'x' } });
    const packages = [{ ...widget, tarball }, solid];
    const scene = await open({ ...pinning(null), packages });
    const argv = [...scene.options, '--fetch-tarball', '--json'];
    const run = await runMain(scene, argv);
    expect(run.exitCode).toBe(4);
    const codes = widgetOf(parseReport(run))?.rejections.map(
      ({ code }) => code,
    );
    expect(codes).toContain('subject-digest');
    expect(codes).toContain('integrity-mismatch');
  });

  it('stays undecided where the archive cannot be had', async () => {
    const scene = await open(pinning(SHA1));
    const path = '/@acme/widget/-/widget-1.2.3.tgz';
    scene.registry.script(path, { status: 403, repeat: true });
    const argv = [...scene.options, '--fetch-tarball', '--json'];
    const run = await runMain(scene, argv);
    expect(run.exitCode).toBe(3);
    const found = widgetOf(parseReport(run));
    expect(found?.unverifiable?.code).toBe('weak-integrity');
    expect(found?.unverifiable?.message).toContain('could not be had');
  });
});
