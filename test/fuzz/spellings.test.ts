import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SEED, TIME_LIMIT_MS, shareOf } from './budget.js';
import { createTrial } from './harness.js';
import { createSpecimens } from './specimens.js';
import { respelled } from './spellings.js';

/**
 * The same bytes and numbers in spellings that only some readers take for the
 * same. None is verified, even though nothing else is said.
 */
const { specimens } = await createSpecimens();
const trial = createTrial({ isStrict: true });
const numRuns = Math.ceil(shareOf('spellings') / specimens.length);

it.each(specimens)(
  'R05: $title is not verified in another spelling',
  (specimen) => {
    fc.assert(
      fc.property(respelled(specimen.document), ({ document, what }) => {
        fc.pre(trial.attempt(specimen, document, what));
      }),
      { numRuns, seed: SEED },
    );
  },
  TIME_LIMIT_MS,
);

it('has made as many changes as it should', () => {
  expect(trial.count()).toBeGreaterThanOrEqual(shareOf('spellings'));
});
