import { describe, expect, it } from 'vitest';

import {
  allLocations,
  at,
  failure,
  fileOf,
  INTEGRITY,
  lockfileV1,
  lockfileV3,
  parse,
  registryEntry,
} from './lockfile-input.js';

const GIT =
  'git+ssh://git@github.com/acme/a.git#0123456789012345678901234567890123456789';
const TARBALL = 'https://files.example/a.tgz';
const A = 'node_modules/a';

describe('the origin of an entry in a version 3 lockfile', () => {
  it.each([
    ['a registry entry', '^1.0.0', registryEntry('a'), 'registry'],
    [
      'a registry entry on a host of its own',
      '^1.0.0',
      { ...registryEntry('a'), resolved: TARBALL },
      'registry',
    ],
    [
      'a registry entry without resolved',
      '^1.0.0',
      { version: '1.0.0', integrity: INTEGRITY },
      'registry',
    ],
    [
      'an entry with nothing but a version',
      '^1.0.0',
      { version: '1.0.0' },
      'registry',
    ],
    ['a tag', 'latest', registryEntry('a'), 'registry'],
    ['any version', '', registryEntry('a'), 'registry'],
    [
      'git over ssh',
      'git+ssh://git@github.com/acme/a.git',
      { version: '1.0.0', resolved: GIT },
      'git',
    ],
    [
      'git over https',
      'git+https://git.example/a.git',
      { resolved: 'git+https://git.example/a.git#01' },
      'git',
    ],
    [
      'the GitHub shorthand',
      'acme/a',
      { version: '1.0.0', resolved: GIT },
      'git',
    ],
    [
      'github:',
      'github:acme/a#semver:^1',
      { version: '1.0.0', resolved: GIT },
      'git',
    ],
    [
      'the form of scp',
      'git@git.example:acme/a.git',
      { version: '1.0.0', resolved: GIT },
      'git',
    ],
    [
      'git that came with an integrity',
      'acme/a',
      { version: '1.0.0', resolved: GIT, integrity: INTEGRITY },
      'git',
    ],
    [
      'a tarball address',
      TARBALL,
      { version: '1.0.0', resolved: TARBALL, integrity: INTEGRITY },
      'remote-tarball',
    ],
    [
      'a tarball file',
      'file:a.tgz',
      { version: '1.0.0', resolved: 'file:a.tgz', integrity: INTEGRITY },
      'file',
    ],
    [
      'a folder installed by copy',
      'file:a',
      { version: '1.0.0', resolved: 'file:a' },
      'file',
    ],
    // What only looks like something else is audited.
    [
      'git where a version is asked for',
      '^1.0.0',
      { version: '1.0.0', resolved: GIT },
      'registry',
    ],
    [
      'a file where a version is asked for',
      '^1.0.0',
      { version: '1.0.0', resolved: 'file:evil.tgz' },
      'registry',
    ],
    ['an unclear specification', 'weird:thing', registryEntry('a'), 'registry'],
    [
      'a registry entry where git is asked for',
      'acme/a',
      registryEntry('a'),
      'registry',
    ],
  ])('%s', async (_what, spec, entry, kind) => {
    const lockfile = await parse(
      lockfileV3({ dependencies: { a: spec } }, { [A]: entry }),
    );
    expect(lockfile.dependencies).toHaveLength(1);
    const { resolved = null } = entry as { readonly resolved?: string };
    expect(at(lockfile, A)).toMatchObject({
      origin: { kind, resolved },
      direct: true,
    });
  });

  it.each([
    ['git, which the project asks for', 'acme/a', '^1.0.0', GIT, 'git'],
    [
      'git, while the project asks for a version',
      '^1.0.0',
      'acme/a',
      GIT,
      'registry',
    ],
    [
      'a file, while the project asks for a version',
      '^1.0.0',
      'file:a.tgz',
      'file:a.tgz',
      'registry',
    ],
    [
      'a tarball, while the project asks for a version',
      '^1.0.0',
      TARBALL,
      TARBALL,
      'registry',
    ],
    [
      'a tarball, while another asks for a version',
      TARBALL,
      '^1.0.0',
      TARBALL,
      'registry',
    ],
    [
      'a tarball that both ask for',
      TARBALL,
      TARBALL,
      TARBALL,
      'remote-tarball',
    ],
  ])('asked for twice: %s', async (_what, ofRoot, ofOther, resolved, kind) => {
    const lockfile = await parse(
      lockfileV3(
        { dependencies: { a: ofRoot, b: '1' } },
        {
          [A]: { version: '1.0.0', resolved },
          'node_modules/b': {
            ...registryEntry('b'),
            dependencies: { a: ofOther },
          },
        },
      ),
    );
    expect(at(lockfile, A).origin.kind).toBe(kind);
  });

  it.each([
    ['a registry entry', registryEntry('a'), 'registry'],
    ['a tarball address', { version: '1.0.0', resolved: TARBALL }, 'registry'],
    ['git', { version: '1.0.0', resolved: GIT }, 'git'],
    ['a file', { version: '1.0.0', resolved: 'file:a.tgz' }, 'file'],
  ])('asked for by nobody: %s', async (_what, entry, kind) => {
    const lockfile = await parse(lockfileV3({}, { [A]: entry }));
    expect(at(lockfile, A)).toMatchObject({
      origin: { kind },
      production: true,
      direct: false,
      optional: false,
      omittedBy: [],
      paths: [],
    });
  });

  it.each([
    [
      'a protocol nobody knows',
      { version: '1.0.0', resolved: 'gopher://x/a.tgz' },
    ],
    ['text', { version: '1.0.0', resolved: 'nonsense' }],
    [
      'a JavaScript address',
      { version: '1.0.0', resolved: 'javascript:alert(1)' },
    ],
  ])('refuses to guess: %s', async (_what, entry) => {
    const bytes = lockfileV3({ dependencies: { a: '1' } }, { [A]: entry });
    expect(await failure(bytes)).toMatchObject({
      code: 'LOCKFILE_INVALID',
      message: expect.stringContaining('no known origin: resolved "') as string,
    });
  });

  it('follows the overrides of the manifest', async () => {
    const bytes = lockfileV3(
      { dependencies: { b: '1' } },
      {
        [A]: { version: '1.0.0', resolved: GIT },
        'node_modules/b': {
          ...registryEntry('b'),
          dependencies: { a: '^1.0.0' },
        },
      },
    );
    const manifest = fileOf({
      dependencies: { b: '1' },
      overrides: { a: 'github:acme/a' },
    });
    expect(at(await parse(bytes), A).origin.kind).toBe('registry');
    expect(at(await parse(bytes, manifest), A).origin.kind).toBe('git');
  });
});

