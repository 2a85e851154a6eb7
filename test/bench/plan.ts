import {
  npm,
  npmVersion,
  ours,
  rawFetch,
  type Contestant,
} from './contestants.js';
import { runRounds, type Times } from './rounds.js';
import { measureStart } from './start.js';
import {
  atLeast,
  atMost,
  exactly,
  median,
  ratio,
  spread,
  type Row,
} from './table.js';
import { measureVerification } from './verify-cpu.js';
import { createWorld, type WorldOptions } from './world.js';

export interface PlanOptions extends WorldOptions {
  readonly rounds: number;
  /** Packages of the large project; null leaves it out. */
  readonly large: number | null;
}

/** Everything that a run has found out, JSON-safe. */
export interface Results {
  readonly options: PlanOptions;
  /** Version of npm; null where there is none to compare with. */
  readonly npm: string | null;
  readonly rows: readonly Row[];
  /** The figures behind the ratios, in words. */
  readonly figures: readonly string[];
}

/** Bundles verified each way, at most. */
const MAX_VERIFIED = 100;
const SCALE = 10;

type TimesByName = ReadonlyMap<string, Times>;
type Say = (line: string) => void;

/** Measures the whole table, calling `say` before each part. */
export async function runPlan(
  options: PlanOptions,
  say: Say,
): Promise<Results> {
  const version = await npmVersion();
  const programs = version === null ? [ours()] : [npm, ours()];
  say(`${options.packages} packages, a share of ${options.share} attested`);
  const usual = await inWorld(options, [...programs, rawFetch], options.rounds);
  say(`${options.packages} packages, all attested`);
  const all = await inWorld({ ...options, share: 1 }, programs, options.rounds);
  return {
    options,
    npm: version,
    rows: [
      ...againstOthers(usual, all),
      ...(options.large === null
        ? []
        : await scaling(options, options.large, say)),
      ...(await startAndVerification(options, say)),
    ],
    figures: [...wordTimes(usual, ''), ...wordTimes(all, ', all attested')],
  };
}

function againstOthers(usual: TimesByName, all: TimesByName): readonly Row[] {
  const [mine, theirs] = [usual.get(ours().name), usual.get(npm.name)];
  const raw = usual.get(rawFetch.name);
  const requests = mine?.warmRequests ?? null;
  return [
    atLeast(
      'as fast as `npm audit signatures`, cold',
      8,
      ratio(theirs?.cold, mine?.cold, 'wallMs'),
    ),
    atLeast(
      'as fast as `npm audit signatures`, warm',
      10,
      ratio(theirs?.warm, mine?.warm, 'wallMs'),
    ),
    atMost(
      'time of the raw fetch of the same documents',
      1.8,
      ratio(mine?.cold, raw?.cold, 'wallMs'),
    ),
    atLeast(
      'as fast as npm, all attested, cold',
      6,
      ratio(all.get(npm.name)?.cold, all.get(ours().name)?.cold, 'wallMs'),
    ),
    atMost(
      'peak memory of npm',
      0.65,
      ratio(mine?.cold, theirs?.cold, 'peakMiB'),
    ),
    exactly('requests of a second run', 0, requests),
  ];
}

async function scaling(
  options: PlanOptions,
  large: number,
  say: Say,
): Promise<readonly Row[]> {
  const cold = async (packages: number) => {
    say(`${packages} packages, for the growth`);
    const all = { ...options, packages };
    const times = await inWorld(all, [ours()], options.rounds);
    return times.get(ours().name)?.cold;
  };
  const few = await cold(Math.round(large / SCALE));
  const many = await cold(large);
  const memory = many && median(many.map(({ peakMiB }) => peakMiB));
  return [
    atMost('time for ten times the packages', 11, ratio(many, few, 'wallMs')),
    atMost('memory for ten times the packages', 2, ratio(many, few, 'peakMiB')),
    atMost(`MiB at ${large} packages`, 350, memory ?? null),
  ];
}

async function startAndVerification(
  { packages, rounds }: PlanOptions,
  say: Say,
): Promise<readonly Row[]> {
  say('verification of single bundles');
  const { library, ours: own } = await measureVerification({
    bundles: Math.min(packages, MAX_VERIFIED),
    rounds,
  });
  say('start of the program');
  const start = await measureStart(rounds);
  return [
    atLeast(
      'less CPU per provenance bundle than `@sigstore/verify`',
      2.3,
      library / own,
    ),
    atMost('`--help` against `node -e 0`', 2, start.help),
    atMost('`--version` against `node -e 0`', 2, start.version),
    atMost('`completion bash` against `node -e 0`', 2, start.completion),
  ];
}

async function inWorld(
  options: WorldOptions,
  contestants: readonly Contestant[],
  rounds: number,
): Promise<TimesByName> {
  const world = await createWorld(options);
  try {
    return await runRounds(world, contestants, rounds);
  } finally {
    await world.close();
  }
}

function wordTimes(times: TimesByName, where: string): readonly string[] {
  return [...times].flatMap(([name, own]) => [
    ...(['cold', 'warm'] as const).map((state) => {
      const [wall, cpu, memory] = (['wallMs', 'cpuMs', 'peakMiB'] as const).map(
        (figure) => spread(own[state], figure),
      );
      return `${name}${where}, ${state}: ${wall}, CPU ${cpu}, peak ${memory}`;
    }),
    ...own.failures.map(
      (failure) => `${name}${where}, a round made again: ${failure}`,
    ),
  ]);
}
