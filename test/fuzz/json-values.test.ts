import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editedValue, editsAt, toText } from './arbitraries.js';
import { SEED, TIME_LIMIT_MS, shareOf } from './budget.js';
import { createTrial } from './harness.js';
import { pathsOf } from './json.js';
import { createSpecimens } from './specimens.js';

/**
 * Values of the JSON removed, replaced, moved: first each path in each way by
 * itself, then several changes at once, until the share is made.
 */
const { specimens } = await createSpecimens();
const trial = createTrial({ honest: specimens });
const share = shareOf('json-values');

describe.each(specimens)('$title', (specimen) => {
  it(
    'R04: is not verified with any value removed, replaced or put in a list',
    () => {
      for (const path of pathsOf(specimen.document)) {
        for (const { value, what } of editsAt(specimen.document, path)) {
          trial.attempt(specimen, toText(value), what);
        }
      }
    },
    TIME_LIMIT_MS,
  );

  it(
    'is not verified with values changed and moved',
    () => {
      fc.assert(
        fc.property(editedValue(specimen.document), ({ document, what }) => {
          fc.pre(trial.attempt(specimen, document, what));
        }),
        { numRuns: Math.ceil(share / 2 / specimens.length), seed: SEED },
      );
    },
    TIME_LIMIT_MS,
  );
});

it(
  'makes up for what is missing of the share',
  () => {
    const missing = Math.max(1, share - trial.count());
    const documents = fc
      .constantFrom(...specimens)
      .chain((specimen) =>
        editedValue(specimen.document).map((each) => ({ specimen, ...each })),
      );
    fc.assert(
      fc.property(documents, ({ specimen, document, what }) => {
        fc.pre(trial.attempt(specimen, document, what));
      }),
      { numRuns: missing, seed: SEED + 1 },
    );
    expect(trial.count()).toBeGreaterThanOrEqual(share);
  },
  TIME_LIMIT_MS,
);
