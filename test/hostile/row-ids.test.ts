import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sharedText } from '../shared-data.js';
import { ROW_IDS } from './row-ids.js';

const table = await sharedText('hostile-cases.md');
const TESTS = fileURLToPath(new URL('..', import.meta.url));
const SECTIONS = Object.entries(ROW_IDS).map(([section, numbers]) => {
  const width = section === 'H' ? 3 : 2;
  const ids = numbers.map((n) => `${section}${`${n}`.padStart(width, '0')}`);
  return { section, ids };
});

/** Ids with which a text of a test begins: its title, or one of its table. */
async function idsInTitles(): Promise<ReadonlySet<string>> {
  const files = (await readdir(TESTS, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !file.includes('row-ids'),
  );
  const sources = await Promise.all(
    files.map((file) => readFile(join(TESTS, file), 'utf8')),
  );
  const beginning = /['"`]((?:[A-Z]\d{2,3}(?:, | and |[ :'"`]))+)/g;
  return new Set(
    sources
      // What is commented out or only spoken of is no test.
      .map((source) => source.replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, ''))
      .flatMap((source) => [...source.matchAll(beginning)])
      .flatMap(([, ids = '']) => ids.match(/[A-Z]\d{2,3}/g) ?? []),
  );
}

const tested = await idsInTitles();

describe.each(SECTIONS)('section $section of the hostile inputs', (one) => {
  it('has a test for each of its rows', () => {
    expect(one.ids.filter((id) => !tested.has(id))).toEqual([]);
  });

  it('has the rows of the table, where that is beside this repository', ({
    skip,
  }) => {
    if (table === null) skip('hostile-cases.md is not here');
    const pattern = new RegExp(`^\\| (${one.section}\\d{2,3}) \\|`, 'gm');
    const rows = [...(table ?? '').matchAll(pattern)].map(([, id]) => id);
    expect(one.ids).toEqual(rows);
  });
});

it('finds what has no test', () => {
  expect(tested.has('L01')).toBe(true);
  for (const id of ['L00', 'L99', 'Z01']) expect(tested.has(id)).toBe(false);
});
