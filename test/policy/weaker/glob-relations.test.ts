import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob, matchesGlob } from '../../../src/policy/glob.js';
import {
  coversGlob,
  overlapGlobs,
} from '../../../src/policy/weaker/glob-relations.js';

describe('coversGlob', () => {
  it.each([
    ['*', 'a', true],
    ['*', '@acme/a', false],
    ['*', 'a*b', true],
    ['@acme/*', '@acme/w*', true],
    ['@acme/w*', '@acme/*', false],
    ['a*', 'a', true],
    ['a', 'a*', false],
    ['*b', '*ab', true],
    ['*/*', '@acme/*', true],
  ])('%s of %s: %s', (outer, inner, covers) => {
    expect(coversGlob(outer, inner)).toBe(covers);
  });
});

describe('overlapGlobs', () => {
  it.each([
    ['a*', '*b', true],
    ['a*', 'b*', false],
    ['*', '@acme/*', false],
    ['@*/x', '@acme/*', true],
    ['a*c', 'ab*', true],
    ['a*c', 'abd', false],
    ['*', '*', true],
    ['*/a', '*a', false],
    ['a*/b', 'a*', false],
    ['', '*', true],
    ['', 'a', false],
  ])('%s and %s: %s', (a, b, overlaps) => {
    expect(overlapGlobs(a, b)).toBe(overlaps);
    expect(overlapGlobs(b, a)).toBe(overlaps);
  });

  const arbitraryPattern = fc.string({
    unit: fc.constantFrom('a', 'b', '/', '*'),
    maxLength: 5,
  });
  const TEXTS = texts(4);

  it('agrees with what matches, as does covering', () => {
    fc.assert(
      fc.property(arbitraryPattern, arbitraryPattern, (a, b) => {
        const [left, right] = [a, b].map((pattern) =>
          TEXTS.filter((text) => matchesGlob(compileGlob(pattern), text)),
        );
        const common = (left ?? []).filter((text) => right?.includes(text));
        if (common.length > 0) expect(overlapGlobs(a, b)).toBe(true);
        if (!overlapGlobs(a, b)) expect(common).toEqual([]);
        if (coversGlob(a, b)) expect(common).toEqual(right);
      }),
      { numRuns: 1000, seed: 5 },
    );
  });
});

/** Every text of these characters up to a length. */
function texts(length: number): readonly string[] {
  if (length === 0) return [''];
  const shorter = texts(length - 1);
  const longest = shorter.filter((each) => each.length === length - 1);
  return [
    ...shorter,
    ...longest.flatMap((each) => ['a', 'b', '/'].map((next) => each + next)),
  ];
}
