import { mkdir, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { runPlan, type PlanOptions, type Results } from './plan.js';
import { renderTable } from './table.js';

/** The machine in words, without anything that tells whose it is. */
export function describeMachine(): string {
  const memory = Math.round(totalmem() / 1024 ** 3);
  const [cpu] = cpus();
  return `${platform()} ${arch()}, ${availableParallelism()} cores (${cpu?.model ?? 'unknown'}), ${memory} GiB, Node.js ${process.versions.node}`;
}

/** Reads `--packages 1000 --share 0.25 --latency 20 --rounds 3 --large 5000`. */
export function readOptions(argv: readonly string[]): PlanOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      packages: { type: 'string', default: '1000' },
      share: { type: 'string', default: '0.25' },
      latency: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '3' },
      large: { type: 'string', default: '5000' },
    },
  });
  const read = (name: keyof typeof values): number => {
    const value = Number(values[name]);
    if (value >= 0 && values[name] !== '') return value;
    throw new Error(`--${name}: expected a number, found ${values[name]}`);
  };
  const large = read('large');
  return {
    packages: read('packages'),
    share: read('share'),
    latency: read('latency'),
    rounds: read('rounds'),
    large: large === 0 ? null : large,
  };
}

/** The whole run as a Markdown page. */
export function renderResults(results: Results, machine: string): string {
  const { packages, share, latency, rounds } = results.options;
  return [
    `Machine: ${machine}; npm ${results.npm ?? 'is not there'}.`,
    `${packages} packages, ${share * 100} % attested, ${latency} ms before each answer, middle of ${rounds} rounds in turn.`,
    '',
    renderTable(results.rows),
    ...results.figures.map((line) => `- ${line}`),
    '',
  ].join('\n');
}

/** Measures, and writes `bench.json` and `bench.md` into `folder`. */
export async function main(
  argv: readonly string[],
  folder: string,
  say: (line: string) => void,
): Promise<Results> {
  const results = await runPlan(readOptions(argv), say);
  const machine = describeMachine();
  await mkdir(folder, { recursive: true });
  const json = JSON.stringify({ machine, ...results }, null, 2);
  await writeFile(join(folder, 'bench.json'), `${json}\n`);
  await writeFile(join(folder, 'bench.md'), renderResults(results, machine));
  return results;
}
