import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sharedArchive, sharedText } from '../shared-data.js';
import {
  CERTIFICATE_ROWS,
  ENVELOPE_ROWS,
  LOG_ROWS,
} from './hostile-rows/bundle-rows.js';
import { DOCUMENT_ROWS, PUBLISH_ROWS } from './hostile-rows/document-rows.js';
import { IDENTITY_ROWS } from './hostile-rows/identity-rows.js';
import { STATEMENT_ROWS } from './hostile-rows/statement-rows.js';

/**
 * Holds the tests against the table of hostile inputs: no row of the sections
 * about documents and real bundles is without a test that begins with its id,
 * and none expects another outcome than the table. Skipped where the table is
 * not beside this repository.
 */
const table = await sharedText('hostile-cases.md');
const archive = await sharedArchive('hostile-attestations');
const TESTS = fileURLToPath(new URL('..', import.meta.url));
const KINDS = { invalid: 'I', mismatch: 'M' } as const;
const ROWS = [
  ...IDENTITY_ROWS,
  ...STATEMENT_ROWS,
  ...ENVELOPE_ROWS,
  ...CERTIFICATE_ROWS,
  ...LOG_ROWS,
  ...PUBLISH_ROWS,
  ...DOCUMENT_ROWS,
];

interface TableRow {
  readonly id: string;
  /** `M identity-issuer/identity-missing (also: invalid, policy)` */
  readonly expected: string;
}

/** Rows of the sections whose ids begin with one of these letters. */
function readTable(text: string, letters: string): readonly TableRow[] {
  const rows = text.matchAll(
    new RegExp(`^\\| ([${letters}]\\d{2,3}) \\|(.*)\\|$`, 'gm'),
  );
  return [...rows].map(([, id = '', cells = '']) => ({
    id,
    expected: cells.split('|').at(-2)?.trim() ?? '',
  }));
}

/** Ids with which a text in a test source begins, before a blank or a colon. */
async function idsInTitles(): Promise<ReadonlySet<string>> {
  const files = (await readdir(TESTS, { recursive: true })).filter((file) =>
    file.endsWith('.ts'),
  );
  const sources = await Promise.all(
    files.map((file) => readFile(join(TESTS, file), 'utf8')),
  );
  return new Set(
    sources.flatMap((source) =>
      [...source.matchAll(/['"`]((?:[HR]\d{2,3}(?:, | and )?)+)[ :]/g)].flatMap(
        ([, ids = '']) => ids.match(/[HR]\d{2,3}/g) ?? [],
      ),
    ),
  );
}

describe.skipIf(table === null)('the table of hostile inputs', () => {
  const rows = readTable(table ?? '', 'HR');

  it('has rows', () => {
    expect(rows.length).toBeGreaterThan(90);
    expect(rows.every(({ expected }) => /^[VIMXP]/.test(expected))).toBe(true);
  });

  it('has no row without a test that begins with its id', async () => {
    const tested = await idsInTitles();
    const missing = rows.filter(({ id }) => !tested.has(id));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it('expects what the tests of its rows expect', () => {
    const expectedOf = new Map(rows.map(({ id, expected }) => [id, expected]));
    const differing = ROWS.filter(({ title, kind, code }) => {
      const [letter, codes] =
        expectedOf.get(title.slice(0, 4))?.split(' ') ?? [];
      return (
        letter !== KINDS[kind] || codes?.split('/').includes(code) !== true
      );
    });
    expect(differing.map(({ title }) => title)).toEqual([]);
  });
});

describe.skipIf(table === null || archive === null)(
  'the documents that somebody else made of the table',
  () => {
    it('are of all its rows, but for one that is too large', async () => {
      const text = await readFile(join(archive ?? '', 'index.json'), 'utf8');
      const index = JSON.parse(text) as readonly { readonly id: string }[];
      const made = [...index.map(({ id }) => id), 'H107'];
      const rows = readTable(table ?? '', 'H').map(({ id }) => id);
      expect(made.toSorted()).toEqual(rows.toSorted());
    });
  },
);
