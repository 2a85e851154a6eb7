import fc from 'fast-check';
import { expect, it } from 'vitest';
import { repeatedMember } from './arbitraries.js';
import { SEED, TIME_LIMIT_MS, shareOf } from './budget.js';
import { createTrial } from './harness.js';
import { createSpecimens } from './specimens.js';

/**
 * A name twice in an object: which one counts depends on the reader, so that no
 * such document is verified, whatever the two values are.
 */
const { specimens } = await createSpecimens();
const trial = createTrial({ isStrict: true });
const numRuns = Math.ceil(shareOf('duplicates') / specimens.length);

it.each(specimens)(
  '$title is not verified with a member twice',
  (specimen) => {
    fc.assert(
      fc.property(repeatedMember(specimen.document), ({ document, what }) => {
        fc.pre(trial.attempt(specimen, document, what));
      }),
      { numRuns, seed: SEED },
    );
  },
  TIME_LIMIT_MS,
);

it('has made as many changes as it should', () => {
  expect(trial.count()).toBeGreaterThanOrEqual(shareOf('duplicates'));
});
