import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cutMember } from '../../src/json/cut-member.js';

const PATH = ['versions', '1.2.3'];
const MAX_DEPTH = 16;

function cut(
  text: string,
  path: readonly string[] = PATH,
): { status: string; found?: string } {
  const result = cutMember(Buffer.from(text), path, MAX_DEPTH);
  return result.status === 'found'
    ? { status: 'found', found: Buffer.from(result.bytes).toString() }
    : result;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('a member is cut out', () => {
  it.each([
    ['an object', '{"versions":{"1.2.3":{"a":[1]}}}', '{"a":[1]}'],
    ['an array', '{"versions":{"1.2.3":[{},[]]}}', '[{},[]]'],
    ['a string', '{"versions":{"1.2.3":"}\\"]"}}', '"}\\"]"'],
    ['a number', '{"versions":{"1.2.3":-0.5e+10}}', '-0.5e+10'],
    ['null', '{"versions":{"1.2.3":null}}', 'null'],
    ['an empty object', '{"versions":{"1.2.3":{}}}', '{}'],
    ['without white space', ' {"versions" :\n{"1.2.3"\t: {"a": 1} } }\r', null],
    [
      'among others',
      '{"a":{},"versions":{"1":{},"1.2.3":5,"2":[]},"b":1}',
      '5',
    ],
    ['of escaped keys', '{"\\u0076ersions":{"1\\u002e2.\\u0033":5}}', '5'],
    ['behind a byte order mark', '\uFEFF{"versions":{"1.2.3":5}}', '5'],
    [
      'as it is, duplicates included',
      '{"versions":{"1.2.3":{"a":1,"a":2}}}',
      '{"a":1,"a":2}',
    ],
    [
      'whatever stands twice beside',
      '{"a":1,"a":2,"versions":{"1.2.3":5,"2":1,"2":1}}',
      '5',
    ],
    [
      'not deeper inside, before or after',
      '{"a":{"versions":{"1.2.3":1}},"versions":{"0":{"1.2.3":2},"1.2.3":{"versions":{"1.2.3":3}},"2":{"1.2.3":4}},"b":[{"versions":{"1.2.3":5}}]}',
      '{"versions":{"1.2.3":3}}',
    ],
    [
      'not beyond strings of brackets',
      '{"x":"{\\\\","versions":{"1.2.3":5}}',
      '5',
    ],
    [
      'among characters of many bytes',
      '{"ä€😀":"ä€😀","versions":{"1.2.3":"😀"}}',
      '"😀"',
    ],
  ])('%s', (_what, text, found) => {
    expect(cut(text)).toEqual({ status: 'found', found: found ?? '{"a": 1}' });
  });

  it.each([
    ['"', '"\\""'],
    ['\\', '"\\\\"'],
    ['a/b', '"a\\/b"'],
    ['\b\f\n\r\t', '"\\b\\f\\n\\r\\t"'],
    ['az', '"\\u0061\\u007A"'],
    ['', '""'],
    ['__proto__', '"__proto__"'],
  ])('by the name %j, written as %s', (name, key) => {
    expect(cut(`{${key}:5}`, [name])).toEqual({ status: 'found', found: '5' });
  });

  it('which may be the whole text', () => {
    expect(cut(' [1] ', [])).toEqual({ status: 'found', found: '[1]' });
  });
});

describe('a member is absent', () => {
  it.each([
    ['from a string', '"versions"', 0],
    ['from an array', '[{"versions":{"1.2.3":5}}]', 0],
    ['from an empty object', '{}', 1],
    ['where the first name leads to null', '{"versions":null}', 1],
    ['where the first name leads to an array', '{"versions":[{"1.2.3":5}]}', 1],
    ['where the first name is longer', '{"versionss":{"1.2.3":5}}', 1],
    ['where the first name is shorter', '{"version":{"1.2.3":5}}', 1],
    ['where the names are values', '{"a":"versions","b":{"1.2.3":5}}', 1],
    ['from an empty object on the way', '{"versions":{}}', 2],
    ['from another object', '{"versions":{},"1.2.3":5,"a":{"1.2.3":5}}', 2],
    ['where an escape denotes another', '{"versions":{"1.2.\\u0134":5}}', 2],
    ['where the name is a value', '{"versions":{"a":"1.2.3"}}', 2],
  ])('%s', (_what, text, objects) => {
    expect(cut(text)).toEqual({ status: 'absent', objects });
  });
});

describe('a text is refused', () => {
  it.each([
    ['with nothing in it', '', 'not-json', 0],
    ['of spaces', '  ', 'not-json', 2],
    ['that is a page', ' <html>', 'not-json', 1],
    ['that ends too early', '{"versions":{"1.2.3":5}', 'not-json', 23],
    ['that goes on', '{"versions":{"1.2.3":5}} {}', 'not-json', 25],
    [
      'with a closing bracket too many',
      '{"versions":{"1.2.3":5}}}',
      'not-json',
      24,
    ],
    ['with brackets crossed', '{"versions":{"1.2.3":[}]}}', 'not-json', 22],
    [
      'with a comma before a bracket',
      '{"versions":{"1.2.3":5,}}',
      'not-json',
      23,
    ],
    ['with an error before', '{"a":tru,"versions":{"1.2.3":5}}', 'not-json', 5],
    ['with an error after', '{"versions":{"1.2.3":5},"a":01}', 'not-json', 29],
    [
      'with the first name twice',
      '{"versions":{"1.2.3":5},"versions":{}}',
      'duplicate-key',
      24,
    ],
    [
      'with the first name for null too',
      '{"versions":null,"versions":{"1.2.3":5}}',
      'duplicate-key',
      17,
    ],
    [
      'with the first name twice, once escaped',
      '{"versions":{},"v\\u0065rsions":{"1.2.3":5}}',
      'duplicate-key',
      15,
    ],
    [
      'with the second name twice',
      '{"versions":{"1.2.3":5,"a":1,"1.2.3":5}}',
      'duplicate-key',
      29,
    ],
    [
      'with the second name twice, once escaped',
      '{"versions":{"1\\u002E2.3":5,"1.2.3":5}}',
      'duplicate-key',
      28,
    ],
    [
      'that is deeper than allowed',
      '['.repeat(MAX_DEPTH + 1),
      'too-deep',
      MAX_DEPTH,
    ],
  ])('%s', (_what, text, code, position) => {
    expect(cut(text)).toEqual({ status: 'refused', code, position });
  });

  it('unless it is just as deep as allowed', () => {
    const text = '['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH);
    expect(cut(text).status).toBe('absent');
  });
});

