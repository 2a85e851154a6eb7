import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf } from '../../fixtures/projects.js';
import type { Report, ReportDependency } from '../../src/report/report.js';
import { sharedArchive } from '../shared-data.js';
import { createScene, runMain, type Scene } from './scene.js';

interface Indexed {
  readonly file: string;
  readonly counts: {
    readonly entries: number;
    readonly distinctRegistryVersions: number;
    readonly links?: number;
    readonly workspaceFolders?: number;
    readonly importers?: number;
    readonly workspaceEntries?: number;
    /** Of Yarn Berry alone, which lists the root and other folders itself. */
    readonly metadataVersion?: number;
  };
}

const folder = await sharedArchive('real-lockfiles');
const FILES = folder === null ? [] : await listFiles(folder);

const sigstore = await createSigstore();
const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(): Promise<Scene> {
  const scene = await createScene(sigstore, projectOf([]));
  scenes.push(scene);
  await rm(join(scene.project, 'package-lock.json'));
  await rm(join(scene.project, 'package.json'), { force: true });
  return scene;
}

/** Audits offline, so that nobody is asked about hundreds of packages. */
async function audit(scene: Scene): Promise<Report> {
  const argv = [...scene.options, '--offline', '--json'];
  const { exitCode, stdout, stderr } = await runMain(scene, argv);
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as Report;
  expect(exitCode).toBe(report.exitCode);
  return report;
}

/** Entries of the lockfile that they stand for. */
function entriesOf(dependencies: readonly ReportDependency[]): number {
  return dependencies.reduce((sum, { locations }) => sum + locations.length, 0);
}

function expectWhole({ summary, dependencies, lockfile, findings }: Report) {
  const locations = dependencies.flatMap((each) => each.locations);
  expect(new Set(locations).size).toBe(locations.length);
  expect(locations).toHaveLength(lockfile.entries);
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  expect(summary.dependencies).toBe(dependencies.length);
  expect(summary.inScope + sum(summary.outOfScope)).toBe(dependencies.length);
  expect(sum(summary.evidence)).toBe(summary.inScope);
  expect(sum(summary.verification)).toBe(summary.inScope);
  for (const { package: name, location } of findings) {
    expect(location?.line, name ?? '').toBeGreaterThan(0);
    expect(location?.column, name ?? '').toBeGreaterThan(0);
  }
}

// Skipped where the folder of shared material is not beside the repository.
describe.skipIf(folder === null).each(FILES)('$file', ({ file, counts }) => {
  it('is audited whole, with the numbers of the index', async () => {
    const scene = await open();
    const source = join(folder ?? '', dirname(file));
    await cp(source, scene.project, { recursive: true });
    const report = await audit(scene);
    // Nobody can be asked, and some have addresses without TLS.
    expect([1, 3]).toContain(report.exitCode);
    expectWhole(report);
    const { dependencies, lockfile } = report;
    const of = (reason: string): readonly ReportDependency[] =>
      dependencies.filter(({ scopeReason }) => scopeReason === reason);
    const { importers = 1, workspaceEntries = 0, links = 0 } = counts;
    const isBerry = counts.metadataVersion !== undefined;
    const folders = isBerry ? workspaceEntries - 1 : importers - 1;
    const { workspaceFolders = folders } = counts;
    expect(entriesOf(of('workspace'))).toBe(workspaceFolders);
    expect(lockfile.entries).toBe(
      isBerry ? counts.entries - 1 : counts.entries + links + workspaceFolders,
    );
    const isOfRegistry = (each: ReportDependency): boolean =>
      each.scope === 'in-scope' || each.scopeReason === 'bundled';
    const versions = dependencies
      .filter((each) => isOfRegistry(each) && each.version !== '')
      .map(({ purl }) => purl);
    const text = await readFile(join(folder ?? '', file), 'utf8');
    // Archives that are asked for by their address in a registry are audited as
    // packages of it; the index has them apart.
    const isByAddress = text.includes('"version": "https:');
    const { distinctRegistryVersions } = counts;
    const distinct = new Set(versions).size;
    if (isByAddress) expect(distinct).toBeGreaterThan(distinctRegistryVersions);
    else expect(distinct).toBe(distinctRegistryVersions);
  });
});

it.skipIf(folder === null)('are all files of the index', () => {
  expect(FILES).toHaveLength(9);
});

it('an entry of nothing but a name is accounted for, and not passed', async () => {
  const scene = await open();
  const lockfile = {
    lockfileVersion: 1,
    dependencies: { blank: {}, '@acme/blank': { dev: true } },
  };
  await writeFile(
    join(scene.project, 'package-lock.json'),
    JSON.stringify(lockfile),
  );
  const report = await audit(scene);
  expect(report.exitCode).toBe(3);
  expectWhole(report);
  expect(report.dependencies).toMatchObject(
    ['@acme/blank', 'blank'].map((name) => ({
      ...{ name, version: '', scope: 'in-scope', evidence: 'unavailable' },
      unavailable: { code: 'version-not-pinned' },
    })),
  );
});

async function listFiles(archive: string): Promise<readonly Indexed[]> {
  const text = await readFile(join(archive, 'index.json'), 'utf8');
  const index = JSON.parse(text) as { readonly entries: readonly Indexed[] };
  return index.entries;
}
