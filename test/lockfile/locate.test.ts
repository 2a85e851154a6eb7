import { describe, expect, it } from 'vitest';

import { locateNpmEntries } from '../../src/lockfile/locate.js';

describe('locateNpmEntries', () => {
  it('finds the places of listed entries and of nothing else', () => {
    const text = `{
  "x": { "packages": { "no": {} } },
  "packages": {
    "": { "dependencies": { "a": "1" } },

    "node_modules/a": { "packages": {} },
    "node_modules/\\u0062": {}, "node_modules/c": {
    }
  },
  "dependencies": { "d": {} }
}`;
    expect([...locateNpmEntries(text, 3)]).toEqual([
      ['', { line: 4, column: 5 }],
      ['node_modules/a', { line: 6, column: 5 }],
      ['node_modules/b', { line: 7, column: 5 }],
      ['node_modules/c', { line: 7, column: 32 }],
    ]);
  });

  it('finds the places of nested entries', () => {
    const text = `{ "dependencies": {
  "a": { "requires": { "x": "1" }, "list": [{ "y": 1 }],
    "dependencies": {
      "@s/b": { "dependencies": {
        "c": {}
  } } } },
  "d": {} },
  "packages": { "e": {} }
}`;
    expect([...locateNpmEntries(text, 1)]).toEqual([
      ['node_modules/a', { line: 2, column: 3 }],
      ['node_modules/a/node_modules/@s/b', { line: 4, column: 7 }],
      [
        'node_modules/a/node_modules/@s/b/node_modules/c',
        { line: 5, column: 9 },
      ],
      ['node_modules/d', { line: 7, column: 3 }],
    ]);
  });

  it('counts lines that end in CRLF once', () => {
    const text = '{"packages":{\r\n"":{},\r\n"node_modules/a":{}}}';
    expect(locateNpmEntries(text, 2).get('node_modules/a')).toEqual({
      line: 3,
      column: 1,
    });
  });
});
