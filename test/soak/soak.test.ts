import { expect, it } from 'vitest';
import { soak } from './soak.js';

it('faults change nothing that a retry could mend, and hide no evidence', async () => {
  const runs = await soak({ seeds: 3, packages: 40, faults: 0.2 });
  expect(runs.map(({ wrong }) => wrong)).toEqual([[], [], []]);
  expect(runs.every(({ faults }) => faults > 5)).toBe(true);
  expect(runs.some(({ lost }) => lost > 0)).toBe(true);
}, 120_000);

it('are the same for a seed', async () => {
  const options = { seeds: 1, packages: 20, faults: 0.2 };
  expect(await soak(options)).toEqual(await soak(options));
}, 120_000);
