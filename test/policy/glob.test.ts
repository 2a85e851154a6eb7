import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob, matchesGlob } from '../../src/policy/glob.js';

function matches(pattern: string, text: string): boolean {
  return matchesGlob(compileGlob(pattern), text);
}

/** Tries every way of spending a star: right by its shape, and slow. */
function reference(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (!pattern.startsWith('*')) {
    return (
      text !== '' &&
      text.startsWith(pattern.charAt(0)) &&
      reference(pattern.slice(1), text.slice(1))
    );
  }
  if (reference(pattern.slice(1), text)) return true;
  return (
    text !== '' && !text.startsWith('/') && reference(pattern, text.slice(1))
  );
}

describe('a glob', () => {
  it.each<[string, string, boolean]>([
    ['left-pad', 'left-pad', true],
    ['left-pad', 'left-pad-evil', false],
    ['left-pad', 'evil-left-pad', false],
    ['left-pad', 'Left-pad', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'a', true],
    ['*', 'a/b', false],
    ['*', '@acme/a', false],
    ['**', 'a/b', false],
    ['@acme/*', '@acme/widget', true],
    ['@acme/*', '@acme-evil/widget', false],
    ['@acme/*', '@acme/a/b', false],
    ['@*/widget', '@acme/widget', true],
    ['@*/widget', '@acme/evil/widget', false],
    ['acme-*-x', 'acme-x', false],
    ['acme-*-x', 'acme--x', true],
    ['refs/tags/v*', 'refs/tags/v1.2.3', true],
    ['refs/tags/v*', 'refs/tags/v1/x', false],
    ['refs/tags/v*', 'refs/heads/v1', false],
    // Nothing else has a meaning.
    ['a.c', 'abc', false],
    ['a?c', 'abc', false],
    ['[ab]', 'a', false],
    ['{a,b}', 'a', false],
    ['a+', 'aa', false],
    ['.*', 'abc', false],
    ['a|b', 'a', false],
    [String.raw`\*`, '*', false],
    ['^a$', 'a', false],
  ])('%s against %s: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('is what trying every way of spending its stars says', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '/', '@'), { maxLength: 9 })
      .map((parts) => parts.join(''));
    const pattern = fc
      .array(fc.constantFrom('a', 'b', '/', '@', '*', '*', 'a/', '/a'), {
        maxLength: 6,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, text, (one, other) => {
        expect(matches(one, other)).toBe(reference(one, other));
      }),
      { numRuns: 5000 },
    );
  });

  it('matches what its stars are filled with', () => {
    const part = fc.stringMatching(/^[a-z@/-]{0,4}$/);
    const filling = fc.stringMatching(/^[a-z@-]{0,4}$/);
    fc.assert(
      fc.property(part, fc.array(fc.tuple(filling, part)), (first, rest) => {
        const pattern = first + rest.map(([, next]) => `*${next}`).join('');
        const text = first + rest.map(([fill, next]) => fill + next).join('');
        expect(matches(pattern, text)).toBe(true);
      }),
    );
  });

  it.each<[string, string, string]>([
    ['stars alone', '*'.repeat(10_000), 'a'.repeat(1_000_000)],
    ['stars between letters', 'a*'.repeat(10_000), 'a'.repeat(1_000_000)],
    [
      'stars and an end that is missing',
      `${'*a'.repeat(10_000)}b`,
      'a'.repeat(1_000_000),
    ],
    [
      'stars and a letter that is missing',
      `${'*a'.repeat(10_000)}*b*`,
      'a'.repeat(1_000_000),
    ],
  ])('P06 takes linear time with 10,000 %s', (_what, pattern, text) => {
    // A few milliseconds; the product of both lengths outlasts the time limit.
    expect(matches(pattern, text)).toBe(!pattern.includes('b'));
  });
});
