import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEED, TIME_LIMIT_MS, shareOf } from './budget.js';
import { createTrial, outcomeOf } from './harness.js';
import { createSpecimens } from './specimens.js';

/**
 * Any byte of a document as it is served, changed to any other: half of them
 * anywhere, which mostly hits long base64, half in names, short values and
 * punctuation.
 */
const { specimens } = await createSpecimens();
const trial = createTrial();
const numRuns = Math.ceil(shareOf('flipped-bytes') / specimens.length);

describe.each(specimens)('$title', (specimen) => {
  const { body, document } = specimen;

  it('is verified, also with other white space', () => {
    expect(outcomeOf(specimen, body)).toBe('verified');
    const spaced = JSON.stringify(document, null, 2).replaceAll('\n', '\r\n\t');
    expect(outcomeOf(specimen, Buffer.from(spaced))).toBe('verified');
  });

  it(
    'is not with a byte changed',
    () => {
      const anywhere = fc.nat(body.length - 1);
      // One character for each byte, so that positions agree.
      const telling = shortPositions(body.toString('latin1'));
      fc.assert(
        fc.property(
          fc.oneof(anywhere, fc.constantFrom(...telling)),
          fc.integer({ min: 1, max: 255 }),
          (position, mask) => {
            const changed = Buffer.from(body);
            changed[position] = (changed[position] ?? 0) ^ mask;
            trial.attempt(specimen, changed, `byte ${position} ^ ${mask}`);
          },
        ),
        { numRuns, seed: SEED },
      );
    },
    TIME_LIMIT_MS,
  );
});

it('has changed as many bytes as it should', () => {
  expect(trial.count()).toBeGreaterThanOrEqual(shareOf('flipped-bytes'));
});

/** Positions outside long texts. */
function shortPositions(text: string): readonly number[] {
  const long = [...text.matchAll(/"[^"]{100,}"/g)].map(
    ({ index, 0: { length } }) => [index, index + length] as const,
  );
  return Array.from({ length: text.length }, (_, position) => position).filter(
    (position) =>
      !long.some(([start, end]) => position > start && position < end),
  );
}