describe('aliases', () => {
  it('has the real name of an alias, and the name it is installed under', async () => {
    const lockfile = await parse(
      lockfileV3(
        {
          dependencies: {
            react: 'npm:evil-react@1.0.0',
            'evil-react': '1.0.0',
          },
        },
        {
          'node_modules/react': {
            name: 'evil-react',
            ...registryEntry('evil-react'),
          },
          'node_modules/evil-react': registryEntry('evil-react'),
        },
      ),
    );
    expect(lockfile.dependencies).toEqual([
      expect.objectContaining({
        id: { name: 'evil-react', version: '1.0.0' },
        aliases: ['react'],
        locations: ['node_modules/evil-react', 'node_modules/react'],
        paths: [
          ['my-app', 'evil-react'],
          ['my-app', 'react'],
        ],
      }),
    ]);
  });

  it('keeps what the entry claims if resolved names something else', async () => {
    const lockfile = await parse(
      lockfileV3(
        { dependencies: { react: '1' } },
        { 'node_modules/react': registryEntry('evil-react') },
      ),
    );
    expect(at(lockfile, 'node_modules/react')).toMatchObject({
      id: { name: 'react' },
      aliases: [],
    });
  });
});

describe('links and workspaces', () => {
  it('reads nothing of a link that leads out of the root', async () => {
    const lockfile = await parse(
      lockfileV3(
        {
          dependencies: {
            etc: 'file:../../etc',
            abs: 'file:/etc',
            self: 'file:.',
          },
        },
        {
          'node_modules/etc': { resolved: '../../etc', link: true },
          'node_modules/abs': { resolved: '/etc', link: true },
          'node_modules/self': { resolved: '', link: true },
          'node_modules/sibling': { resolved: '../sibling', link: true },
          '../sibling': {
            name: '@acme/sibling',
            version: '2.0.0',
            dependencies: { a: '1' },
          },
          '../sibling/node_modules/a': registryEntry('a'),
        },
      ),
    );
    expect(lockfile.entries).toBe(6);
    expect(at(lockfile, 'node_modules/etc')).toMatchObject({
      id: { name: 'etc', version: '' },
      origin: { kind: 'link', resolved: '../../etc' },
    });
    expect(at(lockfile, 'node_modules/abs').origin.kind).toBe('link');
    expect(at(lockfile, 'node_modules/self').id.name).toBe('my-app');
    expect(at(lockfile, 'node_modules/sibling')).toMatchObject({
      id: { name: '@acme/sibling', version: '2.0.0' },
      aliases: ['sibling'],
    });
    expect(at(lockfile, '../sibling').origin.kind).toBe('workspace');
    expect(at(lockfile, '../sibling/node_modules/a').origin.kind).toBe(
      'registry',
    );
  });

  const WORKSPACES = {
    'node_modules/@acme/tool': { resolved: 'packages/tool', link: true },
    'packages/tool': {
      name: '@acme/tool',
      version: '1.1.0',
      dependencies: { a: '1' },
      devDependencies: { d: '1' },
    },
    [A]: { ...registryEntry('a'), dependencies: { deep: '1' } },
    'node_modules/deep': registryEntry('deep'),
    'node_modules/d': registryEntry('d'),
  };

  it('counts what a workspace asks for as direct', async () => {
    const lockfile = await parse(
      lockfileV3({ workspaces: ['packages/*'] }, WORKSPACES),
    );
    expect(at(lockfile, 'node_modules/@acme/tool')).toMatchObject({
      origin: { kind: 'link' },
      direct: true,
      production: true,
      aliases: [],
    });
    expect(at(lockfile, 'packages/tool')).toMatchObject({
      id: { name: '@acme/tool', version: '1.1.0' },
      origin: { kind: 'workspace' },
      direct: true,
      aliases: [],
    });
    expect(at(lockfile, A)).toMatchObject({
      direct: true,
      production: true,
      paths: [['my-app', '@acme/tool', 'a']],
    });
    expect(at(lockfile, 'node_modules/deep')).toMatchObject({
      direct: false,
      production: true,
    });
    expect(at(lockfile, 'node_modules/d')).toMatchObject({
      direct: true,
      production: false,
    });
  });

  it('does not take a folder that the root asks for by path for a workspace', async () => {
    const root = {
      workspaces: ['other/*'],
      dependencies: { '@acme/tool': 'file:packages/tool' },
    };
    const lockfile = await parse(lockfileV3(root, WORKSPACES));
    expect(at(lockfile, A)).toMatchObject({ direct: false, production: true });
    expect(at(lockfile, 'node_modules/d').production).toBe(false);
  });

  it.each([
    ['brackets in the folder name', 'packages/[tool]'],
    ['braces and stars', 'packages/{a,**}'],
    ['an exclamation mark', '!packages/tool'],
    ['a manifest for a folder name', 'package.json'],
    ['a very long folder name', `packages/${'x'.repeat(300)}`],
  ])('takes %s for a name, not for a pattern', async (_what, folder) => {
    const lockfile = await parse(
      lockfileV3(
        { workspaces: [folder] },
        {
          'node_modules/tool': { resolved: folder, link: true },
          [folder]: { name: 'tool', dependencies: { a: '1' } },
          [A]: registryEntry('a'),
        },
      ),
    );
    expect(at(lockfile, A)).toMatchObject({
      direct: true,
      production: true,
      paths: [['my-app', 'tool', 'a']],
    });
  });

  it.each([
    ['an address', { version: '1.0.0', resolved: TARBALL }],
    ['a digest', { version: '1.0.0', integrity: INTEGRITY }],
  ])('refuses a folder with %s, as npm gives it none', async (_what, entry) => {
    expect(
      await failure(lockfileV3({}, { 'packages/a': entry })),
    ).toMatchObject({ code: 'LOCKFILE_INVALID' });
  });

  it('accepts a folder within an installed package if a link leads to it', async () => {
    const folder = 'node_modules/a/packages/inner';
    const link = { resolved: folder, link: true };
    const packages = {
      [A]: registryEntry('a'),
      [folder]: { version: '1.0.0' },
    };
    const lockfile = await parse(
      lockfileV3({}, { ...packages, 'node_modules/inner': link }),
    );
    expect(at(lockfile, folder).origin.kind).toBe('workspace');
    expect((await failure(lockfileV3({}, packages))).message).toContain(
      'not a package name',
    );
  });
});

