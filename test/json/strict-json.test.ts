import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  positionToLine,
} from '../../src/json/strict-json.js';
import type { JsonResult, JsonValue } from '../../src/json/strict-json.js';

const LIMITS = { maxBytes: 1_000_000, maxDepth: 64 };
const BOM = [0xef, 0xbb, 0xbf];

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function bytes(...parts: readonly (readonly number[] | string)[]): Uint8Array {
  const chunks = parts.map((part) =>
    typeof part === 'string' ? utf8(part) : Uint8Array.from(part),
  );
  return Buffer.concat(chunks);
}

function codeOf(result: JsonResult): string {
  return result.status === 'ok' ? 'ok' : result.problem.code;
}

function hasProtoKey(value: JsonValue): boolean {
  if (isJsonArray(value)) return value.some(hasProtoKey);
  return (
    isJsonObject(value) &&
    (Object.hasOwn(value, '__proto__') ||
      Object.values(value).some(hasProtoKey))
  );
}

describe('parseStrictJson', () => {
  it.each([
    ['an object', '{"a":{"b":[1,-2.5e3,"x",null,true]}}'],
    ['the same key in two objects', '{"a":{"b":1},"c":{"b":1},"d":[{"b":1}]}'],
    ['a string equal to a key', '{"a":"a","b":["a","a"]}'],
    ['keys that differ only in case', '{"a":1,"A":2}'],
    ['an escaped pair of surrogates', '{"\\ud83d\\ude00":"\\ud83d\\ude00"}'],
    ['quotes, brackets and commas within strings', '{"a,{\\"[":"}]\\\\"}'],
    ['CRLF and tabs', '{\r\n\t"a" : 1\r\n}\r\n'],
    ['a bare scalar', '"x"'],
    ['keys of Object.prototype', '{"constructor":1,"hasOwnProperty":2}'],
  ])('reads %s as JSON.parse does', (_what, text) => {
    const value: unknown = JSON.parse(text);
    expect(parseStrictJson(text, LIMITS)).toEqual({ status: 'ok', value });
    expect(parseStrictJson(utf8(text), LIMITS)).toEqual({
      status: 'ok',
      value,
    });
  });

  it('drops a byte order mark', () => {
    const ok = { status: 'ok', value: { a: 1 } };
    expect(parseStrictJson(bytes(BOM, '{"a":1}'), LIMITS)).toEqual(ok);
    expect(parseStrictJson('\uFEFF{"a":1}', LIMITS)).toEqual(ok);
  });

  it.each([
    ['nothing', '', 'not-json', 0],
    ['only spaces', ' \n ', 'not-json', 3],
    ['a text that ends too early', '{"a":1', 'not-json', 6],
    ['an unterminated string', '{"a":"x', 'not-json', 7],
    ['a comma before a closing brace', '{"a":1,}', 'not-json', 7],
    ['a comma before a closing bracket', '[1,]', 'not-json', 3],
    ['a missing comma', '{"a":1\n"b":2}', 'not-json', 7],
    ['a missing colon', '{"a" 1}', 'not-json', 5],
    ['an unquoted key', '{a:1}', 'not-json', 1],
    ['a comment', '{"a":1} // x', 'not-json', 8],
    ['two documents', '{}{}', 'not-json', 2],
    ['the wrong closing bracket', '[1}', 'not-json', 2],
    ['a raw newline in a string', '{"a":"x\ny"}', 'not-json', 7],
    ['an unknown escape', '["\\x"]', 'not-json', 2],
    ['a number with a leading zero', '[01]', 'not-json', 2],
    ['NaN', '[NaN]', 'not-json', 1],
    ['a second byte order mark', '\uFEFF\uFEFF{}', 'not-json', 0],
    ['half of a surrogate pair as value', '{"a":"\\ud800"}', 'not-json', 5],
    ['half of a surrogate pair as key', '{"\\uDC00":1}', 'not-json', 1],
    ['two halves in the wrong order', '["\\udc00\\ud800"]', 'not-json', 1],
    ['a raw half of a surrogate pair', '["\ud800"]', 'not-utf8', 2],
    ['a duplicate key', '{"a":1,"a":2}', 'duplicate-key', 7],
    ['a duplicate key with equal values', '{"a":1,"a":1}', 'duplicate-key', 7],
    [
      'a duplicate spelled by an escape',
      '{"a":1,"\\u0061":2}',
      'duplicate-key',
      7,
    ],
    [
      'a duplicate deep inside',
      '[{"x":{"b":{},"c":[{}],"b":0}}]',
      'duplicate-key',
      23,
    ],
    ['__proto__', '{"a":{"__proto__":{}}}', 'forbidden-key', 6],
    [
      '__proto__ spelled by an escape',
      '{"\\u005f_proto__":1}',
      'forbidden-key',
      1,
    ],
  ])('refuses %s', (_defect, text, code, position) => {
    expect(parseStrictJson(text, LIMITS)).toMatchObject({
      status: 'error',
      problem: { code, position },
    });
  });

  it.each([
    ['UTF-16 with a mark, little endian', [0xff, 0xfe, 0x7b, 0, 0x7d, 0]],
    ['UTF-16 with a mark, big endian', [0xfe, 0xff, 0, 0x7b, 0, 0x7d]],
    ['UTF-16 without a mark', [0x7b, 0, 0x7d, 0]],
    ['a NUL byte after the text', [0x7b, 0x7d, 0]],
    ['a byte that is not UTF-8', [0x22, 0xc3, 0x28, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['an overlong encoding', [0x22, 0xc0, 0xaf, 0x22]],
  ])('refuses bytes: %s', (_defect, input) => {
    expect(parseStrictJson(Uint8Array.from(input), LIMITS)).toMatchObject({
      problem: { code: 'not-utf8', position: null },
    });
  });

  it('counts bytes, not characters, against the limit', () => {
    const limits = { maxBytes: 4, maxDepth: 4 };
    expect(codeOf(parseStrictJson('"ab"', limits))).toBe('ok');
    expect(codeOf(parseStrictJson('"äb"', limits))).toBe('too-large');
    expect(codeOf(parseStrictJson(utf8('"äb"'), limits))).toBe('too-large');
  });

  it('accepts the deepest allowed nesting and refuses one level more', () => {
    const nested = (levels: number): string =>
      '{"a":['.repeat(levels / 2) + ']}'.repeat(levels / 2);
    expect(codeOf(parseStrictJson(nested(64), LIMITS))).toBe('ok');
    expect(codeOf(parseStrictJson(nested(66), LIMITS))).toBe('too-deep');
    expect(codeOf(parseStrictJson('"[[["', { ...LIMITS, maxDepth: 0 }))).toBe(
      'ok',
    );
  });

  it('survives a nesting of millions of levels, closed or not', () => {
    const open = '['.repeat(3_000_000);
    const limits = { maxBytes: 1e8, maxDepth: 256 };
    expect(codeOf(parseStrictJson(open, limits))).toBe('too-deep');
    expect(codeOf(parseStrictJson(open + ']'.repeat(3_000_000), limits))).toBe(
      'too-deep',
    );
  });

  it('leaves Object.prototype alone', () => {
    parseStrictJson('{"__proto__":{"polluted":1}}', LIMITS);
    expect('polluted' in {}).toBe(false);
  });

  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value, null, 1);
        const expected = JSON.parse(text) as JsonValue;
        const result = parseStrictJson(text, LIMITS);
        if (hasProtoKey(expected)) expect(codeOf(result)).toBe('forbidden-key');
        else expect(result).toEqual({ status: 'ok', value: expected });
      }),
    );
  });

  it('finds any key that stands twice, however it is spelled', () => {
    const keys = fc.uniqueArray(
      fc.string({ unit: 'binary' }).filter((key) => key !== '__proto__'),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(keys, fc.nat(), fc.boolean(), (names, pick, isEscaped) => {
        const repeated = names[pick % names.length] ?? '';
        const spelled = isEscaped ? escapeAll(repeated) : repeated;
        const members = [
          ...names.map((name) => JSON.stringify(name)),
          isEscaped ? `"${spelled}"` : JSON.stringify(spelled),
        ].map((key) => `${key}:[{}]`);
        const text = `[{"a":{${members.join(',')}}}]`;
        expect(codeOf(parseStrictJson(text, LIMITS))).toBe('duplicate-key');
      }),
    );
  });

  it('agrees with JSON.parse on what is not JSON, and points into the text', () => {
    const fragments = fc.array(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '"a"', '\\', '1', ' '),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(fragments, (parts) => {
        const text = parts.join('');
        const result = parseStrictJson(text, LIMITS);
        expect(result.status === 'ok').toBe(isPlainJson(text));
        if (result.status === 'ok') return;
        const at = result.problem.position ?? -1;
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads a lockfile of two megabytes', () => {
    const entry = { version: '1.2.3', integrity: 'x'.repeat(95), dev: true };
    const entries = Array.from({ length: 12_000 }, (_, index) => [
      `node_modules/package-${index}`,
      entry,
    ]);
    const value = Object.fromEntries(entries) as JsonValue;
    const text = utf8(JSON.stringify(value, null, 2));
    const result = parseStrictJson(text, { maxBytes: 1e7, maxDepth: 64 });
    expect(result).toEqual({ status: 'ok', value });
  });
});

describe('positionToLine', () => {
  it.each([
    ['the first character', 'a\nb', 0, 1, 1],
    ['a newline itself', 'a\nb', 1, 1, 2],
    ['the first character of a line', 'a\nb', 2, 2, 1],
    ['after CRLF', 'a\r\nbc', 4, 2, 2],
    ['the end of the text', 'a\n', 2, 2, 1],
    ['beyond the text', 'a\nb', 99, 2, 2],
    ['before the text', 'a', -1, 1, 1],
  ])('counts %s', (_what, text, offset, line, column) => {
    expect(positionToLine(text, offset)).toEqual({ line, column });
  });
});

describe('guards', () => {
  it.each([
    ['an object', {}, true, false],
    ['an array', [], false, true],
    ['null', null, false, false],
    ['a string', 'x', false, false],
    ['nothing', undefined, false, false],
  ])('tells %s', (_what, value, isObject, isArray) => {
    expect(isJsonObject(value)).toBe(isObject);
    expect(isJsonArray(value)).toBe(isArray);
  });
});

function isPlainJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function escapeAll(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    const unit = text.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${unit}`;
  }).join('');
}
