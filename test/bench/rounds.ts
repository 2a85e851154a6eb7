import { rm } from 'node:fs/promises';
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
}

/**
 * Lets the contestants take turns, each cold and then warm with what the cold
 * run has left. Throws if one of them does not do all of the work.
 */
export async function runRounds(
  world: World,
  contestants: readonly Contestant[],
  rounds: number,
): Promise<ReadonlyMap<string, Times>> {
  const times = new Map<string, Times>(
    contestants.map(({ name }) => [
      name,
      { cold: [], warm: [], warmRequests: 0 },
    ]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of contestants) {
      const own = times.get(contestant.name);
      if (own === undefined) throw new Error('a contestant without times');
      const state = join(world.folder, `state-${round}`);
      own.cold.push(await runOnce(world, contestant, state));
      const before = world.registry.requests.length;
      own.warm.push(await runOnce(world, contestant, state));
      own.warmRequests = world.registry.requests.length - before;
      await rm(state, { recursive: true, force: true });
    }
  }
  return times;
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