describe('bundled packages', () => {
  const bare = { version: '1.0.0', inBundle: true };

  it('are what an installed package lists, what that needs, and all beneath', async () => {
    const lockfile = await parse(
      lockfileV3(
        { dependencies: { a: '1' } },
        {
          [A]: {
            ...registryEntry('a'),
            bundleDependencies: ['b', 'pinned'],
            dependencies: { b: '1', other: '1' },
          },
          [`${A}/node_modules/b`]: {
            ...bare,
            dependencies: { c: '1', d: '1' },
          },
          [`${A}/node_modules/b/node_modules/d`]: bare,
          [`${A}/node_modules/c`]: bare,
          [`${A}/node_modules/other`]: bare,
          [`${A}/node_modules/pinned`]: { ...bare, integrity: INTEGRITY },
        },
      ),
    );
    const bundled = lockfile.dependencies
      .filter(({ origin }) => origin.kind === 'bundled')
      .flatMap(({ locations }) => locations);
    expect(bundled.toSorted()).toEqual([
      `${A}/node_modules/b`,
      `${A}/node_modules/b/node_modules/d`,
      `${A}/node_modules/c`,
    ]);
    expect(at(lockfile, `${A}/node_modules/other`).origin.kind).toBe(
      'registry',
    );
    expect(at(lockfile, `${A}/node_modules/pinned`).origin.kind).toBe(
      'registry',
    );
  });

  it.each([
    [
      'the root bundles it',
      { bundleDependencies: ['a'], dependencies: { a: '1' } },
      { [A]: bare },
    ],
    ['only the flag says so', { dependencies: { a: '1' } }, { [A]: bare }],
    [
      'a workspace bundles it',
      { workspaces: ['w'] },
      {
        'node_modules/w': { resolved: 'w', link: true },
        w: { bundleDependencies: ['a'], dependencies: { a: '1' } },
        'w/node_modules/a': bare,
      },
    ],
  ])('are in scope if %s', async (_what, root, packages) => {
    const lockfile = await parse(lockfileV3(root, packages));
    const last = Object.keys(packages).at(-1) ?? '';
    expect(at(lockfile, last).origin.kind).toBe('registry');
  });

  it('have a digest of their own if they are downloaded after all', async () => {
    const lockfile = await parse(
      lockfileV3(
        { dependencies: { a: '1' } },
        {
          [A]: { ...registryEntry('a'), bundleDependencies: ['b'] },
          [`${A}/node_modules/b`]: { ...registryEntry('b'), inBundle: true },
        },
      ),
    );
    expect(at(lockfile, `${A}/node_modules/b`).origin.kind).toBe('registry');
  });
});

