import { describe, expect, it } from 'vitest';
import {
  comparePackageIds,
  compareText,
  formatPackageId,
  scopeOf,
  toPurl,
  type PackageId,
} from '../../src/package/package-id.js';

type Row = readonly [
  what: string,
  id: PackageId,
  purl: string,
  formatted: string,
  scope: string | null,
];

const ROWS: readonly Row[] = [
  [
    'a plain name',
    { name: 'left-pad', version: '1.3.0' },
    'pkg:npm/left-pad@1.3.0',
    'left-pad@1.3.0',
    null,
  ],
  [
    'a scoped name: the @ alone is escaped, not the slash',
    { name: '@acme/widget', version: '1.2.3' },
    'pkg:npm/%40acme/widget@1.2.3',
    '@acme/widget@1.2.3',
    '@acme',
  ],
  [
    'build metadata and prerelease stay as they are',
    { name: 'x', version: '1.0.0-rc.1+sha.5' },
    'pkg:npm/x@1.0.0-rc.1+sha.5',
    'x@1.0.0-rc.1+sha.5',
    null,
  ],
  [
    'legacy capitals and a tilde stay as they are',
    { name: 'JSON~Stream', version: '1.0.0' },
    'pkg:npm/JSON~Stream@1.0.0',
    'JSON~Stream@1.0.0',
    null,
  ],
  [
    'a folder without a version',
    { name: '@acme/app', version: '' },
    'pkg:npm/%40acme/app',
    '@acme/app',
    '@acme',
  ],
  [
    'an @ without a slash is no scope',
    { name: '@acme', version: '1.0.0' },
    'pkg:npm/%40acme@1.0.0',
    '@acme@1.0.0',
    null,
  ],
  [
    'a slash without an @ is no scope',
    { name: 'acme/widget', version: '1.0.0' },
    'pkg:npm/acme/widget@1.0.0',
    'acme/widget@1.0.0',
    null,
  ],
];

describe('names of a package version', () => {
  it.each(ROWS)('%s', (_what, id, purl, formatted, scope) => {
    expect(toPurl(id)).toBe(purl);
    expect(formatPackageId(id)).toBe(formatted);
    expect(scopeOf(id.name)).toBe(scope);
  });
});

describe('order', () => {
  it('is by name, then version, by code unit whatever the locale', () => {
    const sorted: readonly PackageId[] = [
      { name: '@acme/widget', version: '1.0.0' },
      { name: 'JSONStream', version: '1.0.0' },
      { name: 'a', version: '1.10.0' },
      { name: 'a', version: '1.9.0' },
      { name: 'a-b', version: '1.0.0' },
      { name: 'ab', version: '0.0.1' },
      { name: 'z', version: '1.0.0' },
      { name: 'ä', version: '1.0.0' },
    ];
    expect(sorted.toReversed().toSorted(comparePackageIds)).toEqual(sorted);
  });

  it.each([
    ['before', 'a', 'b', -1],
    ['after', 'b', 'a', 1],
    ['equal', 'a', 'a', 0],
    ['capitals first', 'B', 'a', -1],
    ['a prefix first', 'a', 'aa', -1],
    ['nothing first', '', 'a', -1],
  ])('%s', (_what, a, b, order) => {
    expect(compareText(a, b)).toBe(order);
  });
});
