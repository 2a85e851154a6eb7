import fc from 'fast-check';
import { expect, it } from 'vitest';
import { graftedParts } from './arbitraries.js';
import { SEED, TIME_LIMIT_MS, shareOf } from './budget.js';
import { createTrial } from './harness.js';
import { createSpecimens } from './specimens.js';

/**
 * Parts of one document in another: certificate, signature, payload, log entry
 * of another signing, of another package, or of a Sigstore nobody trusts. Only
 * a whole bundle may be exchanged, for another honest one about the package.
 */
const { specimens, donors } = await createSpecimens();
const trial = createTrial({ honest: specimens });
const numRuns = Math.ceil(shareOf('swapped-parts') / specimens.length);

it.each(specimens)(
  '$title is not verified with parts of another',
  (specimen) => {
    fc.assert(
      fc.property(
        graftedParts(specimen.document, donors),
        ({ document, what }) => {
          fc.pre(trial.attempt(specimen, document, what));
        },
      ),
      { numRuns, seed: SEED },
    );
  },
  TIME_LIMIT_MS,
);

it('has made as many changes as it should', () => {
  expect(trial.count()).toBeGreaterThanOrEqual(shareOf('swapped-parts'));
});
