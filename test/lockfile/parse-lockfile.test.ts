import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';
import {
  at,
  failure,
  fileOf,
  lockfileV1,
  lockfileV3,
  parse,
  registryEntry,
} from './lockfile-input.js';

const ONE = lockfileV3(
  { dependencies: { a: '^1.0.0' } },
  { 'node_modules/a': registryEntry('a') },
);
const TEXT = new TextDecoder().decode(ONE);

describe('a lockfile that is accepted', () => {
  it.each([
    ['as npm writes it', ONE],
    [
      'with a byte order mark',
      Buffer.concat([Buffer.from('efbbbf', 'hex'), ONE]),
    ],
    ['with CRLF', fileOf(TEXT.replaceAll('\n', '\r\n'))],
    ['on one line', fileOf(JSON.stringify(JSON.parse(TEXT)))],
    ['of version 2', fileOf(TEXT.replace('Version": 3', 'Version": 2'))],
    ['of version 1', lockfileV1({ a: registryEntry('a') })],
  ])('%s', async (_what, bytes) => {
    const lockfile = await parse(bytes);
    expect(lockfile).toMatchObject({
      path: 'package-lock.json',
      format: 'package-lock',
      entries: 1,
      rootName: 'my-app',
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(at(lockfile, 'node_modules/a')).toMatchObject({
      id: { name: 'a', version: '1.0.0' },
      origin: { kind: 'registry' },
      direct: true,
    });
  });

  it.each([
    ['no packages', lockfileV3({}, {}), '3'],
    [
      'not even a record of the root',
      fileOf({ lockfileVersion: 3, packages: {} }),
      '3',
    ],
    ['no dependencies in version 1', fileOf({ lockfileVersion: 1 }), '1'],
  ])('with %s', async (_what, bytes, formatVersion) => {
    const lockfile = await parse(bytes);
    expect(lockfile).toMatchObject({ entries: 0, dependencies: [] });
    expect(lockfile.formatVersion).toBe(formatVersion);
  });

  it('is a shrinkwrap file by its name', async () => {
    const lockfile = await parse(ONE, null, 'some/npm-shrinkwrap.json');
    expect(lockfile.format).toBe('npm-shrinkwrap');
    expect(lockfile.path).toBe('some/npm-shrinkwrap.json');
  });

  it('takes the name of the root from the manifest', async () => {
    const manifest = fileOf({ name: 'renamed', dependencies: { a: '1' } });
    const lockfile = await parse(ONE, manifest);
    expect(lockfile.rootName).toBe('renamed');
    expect(at(lockfile, 'node_modules/a').paths).toEqual([['renamed', 'a']]);
  });
});

describe('a file that is refused with one line', () => {
  const conflict = TEXT.replace(
    '  "requires"',
    '<<<<<<< HEAD\n=======\n>>>>>>> branch\n  "requires"',
  );
  it.each([
    ['nothing in it', '', /^package-lock\.json: empty file$/],
    ['only spaces', '  \n', /^package-lock\.json:2:1: not JSON/],
    [
      'not JSON',
      '{"lockfileVersion": 3,\n oops}',
      /^package-lock\.json:2:2: not JSON/,
    ],
    [
      'a text that ends too early',
      TEXT.slice(0, -20),
      /^package-lock\.json:\d+:\d+: not JSON: it ends too early$/,
    ],
    [
      'merge conflict markers',
      conflict,
      /^package-lock\.json:5: merge conflict marker "<<<<<<<"/,
    ],
    [
      'a conflict marker left over at the end',
      `${TEXT}\n>>>>>>> x\n`,
      /^package-lock\.json:\d+: merge conflict marker ">>>>>>>"/,
    ],
    [
      'a duplicate key',
      TEXT.replace('"resolved"', '"version"'),
      /^package-lock\.json:15:7: duplicate key "version"$/,
    ],
    [
      'a duplicate entry',
      TEXT.replace(
        '"node_modules/a": {',
        '"node_modules/a": {}, "node_modules/a": {',
      ),
      /duplicate key "node_modules\/a"$/,
    ],
    [
      '__proto__ as entry',
      TEXT.replace('node_modules/a', '__proto__'),
      /key "__proto__" is not accepted$/,
    ],
    ['an array', '[]', /^package-lock\.json: expected an object$/],
    ['a number', '3', /^package-lock\.json: expected an object$/],
    [
      'version 99',
      TEXT.replace('Version": 3', 'Version": 99'),
      /^package-lock\.json: expected lockfileVersion 1 to 4, found 99$/,
    ],
    ['version 5', TEXT.replace('Version": 3', 'Version": 5'), /found 5$/],
    ['version 0', TEXT.replace('Version": 3', 'Version": 0'), /found 0$/],
    [
      'a version in quotes',
      TEXT.replace('Version": 3', 'Version": "3"'),
      /found "3"$/,
    ],
    [
      'no version',
      TEXT.replace('lockfileVersion', 'lockVersion'),
      /found none$/,
    ],
    [
      'no packages',
      '{"lockfileVersion": 3}',
      /^package-lock\.json: packages: expected an object$/,
    ],
    [
      'version 2 with dependencies alone',
      '{"lockfileVersion": 2, "dependencies": {}}',
      /packages: expected an object$/,
    ],
    [
      'version 1 with packages, which npm would read',
      TEXT.replace('Version": 3', 'Version": 1'),
      /lockfileVersion 1 cannot have packages$/,
    ],
    [
      'packages that are a list',
      '{"lockfileVersion": 3, "packages": []}',
      /packages: expected an object$/,
    ],
    [
      'dependencies that are text',
      '{"lockfileVersion": 1, "dependencies": "x"}',
      /dependencies: expected an object$/,
    ],
    [
      'an entry that is null',
      TEXT.replace(/"node_modules\/a": \{[^}]*\}/, '"node_modules/a": null'),
      /^package-lock\.json:13: "node_modules\/a": expected an object$/,
    ],
    [
      'a root that is a list',
      '{"lockfileVersion": 3, "packages": {"": []}}',
      /^package-lock\.json:1: "": expected an object$/,
    ],
    [
      'a root name that is a number',
      '{"lockfileVersion": 3, "name": 1, "packages": {}}',
      /^package-lock\.json: name: expected a string, found 1$/,
    ],
  ])('%s', async (_defect, text, message) => {
    expect(await failure(fileOf(text))).toEqual({
      code: 'LOCKFILE_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    [
      'UTF-16',
      Buffer.from(`\uFEFF${TEXT}`, 'utf16le'),
      /NUL bytes, as in UTF-16/,
    ],
    ['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le'), /NUL bytes/],
    ['NUL bytes', Buffer.concat([ONE, Buffer.alloc(1)]), /NUL bytes/],
    [
      'Latin-1',
      Buffer.from(TEXT.replace('my-app', 'm\xffy'), 'latin1'),
      /not UTF-8$/,
    ],
  ])('%s', async (_defect, bytes, message) => {
    expect(await failure(bytes)).toEqual({
      code: 'LOCKFILE_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    ['not JSON', '{', /^package\.json:1:2: not JSON/],
    ['empty', '', /^package\.json: empty file$/],
    [
      'with a list of dependencies',
      '{"dependencies": []}',
      /^package\.json: dependencies: expected an object$/,
    ],
    [
      'with a number for a range',
      '{"devDependencies": {"a": 1}}',
      /^package\.json: devDependencies: "a": expected a string$/,
    ],
    [
      'with a reference to nothing in its overrides',
      '{"dependencies": {"a": "1"}, "overrides": {"a": "$b"}}',
      /^package-lock\.json: npm cannot read it: /,
    ],
  ])('a manifest that is %s', async (_defect, manifest, message) => {
    expect(await failure(ONE, fileOf(manifest))).toEqual({
      code: 'LOCKFILE_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });

  it('turns whatever the tree reader throws into one line', async () => {
    const load = parseLockfile(
      { path: 'x.json', bytes: ONE, manifest: null },
      () => Promise.reject(new TypeError('first\nsecond')),
    );
    await expect(load).rejects.toMatchObject({
      code: 'LOCKFILE_INVALID',
      message: 'x.json: npm cannot read it: first',
    });
  });
});

describe('limits', () => {
  it('refuses a file of 129 MiB without reading it', async () => {
    const { code, message } = await failure(new Uint8Array(129 * 2 ** 20));
    expect(code).toBe('LOCKFILE_INVALID');
    expect(message).toBe('package-lock.json: larger than 134217728 bytes');
  });

  it('refuses 200,001 entries', async () => {
    const keys = Array.from(
      { length: 200_001 },
      (_, i) => `"node_modules/p${i}":{}`,
    );
    const text = `{"lockfileVersion":3,"packages":{"":{},${keys.join(',')}}}`;
    expect(await failure(fileOf(text))).toEqual({
      code: 'LOCKFILE_INVALID',
      message: 'package-lock.json: more than 200000 entries',
    });
  });

  it('refuses 200,001 nested entries of version 1', async () => {
    const inner = Array.from({ length: 200_000 }, (_, i) => `"p${i}":{}`);
    const text = `{"lockfileVersion":1,"dependencies":{"a":{"dependencies":{${inner.join(',')}}}}}`;
    expect(await failure(fileOf(text))).toMatchObject({
      message: 'package-lock.json: more than 200000 entries',
    });
  });

  it('refuses more than a million dependencies', async () => {
    const names = Array.from({ length: 100_001 }, (_, i) => `"p${i}":""`);
    const entry = `{"version":"1.0.0","dependencies":{${names.join(',')}}}`;
    const entries = 'abcdefghij'
      .split('')
      .map((name) => `"node_modules/${name}":${entry}`);
    const text = `{"lockfileVersion":3,"packages":{${entries.join(',')}}}`;
    expect(await failure(fileOf(text))).toMatchObject({
      message: 'package-lock.json: more than 1000000 dependencies',
    });
  }, 120_000);

  it('refuses a nesting of 100,000 levels, and reads one of 100', async () => {
    const nested = (levels: number): Uint8Array =>
      fileOf(
        `{"lockfileVersion":1,"dependencies":${'{"a":{"version":"1.0.0","dependencies":'.repeat(levels)}{}${'}}'.repeat(levels)}}`,
      );
    expect(await failure(nested(100_000))).toMatchObject({
      code: 'LOCKFILE_INVALID',
      message: expect.stringContaining('deeper than 256') as string,
    });
    expect((await parse(nested(100))).entries).toBe(100);
  });

  it('refuses a version 3 location nested deeper than version 1 could', async () => {
    const location = 'node_modules/a/'.repeat(129).slice(0, -1);
    const bytes = lockfileV3({}, { [location]: registryEntry('a') });
    expect((await failure(bytes)).message).toContain('not a location');
  });
});
