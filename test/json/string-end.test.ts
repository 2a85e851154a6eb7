import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { stringEnd } from '../../src/json/string-end.js';

describe('stringEnd', () => {
  it.each([
    ['""', 1],
    ['"a"b"', 2],
    ['"\\""', 3],
    ['"\\\\"', 3],
    ['"\\\\\\""', 5],
    ['"a', 2],
    ['"a\\"', 4],
    ['"', 1],
  ])('finds the end of %s', (text, end) => {
    expect(stringEnd(text, 0)).toBe(end);
  });

  it('is where JSON.parse ends the string', () => {
    const string = fc.string({
      unit: fc.constantFrom('"', '\\', 'a', '\n', '\u00e9'),
    });
    fc.assert(
      fc.property(string, string, (value, rest) => {
        const literal = JSON.stringify(value);
        const start = rest.length;
        expect(stringEnd(rest + literal + rest, start)).toBe(
          start + literal.length - 1,
        );
      }),
    );
  });
});
