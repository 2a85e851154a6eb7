import { describe, expect, it } from 'vitest';

import {
  fixture,
  nameOf,
  only,
  parseOther,
  PNPM,
  pnpm9,
  SRI,
} from './pnpm-input.js';

const VERSIONS = ['pnpm-7', 'pnpm-8', 'pnpm-9', 'pnpm-10'];

describe.each(VERSIONS)('the lockfile of %s', (folder) => {
  const manifest: unknown = JSON.parse(
    new TextDecoder().decode(fixture(`${folder}/package.json`)),
  );
  const load = () =>
    parseOther(PNPM, fixture(`${folder}/pnpm-lock.yaml`), manifest);

  it('has every entry in one dependency, by its origin', async () => {
    const lockfile = await load();
    const kinds = lockfile.dependencies.map(({ origin }) => origin.kind);
    const count = (kind: string) =>
      kinds.filter((each) => each === kind).length;
    expect({
      entries: lockfile.entries,
      locations: lockfile.dependencies.flatMap((each) => each.locations).length,
      registry: count('registry'),
      workspace: count('workspace'),
      file: count('file'),
      git: count('git'),
      remote: count('remote-tarball'),
    }).toEqual({
      entries: 21,
      locations: 21,
      registry: 15,
      workspace: 2,
      file: 2,
      git: 1,
      remote: 1,
    });
  });

  it('knows aliases, patches, overrides, options, peers and workspaces', async () => {
    const lockfile = await load();
    expect(only(lockfile, 'ms@2.0.0').aliases).toEqual(['ms-old']);
    // pnpm 7 does not take the override for a range.
    const ms = folder === 'pnpm-7' ? 'ms@2.1.3' : 'ms@2.1.2';
    expect(only(lockfile, ms)).toMatchObject({
      aliases: [],
      production: false,
      direct: false,
    });
    const patched = lockfile.dependencies.filter((each) => each.patched);
    expect(patched.map(nameOf)).toEqual(['once@1.4.0']);
    expect(only(lockfile, 'fsevents')).toMatchObject({
      optional: true,
      direct: true,
      omittedBy: [['optional']],
    });
    expect(only(lockfile, 'ajv')).toMatchObject({
      direct: true,
      omittedBy: [],
    });
    expect(only(lockfile, 'wrappy')).toMatchObject({
      production: true,
      direct: true,
      workspaces: ['@acme/lib', 'packages/tool'],
    });
    expect(only(lockfile, 'yallist')).toMatchObject({
      production: false,
      paths: [['my-app', 'packages/tool', 'yallist']],
    });
  });

  it('says where each entry begins', async () => {
    const { dependencies } = await load();
    const lines = new TextDecoder()
      .decode(fixture(`${folder}/pnpm-lock.yaml`))
      .split('\n');
    for (const { line, column, locations } of dependencies) {
      const found = lines[(line ?? 0) - 1]?.slice((column ?? 0) - 1) ?? '';
      expect(found.replaceAll("'", '').startsWith(`${locations[0]}:`)).toBe(
        true,
      );
    }
  });
});

it.each(['pnpm-8', 'pnpm-9'])('agrees with what %s lists', async (folder) => {
  const lockfile = await parseOther(PNPM, fixture(`${folder}/pnpm-lock.yaml`));
  const listed = JSON.parse(
    new TextDecoder().decode(fixture(`${folder}/listed.json`)),
  ) as readonly {
    readonly production: readonly string[];
    readonly development: readonly string[];
  }[];
  // pnpm leaves out what is for other platforms, and shows folders otherwise.
  const isListed = (name: string) =>
    !/^(?:fsevents|from-folder|@acme\/lib)@/.test(name);
  const production = new Set(
    listed.flatMap((each) => each.production).filter(isListed),
  );
  const all = new Set([
    ...production,
    ...listed.flatMap((each) => each.development).filter(isListed),
  ]);
  const found = lockfile.dependencies
    .filter(({ origin }) => origin.kind !== 'workspace')
    .filter((each) => isListed(nameOf(each)));
  expect(found.map(nameOf).toSorted()).toEqual([...all].toSorted());
  expect(
    found
      .filter((each) => each.production)
      .map(nameOf)
      .toSorted(),
  ).toEqual([...production].toSorted());
});