describe('a version 1 lockfile', () => {
  const V1 = lockfileV1({
    a: {
      ...registryEntry('a'),
      requires: { b: '^1.0.0', g: 'github:acme/g' },
      dependencies: { b: registryEntry('b', '2.0.0') },
    },
    b: registryEntry('b'),
    alias: { ...registryEntry('@acme/real'), version: 'npm:@acme/real@1.0.0' },
    g: {
      version: 'git+ssh://git@github.com/acme/g.git#01',
      from: 'git+ssh://git@github.com/acme/g.git',
    },
    h: { version: 'github:acme/h#01', from: 'github:acme/h' },
    t: { version: TARBALL, integrity: INTEGRITY },
    f: { version: 'file:vendor/f.tgz', integrity: INTEGRITY },
    l: { version: 'file:../l' },
    old: { version: '1.0.0', resolved: false, dev: true, optional: true },
    blank: {},
    box: {
      ...registryEntry('box'),
      requires: { inner: '1' },
      dependencies: {
        inner: { version: '1.0.0', bundled: true },
        marked: {
          version: '1.0.0',
          bundled: true,
          requires: { deep: '1' },
          dependencies: { deep: { version: '1.0.0', bundled: true } },
        },
      },
    },
  });

  it.each([
    [A, 'a', '1.0.0', 'registry'],
    [`${A}/node_modules/b`, 'b', '2.0.0', 'registry'],
    ['node_modules/b', 'b', '1.0.0', 'registry'],
    ['node_modules/alias', '@acme/real', '1.0.0', 'registry'],
    ['node_modules/g', 'g', '', 'git'],
    ['node_modules/h', 'h', '', 'git'],
    ['node_modules/t', 't', '', 'remote-tarball'],
    ['node_modules/f', 'f', '', 'file'],
    ['node_modules/l', 'l', '', 'link'],
    ['node_modules/old', 'old', '1.0.0', 'registry'],
    ['node_modules/blank', 'blank', '', 'registry'],
    ['node_modules/box/node_modules/inner', 'inner', '1.0.0', 'bundled'],
    ['node_modules/box/node_modules/marked', 'marked', '1.0.0', 'registry'],
    [
      'node_modules/box/node_modules/marked/node_modules/deep',
      'deep',
      '1.0.0',
      'registry',
    ],
  ])('has %s', async (location, name, version, kind) => {
    const lockfile = await parse(V1);
    expect(lockfile.entries).toBe(15);
    expect(allLocations(lockfile)).toHaveLength(15);
    expect(at(lockfile, location)).toMatchObject({
      id: { name, version },
      origin: { kind },
    });
  });

  it('keeps the address that stands in the place of the version', async () => {
    const lockfile = await parse(V1);
    expect(at(lockfile, 'node_modules/t').origin.resolved).toBe(TARBALL);
    expect(at(lockfile, 'node_modules/l').origin.resolved).toBe('file:../l');
  });

  it('counts everything as production, and the unasked-for as direct, without a manifest', async () => {
    const lockfile = await parse(V1);
    expect(lockfile.dependencies.every(({ production }) => production)).toBe(
      true,
    );
    expect(at(lockfile, A)).toMatchObject({
      direct: true,
      paths: [['my-app', 'a']],
    });
    expect(at(lockfile, `${A}/node_modules/b`)).toMatchObject({
      direct: false,
      paths: [['my-app', 'a', 'b']],
    });
    expect(at(lockfile, 'node_modules/old')).toMatchObject({
      direct: true,
      optional: false,
    });
  });

  it('takes what the root asks for from the manifest', async () => {
    const manifest = fileOf({
      name: 'my-app',
      dependencies: { b: '1' },
      devDependencies: { a: '1' },
      optionalDependencies: { old: '1' },
    });
    const lockfile = await parse(V1, manifest);
    expect(at(lockfile, A)).toMatchObject({ direct: true, production: false });
    expect(at(lockfile, 'node_modules/b')).toMatchObject({
      direct: true,
      production: true,
    });
    expect(at(lockfile, 'node_modules/g')).toMatchObject({
      direct: false,
      production: false,
    });
    expect(at(lockfile, 'node_modules/old')).toMatchObject({
      direct: true,
      production: true,
      optional: true,
    });
    // Nobody asks for it any more: it counts all the same.
    expect(at(lockfile, 'node_modules/alias')).toMatchObject({
      direct: false,
      production: true,
      paths: [],
    });
  });

  it.each([
    [
      'an address where a version is asked for',
      {
        a: { ...registryEntry('a'), requires: { t: '^1.0.0' } },
        t: { version: TARBALL },
      },
      'expected an exact version',
    ],
    [
      'a path for a version',
      { a: { version: '../../x' } },
      'expected an exact version',
    ],
    [
      'an alias of a range',
      { a: { version: 'npm:b@^1.0.0' } },
      'expected an exact version',
    ],
    [
      'an alias of nothing',
      { a: { version: 'npm:b' } },
      'expected an exact version',
    ],
    [
      'no version but a digest',
      { a: { integrity: INTEGRITY } },
      'expected an exact version',
    ],
    [
      'nested dependencies that are text',
      { a: { ...registryEntry('a'), dependencies: 'b' } },
      'dependencies: expected an object',
    ],
    [
      'requires with a number',
      { a: { ...registryEntry('a'), requires: { b: 1 } } },
      'requires: "b": expected a string',
    ],
  ])('refuses %s', async (_defect, dependencies, message) => {
    expect(await failure(lockfileV1(dependencies))).toEqual({
      code: 'LOCKFILE_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });
});
