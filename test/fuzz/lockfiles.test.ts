import { describe, expect, it } from 'vitest';

import { sharedArchive } from '../shared-data.js';
import { TIME_LIMIT_MS } from './budget.js';
import {
  LOCKFILE_MUTATIONS,
  mutate,
  plainTree,
  specimensIn,
  specimensOf,
} from './lockfile-mutations.js';

/** By version of the format; several managers may write the same. */
const FORMATS = [
  ['pnpm 5', /^pnpm-7\//],
  ['pnpm 6', /^pnpm-8\//],
  ['pnpm 9', /^pnpm-(?:9|1\d)\//],
  ['Yarn 1', /^yarn-1\//],
  ['Yarn Berry', /^yarn-[2-9]/],
  ['Bun', /^bun-/],
  ['CycloneDX', /\.cdx\.json$/],
  ['SPDX', /\.spdx\.json$/],
] as const;

describe.each(FORMATS)('a changed lockfile of %s', (_, form) => {
  const specimens = specimensOf(form);
  const each = Math.ceil(LOCKFILE_MUTATIONS / specimens.length);

  it.each(specimens)(
    'as $name is refused with one line, or all of its entries are accounted for',
    async (specimen) => {
      const { read, refused } = await mutate(specimen, each, plainTree);
      expect(read + refused).toBe(each);
      expect(Math.min(read, refused)).toBeGreaterThan(each / 50);
    },
    TIME_LIMIT_MS,
  );
});

const folder = await sharedArchive('real-lockfiles');
const RECORDED = folder === null ? [] : specimensIn(folder);
/** They are large: hundreds of entries each. */
const FEW = Math.ceil(LOCKFILE_MUTATIONS / 50);

// Skipped where the folder of shared material is not beside the repository.
it.skipIf(folder === null).each(RECORDED)(
  'a changed $name is refused with one line, or accounted for',
  async (specimen) => {
    const { read, refused } = await mutate(specimen, FEW, plainTree);
    expect(read + refused).toBe(FEW);
  },
  TIME_LIMIT_MS,
);
