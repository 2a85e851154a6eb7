import { describe, expect, it } from 'vitest';

import { registryBase } from '../../src/evidence/registry-base.js';
import {
  recognizeRegistryTarball,
  registryOf,
} from '../../src/evidence/registry-identity.js';
import type { RegistryConfig } from '../../src/evidence/registry-config.js';
import { dependencyOf } from './dependencies.js';

const PUBLIC = 'https://registry.example/';
const MIRROR = 'https://mirror.example/npm/';
const ACME = 'https://npm.acme.example/';
const TEAM = 'https://npm.acme.example/team/';
const LOOPBACK = 'http://127.0.0.1:4873/';
const IPV6 = 'http://[::1]:4873/';

const PLAIN: RegistryConfig = {
  publicRegistry: PUBLIC,
  defaultRegistry: PUBLIC,
  scopes: new Map([
    ['@acme', ACME],
    ['@team', TEAM],
    ['@local', LOOPBACK],
    ['@six', IPV6],
  ]),
  namedByProject: new Set(),
};
const MIRRORED: RegistryConfig = { ...PLAIN, defaultRegistry: MIRROR };

describe('without an address in the lockfile', () => {
  it.each([
    ['the public registry', 'left-pad', PLAIN, PUBLIC, PUBLIC],
    ['asked at the mirror', 'left-pad', MIRRORED, PUBLIC, MIRROR],
    ['of an unknown scope', '@other/x', PLAIN, PUBLIC, PUBLIC],
    ['of a configured scope', '@acme/x', MIRRORED, ACME, ACME],
    ['named like a scope', 'acme', PLAIN, PUBLIC, PUBLIC],
  ])('%s', (_what, name, config, identity, askAt) => {
    expect(registryOf(dependencyOf(name), config)).toEqual({ identity, askAt });
  });
});

describe('with an address of the public registry', () => {
  it.each([
    ['as usual', 'https://registry.example/x/-/x-1.2.3.tgz'],
    ['in capitals', 'HTTPS://REGISTRY.EXAMPLE/x/-/x-1.2.3.tgz'],
    ['with the default port', 'https://registry.example:443/x/-/x-1.2.3.tgz'],
    ['with credentials', 'https://me:pw@registry.example/x/-/x-1.2.3.tgz'],
    ['with a query', 'https://registry.example/x/-/x-1.2.3.tgz?cache=0#x'],
    ['unencrypted', 'http://registry.example/x/-/x-1.2.3.tgz'],
    ["at Yarn's alias", 'https://registry.yarnpkg.com/x/-/x-1.2.3.tgz#abc'],
  ])('%s', (_what, resolved) => {
    const dependency = dependencyOf('x', resolved);
    const identity = PUBLIC;
    expect(registryOf(dependency, PLAIN)).toEqual({ identity, askAt: PUBLIC });
    expect(registryOf(dependency, MIRRORED)).toEqual({
      identity,
      askAt: MIRROR,
    });
  });

  it("asks at the scope's registry, as npm does", () => {
    const resolved = 'https://registry.example/@acme/x/-/x-1.2.3.tgz';
    expect(registryOf(dependencyOf('@acme/x', resolved), PLAIN)).toEqual({
      identity: PUBLIC,
      askAt: ACME,
    });
  });
});

describe('with an address of a configured registry', () => {
  it.each([
    ['of the scope', '@acme/x', `${ACME}@acme/x/-/x-1.2.3.tgz`, ACME],
    ['the longest base', '@team/x', `${TEAM}@team/x/-/x-1.2.3.tgz`, TEAM],
    ['by any path', 'x', `${MIRROR}download/0f/x`, MIRROR],
    [
      'unencrypted',
      '@acme/x',
      'http://npm.acme.example/@acme/x/-/x-1.2.3.tgz',
      ACME,
    ],
    ['on loopback', '@local/x', `${LOOPBACK}@local/x/-/x-1.2.3.tgz`, LOOPBACK],
    ['over IPv6', '@six/x', 'http://[0:0::1]:4873/@six/x/-/x-1.2.3.tgz', IPV6],
    [
      'by a detour',
      '@team/x',
      `${ACME}other/../team/@team/x/-/x-1.2.3.tgz`,
      TEAM,
    ],
  ])('%s', (_what, name, resolved, base) => {
    const dependency = dependencyOf(name, resolved);
    expect(registryOf(dependency, MIRRORED)).toEqual({
      identity: base,
      askAt: base,
    });
  });
});

