import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toJsonParts, toJsonText } from '../../src/report/json-text.js';

const indents = fc.constantFrom(2, 4);
/** Text that a report could have: with what has to be escaped, and without. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('##[error]', '\n', '\u2028', 'é', '😀', '\u009b', '#', '"'),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    // More than one part.
    fc.array(fc.boolean(), { minLength: 49, maxLength: 52 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const report = fc.dictionary(text, fc.option(json, { nil: undefined }), {
  maxKeys: 5,
});

describe('JSON in parts', () => {
  it('is JSON as a whole', () => {
    fc.assert(
      fc.property(report, indents, (value, indent) => {
        expect([...toJsonParts(value, indent)].join('')).toBe(
          toJsonText(value, indent),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('has few elements of a list in a part', () => {
    const list = Array.from({ length: 1234 }, (_, index) => ({ index }));
    const parts = [...toJsonParts({ list, other: 1 }, 2)];
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(2000);
    expect(JSON.parse(parts.join(''))).toEqual({ list, other: 1 });
  });
});

describe('JSON', () => {
  it('keeps every value, with nothing that a log would obey', () => {
    fc.assert(
      fc.property(report, (value) => {
        const written = toJsonText(value, 2);
        expect(written).not.toMatch(
          /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|##/u,
        );
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 500 },
    );
  });
});
