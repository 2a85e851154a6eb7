import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { isolatedVariables } from '../scene.js';
import { FORMATS, lockfileOf, type FormatName } from './writers.js';

const PROGRAM = fileURLToPath(
  new URL('../../../bin/provenance-audit.js', import.meta.url),
);
/** More than any of these takes, and far less than none would be stopped by. */
const HEAP_MIB = 1024;

/** Those that are read by the same code are here once. */
export const READERS = FORMATS.filter(
  (name) => !/^(?:npm 2|pnpm [56])$/.test(name),
);

/** A file of that format with so many packages, which nothing is known of. */
export function manyEntries(format: FormatName, count: number): string {
  const pins = Array.from({ length: count }, (_, index) => ({
    ...{ name: `p${index}`, version: '1.0.0', integrity: null },
  }));
  return lockfileOf(format, pins);
}

/** What is said of a file with more than `limit` of them. */
export function tooMany(file: string, limit: number): RegExp {
  return new RegExp(`${file}:.* more than ${limit} (?:entries|packages)\\n`);
}

/** Runs the program on the file in a process whose heap is that small. */
export async function auditInSmallHeap(
  folder: string,
  file: string,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  await mkdir(join(folder, 'home'), { recursive: true });
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