describe('with an address of a registry that is for others', () => {
  it.each([
    ['unscoped, at the registry of a scope', 'x', `${ACME}x/-/x-1.2.3.tgz`],
    ['at the registry of another scope', '@team/x', `${ACME}@acme/x/-/x.tgz`],
  ])('%s: nobody is asked', (_what, name, resolved) => {
    const { askAt } = registryOf(dependencyOf(name, resolved), PLAIN);
    expect(askAt).toBeNull();
  });
});

describe('a tarball asked for by its address', () => {
  const tarball = (resolved: string, config = PLAIN) =>
    recognizeRegistryTarball(
      dependencyOf('x', resolved, 'remote-tarball'),
      config,
    ).origin.kind;

  it.each<[string, string, RegistryConfig?]>([
    ['below a mirror, of a form of its own', `${MIRROR}download/x`, MIRRORED],
    ['below the public registry', `${PUBLIC}evil/-/evil-6.6.6.tgz`],
    ["at Yarn's alias", 'https://registry.yarnpkg.com/x/-/x-1.2.3.tgz'],
    ['unencrypted', 'http://registry.example/x/-/x-1.2.3.tgz'],
  ])('is audited: %s', (_what, resolved, config) => {
    expect(tarball(resolved, config)).toBe('registry');
  });

  it.each<[string, string, RegistryConfig?]>([
    ['elsewhere', 'https://downloads.example/x-1.2.3.tgz'],
    ['at a host that begins alike', 'https://registry.example.evil.example/x'],
    ["below another scope's registry", `${ACME}x/-/x-1.2.3.tgz`],
  ])('stays out of scope: %s', (_what, resolved, config) => {
    expect(tarball(resolved, config)).toBe('remote-tarball');
  });

  it.each<[string, string, string]>([
    ['in the place of the version', `${PUBLIC}x/-/x-1.1.0.tgz`, '1.1.0'],
    ['with a query', `${PUBLIC}x/-/x-1.1.0.tgz?cache=0#x`, '1.1.0'],
    [
      'of another package, which C4 rejects',
      `${PUBLIC}e/-/e-6.6.6.tgz`,
      '6.6.6',
    ],
    ['with an escaped scope', `${PUBLIC}@e%2fe/-/e-1.1.0-a.tgz`, '1.1.0-a'],
  ])('has its version: %s', (_what, resolved, version) => {
    const entry = dependencyOf('x', resolved, 'remote-tarball');
    const blank = { ...entry, id: { name: 'x', version: '' } };
    expect(recognizeRegistryTarball(blank, PLAIN)).toMatchObject({
      id: { name: 'x', version },
      origin: { kind: 'registry' },
    });
  });

  it.each<[string, string, string?, string?]>([
    ['of no exact version', `${PUBLIC}x/-/x-latest.tgz`],
    ['of a form of its own', `${PUBLIC}download/x-1.1.0.tgz`],
    ['of two names', `${PUBLIC}x/-/y-1.1.0.tgz`],
    ['of no archive', `${PUBLIC}x/-/x-1.1.0.zip`],
    ['of a bad escape', `${PUBLIC}x/-/x-1.1.0%.tgz`],
    ['whose entry has no exact version', `${PUBLIC}x/-/x-1.1.0.tgz`, '1'],
    ['of a name unknown to npm', `${PUBLIC}x/-/x-1.1.0.tgz`, '1.1.0', '.x'],
  ])('stays out of scope: %s', (_what, resolved, version = '', name = 'x') => {
    const entry = dependencyOf(name, resolved, 'remote-tarball');
    const unclear = { ...entry, id: { name, version } };
    expect(recognizeRegistryTarball(unclear, PLAIN)).toBe(unclear);
  });

  it('leaves other kinds alone', () => {
    const git = dependencyOf('x', `git+${PUBLIC}x.git`, 'git');
    expect(recognizeRegistryTarball(git, PLAIN)).toBe(git);
  });
});

