import { describe, expect, it } from 'vitest';

import { at } from './lockfile-input.js';
import { berry, berryEntry, parseYarn, yarnFailure } from './yarn-input.js';

const A = berryEntry('a@npm:^1.0.0', 'a@npm:1.0.0');
const ASKS_A = '    a: "npm:^1.0.0"\n';
const BUILTIN = '#optional!builtin<compat/a>';

describe('a lockfile of Yarn Berry', () => {
  it('says of a version what the entry says', async () => {
    const { dependencies, ...lockfile } = await parseYarn(berry(ASKS_A, A));
    expect(lockfile).toMatchObject({
      format: 'yarn-berry',
      formatVersion: '8',
      entries: 1,
      rootName: 'my-app',
    });
    expect(dependencies).toMatchObject([
      {
        id: { name: 'a', version: '1.0.0' },
        integrity: null,
        archiveChecksum: expect.stringMatching(/^10c0\/(?:ab)+/) as string,
        origin: { kind: 'registry', resolved: null },
        paths: [['my-app', 'a']],
        direct: true,
        production: true,
        patched: false,
      },
    ]);
  });

  it('has no pin where there is no checksum', async () => {
    const entry = berryEntry('a@npm:1', 'a@npm:1.0.0', { checksum: '' });
    const found = at(await parseYarn(berry('', entry)), 'a@npm:1');
    expect(found).not.toHaveProperty('archiveChecksum');
  });

  it.each([
    ['by its own resolution', 'left-pad@npm:1.0.0'],
    ['by that of its name', 'left@npm:left-pad@1.0.0'],
  ])('names what is behind an alias, %s', async (_how, resolution) => {
    const key = 'left@npm:left-pad@1.0.0';
    const text = berry(
      '    left: "npm:left-pad@1.0.0"\n',
      berryEntry(key, resolution),
    );
    expect(at(await parseYarn(text), key)).toMatchObject({
      id: { name: 'left-pad', version: '1.0.0' },
      aliases: ['left'],
      direct: true,
    });
  });

  it.each([
    ['of its own name', '@std/path', 'jsr:^1.0.0'],
    ['by another name', '@my/paths', 'jsr:@std/path@^1.0.0'],
  ])('is a package of npm behind one of JSR, %s', async (_how, name, range) => {
    const npm = `npm:@jsr/std__path@^1.0.0`;
    const text = berry(
      `    "${name}": "${range}"\n`,
      // Yarn keeps the checksum with what it fetches for it.
      berryEntry(`${name}@${range}`, '@std/path@jsr:1.0.0', { checksum: '' }),
      berryEntry(`${name}@${npm}`, '@jsr/std__path@npm:1.0.0'),
    );
    const lockfile = await parseYarn(text);
    expect(lockfile.dependencies).toHaveLength(1);
    expect(at(lockfile, `${name}@${range}`)).toMatchObject({
      id: { name: '@jsr/std__path', version: '1.0.0' },
      aliases: [name],
      origin: { kind: 'registry', resolved: null },
      archiveChecksum: expect.stringMatching(/^10c0\/(?:ab)+/) as string,
      locations: [`${name}@${range}`, `${name}@${npm}`],
      direct: true,
      production: true,
      patched: false,
    });
  });

  it('keeps an address that is not the usual one', async () => {
    const url = 'https://host.example/a/-/b-1.0.0.tgz';
    const text = berry(
      '',
      berryEntry(
        'a@npm:1',
        `a@npm:1.0.0::__archiveUrl=${encodeURIComponent(url)}`,
      ),
    );
    const { origin } = at(await parseYarn(text), 'a@npm:1');
    expect(origin).toEqual({ kind: 'registry', resolved: url });
  });

  it.each([
    ['a@https://host.example/o/r.git#commit=1', 'git'],
    ['a@git@host.example:o/r.git#commit=1', 'git'],
    ['a@https://host.example/a.tgz', 'remote-tarball'],
    ['a@https://host.example/a.tgz#commit=1.git', 'remote-tarball'],
    ['a@file:./a.tgz#./a.tgz::hash=1&locator=x', 'file'],
    ['a@exec:./a.js#./a.js::hash=1&locator=x', 'file'],
    ['a@link:./a::locator=x', 'link'],
    ['a@portal:./a::locator=x', 'link'],
    ['a@workspace:packages/a', 'workspace'],
  ])('tells the origin of %s', async (resolution, kind) => {
    const text = berry('', berryEntry(resolution, resolution));
    expect(at(await parseYarn(text), resolution).origin.kind).toBe(kind);
  });

  it.each(['./a.tgz', '../a', '/tmp/a.tgz', 'C:/a.tgz'])(
    'finds what the path %s is asked for by',
    async (path) => {
      const key = `a@file:${path}::locator=my-app%40workspace%3A.`;
      const file = `a@file:${path}#${path}::hash=1&locator=my-app%40workspace%3A.`;
      const text = berry(`    a: ${path}\n`, berryEntry(key, file));
      const root = { dependencies: { a: path } };
      expect(at(await parseYarn(text, { root }), key)).toMatchObject({
        origin: { kind: 'file' },
        direct: true,
      });
    },
  );

  it('does not let a file answer who asks for a version', async () => {
    const key = 'a@file:^1.0.0::locator=my-app%40workspace%3A.';
    const file = 'a@file:^1.0.0#^1.0.0::hash=1&locator=my-app%40workspace%3A.';
    const text = berry('    a: ^1.0.0\n', berryEntry(key, file));
    const root = { dependencies: { a: '^1.0.0' } };
    expect(await yarnFailure(text, { root })).toContain('does not pin "a"');
  });

  it('takes a patched package for what is patched', async () => {
    const patch = 'a@patch:a@npm%3A1.0.0#./a.patch';
    const text = berry(
      '    a: "patch:a@npm%3A1.0.0#./a.patch"\n',
      berryEntry('a@npm:1.0.0', 'a@npm:1.0.0', { checksum: '10c0/aa' }),
      berryEntry(
        `${patch}::locator=my-app%40workspace%3A.`,
        `${patch}::version=1.0.0&hash=1&locator=my-app%40workspace%3A.`,
        { checksum: '10c0/bb' },
      ),
    );
    const { dependencies, entries } = await parseYarn(text);
    expect(entries).toBe(2);
    expect(dependencies).toMatchObject([
      {
        id: { name: 'a', version: '1.0.0' },
        origin: { kind: 'registry' },
        archiveChecksum: '10c0/aa',
        patched: true,
        direct: true,
      },
    ]);
    expect(dependencies[0]?.locations.length).toBe(2);
  });

  it('leads to what Yarn patches by itself', async () => {
    const key = `a@patch:a@npm%3A^1.0.0${BUILTIN}`;
    const text = berry(
      ASKS_A,
      A,
      berryEntry(key, `a@patch:a@npm%3A1.0.0${BUILTIN}::version=1.0.0&hash=1`),
    );
    expect(at(await parseYarn(text), key)).toMatchObject({
      patched: true,
      paths: [['my-app', 'a']],
    });
  });

  it('takes what is for development from the manifests', async () => {
    const workspace = berryEntry(
      'b@workspace:packages/b',
      'b@workspace:packages/b',
      {
        version: '0.0.0-use.local',
        more: '  dependencies:\n    c: "npm:1.0.0"\n',
        checksum: '',
      },
    );
    const text = berry(
      ASKS_A,
      A,
      workspace,
      berryEntry('c@npm:1.0.0', 'c@npm:1.0.0'),
    );
    const lists = { devDependencies: { c: '1.0.0' } };
    const root = { name: 'my-app', devDependencies: { a: '^1.0.0' } };
    const known = await parseYarn(text, {
      root,
      workspaces: { 'packages/b': { name: 'b', ...lists } },
    });
    for (const key of ['a@npm:^1.0.0', 'c@npm:1.0.0']) {
      expect(at(known, key)).toMatchObject({ production: false, direct: true });
    }
    expect(at(known, 'c@npm:1.0.0').workspaces).toEqual(['b']);
    const unknown = await parseYarn(text);
    expect(at(unknown, 'c@npm:1.0.0')).toMatchObject({
      production: true,
      direct: true,
    });
  });

  it('leaves optional what only they ask for who can do without', async () => {
    const asks = `${ASKS_A}  dependenciesMeta:\n    a:\n      optional: true\n`;
    const lockfile = await parseYarn(berry(asks, A));
    expect(at(lockfile, 'a@npm:^1.0.0').optional).toBe(true);
    const root = { dependenciesMeta: { a: { optional: true } } };
    const dependencies = { a: '^1.0.0' };
    expect(
      at(
        await parseYarn(berry(ASKS_A, A), { root: { ...root, dependencies } }),
        'a@npm:^1.0.0',
      ).optional,
    ).toBe(true);
  });

  it.each([
    ['for all', { b: 'npm:2.0.0' }, 'b@npm:2.0.0'],
    ['for one package', { 'a/b': '2.0.0' }, 'b@npm:2.0.0'],
    ['for one range', { 'b@npm:1.0.0': '2.0.0' }, 'b@npm:2.0.0'],
    ['for another package', { 'c/b': '2.0.0' }, 'b@npm:1.0.0'],
    ['for another range', { 'b@npm:3': '2.0.0' }, 'b@npm:1.0.0'],
  ])('follows resolutions %s', async (_what, resolutions, key) => {
    const text = berry(
      ASKS_A,
      berryEntry('a@npm:^1.0.0', 'a@npm:1.0.0', {
        more: '  dependencies:\n    b: "npm:1.0.0"\n',
      }),
      berryEntry('b@npm:1.0.0', 'b@npm:1.0.0'),
      berryEntry('b@npm:2.0.0', 'b@npm:2.0.0', { version: '2.0.0' }),
    );
    const root = { dependencies: { a: '^1.0.0' }, resolutions };
    expect(at(await parseYarn(text, { root }), key).paths).toEqual([
      ['my-app', 'a', 'b'],
    ]);
  });

  it('leads to each version that a catalog may mean', async () => {
    const lockfile = await parseYarn(berry(ASKS_A, A), {
      root: { dependencies: { a: 'catalog:' } },
    });
    expect(at(lockfile, 'a@npm:^1.0.0').direct).toBe(true);
  });

  it.each(['4', '5', '6', '7', '8', '9', '10'])(
    'may have version %s',
    async (version) => {
      const text = berry(ASKS_A, A).replace(
        'version: 8',
        () => `version: ${version}`,
      );
      expect((await parseYarn(text)).formatVersion).toBe(version);
    },
  );

  it.each([
    // L26
    ['version 99', berry('').replace(': 8', ': 99'), 'version 4 to 10, found'],
    ['version 3', berry('').replace(': 8', ': 3'), 'version 4 to 10, found'],
    ['no version', berry('').replace('version: 8', 'x: y'), 'found nothing'],
    // L24, L25
    [
      'a tag for a version',
      berry('', berryEntry('a@npm:1', 'a@npm:x', { version: 'x' })),
      'expected an exact version, found "x"',
    ],
    [
      'a name that escapes',
      berry('', berryEntry('..@npm:1', '..@npm:1.0.0')),
      'expected a package name, found ".."',
    ],
    // L29
    [
      'anchors',
      `${berry('')}x: &x\n  y: *x\n`,
      'a value that Yarn does not write',
    ],
    // L30
    [
      'a conflict',
      `${berry('')}<<<<<<< HEAD\n`,
      ':7: merge conflict marker "<<<<<<<": resolve the conflict with yarn',
    ],
    [
      'another version than it resolves to',
      berry('', berryEntry('a@npm:1', 'a@npm:1.0.0', { version: '1.0.1' })),
      'version "1.0.1", but resolution "1.0.0"',
    ],
    // L21
    [
      'a resolution to another package',
      berry('', berryEntry('a@npm:1', 'evil@npm:1.0.0')),
      'resolution names another package: "evil"',
    ],
    [
      'an alias of another package',
      berry('', berryEntry('a@npm:b@1', 'evil@npm:1.0.0')),
      'resolution names another package: "evil"',
    ],
    [
      'a package of JSR for another one',
      berry('', berryEntry('@a/b@jsr:1', '@a/evil@jsr:1.0.0')),
      'resolution names another package: "@jsr/a__evil"',
    ],
    [
      'a package of JSR for one of npm',
      berry('', berryEntry('@a/b@npm:1', '@a/b@jsr:1.0.0')),
      'resolution names another package: "@jsr/a__b"',
    ],
    [
      'a package of JSR without a scope',
      berry('', berryEntry('b@jsr:1', 'b@jsr:1.0.0')),
      'no known origin: "jsr:1.0.0"',
    ],
    [
      'a patch of another package',
      berry('', berryEntry('a@npm:1', 'a@patch:evil@npm%3A1.0.0#x')),
      'resolution names another package: "evil"',
    ],
    [
      'one resolution twice',
      berry(
        '',
        berryEntry('a@npm:1', 'a@npm:1.0.0'),
        berryEntry('a@npm:^1', 'a@npm:1.0.0', { checksum: '10c0/bb' }),
      ),
      '"a@npm:1.0.0" in two entries',
    ],
    [
      'an unknown protocol',
      berry('', berryEntry('a@exotic:1', 'a@exotic:1')),
      'no known origin: "exotic:1"',
    ],
    [
      'a locator without a protocol',
      berry('', berryEntry('a@1', 'a@1.0.0')),
      'no known origin: "1.0.0"',
    ],
    [
      'no resolution',
      berry('', '"a@npm:1":\n  version: 1.0.0\n'),
      'expected a resolution, found null',
    ],
    [
      'a patch without end',
      berry('', berryEntry('a@npm:1', 'a@patch:a@patch#x')),
      'no known origin',
    ],
    ['no root', '__metadata:\n  version: 8\n', 'one entry of the root project'],
  ])('is refused for %s', async (_defect, text, message) => {
    expect(await yarnFailure(text)).toContain(message);
  });

  it('is refused if it lacks a workspace or what is asked for', async () => {
    const root = { workspaces: ['b'], dependencies: { a: '^1.0.0' } };
    const workspaces = { b: { name: 'b' } };
    expect(await yarnFailure(berry(ASKS_A, A), { root, workspaces })).toContain(
      'does not have the workspace "b"',
    );
    expect(await yarnFailure(berry(''), { root })).toContain(
      'does not pin "a", which the project asks for',
    );
    expect(await yarnFailure(berry(ASKS_A, A), { root })).toBe('');
  });
});
