import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { AuditError } from '../../src/errors.js';
import type { Lockfile } from '../../src/lockfile/dependency.js';
import { fixture, parseOther } from './pnpm-input.js';

/** What real package managers wrote, under the name that they give it. */
const FILES = [
  ['pnpm-lock.yaml', 'pnpm-7/pnpm-lock.yaml'],
  ['pnpm-lock.yaml', 'pnpm-8/pnpm-lock.yaml'],
  ['pnpm-lock.yaml', 'pnpm-9/pnpm-lock.yaml'],
  ['bun.lock', 'bun-2/bun.lock'],
] as const;

const EDIT = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(12),
  put: fc.oneof(
    fc.constantFrom('', '{', '}', '[', ']', ':', '"', "'", '\n', '@', '(', ')'),
    fc.constantFrom(
      '/',
      '../',
      '__proto__',
      'link:',
      'file:',
      'git+',
      '&a',
      '*',
    ),
    fc.constantFrom('npm:', '1.0.0', '|', '>-', '\u202e', '\0', '%2f', '---\n'),
    fc.string({ maxLength: 4 }),
  ),
});

function apply(
  text: string,
  edits: readonly {
    readonly at: number;
    readonly cut: number;
    readonly put: string;
  }[],
): string {
  return edits.reduce((changed, { at, cut, put }) => {
    const offset = Math.floor(at * changed.length);
    return changed.slice(0, offset) + put + changed.slice(offset + cut);
  }, text);
}

function expectToAddUp({ entries, dependencies }: Lockfile): void {
  const locations = dependencies.flatMap((each) => each.locations);
  expect(locations.length).toBe(entries);
  expect(new Set(locations).size).toBe(entries);
}

describe.each(FILES)('a changed %s like %s', (path, name) => {
  const text = new TextDecoder().decode(fixture(name));

  it('is refused with one line, or each of its entries is in one dependency', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(EDIT, { minLength: 1, maxLength: 4 }),
        async (edits) => {
          const changed = apply(text, edits);
          try {
            expectToAddUp(await parseOther(path, changed));
          } catch (error) {
            if (!(error instanceof AuditError)) throw error;
            expect(error.code).toBe('LOCKFILE_INVALID');
            expect(error.message).not.toMatch(/\n/);
          }
        },
      ),
      { numRuns: 250 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 120_000);
});

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
