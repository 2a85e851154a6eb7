import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sharedText } from '../shared-data.js';

/**
 * Holds the tests against the table of hostile inputs, sections N (registry and
 * HTTP) and F (file system, cache, process): no row is without a test that names
 * it. Skipped where the table is not beside this repository.
 */
const table = await sharedText('hostile-cases.md');
const TESTS = fileURLToPath(new URL('..', import.meta.url));

/** Ids that stand at the beginning of a text in the source of a test. */
async function namedIds(): Promise<ReadonlySet<string>> {
  const files = (await readdir(TESTS, { recursive: true })).filter(
    (file) => file.endsWith('.test.ts') && !file.includes('node_modules'),
  );
  const sources = await Promise.all(
    files.map((file) => readFile(join(TESTS, file), 'utf8')),
  );
  return new Set(
    sources.flatMap((source) =>
      [...source.matchAll(/['"`]((?:[NF]\d\d ?)+)[ :'"`]/g)].flatMap(
        ([, ids = '']) => ids.match(/[NF]\d\d/g) ?? [],
      ),
    ),
  );
}

describe.skipIf(table === null)(
  'sections N and F of the hostile inputs (skipped without the table)',
  () => {
    const rows = [...(table ?? '').matchAll(/^\| ([NF]\d\d) \|/gm)].map(
      ([, id = '']) => id,
    );

    it('have rows', () => {
      expect(rows.length).toBeGreaterThan(35);
    });

    it('have a test for each', async () => {
      const named = await namedIds();
      expect(rows.filter((id) => !named.has(id))).toEqual([]);
    });
  },
);
