import { describe, expect, it } from 'vitest';

import { locateNpmEntries } from '../../src/lockfile/locate.js';

describe('locateNpmEntries', () => {
  it('finds the lines of listed entries and of nothing else', () => {
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
      ['', 4],
      ['node_modules/a', 6],
      ['node_modules/b', 7],
      ['node_modules/c', 7],
    ]);
  });

  it('finds the lines of nested entries', () => {
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
      ['node_modules/a', 2],
      ['node_modules/a/node_modules/@s/b', 4],
      ['node_modules/a/node_modules/@s/b/node_modules/c', 5],
      ['node_modules/d', 7],
    ]);
  });

  it('counts lines that end in CRLF once', () => {
    const text = '{"packages":{\r\n"":{},\r\n"node_modules/a":{}}}';
    expect(locateNpmEntries(text, 2).get('node_modules/a')).toBe(3);
  });
});