describe('with an address of a registry that nobody configured', () => {
  it.each([
    [
      'another host',
      'x',
      'https://evil.example/x/-/x-1.2.3.tgz',
      'https://evil.example/',
    ],
    [
      'a host that ends like it',
      'x',
      'https://registry.example.evil.example/x/-/x-1.2.3.tgz',
      'https://registry.example.evil.example/',
    ],
    [
      'a host that begins like it',
      'x',
      'https://evil-registry.example/x/-/x-1.2.3.tgz',
      'https://evil-registry.example/',
    ],
    [
      'its name as a user',
      'x',
      'https://registry.example@evil.example/x/-/x-1.2.3.tgz',
      'https://evil.example/',
    ],
    [
      'another port of the public registry',
      'x',
      'https://registry.example:8443/x/-/x-1.2.3.tgz',
      'https://registry.example:8443/',
    ],
    [
      'another port of a configured one',
      'x',
      'http://127.0.0.1:4874/x/-/x-1.2.3.tgz',
      'http://127.0.0.1:4874/',
    ],
    [
      'a path beside the configured one',
      'x',
      'https://mirror.example/npm-evil/x/-/x-1.2.3.tgz',
      'https://mirror.example/npm-evil/',
    ],
    [
      'a path above the configured one',
      'x',
      'https://mirror.example/x/-/x-1.2.3.tgz',
      'https://mirror.example/',
    ],
    [
      'a path of its own',
      '@a/x',
      'https://other.example/npm/all/@a/x/-/x-1.2.3.tgz',
      'https://other.example/npm/all/',
    ],
    [
      'an escaped name',
      '@a/x',
      'https://other.example/npm/@a%2Fx/-/x-1.2.3.tgz',
      'https://other.example/npm/',
    ],
    [
      'no npm path',
      'x',
      'https://other.example/a/b.tgz',
      'https://other.example/',
    ],
    [
      'the path of another package',
      'x',
      'https://other.example/npm/y/-/y-1.2.3.tgz',
      'https://other.example/',
    ],
    [
      'an alias with a port',
      'x',
      'https://registry.yarnpkg.com:1/x',
      'https://registry.yarnpkg.com:1/',
    ],
  ])('is never asked: %s', (_what, name, resolved, identity) => {
    expect(registryOf(dependencyOf(name, resolved), MIRRORED)).toEqual({
      identity,
      askAt: null,
    });
  });

  it.each([
    'file:///etc/passwd',
    'git+ssh://git@github.com/acme/x.git',
    'ftp://registry.example/x/-/x-1.2.3.tgz',
    'javascript:alert(1)',
    '//registry.example/x',
    'x-1.2.3.tgz',
    '',
    'https://',
  ])('is never asked: %s', (resolved) => {
    expect(registryOf(dependencyOf('x', resolved), PLAIN).askAt).toBeNull();
  });
});

describe('the base URL of a registry', () => {
  it.each([
    ['https://a.example', 'https://a.example/'],
    ['HTTPS://A.Example:443/', 'https://a.example/'],
    ['http://a.example:80/npm', 'http://a.example/npm/'],
    ['https://a.example:80/', 'https://a.example:80/'],
    ['https://me:pw@a.example/npm/?x=1#y', 'https://a.example/npm/'],
    [' https://a.example/x/../npm/ ', 'https://a.example/npm/'],
    ['http://[0:0:0::1]:80', 'http://[::1]/'],
  ])('has one spelling: %s', (text, base) => {
    expect(registryBase(text)).toBe(base);
  });

  it.each([
    '',
    'a.example',
    '//a.example',
    'file:///x',
    'ftp://a.example/',
    'https://',
  ])('is not %j', (text) => {
    expect(registryBase(text)).toBeNull();
  });
});
