import { describe, expect, it } from 'vitest';

import { AuditError } from '../../src/errors.js';
import {
  readSymlLines,
  type SymlDialect,
} from '../../src/lockfile/syml-lines.js';

function messageOf(text: string, dialect: SymlDialect): string {
  try {
    readSymlLines('yarn.lock', text, dialect);
    return '';
  } catch (error) {
    if (error instanceof AuditError) return error.message;
    throw error;
  }
}

describe('readSymlLines', () => {
  it('lists the keys of Yarn 1 with their lines', () => {
    const text = 'a@^1, "@s/b@>=1 <2":\r\n  version "1.0.0"\r\n\r\nc@1:\n  x y';
    expect(readSymlLines('yarn.lock', text, 'yarn-v1')).toEqual([
      { keys: ['a@^1', '@s/b@>=1 <2'], place: { line: 1, column: 1 } },
      { keys: ['c@1'], place: { line: 4, column: 1 } },
    ]);
  });

  it('lists the keys of Berry, long ones too', () => {
    const long = `${'a@npm:1, '.repeat(200)}a@npm:2`;
    const text = `# x\n__metadata:\n  version: 8\n\n? "${long}"\n:\n  version: 1.0.0\n`;
    expect(readSymlLines('yarn.lock', text, 'yarn-berry')).toEqual([
      { keys: ['__metadata'], place: { line: 2, column: 1 } },
      { keys: [long], place: { line: 6, column: 1 } },
    ]);
  });

  it.each<[string, string, SymlDialect, string]>([
    ['a marker of ours', 'a:\n<<<<<<< HEAD\n', 'yarn-v1', ':2: merge conflict'],
    ['one between', '=======\n', 'yarn-berry', ':1: merge conflict'],
    ['one of theirs', '\n>>>>>>> x', 'yarn-berry', ':2: merge conflict'],
    ['one of the base', '||||||| x', 'yarn-v1', ':1: merge conflict'],
    ['an entry twice', 'a@1:\n  b: c\n"a@1":\n', 'yarn-berry', ':3: the key'],
    ['an entry twice in lists', 'a@1, b@1:\nb@1:\n', 'yarn-v1', ':2: the key'],
    ['a field twice', 'a:\n  b: 1\n  "b": 2\n', 'yarn-berry', ':3: the key'],
    [
      'a deeper field twice',
      'a:\n  d:\n    b "1"\n    b "2"\n',
      'yarn-v1',
      ':4: the key',
    ],
    ['a prototype', 'a:\n  __proto__: x\n', 'yarn-berry', ':2: a key that no'],
    ['a prototype of Yarn 1', '"__proto__":\n', 'yarn-v1', ':1: a key that no'],
    ['tabs', 'a:\n\tb: c\n', 'yarn-berry', ':2: an indentation'],
    ['odd indentation', 'a:\n b: c\n', 'yarn-berry', ':2: an indentation'],
    ['a jump', 'a:\n    b: c\n', 'yarn-berry', ':2: an indentation'],
    ['a map below a value', 'a: b\n  c: d\n', 'yarn-berry', ':2: an inden'],
    [
      'a fourth level of Yarn 1',
      'a:\n  b:\n    c:\n      d e\n',
      'yarn-v1',
      ':4: an indentation',
    ],
    ['an anchor', 'a: &x b\n', 'yarn-berry', ':1: a value'],
    ['an alias', 'a: *x\n', 'yarn-berry', ':1: a value'],
    ['a tag', 'a: !!map b\n', 'yarn-berry', ':1: a value'],
    ['a flow map', 'a: {b: c}\n', 'yarn-berry', ':1: a value'],
    ['a block of text', 'a: |\n', 'yarn-berry', ':1: a value'],
    ['a text over lines', 'a: "b\n', 'yarn-berry', ':1: a value'],
    ['more behind a text', 'a: "b" c\n', 'yarn-berry', ':1: a value'],
    ['a list', 'a:\n  - b\n', 'yarn-berry', ':2: expected a key'],
    ['a second document', '---\n', 'yarn-berry', ':1: expected a key'],
    ['a merge key', 'a:\n  "<<": *x\n', 'yarn-berry', ':2: a value'],
    ['a bad escape', '"\\x":\n', 'yarn-berry', ':1: a quoted key'],
    ['a key that never ends', '? "a"\n', 'yarn-berry', ':1: unfinished'],
  ])('refuses %s', (_defect, text, dialect, message) => {
    expect(messageOf(text, dialect)).toContain(`yarn.lock${message}`);
  });

  it('does not mind what looks like it', () => {
    const text = 'a:\n  b: "<<<<<<< x"\n  c:\n    b: ">=1 <2"\nd:\n  b: 1\n';
    expect(messageOf(text, 'yarn-berry')).toBe('');
  });
});
