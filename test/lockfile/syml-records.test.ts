import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { AuditError } from '../../src/errors.js';
import { readSymlWithYarn } from '../../src/lockfile/syml-file.js';
import { readSymlRecords } from '../../src/lockfile/syml-records.js';
import { detectDialect } from '../../src/lockfile/yarn-format.js';
import { sharedArchive } from '../shared-data.js';
import { fixture } from './pnpm-input.js';
import { YARN_LOCK } from './yarn-input.js';

const folder = await sharedArchive('real-lockfiles');
const FIXTURES = ['1', '2.4.2', '3.8.7', '4.0.2', '4.18.1'].map((version) =>
  new TextDecoder().decode(fixture(`yarn-${version}/yarn.lock`)),
);

/** Whether it was read by lines; what Yarn's own parser makes of it is the same. */
function agrees(text: string): boolean {
  const dialect = detectDialect(text);
  if (dialect === null) return false;
  const entries = readSymlRecords(text, dialect);
  if (entries === null) return false;
  expect(entries).toEqual(readSymlWithYarn(YARN_LOCK, text, dialect));
  return true;
}

const V1 = '# yarn lockfile v1\n\n\n';
const BERRY = '__metadata:\n  version: 8\n';

describe('readSymlRecords', () => {
  it.each(FIXTURES)('reads what Yarn writes as Yarn does', (text) => {
    expect(agrees(text)).toBe(true);
  });

  it
    .skipIf(folder === null)
    .each(['babel-babel-yarn-berry', 'yarnpkg-yarn-yarn-v1'])(
    'reads %s as Yarn does',
    async (name) => {
      const file = join(folder ?? '', name, 'yarn.lock');
      expect(agrees(await readFile(file, 'utf8'))).toBe(true);
    },
  );

  it.each([
    `${V1}a@1:\n  version "1.0.0"\n  dependencies:\n    b "^1.0.0 || ^2"\n`,
    `${V1}"a@1", a@2, a@>=3:\n  version "1.0.0"\n\nb@1:\n  optional yes\n`,
    `${V1}true-case-path@1:\n  nullable "1"\n  falsey truest\n`,
    `${BERRY}\n"a@npm:1":\n  dependenciesMeta:\n    b:\n      optional: true\n  version: null\n`,
    `${BERRY}\n"a@npm:1":\n  conditions: (os=aix | os=linux) & cpu=ppc64\n  x: ^1 || ~2 - 3`,
  ])('reads %j as Yarn does', (text) => {
    expect(agrees(text)).toBe(true);
  });

  it.each([
    ['a value that is no text', `${V1}a@1:\n  version true\n`],
    ['a value that begins with none', `${V1}a@1:\n  version nullable\n`],
    ['an escape', `${V1}a@1:\n  version "1\\u002e0"\n`],
    ['an escape in a key', `${V1}"a\\u00401":\n  version "1"\n`],
    ['a key twice', `${V1}a@1:\n  version "1"\n  version "2"\n`],
    ['an entry twice', `${V1}a@1:\n  version "1"\n\na@1:\n  version "1"\n`],
    ['a key of every object', `${V1}a@1:\n  __proto__ "1"\n`],
    ['nothing in an entry', `${V1}a@1:\n\nb@1:\n  version "1"\n`],
    ['nothing in the last entry', `${V1}a@1:\n`],
    ['nothing in a map', `${V1}a@1:\n  dependencies:\n  version "1"\n`],
    ['a level left out', `${V1}a@1:\n    version "1"\n`],
    ['a level too many', `${V1}a@1:\n  a:\n    b:\n      c "1"\n`],
    ['an odd indentation', `${V1}a@1:\n   version "1"\n`],
    ['a member of nothing', `${V1}  version "1"\n`],
    ['a comment between', `${V1}a@1:\n  # no\n  version "1"\n`],
    ['a comment after an entry', `${V1}a@1:\n  version "1"\n# no\n`],
    ['a mark of a conflict', `${V1}<<<<<<< a\na@1:\n  version "1"\n`],
    ['a tab', `${V1}a@1:\n\tversion "1"\n`],
    ['a return', `${V1}a@1:\r\n  version "1"\r\n`],
    ['text beyond ASCII', `${V1}a@1:\n  version "\u00e9"\n`],
    ['an anchor', `${BERRY}\na: &b\n  version: 1\n`],
    ['a comment behind a value', `${BERRY}\na:\n  version: 1 #2\n`],
    ['a map behind a value', `${BERRY}\na:\n  version: b: c\n`],
    ['a block', `${BERRY}\na:\n  version: |\n    b\n`],
    ['a flow', `${BERRY}\na:\n  version: {}\n`],
    ['several keys', `${BERRY}\na, b:\n  version: 1\n`],
    ['a long key', `${BERRY}\n"${'a'.repeat(1100)}":\n  version: 1\n`],
  ])('leaves %s to Yarn', (_, text) => {
    const dialect = text.startsWith(V1) ? 'yarn-v1' : 'yarn-berry';
    expect(readSymlRecords(text, dialect)).toBeNull();
  });

  it.each(FIXTURES.map((text, index) => [index, text] as const))(
    'agrees with Yarn on whatever it reads of changed fixture %d',
    (_, text) => {
      const edit = fc.record({
        at: fc.nat(text.length),
        cut: fc.nat(3),
        put: fc.constantFrom(
          ...['', ' ', '  ', '\n', ':', ': ', '#', ' #', "'", '"', '- ', '?'],
          ...['{', '}', '[', ']', ',', ', ', '&a', '*a', '!', '|', '>-', '%'],
          ...['\\', '=', '@', '~', '`', '<', '0', '0x1', 'null', 'true', '$'],
          ...['.', '...', '---\n', '__proto__', '\n  a b\n', '\na:\n'],
        ),
      });
      let read = 0;
      fc.assert(
        fc.property(fc.array(edit, { minLength: 1, maxLength: 2 }), (edits) => {
          let changed = text;
          for (const { at, cut, put } of edits) {
            changed = changed.slice(0, at) + put + changed.slice(at + cut);
          }
          try {
            if (agrees(changed)) read += 1;
          } catch (error) {
            // What is read by lines, Yarn has to read too.
            if (!(error instanceof AuditError)) throw error;
            const what = `${error.message}: ${JSON.stringify(edits)}`;
            throw new Error(`Yarn refuses: ${what}`, { cause: error });
          }
        }),
        { numRuns: 400 },
      );
      // Else nothing was compared.
      expect(read).toBeGreaterThan(50);
    },
  );
});
