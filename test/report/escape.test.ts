import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  escapeLogLine,
  escapeTerminal,
  isPrintable,
} from '../../src/report/escape.js';

/** Written apart from the code: what must never reach a terminal. */
function isDangerous(codePoint: number): boolean {
  const within = (from: number, to: number): boolean =>
    codePoint >= from && codePoint <= to;
  return (
    within(0x00, 0x1f) ||
    within(0x7f, 0x9f) ||
    codePoint === 0xad ||
    codePoint === 0x61c ||
    within(0x200b, 0x200f) ||
    within(0x2028, 0x202e) ||
    within(0x2060, 0x206f) ||
    within(0xd800, 0xdfff) ||
    within(0xfe00, 0xfe0f) ||
    codePoint === 0xfeff ||
    within(0xe0000, 0xe0fff)
  );
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  // Code units one by one, so that lone surrogates occur.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }))
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom('\u{1b}[2J', '\r', '::', '##[', '\u{202e}', 'a', ' '),
    )
    .map((parts) => parts.join('')),
);

describe('escapeTerminal', () => {
  it.each([
    ['a plain name', '@acme/widget', '@acme/widget'],
    ['letters of other scripts', 'größe-名前-שם', 'größe-名前-שם'],
    ['a blank', 'a b', 'a b'],
    ['an emoji', '🦊', '🦊'],
    ['nothing', '', ''],
    ['ESC', '\u{1b}[31m', '\\u{1b}[31m'],
    ['C1 CSI', '\u{9b}31m', '\\u{9b}31m'],
    ['NUL', 'a\0b', 'a\\u{0}b'],
    ['DEL', '\u{7f}', '\\u{7f}'],
    ['newlines', 'a\r\nb', 'a\\u{d}\\u{a}b'],
    ['a tab', 'a\tb', 'a\\u{9}b'],
    ['line and paragraph separators', '\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['a bidi override', '\u202egpj.exe', '\\u{202e}gpj.exe'],
    ['bidi isolates', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['the Arabic letter mark', '\u061c', '\\u{61c}'],
    ['a zero-width blank', 'left\u200bpad', 'left\\u{200b}pad'],
    ['a byte order mark', '\ufeffx', '\\u{feff}x'],
    ['tag characters', 'x\u{e0041}\u{e007f}', 'x\\u{e0041}\\u{e007f}'],
    ['a variation selector', 'x\ufe0f', 'x\\u{fe0f}'],
    ['its supplement', 'x\u{e0100}', 'x\\u{e0100}'],
    ['an annotation that hides text', '\ufff9x', '\\u{fff9}x'],
    ['a filler that shows nothing', '\u3164', '\\u{3164}'],
    ['a blank that is not U+0020', 'a\u00a0b', 'a\\u{a0}b'],
    ['a lone surrogate', 'x\ud800y', 'x\\u{d800}y'],
  ])('shows %s', (_what, text, shown) => {
    expect(escapeTerminal(text)).toBe(shown);
  });

  it.each([
    ['as long as the cap', 'abcd', 4, 'abcd'],
    ['longer than the cap', 'abcde', 4, 'abc…'],
    ['of characters beyond the first plane', '🦊🦊🦊', 2, '🦊…'],
    ['with an escape that fits', 'a\u{1b}', 7, 'a\\u{1b}'],
    ['with an escape that does not fit', 'a\u{1b}', 6, 'a…'],
  ])('caps a text %s', (_what, text, cap, shown) => {
    expect(escapeTerminal(text, cap)).toBe(shown);
  });

  it('never lets anything dangerous through', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 300 }), (text, cap) => {
        const shown = Array.from(escapeTerminal(text, cap));
        expect(shown.length).toBeLessThanOrEqual(cap);
        expect(
          shown.filter((one) => isDangerous(one.codePointAt(0) ?? 0)),
        ).toEqual([]);
      }),
    );
  });

  it('leaves printable text alone', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeTerminal(text, Infinity) === text).toBe(isPrintable(text));
      }),
    );
  });
});

describe('escapeLogLine', () => {
  it.each([
    ['an ordinary line', '  error  a::b', '  error  a::b'],
    ['a command', '::error::x', '\\u{3a}:error::x'],
    ['an indented command', '   ::set-env::x', '   \\u{3a}:set-env::x'],
    ['an old command within', 'a ##[add-path]/x', 'a #\\u{23}[add-path]/x'],
    ['an old command behind a hash', '###[x]', '##\\u{23}[x]'],
    ['a command of Azure', '##VSO[task.x]', '#\\u{23}VSO[task.x]'],
    ['a carriage return', 'x\r::error::y', 'x\\u{d}::error::y'],
    ['a heading', '## x [y]', '## x [y]'],
  ])('defuses %s', (_what, line, shown) => {
    expect(escapeLogLine(line)).toBe(shown);
  });

  it('never leaves a command', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = escapeLogLine(text);
        expect(line.trimStart().startsWith('::')).toBe(false);
        expect(line).not.toMatch(/##\[|[\r\n]/);
      }),
    );
  });
});