describe('an entry of pnpm-lock.yaml', () => {
  it.each([
    ['of the registry', {}, 'registry', null],
    [
      'with the address of its tarball',
      {
        fields: `resolution: {integrity: ${SRI}, tarball: https://r.example/left/-/left-1.0.0.tgz}`,
      },
      'registry',
      'https://r.example/left/-/left-1.0.0.tgz',
    ],
    [
      'whose resolution contradicts its key',
      {
        fields:
          'resolution: {type: git, repo: https://x.example/y.git, commit: abc}',
      },
      'registry',
      'https://x.example/y.git#abc',
    ],
    [
      'from an address',
      {
        specifier: 'https://x.example/left.tgz',
        version: 'https://x.example/left.tgz',
        fields: 'resolution: {tarball: https://x.example/left.tgz}',
      },
      'remote-tarball',
      'https://x.example/left.tgz',
    ],
    [
      'from a host of repositories',
      {
        specifier: 'github:acme/left',
        version: 'https://codeload.github.com/acme/left/tar.gz/abc',
        fields:
          'resolution: {tarball: https://codeload.github.com/acme/left/tar.gz/abc}',
      },
      'git',
      'https://codeload.github.com/acme/left/tar.gz/abc',
    ],
  ])('%s', async (_what, parts, kind, resolved) => {
    const { dependencies } = await parseOther(PNPM, pnpm9(parts));
    expect(dependencies.map(({ origin }) => origin)).toEqual([
      { kind, resolved },
    ]);
  });

  it('keeps an integrity that is weak, and the lack of one', async () => {
    const weak = pnpm9({ fields: 'resolution: {integrity: sha1-AAAA}' });
    expect(only(await parseOther(PNPM, weak), 'left').integrity).toBe(
      'sha1-AAAA',
    );
    const none = pnpm9({ fields: 'resolution: {}' });
    expect(only(await parseOther(PNPM, none), 'left').integrity).toBeNull();
  });

  it.each([
    ['L24: a tag', { version: 'latest' }, 'an exact version, found "latest"'],
    ['L24: a range', { version: '1.x' }, 'an exact version, found "1.x"'],
    [
      'L25: ..',
      { key: "'..@1.0.0'", version: "'..@1.0.0'" },
      'a package name, found ".."',
    ],
    [
      'L25: %2e%2e',
      { key: "'%2e%2e@1.0.0'", version: "'%2e%2e@1.0.0'" },
      'a package name',
    ],
    ['another name within', { fields: 'name: evil' }, 'is "evil@" within'],
    [
      'an unknown origin',
      { fields: 'resolution: {type: new}' },
      'no known origin: type "new"',
    ],
    [
      'nothing that says where it is from',
      { specifier: 'x:y', version: 'x:y', fields: 'resolution: {}' },
      'no known origin: nothing',
    ],
    ['no entry', { key: 'right@1.0.0' }, '"left": no entry for "1.0.0"'],
    [
      'an address in the place of a version',
      {
        version: 'https://x.example/left.tgz',
        fields: 'resolution: {tarball: https://x.example/left.tgz}',
      },
      '"^1.0.0" is asked for, "https://x.example/left.tgz" is no version of a registry',
    ],
  ])('is refused: %s', async (_what, parts, message) => {
    await expect(parseOther(PNPM, pnpm9(parts))).rejects.toMatchObject({
      code: 'LOCKFILE_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });

  it('L04: takes names that objects inherit for data', async () => {
    const text = pnpm9().replaceAll('left', 'constructor');
    expect(only(await parseOther(PNPM, text), 'constructor').direct).toBe(true);
    await expect(
      parseOther(PNPM, pnpm9().replaceAll('left', '__proto__')),
    ).rejects.toMatchObject({ code: 'LOCKFILE_INVALID' });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('L14: is another one where the digest differs', async () => {
    const other = `sha512-${Buffer.alloc(64, 8).toString('base64')}`;
    const second = pnpm9({ fields: `resolution: {integrity: ${other}}` });
    const { entries, dependencies } = await parseOther(
      PNPM,
      `${pnpm9()}---\n${second}`,
    );
    expect(entries).toBe(2);
    expect(dependencies.map(({ locations }) => locations)).toEqual([
      ['left@1.0.0'],
      ['left@1.0.0 (document 2)'],
    ]);
  });
});

describe('pnpm-lock.yaml', () => {
  it('counts all its documents', async () => {
    const first = pnpm9()
      .replace('dependencies:', 'packageManagerDependencies:')
      .replaceAll('left', 'pnpm');
    const lockfile = await parseOther(PNPM, `---\n${first}\n---\n${pnpm9()}`);
    expect(lockfile.dependencies.map(nameOf)).toEqual([
      'left@1.0.0',
      'pnpm@1.0.0',
    ]);
    expect(lockfile.dependencies.every((each) => each.production)).toBe(true);
  });

  it('takes settings that pnpm 6 to 9 put beside them for no dependencies', async () => {
    const settings = `lockfileVersion: '6.0'

neverBuiltDependencies:
  - core-js

onlyBuiltDependencies: []

ignoredOptionalDependencies:
  - fsevents
`;
    const packages = `
packages:

  /left@1.0.0:
    resolution: {integrity: ${SRI}}
`;
    const asked = `
dependencies:
  left:
    specifier: ^1.0.0
    version: 1.0.0
`;
    const lockfile = await parseOther(PNPM, settings + asked + packages);
    expect(lockfile.dependencies.map(nameOf)).toEqual(['left@1.0.0']);
    // What is no such setting is looked at, whatever it is called.
    const other = asked.replace('dependencies', 'otherDependencies');
    const { dependencies } = await parseOther(
      PNPM,
      settings + other + packages,
    );
    expect(dependencies[0]).toMatchObject({ direct: true });
    await expect(
      parseOther(PNPM, `${settings}otherDependencies: []\n${packages}`),
    ).rejects.toThrow('otherDependencies: expected a map');
  });

  it('L32: does not go by its flags, and not against the manifest', async () => {
    const text = pnpm9({
      fields: `resolution: {integrity: ${SRI}}\n    dev: true\n    optional: true`,
    });
    const hidden = text.replace('dependencies:', 'devDependencies:');
    expect(only(await parseOther(PNPM, text), 'left').production).toBe(true);
    expect(only(await parseOther(PNPM, hidden), 'left').production).toBe(false);
    const manifest = { name: 'my-app', dependencies: { left: '^1.0.0' } };
    expect(
      only(await parseOther(PNPM, hidden, manifest), 'left').production,
    ).toBe(true);
  });

  it('pins all that the manifest asks for', async () => {
    const manifest = { dependencies: { left: '1', missing: '1' } };
    await expect(parseOther(PNPM, pnpm9(), manifest)).rejects.toThrow(
      'pnpm-lock.yaml: does not pin "missing", which the project asks for',
    );
    const hook = `${pnpm9()}\npnpmfileChecksum: abc\n`;
    expect((await parseOther(PNPM, hook, manifest)).entries).toBe(1);
  });

  it('L22: does not read what is linked outside of the root', async () => {
    const text = pnpm9({ version: 'link:../../etc' });
    const { dependencies } = await parseOther(
      PNPM,
      text
        .replace('left@link:../../etc', 'left@1.0.0')
        .replace('left@link:../../etc', 'left@1.0.0'),
    );
    expect(dependencies.map(({ origin }) => origin)).toContainEqual({
      kind: 'link',
      resolved: 'link:../../etc',
    });
  });

  it.each([
    [
      'L26: version 99',
      pnpm9().replace('9.0', '99.0'),
      'expected lockfileVersion 5, 6 or 9, found "99.0"',
    ],
    [
      'L26: no version',
      pnpm9().replace("lockfileVersion: '9.0'", 'x: y'),
      'found none',
    ],
    ['L01: nothing', '', 'empty file'],
    ['L01: something else', '{', 'not YAML'],
    [
      'L02: UTF-16',
      new Uint8Array(Buffer.from(pnpm9(), 'utf16le')),
      'not UTF-8',
    ],
    [
      'L29: anchors',
      `a: &a [x]\nb: *a\n${pnpm9()}`,
      'anchors are not accepted',
    ],
    ['L29: a bomb', `${bomb()}${pnpm9()}`, 'anchors are not accepted'],
    ['L29: tags', `a: !!js/function x\n${pnpm9()}`, 'pnpm-lock.yaml:1:'],
    [
      'L29: merge keys',
      `a:\n  <<: {b: c}\n${pnpm9()}`,
      'merge keys are not accepted',
    ],
    [
      'L29: nesting',
      `a: ${'['.repeat(100_000)}`,
      'nested deeper than 64 levels',
    ],
    [
      'a key twice',
      pnpm9().replace('packages:', 'importers:\n\npackages:'),
      'duplicate key "importers"',
    ],
    [
      'a merge conflict',
      pnpm9().replace('packages:', '<<<<<<< a\n=======\n>>>>>>> b'),
      'pnpm-lock.yaml:11: merge conflict marker',
    ],
  ])('is refused: %s', async (_what, content, message) => {
    await expect(parseOther(PNPM, content)).rejects.toMatchObject({
      code: 'LOCKFILE_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });

  it('L02: may have a byte order mark and CRLF', async () => {
    const text = `\uFEFF${pnpm9().replaceAll('\n', '\r\n')}`;
    expect(only(await parseOther(PNPM, text), 'left')).toMatchObject({
      integrity: SRI,
      line: 13,
      column: 3,
    });
  });

  it('is known by its content under another name', async () => {
    expect((await parseOther('base.txt', pnpm9())).format).toBe('pnpm-lock');
  });
});

function bomb(): string {
  const lines = ['a0: &a0 [x, x]'];
  for (let level = 1; level < 30; level += 1) {
    lines.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`);
  }
  return `${lines.join('\n')}\n`;
}
