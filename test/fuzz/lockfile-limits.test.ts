import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { MAX_ENTRIES } from '../../src/lockfile/lockfile-limits.js';
import {
  auditInSmallHeap,
  manyEntries,
  READERS,
  tooMany,
} from '../cli/lockfile-rows/too-large.js';
import { fileOf } from '../cli/lockfile-rows/writers.js';
import { IS_LONG } from './budget.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provenance-audit-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// Some take a minute each: a usual run has one format so, and all with a lower limit.
describe.skipIf(!IS_LONG)('L05: the true limit (in `npm run fuzz`)', () => {
  it.each(READERS)(
    'one entry more of %s takes little memory',
    async (format) => {
      const file = fileOf(format);
      await writeFile(join(folder, file), manyEntries(format, MAX_ENTRIES + 1));
      const { code, stderr } = await auditInSmallHeap(folder, file);
      expect(stderr).toMatch(tooMany(file, MAX_ENTRIES));
      expect(code).toBe(2);
    },
    600_000,
  );
});
