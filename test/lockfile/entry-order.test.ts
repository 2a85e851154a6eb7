import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Lockfile } from '../../src/lockfile/dependency.js';
import { fixture, parseOther } from './pnpm-input.js';

it('does not depend on the order of the entries of bun.lock', async () => {
  const text = new TextDecoder().decode(fixture('bun-2/bun.lock'));
  const head = text.slice(0, text.indexOf('  "packages": {\n') + 16);
  const lines = text
    .slice(head.length)
    .split('\n')
    .filter((line) => line.startsWith('    "'));
  const parse = (list: readonly string[]): Promise<Lockfile> =>
    parseOther('bun.lock', `${head}${list.join('\n')}\n}}`);
  const without = ({ dependencies }: Lockfile): unknown =>
    dependencies.map((each) => ({ ...each, line: null, column: null }));
  const expected = without(await parse(lines));
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(lines, { minLength: lines.length }),
      async (list) => {
        expect(without(await parse(list))).toEqual(expected);
      },
    ),
    { numRuns: 30 },
  );
});

it('does not depend on the order of the entries of pnpm-lock.yaml', async () => {
  const text = new TextDecoder().decode(fixture('pnpm-9/pnpm-lock.yaml'));
  const [head = '', rest = ''] = text.split('\npackages:\n');
  const [packages = '', snapshots = ''] = rest.split('\nsnapshots:\n');
  const blocks = packages.trim().split('\n\n');
  const parse = (list: readonly string[]): Promise<Lockfile> =>
    parseOther(
      'pnpm-lock.yaml',
      `${head}\npackages:\n\n${list.map((block) => `  ${block.trim()}\n`).join('\n')}\nsnapshots:\n${snapshots}`,
    );
  const without = ({ dependencies }: Lockfile): unknown =>
    dependencies.map((each) => ({ ...each, line: null, column: null }));
  const expected = without(await parse(blocks));
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(blocks, { minLength: blocks.length }),
      async (list) => {
        expect(without(await parse(list))).toEqual(expected);
      },
    ),
    { numRuns: 30 },
  );
});
