import { spawn } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  MAX_ENTRIES,
  MAX_LOCKFILE_BYTES,
} from '../../src/lockfile/lockfile-limits.js';
import { isolatedVariables } from './scene.js';
import {
  fileOf,
  FORMATS,
  lockfileOf,
  type FormatName,
} from './lockfile-rows/writers.js';

const PROGRAM = fileURLToPath(
  new URL('../../bin/provenance-audit.js', import.meta.url),
);
/** More than any of these takes, and far less than none would be stopped by. */
const HEAP_MIB = 1024;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provenance-audit-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the program on the file in a process whose heap is that small. */
function audit(file: string): Promise<{ code: number | null; stderr: string }> {
  const argv = [`--max-old-space-size=${HEAP_MIB}`, PROGRAM, file, '--offline'];
  const child = spawn(process.execPath, argv, {
    cwd: folder,
    env: { ...isolatedVariables(folder), NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stderr });
    });
  });
}

function manyEntries(format: FormatName): string {
  const pins = Array.from({ length: MAX_ENTRIES + 1 }, (_, index) => ({
    ...{ name: `p${index}`, version: '1.0.0', integrity: null },
  }));
  return lockfileOf(format, pins);
}

/** Those that are read by the same code are here once. */
const READERS = FORMATS.filter((name) => !/^(?:npm 2|pnpm [56])$/.test(name));

describe.each(READERS)('L05: too large a file of %s', (format) => {
  it('with one entry more than there may be', async () => {
    const file = fileOf(format);
    await writeFile(join(folder, file), manyEntries(format));
    const { code, stderr } = await audit(file);
    expect(stderr).toMatch(
      new RegExp(`${file}:.* more than ${MAX_ENTRIES} (?:entries|packages)\\n`),
    );
    expect(code).toBe(2);
  }, 180_000);

  it('with one byte more than there may be', async () => {
    const file = fileOf(format);
    const handle = await open(join(folder, file), 'w');
    await handle.truncate(MAX_LOCKFILE_BYTES + 1);
    await handle.close();
    const { code, stderr } = await audit(file);
    expect(stderr).toContain(`${file}: larger than`);
    expect(code).toBe(2);
  });
});
