import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, describe, expect, it } from 'vitest';

import { FORMATS } from '../../src/report/formats/index.js';
import { SIZE_LIMITS } from '../report/large-report.js';

const RUN = fileURLToPath(
  new URL('../../dist/test/bench/report-run.js', import.meta.url),
);
const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-bench-test-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm run bench:reports', () => {
  it('measures forms, and the page in a browser if there is one', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [RUN, '--packages=50', '--findings=80', '--rounds=1', '--only=html'],
      { cwd: folder },
    );
    expect(stdout).toMatch(
      /^\| html: seconds \(\d+\.\d\d of CPU\) \| at most 3 \| \d+\.\d\d \| /m,
    );
    expect(stdout).toMatch(/^\| html: MB \| at most 8 \| 0\.\d\d \| met \|$/m);
    expect(stdout).toMatch(
      /^\| html in Chromium: seconds until all of it is read \| at most 3 \| (?:\d+\.\d\d|–) \| /m,
    );
    expect(stdout).not.toMatch(/^\| (?!html|what|---)/m);
    expect(stdout).toBe(
      await readFile(join(folder, 'reports', 'bench-reports.md'), 'utf8'),
    );
  }, 120_000);

  it('knows the limit of every form', () => {
    expect(Object.keys(SIZE_LIMITS).toSorted()).toEqual(
      FORMATS.map(({ name }) => name).toSorted(),
    );
  });
});
