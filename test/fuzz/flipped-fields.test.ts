import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEED, TIME_LIMIT_MS, shareOf } from './budget.js';
import { flippedField } from './arbitraries.js';
import { createTrial } from './harness.js';
import { createSpecimens } from './specimens.js';

/**
 * A byte of what is signed or is a signature, below its base64: payload,
 * signature, certificate, promise, checkpoint, log entry. Here the form is
 * always right, so that cryptography decides.
 */
const { specimens } = await createSpecimens();
const trial = createTrial();
const numRuns = Math.ceil(shareOf('flipped-fields') / specimens.length);

it.each(specimens)(
  'R01: $title is not verified with a byte changed',
  (specimen) => {
    fc.assert(
      fc.property(flippedField(specimen.document), ({ document, what }) => {
        fc.pre(trial.attempt(specimen, document, what));
      }),
      { numRuns, seed: SEED },
    );
  },
  TIME_LIMIT_MS,
);

describe('the count', () => {
  it('is what it should be', () => {
    expect(trial.count()).toBeGreaterThanOrEqual(shareOf('flipped-fields'));
  });
});
