import { describe, expect, it } from 'vitest';

import { findConflictingPins } from '../../src/verification/lockfile-claims.js';
import { at, INTEGRITY } from './lockfile-input.js';
import { parseYarn, v1, v1Entry, yarnFailure } from './yarn-input.js';

const ROOT = { name: 'my-app', dependencies: { a: '^1.0.0' } };
const SHA1 = '574c8138ce1d2b5861f0b44579dbadd60c6615b2';

describe('a lockfile of Yarn 1', () => {
  it('says of a version what the entry says', async () => {
    const text = v1(v1Entry('a@^1.0.0', { version: '1.2.3' }));
    const { dependencies, ...lockfile } = await parseYarn(text, { root: ROOT });
    expect(lockfile).toMatchObject({
      format: 'yarn-v1',
      formatVersion: '1',
      entries: 1,
      rootName: 'my-app',
    });
    expect(dependencies).toMatchObject([
      {
        id: { name: 'a', version: '1.2.3' },
        integrity: INTEGRITY,
        origin: {
          kind: 'registry',
          resolved: 'https://registry.yarnpkg.com/a/-/a-1.2.3.tgz',
        },
        locations: ['a@^1.0.0'],
        paths: [['my-app', 'a']],
        direct: true,
        production: true,
        line: 4,
        column: 1,
      },
    ]);
  });

  it('takes a mark of the byte order and CRLF', async () => {
    const text = `\uFEFF${v1(v1Entry('a@^1.0.0'))}`.replaceAll('\n', '\r\n');
    expect((await parseYarn(text, { root: ROOT })).entries).toBe(1);
  });

  it.each([
    ['a version', 'left@npm:left-pad@1.0.0', 'left-pad'],
    ['a scope', 'left@npm:@acme/left@^1.0.0', '@acme/left'],
    ['no version', 'left@npm:left-pad', 'left-pad'],
    ['a scope without a version', 'left@npm:@acme/left', '@acme/left'],
  ])('names what is behind an alias: %s', async (_form, key, name) => {
    const lockfile = await parseYarn(v1(v1Entry(key, { name })));
    expect(at(lockfile, key)).toMatchObject({
      id: { name, version: '1.0.0' },
      aliases: ['left'],
    });
  });

  // L08, L09
  it.each([
    ['both', `#${SHA1}`, `  integrity ${INTEGRITY}\n`, INTEGRITY],
    ['only a SHA-1 in the address', `#${SHA1}`, '', /^sha1-V0yBOM4d/],
    ['nothing', '', '', null],
    ['something else behind the address', '#abc', '', null],
  ])('has the integrity there is: %s', async (_what, hash, more, expected) => {
    const text = v1(
      `a@1:\n  version "1.0.0"\n  resolved "https://registry.yarnpkg.com/a/-/a-1.0.0.tgz${hash}"\n${more}`,
    );
    const { integrity } = at(await parseYarn(text), 'a@1');
    if (expected instanceof RegExp) expect(integrity).toMatch(expected);
    else expect(integrity).toBe(expected);
  });

  // L14
  it('keeps two pins of one version apart', async () => {
    const other = `sha512-${Buffer.alloc(64, 9).toString('base64')}`;
    const { dependencies } = await parseYarn(
      v1(v1Entry('a@^1.0.0'), v1Entry('a@~1.0.0', { integrity: other })),
    );
    expect(dependencies.length).toBe(2);
    expect([...findConflictingPins(dependencies)]).toEqual(['a@1.0.0']);
  });

  // L18
  it.each([
    ['git+ssh://git@host.example/o/r.git', 'git'],
    ['https://host.example/o/r.git#main', 'git'],
    ['owner/repository', 'git'],
    ['github:owner/repository', 'git'],
    ['git@host.example:o/r.git', 'git'],
    ['https://host.example/a.tgz', 'remote-tarball'],
    ['https://host.example/archive', 'remote-tarball'],
    ['file:./a', 'file'],
    ['./a', 'file'],
    ['link:./a', 'link'],
    ['^1.0.0', 'registry'],
    ['latest', 'registry'],
    ['1.x || >=2.5.0', 'registry'],
  ])('tells the origin of what is asked for as %s', async (range, kind) => {
    const key = `a@${range}`;
    const text = v1(`"${key}":\n  version "1.0.0"\n`);
    expect(at(await parseYarn(text), key).origin.kind).toBe(kind);
  });

  it('audits what one of several asks a registry for', async () => {
    const key = 'a@^1.0.0, a@owner/repository';
    const text = v1(
      `a@^1.0.0, "a@owner/repository":\n  version "1.0.0"\n  resolved "git+ssh://git@host.example/a.git#1"\n`,
    );
    expect(at(await parseYarn(text), key).origin.kind).toBe('registry');
  });

  it('takes an archive of a registry for no repository', async () => {
    const key = 'a@owner/repository';
    const text = v1(
      `"${key}":\n  version "1.0.0"\n  resolved "https://registry.yarnpkg.com/a/-/a-1.0.0.tgz"\n`,
    );
    expect(at(await parseYarn(text), key).origin.kind).toBe('remote-tarball');
  });

  it('knows the names of files in a mirror', async () => {
    const entry = (file: string): string =>
      v1(`"@s/a@1":\n  version "1.0.0"\n  resolved "${file}#${SHA1}"\n`);
    const lockfile = await parseYarn(entry('@s-a-1.0.0.tgz'));
    expect(at(lockfile, '@s/a@1').origin.resolved).toBeNull();
    expect(await yarnFailure(entry('@s-b-1.0.0.tgz'))).toContain(
      'resolved names another package',
    );
  });

  it('follows dependencies, optional ones and workspaces', async () => {
    const text = v1(
      v1Entry('a@^1.0.0', {
        more: '  dependencies:\n    b "^1.0.0"\n  optionalDependencies:\n    c "1"\n',
      }),
      v1Entry('b@^1.0.0'),
      v1Entry('c@1'),
      v1Entry('d@1'),
    );
    const lockfile = await parseYarn(text, {
      root: { ...ROOT, workspaces: ['packages/*'] },
      workspaces: {
        'packages/x': { name: 'x', devDependencies: { d: '1', y: '1.0.0' } },
        'packages/y': { name: 'y' },
      },
    });
    expect(at(lockfile, 'b@^1.0.0')).toMatchObject({
      direct: false,
      optional: false,
      paths: [['my-app', 'a', 'b']],
    });
    expect(at(lockfile, 'c@1')).toMatchObject({ optional: true });
    expect(at(lockfile, 'd@1')).toMatchObject({
      production: false,
      direct: true,
      workspaces: ['x'],
      paths: [['my-app', 'x', 'd']],
    });
  });

  it.each([
    ['the root', { root: { dependencies: { a: '^2.0.0' } } }],
    [
      'a workspace',
      {
        root: ROOT,
        workspaces: { 'packages/x': { devDependencies: { b: '1' } } },
      },
    ],
  ])('is refused if it lacks what %s asks for', async (_who, manifests) => {
    const text = v1(v1Entry('a@^1.0.0'));
    expect(await yarnFailure(text, manifests)).toMatch(
      /^yarn\.lock: does not pin "[ab]", which the project asks for/,
    );
  });

  it('may lack what is optional, or a peer', async () => {
    const root = {
      ...ROOT,
      optionalDependencies: { b: '1' },
      peerDependencies: { c: '1' },
    };
    expect(await yarnFailure(v1(v1Entry('a@^1.0.0')), { root })).toBe('');
  });

  it('finds by its resolution what is asked for otherwise', async () => {
    const text = v1(v1Entry('a@1.5.0', { version: '1.5.0' }));
    const resolutions = { '**/a': '1.5.0' };
    const lockfile = await parseYarn(text, { root: { ...ROOT, resolutions } });
    expect(at(lockfile, 'a@1.5.0').direct).toBe(true);
  });

  it('counts all as production where nobody knows what is asked for', async () => {
    const { dependencies } = await parseYarn(
      v1(
        v1Entry('a@^1.0.0', { more: '  dependencies:\n    b "1"\n' }),
        v1Entry('b@1'),
      ),
    );
    expect(dependencies).toMatchObject([
      { id: { name: 'a' }, production: true, direct: true },
      { id: { name: 'b' }, production: true, direct: false },
    ]);
  });

  it.each([
    // L01
    ['an empty file', '', 'empty file'],
    ['another file', '{}', 'expected "# yarn lockfile v1" or'],
    // L02
    ['NUL bytes', '\0', 'NUL bytes'],
    // L04
    [
      'a prototype',
      v1('a@1:\n  dependencies:\n    __proto__ "1"\n'),
      'yarn.lock:6: a key that no package has',
    ],
    ['an inherited name', v1('constructor:\n  version "x"\n'), 'exact version'],
    // L24
    ['a tag', v1(v1Entry('a@1', { version: 'latest' })), 'an exact version'],
    ['a path', v1(v1Entry('a@1', { version: '../../x' })), 'an exact version'],
    ['no version', v1('a@1:\n  resolved ""\n'), 'an exact version'],
    // L25
    ['a name that escapes', v1(v1Entry('..@1')), 'a package name'],
    ['an escaped name', v1(v1Entry('%2e%2e@1')), 'a package name'],
    ['a long name', v1(v1Entry(`${'a'.repeat(215)}@1`)), 'a package name'],
    ['another alphabet', v1(v1Entry('аcme@1')), 'a package name'],
    [
      'an alias that escapes',
      v1(v1Entry('..@npm:a@1', { name: 'a' })),
      'a package name',
    ],
    // L30
    [
      'a conflict',
      v1('<<<<<<< HEAD', v1Entry('a@1'), '=======', '>>>>>>> x'),
      'yarn.lock:4: merge conflict marker',
    ],
    [
      'two packages in one',
      v1('a@1, b@1:\n  version "1.0.0"\n'),
      'several packages in one entry: ["a","b"]',
    ],
    ['an unknown protocol', v1(v1Entry('a@exotic:1')), 'no known origin'],
    ['a workspace', v1(v1Entry('a@workspace:*')), 'no known origin'],
    ['a text for an entry', v1('a@1 "x"\n'), 'yarn.lock:4: expected an entry'],
    [
      'a map for a text',
      v1('a@1:\n  version:\n    b "c"\n'),
      'version: expected a text',
    ],
    [
      'a text for a map',
      v1('a@1:\n  version "1.0.0"\n  dependencies "b"\n'),
      'dependencies: expected a map',
    ],
    ['metadata of Berry', v1('__metadata:\n  version "8"\n'), 'package name'],
  ])('is refused for %s', async (_defect, text, message) => {
    expect(await yarnFailure(text)).toContain(message);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  // L25
  it('may have a name of older times', async () => {
    const lockfile = await parseYarn(v1(v1Entry('JSONStream@1')));
    expect(at(lockfile, 'JSONStream@1').origin.kind).toBe('registry');
  });
});