describe('whatever the text', () => {
  const names = fc.constantFrom('versions', '1.2.3', 'a', '__proto__');

  it('a member found is what JSON.parse finds', () => {
    const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
    const objects = fc.dictionary(names, fc.dictionary(names, value));
    fc.assert(
      fc.property(objects, fc.nat(3), (packument, indent) => {
        const text = JSON.stringify(packument, null, indent);
        const expected = packument['versions']?.['1.2.3'];
        const { status, found } = cut(text);
        expect(status).toBe(expected === undefined ? 'absent' : 'found');
        expect(JSON.parse(found ?? 'null')).toEqual(
          JSON.parse(JSON.stringify(expected ?? null)),
        );
      }),
    );
  });

  it('it is JSON for the one if it is for the other', () => {
    const parts = fc.array(
      fc.constantFrom(
        ...['{', '}', '[', ']', ',', ':', '"', '"a"', '\\', '\\u00', '\n', ' '],
        ...['0', '1', '-', '.', 'e', 'E+', 'true', 'null', 'fals', 'é'],
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(parts, (fragments) => {
        const text = fragments.join('');
        expect(cut(text, ['nowhere']).status !== 'refused').toBe(isJson(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('one byte more, fewer or other is judged as JSON.parse judges it', () => {
    const text =
      '{"a":[-1.5e+3,0,true,false,null,"\\u00e9\\n\\""],"versions":{"1":{}}}';
    const characters = '{}[],:"\\01-+.eEtu \n\u0001'.split('');
    const edits = Array.from(text).flatMap((_character, at) =>
      ['', ...characters].flatMap((character) => [
        text.slice(0, at) + character + text.slice(at + 1),
        text.slice(0, at) + character + text.slice(at),
      ]),
    );
    for (const edited of edits) {
      const isAccepted = cut(edited).status !== 'refused';
      expect([edited, isAccepted]).toEqual([edited, isJson(edited)]);
    }
  });
});
