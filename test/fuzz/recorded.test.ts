import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  editedValue,
  editsAt,
  flippedField,
  graftedParts,
  repeatedMember,
  toText,
} from './arbitraries.js';
import { IS_LONG, SEED, TIME_LIMIT_MS } from './budget.js';
import { createTrial, outcomeOf, type Trial } from './harness.js';
import { pathsOf } from './json.js';
import { recordedSpecimens } from './recorded.js';
import { respelled } from './spellings.js';

/**
 * The same mutations of real documents, besides the share that every run makes.
 * Skipped where they are not beside the repository.
 */
const specimens = await recordedSpecimens();
const donors = specimens.map(({ document }) => document);
/** Bytes of each that are changed in a long run. */
const ALL_BYTES = 2_000;
/** Walking a chain takes more than ten milliseconds, too long for all of them. */
const BYTES_WITH_CHAIN = 100;
const FEW = IS_LONG ? 500 : 50;

describe.skipIf(specimens.length === 0).each(specimens)(
  'recorded: $title',
  (specimen) => {
    const { document, body } = specimen;
    const isSignedByKey = body.includes('"publicKey":{');
    const bytes = IS_LONG || isSignedByKey ? ALL_BYTES : BYTES_WITH_CHAIN;

    it('is verified', () => {
      expect(outcomeOf(specimen, body)).toBe('verified');
    });

    it(
      'is not with a byte changed',
      () => {
        const trial = createTrial();
        tryAll(trial, flippedField(document), bytes);
        expect(trial.count()).toBeGreaterThanOrEqual(bytes);
      },
      TIME_LIMIT_MS,
    );

    it(
      'is not with any value removed, replaced or put in a list',
      () => {
        const trial = createTrial();
        for (const path of pathsOf(document)) {
          for (const { value, what } of editsAt(document, path)) {
            trial.attempt(specimen, toText(value), what);
          }
        }
      },
      TIME_LIMIT_MS,
    );

    it(
      'is not with values moved, taken from others, twice or respelled',
      () => {
        const trial = createTrial({ honest: specimens });
        const strict = createTrial({ isStrict: true });
        tryAll(trial, editedValue(document), FEW);
        tryAll(trial, graftedParts(document, donors), FEW);
        tryAll(strict, repeatedMember(document), FEW);
        tryAll(strict, respelled(document), FEW);
      },
      TIME_LIMIT_MS,
    );

    function tryAll(
      trial: Trial,
      mutations: ReturnType<typeof flippedField>,
      numRuns: number,
    ): void {
      fc.assert(
        fc.property(mutations, ({ document: changed, what }) => {
          fc.pre(trial.attempt(specimen, changed, what));
        }),
        { numRuns, seed: SEED },
      );
    }
  },
);
