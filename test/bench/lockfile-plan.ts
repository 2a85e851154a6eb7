import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  GENERATED_FORMATS,
  type GeneratedFormat,
} from '../../fixtures/generated-lockfiles/generated-formats.js';
import { packageLock } from '../../fixtures/generated-lockfiles/npm-files.js';
import { readInTurns, writeGenerated, type ReadCost } from './lockfile-cost.js';
import { copyReal } from './lockfile-real.js';
import { atMost, median, type Row } from './table.js';

export interface LockfilePlanOptions {
  /** Packages of the large lockfiles, and of those npm's reader is measured on. */
  readonly size: number;
  readonly few: number;
  readonly rounds: number;
  /** Of the formats those whose names begin so. */
  readonly only: string;
  /** A folder with real lockfiles; null for none. */
  readonly real: string | null;
}

/** Goals for 20,000 entries, and for 500 against npm's own reader. */
const MAX_SECONDS = 2;
const MAX_MIB = 300;
const MAX_RATIO = 2;

/** Measures the lockfile stage on generated lockfiles of every format. */
export async function runLockfilePlan(
  { size, few, rounds, only, real }: LockfilePlanOptions,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-bench-'));
  try {
    const rows: Row[] = [];
    const formats = GENERATED_FORMATS.filter(({ name }) =>
      name.startsWith(only),
    );
    for (const format of formats) {
      say(`${format.name}, ${size} packages`);
      const command = await writeGenerated(folder, format, size);
      const [costs = []] = await readInTurns([command], rounds);
      const cpu = (cpuOf(costs) / 1000).toFixed(2);
      // Threads of Node.js that collect garbage and compile have CPU time too.
      const what = `${format.name}: seconds (${cpu} of CPU)`;
      rows.push(
        atMost(what, MAX_SECONDS, median(costs.map(secondsOf))),
        atMost(`${format.name}: MiB`, MAX_MIB, peakOf(costs)),
      );
    }
    rows.push(...(await againstNpm(folder, { formats, few, rounds }, say)));
    if (real === null) return rows;
    const options = { few, rounds, real };
    return [...rows, ...(await realAgainstNpm(folder, options, say))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function againstNpm(
  folder: string,
  {
    formats,
    few,
    rounds,
  }: Pick<LockfilePlanOptions, 'few' | 'rounds'> & {
    readonly formats: readonly GeneratedFormat[];
  },
  say: (line: string) => void,
): Promise<readonly Row[]> {
  say(`${few} packages, in turns with npm's own reader`);
  const write = (format: GeneratedFormat) =>
    writeGenerated(folder, format, few);
  const npm = await writeGenerated(join(folder, 'npm'), NEWEST_OF_NPM, few);
  const [reference = [], ...costs] = await readInTurns(
    [{ folder: npm.folder }, ...(await Promise.all(formats.map(write)))],
    rounds,
  );
  return formats.map(({ name }, index) =>
    atMost(
      `${name}: ${few} packages against npm’s reader`,
      MAX_RATIO,
      cpuOf(costs[index] ?? []) / cpuOf(reference),
    ),
  );
}

const NEWEST_OF_NPM: GeneratedFormat = {
  name: 'package-lock 3',
  hasWorkspaces: true,
  write: (project) => packageLock(project, 3),
};

/**
 * npm's own lockfiles cut to `few` entries on both sides; the others whole, by
 * the time of an entry, against that of an entry of the first of npm's.
 */
async function realAgainstNpm(
  folder: string,
  { few, rounds, real }: { few: number; rounds: number; real: string },
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const lockfiles = await copyReal(real, folder, few);
  let perEntry: number | null = null;
  const rows: Row[] = [];
  for (const { name, cut } of lockfiles) {
    if (cut === null) continue;
    say(`${name}, ${few} entries, in turns with npm's own reader`);
    const npm = { folder: cut.folder };
    const [reference = [], own = []] = await readInTurns([npm, cut], rounds);
    const ratio = cpuOf(own) / cpuOf(reference);
    rows.push(
      atMost(`${name}: ${few} entries against npm’s reader`, MAX_RATIO, ratio),
    );
    const each = cpuOf(reference) / (reference[0]?.entries ?? 1);
    perEntry = Math.min(perEntry ?? each, each);
  }
  for (const { name, cut, whole } of lockfiles) {
    if (cut !== null) continue;
    say(name);
    const [own = []] = await readInTurns([whole], rounds);
    const each = cpuOf(own) / (own[0]?.entries ?? 1);
    const ratio = perEntry === null ? null : each / perEntry;
    rows.push(
      atMost(`${name}: an entry against npm’s reader`, MAX_RATIO, ratio),
    );
  }
  return rows;
}

function secondsOf({ wallMs }: ReadCost): number {
  return wallMs / 1000;
}

function cpuOf(costs: readonly ReadCost[]): number {
  return median(costs.map(({ cpuMs }) => cpuMs));
}

function peakOf(costs: readonly ReadCost[]): number {
  return Math.max(...costs.map(({ peakMiB }) => peakMiB));
}
