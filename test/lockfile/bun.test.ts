import { describe, expect, it } from 'vitest';

import { blankComments } from '../../src/lockfile/jsonc.js';
import { fixture, nameOf, only, parseOther, SRI } from './pnpm-input.js';

const BUN = 'bun.lock';

/** A bun.lock whose root asks for `left`, which `entry` answers. */
function bun({
  spec = '^1.0.0',
  entry = ['left@1.0.0', '', {}, SRI] as readonly unknown[],
  key = 'left',
  root = {},
  packages = {},
  ...fields
}: {
  readonly spec?: string;
  readonly entry?: readonly unknown[];
  readonly key?: string;
  readonly root?: object;
  readonly packages?: object;
  readonly [field: string]: unknown;
} = {}): string {
  return JSON.stringify(
    {
      lockfileVersion: 1,
      workspaces: {
        '': { name: 'my-app', dependencies: { left: spec }, ...root },
      },
      packages: { [key]: entry, ...packages },
      ...fields,
    },
    null,
    2,
  );
}

describe('the lockfile of bun', () => {
  const load = () =>
    parseOther(
      BUN,
      fixture('bun-2/bun.lock'),
      JSON.parse(new TextDecoder().decode(fixture('bun-2/package.json'))),
    );

  it('has every entry in one dependency, by its origin', async () => {
    const { entries, dependencies, formatVersion } = await load();
    const kinds = dependencies.map(({ origin }) => origin.kind);
    expect(formatVersion).toBe('2');
    expect(entries).toBe(21);
    expect(dependencies.flatMap(({ locations }) => locations).length).toBe(21);
    expect(kinds.filter((kind) => kind !== 'registry').toSorted()).toEqual([
      'file',
      'file',
      'git',
      'remote-tarball',
      'workspace',
      'workspace',
    ]);
  });

  it('has what bun lists, and what is for another platform', async () => {
    const { dependencies } = await load();
    const listed = new TextDecoder().decode(fixture('bun-2/listed.txt'));
    const names = listed
      .trim()
      .split('\n')
      .map((line) => line.slice(0, line.indexOf('@', 1)));
    expect(
      dependencies.flatMap(({ locations }) => locations).toSorted(),
    ).toEqual([...names, 'fsevents'].toSorted());
  });

  it('knows aliases, patches, overrides, options, peers and workspaces', async () => {
    const lockfile = await load();
    expect(only(lockfile, 'ms@2.0.0').aliases).toEqual(['ms-old']);
    expect(only(lockfile, 'fast-uri@3.0.1').production).toBe(true);
    const patched = lockfile.dependencies.filter((each) => each.patched);
    expect(patched.map(nameOf)).toEqual(['once@1.4.0']);
    expect(only(lockfile, 'fsevents')).toMatchObject({
      optional: true,
      direct: true,
    });
    expect(only(lockfile, 'debug')).toMatchObject({
      production: false,
      omittedBy: [['dev']],
    });
    expect(only(lockfile, 'wrappy')).toMatchObject({
      production: true,
      workspaces: ['@acme/lib', '@acme/tool'],
    });
    expect(only(lockfile, 'yallist').paths).toEqual([
      ['my-app', '@acme/tool', 'yallist'],
    ]);
  });

  it('says where each entry begins', async () => {
    const { dependencies } = await load();
    const lines = new TextDecoder()
      .decode(fixture('bun-2/bun.lock'))
      .split('\n');
    for (const { line, column, locations } of dependencies) {
      const found = lines[(line ?? 0) - 1]?.slice((column ?? 0) - 1);
      expect(found?.startsWith(`"${locations[0]}": [`)).toBe(true);
    }
  });
});

