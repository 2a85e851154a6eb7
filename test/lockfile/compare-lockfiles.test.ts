import { describe, expect, it } from 'vitest';

import {
  compareLockfiles,
  hasOtherBytes,
  type LockfileChange,
} from '../../src/lockfile/compare-lockfiles.js';
import type { Dependency, Origin } from '../../src/lockfile/dependency.js';
import { sampleDependency } from '../report/sample-report.js';

const TEMPLATE = sampleDependency('a', '1.0.0');
const SRI = (byte: string) =>
  `sha512-${Buffer.from(byte.repeat(64), 'hex').toString('base64')}`;

interface Entry {
  readonly integrity?: string | null;
  readonly origin?: Origin;
  readonly archiveChecksum?: string;
  readonly patched?: boolean;
  readonly locations?: readonly string[];
}

function dependency(spec: string, entry: Entry = {}): Dependency {
  const [name = '', version = ''] = spec.split('@');
  return {
    ...TEMPLATE,
    id: { name, version },
    integrity: SRI('aa'),
    origin: { kind: 'registry', resolved: null },
    ...entry,
  };
}

const at = (resolved: string): Entry => ({
  origin: { kind: 'registry', resolved },
});

function word({ kind, name, before, after }: LockfileChange): string {
  return `${kind} ${name} ${before?.id.version ?? '-'} ${after?.id.version ?? '-'}`;
}

describe('two lockfiles', () => {
  it.each<[string, readonly Dependency[], readonly Dependency[]]>([
    ['nothing', [], []],
    ['the same', [dependency('a@1.0.0')], [dependency('a@1.0.0')]],
    [
      'the same elsewhere in the tree',
      [dependency('a@1.0.0')],
      [dependency('a@1.0.0', { locations: ['node_modules/b/node_modules/a'] })],
    ],
    [
      'a place that one of them leaves out',
      [dependency('a@1.0.0')],
      [dependency('a@1.0.0', at('https://npm.example/a/-/a-1.0.0.tgz'))],
    ],
    [
      'another path of the same host',
      [dependency('a@1.0.0', at('https://npm.example/a/-/a-1.0.0.tgz'))],
      [dependency('a@1.0.0', at('https://npm.example/tarballs/a-1.0.0.tgz'))],
    ],
    [
      'a weaker hash beside the same strong one',
      [dependency('a@1.0.0', { integrity: SRI('aa') })],
      [
        dependency('a@1.0.0', {
          integrity: `sha1-${Buffer.alloc(20).toString('base64')} ${SRI('aa')}`,
        }),
      ],
    ],
  ])('do not differ by %s', (_what, before, after) => {
    expect(compareLockfiles(before, after)).toEqual([]);
  });

  it.each<
    [string, readonly Dependency[], readonly Dependency[], readonly string[]]
  >([
    ['a package more', [], [dependency('a@1.0.0')], ['added a - 1.0.0']],
    ['a package less', [dependency('a@1.0.0')], [], ['removed a 1.0.0 -']],
    [
      'another version',
      [dependency('a@1.0.0')],
      [dependency('a@1.1.0')],
      ['updated a 1.0.0 1.1.0'],
    ],
    [
      'a second version',
      [dependency('a@1.0.0')],
      [dependency('a@1.0.0'), dependency('a@2.0.0')],
      ['added a - 2.0.0'],
    ],
    [
      'two versions that moved',
      [dependency('a@1.0.0'), dependency('a@2.0.0')],
      [dependency('a@1.1.0'), dependency('a@2.1.0')],
      ['updated a 1.0.0 1.1.0', 'updated a 2.0.0 2.1.0'],
    ],
    [
      'other bytes',
      [dependency('a@1.0.0')],
      [dependency('a@1.0.0', { integrity: SRI('bb') })],
      ['re-resolved a 1.0.0 1.0.0'],
    ],
    [
      'a pin that is gone',
      [dependency('a@1.0.0')],
      [dependency('a@1.0.0', { integrity: null })],
      ['re-resolved a 1.0.0 1.0.0'],
    ],
    [
      'another archive',
      [dependency('a@1.0.0', { integrity: null, archiveChecksum: '10/aa' })],
      [dependency('a@1.0.0', { integrity: null, archiveChecksum: '10/bb' })],
      ['re-resolved a 1.0.0 1.0.0'],
    ],
    [
      'another host',
      [dependency('a@1.0.0', at('https://npm.example/a.tgz'))],
      [dependency('a@1.0.0', at('https://evil.example/a.tgz'))],
      ['re-resolved a 1.0.0 1.0.0'],
    ],
    [
      'http for https',
      [dependency('a@1.0.0', at('https://npm.example/a.tgz'))],
      [dependency('a@1.0.0', at('http://npm.example/a.tgz'))],
      ['re-resolved a 1.0.0 1.0.0'],
    ],
    [
      'git in place of the registry',
      [dependency('a@1.0.0')],
      [
        dependency('a@1.0.0', {
          origin: { kind: 'git', resolved: 'git+ssh://x' },
        }),
      ],
      ['re-resolved a 1.0.0 1.0.0'],
    ],
    [
      'a patch',
      [dependency('a@1.0.0')],
      [dependency('a@1.0.0', { patched: true })],
      ['re-resolved a 1.0.0 1.0.0'],
    ],
    [
      'several packages, by name',
      [dependency('b@1.0.0'), dependency('c@1.0.0')],
      [dependency('c@1.0.1'), dependency('a@1.0.0')],
      ['added a - 1.0.0', 'removed b 1.0.0 -', 'updated c 1.0.0 1.0.1'],
    ],
  ])('differ by %s', (_what, before, after, expected) => {
    expect(compareLockfiles(before, after).map(word)).toEqual(expected);
  });

  it('name the very entries that they have', () => {
    const before = [dependency('a@1.0.0'), dependency('b@1.0.0')];
    const after = [dependency('a@1.0.1'), dependency('b@1.0.0')];
    const [change] = compareLockfiles(before, after);
    expect(change?.before).toBe(before[0]);
    expect(change?.after).toBe(after[0]);
  });
});

describe('other bytes', () => {
  const change = (
    before: Dependency | null,
    after: Dependency | null,
  ): LockfileChange => ({ kind: 're-resolved', name: 'a', before, after });

  it.each<[string, Dependency | null, Dependency | null, boolean]>([
    [
      'another SHA-512 of the same version',
      dependency('a@1.0.0'),
      dependency('a@1.0.0', { integrity: SRI('bb') }),
      true,
    ],
    ['the same SHA-512', dependency('a@1.0.0'), dependency('a@1.0.0'), false],
    [
      'another version',
      dependency('a@1.0.0'),
      dependency('a@1.0.1', { integrity: SRI('bb') }),
      false,
    ],
    [
      'a pin that is gone',
      dependency('a@1.0.0'),
      dependency('a@1.0.0', { integrity: null }),
      false,
    ],
    ['a new package', null, dependency('a@1.0.0'), false],
    ['a package that is gone', dependency('a@1.0.0'), null, false],
  ])('are %s: %#', (_what, before, after, expected) => {
    expect(hasOtherBytes(change(before, after))).toBe(expected);
  });
});
