import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Contestant } from './contestants.js';
import { measure, type Cost } from './measure.js';
import type { World } from './world.js';

/** What one contestant took, in every round. */
export interface Times {
  readonly cold: Cost[];
  readonly warm: Cost[];
  /** Requests to the registry in the last warm run. */
  warmRequests: number;
  /** Why rounds were for nothing, and made again. */
  readonly failures: string[];
}

/**
 * Lets the contestants take turns, each cold and then warm with what the cold
 * run has left. Throws if one of them does not do all of the work, more often than
 * it may.
 */
export async function runRounds(
  world: World,
  contestants: readonly Contestant[],
  rounds: number,
): Promise<ReadonlyMap<string, Times>> {
  const times = new Map<string, Times>(
    contestants.map(({ name }) => [
      name,
      { cold: [], warm: [], warmRequests: 0, failures: [] },
    ]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of contestants) {
      const own = times.get(contestant.name);
      if (own === undefined) throw new Error('a contestant without times');
      const spare = contestant.spare - own.failures.length;
      const { result, failures } = await untilDone(spare, () =>
        runColdAndWarm(world, contestant),
      );
      own.failures.push(...failures);
      own.cold.push(result.cold);
      own.warm.push(result.warm);
      own.warmRequests = result.warmRequests;
    }
  }
  return times;
}

/**
 * Does `work` again where it throws, up to `spare` times; then throws as it does.
 * The failures are what was thrown before, a line each.
 */
export async function untilDone<Result>(
  spare: number,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly failures: readonly string[] }> {
  const failures: string[] = [];
  for (;;) {
    try {
      return { result: await work(), failures };
    } catch (error) {
      if (failures.length >= spare) throw error;
      failures.push(String(error).replace(/\s+/g, ' '));
    }
  }
}

async function runColdAndWarm(world: World, contestant: Contestant) {
  const state = await mkdtemp(join(world.folder, 'state-'));
  try {
    const cold = await runOnce(world, contestant, state);
    const before = world.registry.requests.length;
    const warm = await runOnce(world, contestant, state);
    const warmRequests = world.registry.requests.length - before;
    return { cold, warm, warmRequests };
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

async function runOnce(
  world: World,
  contestant: Contestant,
  state: string,
): Promise<Cost> {
  const command = await contestant.command(world, state);
  const measured = await measure(command, join(world.folder, 'usage.json'));
  contestant.verify(world, measured);
  const { wallMs, cpuMs, peakMiB } = measured;
  return { wallMs, cpuMs, peakMiB };
}
