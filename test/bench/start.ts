import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BINARY } from './contestants.js';
import { measure, type Cost } from './measure.js';
import { ratio } from './table.js';

/** Starts of the program ÷ starts of a Node.js that does nothing. */
export interface StartCost {
  readonly help: number | null;
  readonly version: number | null;
  /** What a shell reads to complete command lines. */
  readonly completion: number | null;
}

/** Takes turns between the four, `rounds` times and once to warm up. */
export async function measureStart(rounds: number): Promise<StartCost> {
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-bench-'));
  const starts: Readonly<Record<string, readonly string[]>> = {
    nothing: ['-e', '0'],
    help: [BINARY, '--help'],
    version: [BINARY, '--version'],
    completion: [BINARY, 'completion', 'bash'],
  };
  const runs = new Map<string, Cost[]>();
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, argv] of Object.entries(starts)) {
        const command = { argv, cwd: folder, env: {} };
        const cost = await measure(command, join(folder, 'usage.json'));
        if (round > 0) runs.set(name, [...(runs.get(name) ?? []), cost]);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const nothing = runs.get('nothing');
  return {
    help: ratio(runs.get('help'), nothing, 'wallMs'),
    version: ratio(runs.get('version'), nothing, 'wallMs'),
    completion: ratio(runs.get('completion'), nothing, 'wallMs'),
  };
}
