import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';

import { isExactVersion } from '../../src/lockfile/npm-grammar.js';
import {
  at,
  failure,
  fileOf,
  lockfileV1,
  lockfileV3,
  parse,
  registryEntry,
} from './lockfile-input.js';

describe('names and versions of what is asked of a registry', () => {
  it.each([
    ['a plain name', 'left-pad'],
    ['a scoped name', '@acme/left-pad'],
    ['legacy upper case', 'JSONStream'],
    ['dots and tildes', 'a.b~c'],
    ['214 characters', 'a'.repeat(214)],
    ['a member of every object', 'constructor'],
    ['another', 'hasOwnProperty'],
    ['another', 'toString'],
  ])('accepts %s', async (_what, name) => {
    const location = `node_modules/${name}`;
    const lockfile = await parse(
      lockfileV3(
        { dependencies: { [name]: '1' } },
        { [location]: registryEntry(name) },
      ),
    );
    expect(lockfile.dependencies).toHaveLength(1);
    expect(at(lockfile, location)).toMatchObject({
      id: { name },
      direct: true,
    });
  });

  it.each([
    ['..', '..'],
    ['.', '.'],
    ['nothing', ''],
    ['three parts', 'a/b/c'],
    ['two parts without a scope', 'a/b'],
    ['a scope without a name', '@x'],
    ['a scope with an empty name', '@x/'],
    ['an empty scope', '@/x'],
    ['percent-encoded dots', '%2e%2e'],
    ['a leading dot', '.hidden'],
    ['a scoped name with a leading dot', '@x/.y'],
    ['a leading underscore', '_x'],
    ['node_modules', 'node_modules'],
    ['node_modules in other letters', 'NODE_MODULES'],
    ['215 characters', 'a'.repeat(215)],
    ['Cyrillic letters', 'lоdash'],
    ['a space', 'a b'],
    ['a backslash', 'a\\b'],
    ['a control character', 'a\u001b[31m'],
    ['a right-to-left override', 'a\u202eb'],
    ['a question mark', 'a?b'],
    ['a hash', 'a#b'],
  ])('refuses %s as a name', async (_defect, name) => {
    const location = `node_modules/${name}`;
    const expected = {
      code: 'LOCKFILE_INVALID',
      message: expect.stringMatching(
        /^package-lock\.json:\d+: "node_modules/,
      ) as string,
    };
    expect(
      await failure(lockfileV3({}, { [location]: registryEntry('a') })),
    ).toEqual(expected);
    expect(await failure(lockfileV1({ [name]: registryEntry('a') }))).toEqual(
      expected,
    );
  });

  it.each([
    ['..', '..'],
    ['a path', 'a/../b'],
    ['215 characters', 'b'.repeat(215)],
    ['Cyrillic letters', 'rеact'],
  ])('refuses %s as the real name of an alias', async (_defect, name) => {
    const entry = { ...registryEntry('a'), name };
    expect(
      await failure(lockfileV3({}, { 'node_modules/a': entry })),
    ).toMatchObject({
      code: 'LOCKFILE_INVALID',
      message: expect.stringContaining(
        'expected a package name, found',
      ) as string,
    });
  });

  it.each([
    ['a prerelease', '1.0.0-rc.1'],
    ['zeros', '0.0.0'],
  ])('accepts %s as a version', async (_what, version) => {
    const lockfile = await parse(
      lockfileV3({}, { 'node_modules/a': registryEntry('a', version) }),
    );
    expect(at(lockfile, 'node_modules/a').id.version).toBe(version);
  });

  it.each([
    ['a tag', 'latest'],
    ['a range', '1.x'],
    ['a range with a tail', '1.2.3 || evil'],
    ['a path', '../../x'],
    ['300 characters', `1.2.3-${'a'.repeat(294)}`],
    ['a leading v', 'v1.2.3'],
    ['a leading =', '=1.2.3'],
    ['a trailing space', '1.2.3 '],
    ['build metadata', '1.2.3+5'],
    ['two numbers', '1.2'],
    ['nothing', ''],
  ])('refuses %s as a version', async (_defect, version) => {
    const expected = {
      code: 'LOCKFILE_INVALID',
      message: expect.stringContaining(
        '"node_modules/a": expected an exact version',
      ) as string,
    };
    const entry = { ...registryEntry('a'), version };
    expect(await failure(lockfileV3({}, { 'node_modules/a': entry }))).toEqual(
      expected,
    );
    expect(await failure(lockfileV1({ a: entry }))).toEqual(expected);
  });

  it.each([
    [
      'a number as version',
      { version: 1 },
      'version: expected a string, found 1',
    ],
    ['a list as resolved', { resolved: [] }, 'resolved: expected a string'],
    ['a number as integrity', { integrity: 5 }, 'integrity: expected a string'],
    ['a number as name', { name: 5 }, 'name: expected a string'],
    ['text as link', { link: 'true' }, 'link: expected true or false'],
    [
      'a link to nowhere',
      { link: true, resolved: undefined },
      'a link without a path',
    ],
    [
      'a list of dependencies',
      { dependencies: ['x'] },
      'dependencies: expected an object',
    ],
    [
      'a number as range',
      { peerDependencies: { x: 1 } },
      'peerDependencies: "x": expected a string',
    ],
  ])('refuses %s', async (_defect, fields, message) => {
    const entry = { ...registryEntry('a'), ...fields };
    expect(
      (await failure(lockfileV3({}, { 'node_modules/a': entry }))).message,
    ).toContain(message);
  });

  it('names the line of the entry', async () => {
    const text = `{ "lockfileVersion": 3,
  "packages": {
    "": {},
    "node_modules/a": { "version": "latest" }
} }`;
    expect((await failure(fileOf(text))).message).toBe(
      'package-lock.json:4: "node_modules/a": expected an exact version, found "latest"',
    );
  });

  it.each([
    ['a part that is .', './node_modules/a'],
    ['a part that is ..', 'node_modules/b/../a'],
    ['an empty part', 'node_modules//a'],
    ['a slash at the end', 'node_modules/a/'],
    ['an absolute path', '/node_modules/a'],
    ['node_modules alone', 'node_modules'],
    ['node_modules at the end', 'a/node_modules'],
    ['node_modules in other letters', 'Node_Modules/a'],
    ['..', '..'],
    ['33 steps out', `${'../'.repeat(33)}a`],
    ['a newline', 'a\nb'],
  ])('refuses a location with %s', async (_defect, location) => {
    const { code, message } = await failure(
      lockfileV3({}, { [location]: { version: '1.0.0' } }),
    );
    expect(code).toBe('LOCKFILE_INVALID');
    expect(message).toContain('not a location that npm writes');
  });

  it('leaves Object.prototype as it was', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      const packages = `{"": {"dependencies": {"${name}": "1"}}, "${name}": {"polluted": 1}, "node_modules/${name}": {"version": "1.0.0", "dependencies": {"${name}": "1"}}}`;
      await failure(fileOf(`{"lockfileVersion": 3, "packages": ${packages}}`));
    }
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect('polluted' in {}).toBe(false);
  });
});

it('takes for exact what semver takes for a version as it stands', () => {
  const part = fc.oneof(
    fc.stringMatching(/^\d{1,17}$/),
    fc.constantFrom('0', '00', '01', '9007199254740991', '9007199254740992'),
    fc.constantFrom('', 'x', '1-a', '1-a.1', '1+b', ' 1', '1\n', 'v1', '-1'),
  );
  const version = fc.array(part, { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(version, (parts) => {
      const text = parts.join('.');
      expect(isExactVersion(text)).toBe(semver.valid(text) === text);
    }),
    { numRuns: 2_000 },
  );
});
