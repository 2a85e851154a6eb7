import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';

import Tinypool from 'tinypool';

import type { BundleResult } from '../verification/verify-bundle.js';
import type { OpenVerifyPool, VerifyAgainst } from '../verify-ahead.js';
import type { Work } from './verify-worker.js';

const WORKER = fileURLToPath(new URL('verify-worker.js', import.meta.url));
/** More would wait for the thread that hands out the work. */
const MAX_THREADS = 4;
/** A thread does not wait for the next ones while the program's own is busy. */
const BATCHES_AHEAD = 8;
/**
 * For what is new in each thread, in MiB. By itself it grows to four times as much,
 * memory that is touched for nothing: hardly anything of a bundle outlives it.
 */
const YOUNG_GENERATION = 12;

/**
 * Threads that verify bundles. They load what they need at once, whether or not
 * there is anything to verify yet. Null where there is no core for one beside
 * the program's own, or no compiled file for it.
 *
 * What a thread answers is what `verifyBundle` answers here: it is the same
 * function over a copy of the same values. `verify` rejects if a thread cannot
 * be started or is gone; the bundle then counts as not verified yet.
 */
export const openVerifyPool: OpenVerifyPool = () => {
  const threads = Math.min(availableParallelism() - 1, MAX_THREADS);
  if (threads < 1 || !existsSync(WORKER)) return null;
  const pool = new Tinypool({
    filename: WORKER,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: BATCHES_AHEAD,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
  });
  let shared: Shared | null = null;
  return {
    threads,
    verify: async (tasks, against) => {
      shared ??= { against, memory: share(against) };
      // The threads read it once.
      if (against !== shared.against) {
        throw new Error('a pool is for one trust root');
      }
      const work: Work = { tasks, against: shared.memory };
      return (await pool.run(work)) as readonly BundleResult[];
    },
    close: () => pool.destroy(),
  };
};

interface Shared {
  readonly against: VerifyAgainst;
  readonly memory: SharedArrayBuffer;
}

/** In memory that all threads see: anything else is copied for every bundle. */
function share({ documents, now }: VerifyAgainst): SharedArrayBuffer {
  // What only a report says is left out: it is the larger part.
  const bytes = serialize({ documents: { ...documents, tuf: null }, now });
  const memory = new SharedArrayBuffer(bytes.length);
  new Uint8Array(memory).set(bytes);
  return memory;
}
