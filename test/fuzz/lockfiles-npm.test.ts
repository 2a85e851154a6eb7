import { describe, expect, it } from 'vitest';

import { loadVirtualTree } from '../../src/io/arborist-tree.js';
import { TIME_LIMIT_MS } from './budget.js';
import {
  LOCKFILE_MUTATIONS,
  mutate,
  plainTree,
  specimensOf,
  type Specimen,
} from './lockfile-mutations.js';

/** npm's reader writes files for every tree that it makes. */
const WITH_NPM = Math.ceil(LOCKFILE_MUTATIONS / 20);
const WRITTEN = specimensOf(/^npm-.*package-lock\.json$/);
const SPECIMENS = [...WRITTEN, ...WRITTEN.flatMap(asVersion3)];

/** Version 2 has the entries a second time, for older versions of npm. */
function asVersion3({ name, input }: Specimen): readonly Specimen[] {
  const text = new TextDecoder().decode(input.bytes);
  const lockfile = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (lockfile['lockfileVersion'] !== 2) return [];
  const changed = { ...lockfile, lockfileVersion: 3, dependencies: undefined };
  const bytes = new TextEncoder().encode(JSON.stringify(changed, null, 2));
  return [{ name: `${name} of version 3`, input: { ...input, bytes } }];
}

it('changes lockfiles of every version', () => {
  const versions = SPECIMENS.map(({ input }) => {
    const text = new TextDecoder().decode(input.bytes);
    return /"lockfileVersion": (\d)/.exec(text)?.[1];
  });
  expect(versions).toEqual(expect.arrayContaining(['1', '2', '3']));
});

describe.each(SPECIMENS)('a changed $name', (specimen) => {
  it(
    'is refused with one line, or all of its entries are accounted for',
    async () => {
      const { read, refused } = await mutate(
        specimen,
        LOCKFILE_MUTATIONS,
        plainTree,
      );
      expect(read + refused).toBe(LOCKFILE_MUTATIONS);
      expect(Math.min(read, refused)).toBeGreaterThan(LOCKFILE_MUTATIONS / 50);
    },
    TIME_LIMIT_MS,
  );

  it(
    'is so with npm’s own reader, too',
    async () => {
      const { read } = await mutate(specimen, WITH_NPM, loadVirtualTree);
      expect(read).toBeGreaterThan(0);
    },
    TIME_LIMIT_MS,
  );
});
