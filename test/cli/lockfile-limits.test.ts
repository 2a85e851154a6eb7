import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf } from '../../fixtures/projects.js';
import type * as Limits from '../../src/lockfile/lockfile-limits.js';
import type { Report } from '../../src/report/report.js';
import {
  auditInSmallHeap,
  manyEntries,
  READERS,
  tooMany,
} from './lockfile-rows/too-large.js';
import { fileOf } from './lockfile-rows/writers.js';
import { createScene, runMain, type Run } from './scene.js';

/** In this process: 200,001 entries of every format are for the fuzz run. */
const { FEW, LIMITS } = vi.hoisted(() => ({
  FEW: 50,
  LIMITS: '../../src/lockfile/lockfile-limits.js',
}));
vi.mock(LIMITS, async (original) => ({
  ...(await original<typeof Limits>()),
  MAX_ENTRIES: FEW,
}));
const TRUE_LIMITS = await vi.importActual<typeof Limits>(LIMITS);

const scene = await createScene(await createSigstore(), projectOf([]));
/** Without a package.json, which would have to ask for all that is pinned. */
const folder = join(scene.folder, 'limits');
beforeAll(() => mkdir(folder));
afterAll(() => scene.close());

const audit = (file: string): Promise<Run> =>
  runMain({ folder: scene.folder, project: folder }, [
    ...[file, '--offline', '--json'],
    ...scene.options,
  ]);

describe.each(READERS)('L05: too large a file of %s', (format) => {
  const file = fileOf(format);

  it('with one entry more than there may be', async () => {
    await writeFile(join(folder, file), manyEntries(format, FEW + 1));
    const { exitCode, stderr } = await audit(file);
    expect(stderr).toMatch(tooMany(file, FEW));
    expect(exitCode).toBe(2);
  });

  it('is none with as many as there may be', async () => {
    await writeFile(join(folder, file), manyEntries(format, FEW));
    const { exitCode, stdout, stderr } = await audit(file);
    expect(stderr).not.toContain('more than');
    const { dependencies } = JSON.parse(stdout) as Report;
    expect(dependencies.length).toBe(FEW);
    expect(exitCode).toBe(3);
  });

  it('with one byte more than there may be', async () => {
    const handle = await open(join(folder, file), 'w');
    await handle.truncate(TRUE_LIMITS.MAX_LOCKFILE_BYTES + 1);
    await handle.close();
    const { exitCode, stderr } = await audit(file);
    expect(stderr).toContain(`${file}: larger than`);
    expect(exitCode).toBe(2);
  });
});

describe('L05: the limit as it is', () => {
  it('is 200,000 entries and 128 MiB', () => {
    expect(TRUE_LIMITS.MAX_ENTRIES).toBe(200_000);
    expect(TRUE_LIMITS.MAX_LOCKFILE_BYTES).toBe(128 * 1024 * 1024);
  });

  it('is kept in a small heap by the program itself', async () => {
    const file = fileOf('npm 3');
    const limit = TRUE_LIMITS.MAX_ENTRIES;
    await writeFile(join(folder, file), manyEntries('npm 3', limit + 1));
    const { code, stderr } = await auditInSmallHeap(folder, file);
    expect(stderr).toMatch(tooMany(file, limit));
    expect(code).toBe(2);
  }, 180_000);
});
