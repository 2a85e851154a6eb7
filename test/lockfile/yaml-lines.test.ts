import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readYamlWithLibrary } from '../../src/lockfile/yaml-library.js';
import { readYamlLines } from '../../src/lockfile/yaml-lines.js';
import { isYamlMap, type YamlValue } from '../../src/lockfile/yaml-value.js';
import { sharedArchive } from '../shared-data.js';
import { fixture } from './pnpm-input.js';

const folder = await sharedArchive('real-lockfiles');
const FIXTURES = ['pnpm-7', 'pnpm-8', 'pnpm-9', 'pnpm-10'].map((name) =>
  new TextDecoder().decode(fixture(`${name}/pnpm-lock.yaml`)),
);

/** Values without offsets; long texts that are passed over left out. */
function plain(value: YamlValue): unknown {
  if (value === null || typeof value === 'string') return value;
  if (!isYamlMap(value)) return value.map(plain);
  return [...value].map(([key, member]) => [
    key,
    key === 'deprecated' ? null : plain(member.value),
  ]);
}

function agree(text: string): void {
  const lines = readYamlLines(text);
  if (lines === null) return;
  const library = readYamlWithLibrary(text);
  expect('message' in library ? library : library.map(plain), text).toEqual(
    lines.map(plain),
  );
}

describe('readYamlLines', () => {
  it.each(FIXTURES)('reads what pnpm writes as the library does', (text) => {
    expect(readYamlLines(text)).not.toBeNull();
    agree(text);
  });

  it
    .skipIf(folder === null)
    .each(['vuejs-core-pnpm-9-0', 'vuejs-vue-pnpm-5-4'])(
    'reads %s as the library does',
    async (name) => {
      const text = await readFile(
        join(folder ?? '', name, 'pnpm-lock.yaml'),
        'utf8',
      );
      expect(readYamlLines(text)).not.toBeNull();
      agree(text);
    },
  );

  it.each([
    'a: b: c',
    'a: b #c',
    'a: "\\x41"',
    "a: 'it''s'",
    'a: b\n  c',
    'a:\n  - b: c',
    'a: *b',
    'a: |\n  b',
    'a: {b: {c: d}}',
    'a\t: b',
    '? a\n: b',
    '<<: {a: b}',
    'a: b\na: c',
    'a:\n   b: c\n  d: e',
    '- a',
    'a: b\n... \nc: d',
  ])('leaves %j to the library', (text) => {
    expect(readYamlLines(text)).toBeNull();
  });

  it('agrees with the library on whatever it reads of a changed file', () => {
    const [, , text = ''] = FIXTURES;
    const edit = fc.record({
      at: fc.nat(text.length),
      cut: fc.nat(3),
      put: fc.constantFrom(
        ...[
          '',
          ' ',
          '  ',
          '\n',
          ':',
          ': ',
          '#',
          ' #',
          "'",
          '"',
          '- ',
          '{',
          '}',
        ],
        ...[
          '[',
          ']',
          ',',
          ', ',
          '&a',
          '*a',
          '!',
          '|',
          '>-',
          '%',
          '---\n',
          '\t',
        ],
        ...['\\', '?', '<<: ', '\r', '~', '=', '@', '`', '\u00e9', '\u0085'],
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 2 }), (edits) => {
        let changed = text;
        for (const { at, cut, put } of edits) {
          changed = changed.slice(0, at) + put + changed.slice(at + cut);
        }
        // A few lines around the first change: the library is slow.
        const from = changed.lastIndexOf('\n', (edits[0]?.at ?? 0) - 300) + 1;
        agree(`${changed.slice(from, from + 700)}\n`.replace(/^ +/, ''));
        agree(`x:\n${changed.slice(from, from + 700)}\n`);
      }),
      { numRuns: 400 },
    );
  }, 60_000);
});
