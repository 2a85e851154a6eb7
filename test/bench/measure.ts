import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A command of Node.js that is measured as a whole process. */
export interface Command {
  /** What comes after `node`. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What a run cost, its start included. */
export interface Cost {
  readonly wallMs: number;
  /** User and system time of the process, all of its threads. */
  readonly cpuMs: number;
  readonly peakMiB: number;
}

export interface Measured extends Cost {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Compiled beside this file; writes the resources used where it is told to. */
const HOOK = fileURLToPath(new URL('usage-hook.js', import.meta.url));

/** Runs `command` once; `usageFile` is written and removed. */
export async function measure(
  command: Command,
  usageFile: string,
): Promise<Measured> {
  const started = performance.now();
  const ended = await run(command, usageFile);
  const wallMs = performance.now() - started;
  const usage: unknown = JSON.parse(await readFile(usageFile, 'utf8'));
  await rm(usageFile);
  return { ...ended, wallMs, ...readUsage(usage) };
}

function run(
  { argv, cwd, env }: Command,
  usageFile: string,
): Promise<Pick<Measured, 'exitCode' | 'stdout' | 'stderr'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', HOOK, ...argv], {
      cwd,
      env: { ...env, BENCH_USAGE_FILE: usageFile },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const text = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (text.stdout += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (text.stderr += String(chunk)));
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({ exitCode, ...text });
    });
  });
}

function readUsage(usage: unknown): Pick<Cost, 'cpuMs' | 'peakMiB'> {
  const numbers = new Map<string, unknown>(Object.entries(usage ?? {}));
  const read = (name: string): number => {
    const value = numbers.get(name);
    if (typeof value === 'number') return value;
    throw new Error(`no ${name} among the resources used`);
  };
  return {
    cpuMs: (read('userCPUTime') + read('systemCPUTime')) / 1000,
    peakMiB: read('maxRSS') / 1024,
  };
}