describe('an entry of bun.lock', () => {
  it.each([
    ['of the registry', {}, 'registry', null],
    [
      'of another registry',
      {
        entry: [
          'left@1.0.0',
          'https://r.example/left/-/left-1.0.0.tgz',
          {},
          SRI,
        ],
      },
      'registry',
      'https://r.example/left/-/left-1.0.0.tgz',
    ],
    [
      'from a repository',
      {
        spec: 'github:a/left',
        entry: ['left@github:a/left#abc', {}, 'a-left-abc'],
      },
      'git',
      'github:a/left#abc',
    ],
    [
      'from an address',
      {
        spec: 'https://x.example/l.tgz',
        entry: ['left@https://x.example/l.tgz', {}, SRI],
      },
      'remote-tarball',
      'https://x.example/l.tgz',
    ],
    [
      'from a file',
      { spec: './a/l.tgz', entry: ['left@a/l.tgz', {}, SRI] },
      'file',
      'a/l.tgz',
    ],
    [
      'that is linked',
      { spec: 'link:left', entry: ['left@link:left', {}] },
      'link',
      'link:left',
    ],
  ])('%s', async (_what, parts, kind, resolved) => {
    const { dependencies } = await parseOther(BUN, bun(parts));
    expect(dependencies.map(({ origin }) => origin)).toEqual([
      { kind, resolved },
    ]);
  });

  it('L08, L09: keeps an integrity that is weak, and the lack of one', async () => {
    const weak = bun({ entry: ['left@1.0.0', '', {}, 'sha1-AAAA'] });
    expect(only(await parseOther(BUN, weak), 'left').integrity).toBe(
      'sha1-AAAA',
    );
    const none = bun({ entry: ['left@1.0.0', '', {}] });
    expect(only(await parseOther(BUN, none), 'left').integrity).toBeNull();
  });

  it('is that of the nearest package', async () => {
    const own = `sha512-${Buffer.alloc(64, 8).toString('base64')}`;
    const text = bun({
      entry: ['left@1.0.0', '', { dependencies: { '@s/right': '2' } }, SRI],
      packages: {
        '@s/right': ['@s/right@1.0.0', '', {}, SRI],
        'left/@s/right': [
          '@s/right@2.0.0',
          '',
          { dependencies: { deep: '1' } },
          SRI,
        ],
        'left/@s/right/deep': ['deep@1.0.0', '', {}, SRI],
        deep: ['deep@1.0.0', '', {}, own],
      },
    });
    const lockfile = await parseOther(BUN, text);
    expect(only(lockfile, '@s/right@2.0.0').paths).toEqual([
      ['my-app', 'left', '@s/right'],
    ]);
    expect(only(lockfile, '@s/right@1.0.0').paths).toEqual([]);
    // L14: both are kept.
    const deep = lockfile.dependencies.filter(({ id }) => id.name === 'deep');
    expect(deep.map(({ locations }) => locations)).toContainEqual([
      'left/@s/right/deep',
    ]);
    expect(deep.length).toBe(2);
  });

  it.each([
    [
      'L24: a tag',
      { spec: 'latest', entry: ['left@latest', '', {}, SRI] },
      'an exact version, found "latest"',
    ],
    [
      'L24: a range',
      { spec: 'latest', entry: ['left@1.x', '', {}, SRI] },
      'an exact version, found "1.x"',
    ],
    [
      'L25: %2e%2e',
      { entry: ['%2e%2e@1.0.0', '', {}, SRI] },
      'a package name, found "%2e%2e"',
    ],
    ['no list', { packages: { x: 'y' } }, 'expected a list'],
    ['no version', { entry: ['left'] }, 'expected name@version, found "left"'],
    ['no entry', { key: 'right' }, 'no entry for "left"'],
    [
      'an address in the place of a version',
      { entry: ['left@https://x.example/l.tgz', {}] },
      '"^1.0.0" is asked for, "https://x.example/l.tgz" is no version of a registry',
    ],
    [
      'a workspace of no entry',
      { workspaces: { a: { name: 'a' } } },
      '"a": no entry for this workspace',
    ],
    [
      'L26: version 99',
      { lockfileVersion: 99 },
      'expected lockfileVersion 0, 1 or 2, found 99',
    ],
    ['L26: a text', { lockfileVersion: '1' }, 'found "1"'],
  ])('is refused: %s', async (_what, parts, message) => {
    await expect(parseOther(BUN, bun(parts))).rejects.toMatchObject({
      code: 'LOCKFILE_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });

  it('L04: may have a name that objects inherit', async () => {
    const text = bun().replaceAll('left', 'constructor');
    expect(only(await parseOther(BUN, text), 'constructor').direct).toBe(true);
  });
});

describe('bun.lock', () => {
  it('is in production where the manifest says so', async () => {
    const hidden = bun().replace('"dependencies"', '"devDependencies"');
    expect(only(await parseOther(BUN, hidden), 'left').production).toBe(false);
    const manifest = { dependencies: { left: '^1.0.0' } };
    expect(
      only(await parseOther(BUN, hidden, manifest), 'left').production,
    ).toBe(true);
  });

  it('pins all that the manifest asks for', async () => {
    await expect(
      parseOther(BUN, bun(), { dependencies: { left: '1', missing: '1' } }),
    ).rejects.toThrow(
      'bun.lock: does not pin "missing", which the project asks for',
    );
  });

  it('may have comments, commas at the end, a byte order mark and CRLF', async () => {
    const text = `\uFEFF// x\r\n${bun().replace(/\n\}$/, ',\n}').replaceAll('\n', '\r\n')}`;
    expect(only(await parseOther(BUN, text), 'left').line).toBe(13);
  });

  it.each([
    ['L01: nothing', BUN, '', 'empty file'],
    [
      'a key twice',
      BUN,
      bun().replace('"workspaces"', '"packages": {}, "workspaces"'),
      'packages',
    ],
    [
      'two commas',
      BUN,
      bun().replace('"workspaces"', ', "workspaces"'),
      'bun.lock:',
    ],
    ['L06: nesting', BUN, '['.repeat(100_000), 'bun.lock'],
    [
      'a merge conflict',
      BUN,
      bun().replace('"packages"', '\n<<<<<<< a\n"packages"'),
      'merge conflict marker',
    ],
    [
      'the binary form, by its name',
      'bun.lockb',
      'x',
      'bun install --save-text-lockfile',
    ],
    [
      'the binary form',
      'x',
      '#!/usr/bin/env bun\nbun-lockfile-format-v0\n',
      'a binary lockfile; bun install --save-text-lockfile',
    ],
  ])('is refused: %s', async (_what, path, content, message) => {
    await expect(parseOther(path, content)).rejects.toMatchObject({
      code: 'LOCKFILE_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });

  it('is known by its content under another name', async () => {
    expect((await parseOther('base.txt', bun())).format).toBe('bun-lock');
  });
});

describe('blankComments', () => {
  it('makes JSON of it and keeps every offset', () => {
    const text = '{"a": [1, /* x\ny, */ ], // z\n "b": "//,}" , }';
    const blanked = blankComments(text);
    expect(JSON.parse(blanked)).toEqual({ a: [1], b: '//,}' });
    expect(blanked.length).toBe(text.length);
    for (const mark of ['"b"', '\n', '1']) {
      expect(blanked.indexOf(mark)).toBe(text.indexOf(mark));
    }
  });
});
