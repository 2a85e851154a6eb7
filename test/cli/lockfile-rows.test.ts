import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import type { Report, ReportDependency } from '../../src/report/report.js';
import { formRows } from './lockfile-rows/form-rows.js';
import { pinRows } from './lockfile-rows/pin-rows.js';
import { WIDGET, type Row, type RowCase } from './lockfile-rows/row.js';
import { sourceRows } from './lockfile-rows/source-rows.js';
import { fileOf, FORMATS, manifestOf } from './lockfile-rows/writers.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const published = publishPackage(sigstore, WIDGET);
const widget = { ...WIDGET, integrity: published.integrity };
const ROWS: readonly Row[] = [
  ...formRows(widget),
  ...pinRows(widget),
  ...sourceRows(widget),
];

/** For all cases; what a case writes is in the project's folder alone. */
let scene: Scene;
beforeAll(async () => {
  const project = { ...projectOf([]), packages: [published] };
  scene = await createScene(sigstore, project);
  // Who reads it waits for ever.
  await mkdir(join(scene.folder, 'outside'));
  await promisify(execFile)('mkfifo', [
    join(scene.folder, 'outside', 'package.json'),
  ]);
});
afterAll(() => scene.close());

/** Audits the file in a project, beside a folder that nobody may read. */
async function audit(one: RowCase): Promise<Run> {
  await rm(scene.project, { recursive: true });
  await mkdir(scene.project);
  const at = (file: string): string => join(scene.project, file);
  const file = one.file ?? fileOf(one.format);
  if (one.lockfile === null) await mkdir(at(file));
  else await writeFile(at(file), one.lockfile);
  await writeFile(
    at('package.json'),
    JSON.stringify(manifestOf(one.pins ?? [])),
  );
  if (one.beside !== undefined) {
    await writeFile(at(one.beside[0]), one.beside[1]);
  }
  const named = file === 'sbom.json' ? [file] : [];
  return runMain(scene, [...named, ...scene.options, '--json', '--no-cache']);
}

/** Its state, and why it is in it. */
function stateOf(one: ReportDependency): string {
  if (one.scope === 'out-of-scope') {
    return `out-of-scope ${one.scopeReason ?? ''}`;
  }
  const [rejection] = one.rejections;
  if (rejection !== undefined) return `rejected ${rejection.code}`;
  if (one.unavailable !== null) return 'unavailable';
  if (one.unverifiable !== null) return `unverifiable ${one.unverifiable.code}`;
  return one.verification;
}

describe.each(ROWS)('$title', ({ cases, not }) => {
  it('is about every format, or says why not', () => {
    const about = new Set(cases.map(({ format }) => format));
    const missing = FORMATS.filter((format) => !about.has(format));
    expect(missing).toEqual(FORMATS.filter((format) => format in not));
  });

  it.each(cases)('$format: $what', async (one) => {
    const { exitCode, stdout, stderr } = await audit(one);
    expect(stderr).not.toMatch(/[^\P{C}\n]|\n\s+at /u);
    expect(stderr).toContain(one.note ?? '');
    expect(Object.keys(Object.prototype)).toEqual([]);
    if (!Array.isArray(one.outcome)) {
      expect(stdout).toBe('');
      expect(stderr).toContain((one.outcome as { refused: string }).refused);
      expect(exitCode).toBe(one.exit);
      return;
    }
    const report = JSON.parse(stdout) as Report;
    expect(report.dependencies.map(stateOf)).toEqual(one.outcome);
    const places = report.dependencies.flatMap(({ locations }) => locations);
    expect(new Set(places).size).toBe(report.lockfile.entries);
    expect(places.length).toBe(report.lockfile.entries);
    expect(stdout).toContain(one.says ?? '');
    expect(exitCode).toBe(one.exit);
  });
});
