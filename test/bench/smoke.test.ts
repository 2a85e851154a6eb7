import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, describe, expect, it } from 'vitest';

import type { Results } from './plan.js';

const RUN = fileURLToPath(
  new URL('../../dist/test/bench/run.js', import.meta.url),
);
const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-bench-test-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm run bench', () => {
  it('measures every row, and every program does its work', async () => {
    const argv = ['--packages=6', '--latency=0', '--rounds=1', '--large=20'];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [RUN, ...argv],
      { cwd: folder },
    );
    const text = await readFile(join(folder, 'reports', 'bench.json'), 'utf8');
    const { rows, npm } = JSON.parse(text) as Results;
    const missing = rows.filter(({ found }) => found === null);
    expect(missing.length > 0).toBe(npm === null);
    expect(rows).toHaveLength(13);
    expect(stdout).toBe(
      await readFile(join(folder, 'reports', 'bench.md'), 'utf8'),
    );
  }, 120_000);
});
