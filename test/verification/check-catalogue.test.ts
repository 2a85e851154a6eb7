import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/verification/check-catalogue.js';

const ROWS = Object.entries(CHECKS);
/** In the order of the stages, which is that of the catalogue too. */
const GROUPS = [
  'lockfile',
  'registry',
  'bundle',
  'statement',
  'provenance',
  'publish',
];

describe('a check of the catalogue', () => {
  it.each(ROWS)('%s is described', (id, { number, title, expects }) => {
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(number).toMatch(/^C[1-9]\d?$/);
    // One line each, for a table: no sentence, nothing that must be escaped.
    for (const text of [title, expects]) {
      expect(text).toMatch(/^\S.*[^\s.]$/);
      expect(text).not.toMatch(/[|<>`]/);
    }
  });
});

describe('the catalogue', () => {
  it('keeps the checks of a group together, in the order of the stages', () => {
    const groups = ROWS.map(([, { group }]) => group);
    const changes = groups.filter((group, at) => group !== groups[at - 1]);
    expect(changes).toEqual(GROUPS);
  });

  it('tells the checks of a group apart by their titles', () => {
    const titles = ROWS.map(([, { group, title }]) => `${group}: ${title}`);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('leaves out none of C1 to C40 that is a check of one version', () => {
    const numbers = new Set(ROWS.map(([, { number }]) => number));
    const all = Array.from({ length: 40 }, (_, index) => `C${index + 1}`);
    expect(all.filter((number) => !numbers.has(number))).toEqual([]);
  });
});
