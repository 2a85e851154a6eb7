import { describe, expect, it } from 'vitest';
import type {
  RegistryConfig,
  RegistryRole,
} from '../../src/evidence/registry-config.js';
import {
  hasNoEvidence,
  recognizeRegistryTarball,
  registryHosts,
  registryOf,
} from '../../src/evidence/registry-identity.js';
import { dependencyOf } from './dependencies.js';

const PUBLIC = 'https://registry.example/';
const MIRROR = 'https://mirror.example/npm/';
const ACME = 'https://npm.acme.example/';
const ELSEWHERE = 'https://evidence.example/';
const STRANGER = 'https://stranger.example/';

const PLAIN: RegistryConfig = {
  publicRegistry: PUBLIC,
  defaultRegistry: PUBLIC,
  scopes: new Map([['@acme', ACME]]),
  namedByProject: new Set(),
};
const MIRRORED: RegistryConfig = { ...PLAIN, defaultRegistry: MIRROR };

function withRoles(
  config: RegistryConfig,
  roles: Readonly<Record<string, Partial<RegistryRole>>>,
): RegistryConfig {
  const blank: RegistryRole = {
    mirrorOf: null,
    hasNoEvidence: false,
    evidenceFrom: null,
    isProjectsWord: false,
  };
  const entries = Object.entries(roles).map(
    ([url, role]) => [url, { ...blank, ...role }] as const,
  );
  return { ...config, roles: new Map(entries) };
}

function tarballAt(base: string, name = 'x') {
  return dependencyOf(name, `${base}${name}/-/x-1.2.3.tgz`);
}

describe('a registry that a policy calls a mirror', () => {
  const roles = { [MIRROR]: { mirrorOf: PUBLIC } };

  it.each<[string, RegistryConfig, string]>([
    ['is not asked where npm is configured otherwise', PLAIN, PUBLIC],
    ['is asked where npm is configured for it', MIRRORED, MIRROR],
  ])('%s', (_what, config, askAt) => {
    const found = registryOf(tarballAt(MIRROR), withRoles(config, roles));
    expect(found).toEqual({ identity: PUBLIC, askAt });
  });

  it('without that word is a registry of its own', () => {
    expect(registryOf(tarballAt(MIRROR), MIRRORED).identity).toBe(MIRROR);
    expect(registryOf(tarballAt(MIRROR), PLAIN).askAt).toBeNull();
  });

  it('of one that is a mirror itself belongs to the last', () => {
    const config = withRoles(PLAIN, {
      ...roles,
      [STRANGER]: { mirrorOf: MIRROR },
    });
    expect(registryOf(tarballAt(STRANGER), config).identity).toBe(PUBLIC);
  });

  it('ends for two that call each other mirrors', () => {
    const config = withRoles(MIRRORED, {
      [MIRROR]: { mirrorOf: ACME },
      [ACME]: { mirrorOf: MIRROR },
    });
    expect(registryOf(tarballAt(MIRROR), config).askAt).toBe(MIRROR);
  });

  it('is asked for the packages of the private one that it mirrors', () => {
    const config = withRoles(MIRRORED, { [MIRROR]: { mirrorOf: STRANGER } });
    const other = withRoles(config, {
      [MIRROR]: { mirrorOf: STRANGER },
      [STRANGER]: { evidenceFrom: null },
    });
    expect(registryOf(tarballAt(STRANGER), other)).toEqual({
      identity: STRANGER,
      askAt: MIRROR,
    });
    expect(registryOf(tarballAt(STRANGER), config).askAt).toBeNull();
  });

  it('makes a tarball asked for by its address one of that registry', () => {
    const tarball = dependencyOf('x', `${MIRROR}x`, 'remote-tarball');
    const { origin } = recognizeRegistryTarball(
      tarball,
      withRoles(PLAIN, roles),
    );
    expect(origin.kind).toBe('registry');
    expect(recognizeRegistryTarball(tarball, PLAIN)).toBe(tarball);
  });

  it('of a scope gives its packages without an address that registry', () => {
    const config = withRoles(PLAIN, { [ACME]: { mirrorOf: PUBLIC } });
    expect(registryOf(dependencyOf('@acme/x'), config)).toEqual({
      identity: PUBLIC,
      askAt: ACME,
    });
  });
});

describe('a registry without evidence', () => {
  const config = withRoles(PLAIN, {
    [ACME]: { hasNoEvidence: true },
    [STRANGER]: { hasNoEvidence: true },
  });

  it.each([
    ['of a scope', dependencyOf('@acme/x'), true],
    ['by the address', tarballAt(ACME, '@acme/x'), true],
    ['that npm does not know', tarballAt(STRANGER), true],
    ['but not the public one', dependencyOf('x'), false],
    ['nor an address at the public one', tarballAt(PUBLIC, '@acme/x'), false],
    ['nor a host beside it', tarballAt('https://npm.acme.example.x/'), false],
  ])('takes out of scope what belongs to it: %s', (_what, one, expected) => {
    expect(hasNoEvidence(registryOf(one, config).identity, config)).toBe(
      expected,
    );
  });

  it('is no host whose keys are wanted', () => {
    const dependencies = [dependencyOf('@acme/x'), dependencyOf('x')];
    expect(registryHosts(dependencies, config)).toEqual(['registry.example']);
    expect(registryHosts(dependencies, PLAIN)).toEqual([
      'npm.acme.example',
      'registry.example',
    ]);
  });
});

describe('a second registry for evidence', () => {
  it.each<[string, RegistryConfig, string, string | null]>([
    ['of the one that npm asks', MIRRORED, MIRROR, PUBLIC],
    ['of one that npm does not know', PLAIN, STRANGER, STRANGER],
  ])('is asked in the place %s', (_what, config, listed, belongs) => {
    const mirrorOf = listed === MIRROR ? PUBLIC : null;
    const roles = { [listed]: { mirrorOf, evidenceFrom: ELSEWHERE } };
    expect(registryOf(tarballAt(listed), withRoles(config, roles))).toEqual({
      identity: belongs,
      askAt: ELSEWHERE,
    });
  });

  it('is asked about what has no address, too', () => {
    const roles = { [MIRROR]: { evidenceFrom: PUBLIC } };
    const config = withRoles(MIRRORED, roles);
    expect(registryOf(dependencyOf('x'), config).askAt).toBe(PUBLIC);
    expect(registryOf(dependencyOf('@acme/x'), config).askAt).toBe(ACME);
  });

  it('is not asked about what belongs to others', () => {
    const roles = { [STRANGER]: { evidenceFrom: ELSEWHERE } };
    const evil = tarballAt('https://evil.example/');
    expect(registryOf(evil, withRoles(PLAIN, roles)).askAt).toBeNull();
  });
});

describe('replace-registry-host', () => {
  it.each<[string, string, string, string | null]>([
    ['npmjs', PUBLIC, PUBLIC, MIRROR],
    ['never', PUBLIC, PUBLIC, PUBLIC],
    ['always', PUBLIC, PUBLIC, MIRROR],
    ['npmjs', STRANGER, STRANGER, null],
    ['never', STRANGER, STRANGER, null],
    ['always', STRANGER, STRANGER, MIRROR],
    ['stranger.example', STRANGER, STRANGER, MIRROR],
    ['other.example', STRANGER, STRANGER, null],
    ['stranger.example', `${STRANGER}npm/`, `${STRANGER}npm/`, MIRROR],
  ])('%s decides where %s is asked', (replacedHost, base, identity, askAt) => {
    const config = { ...MIRRORED, replacedHost };
    expect(registryOf(tarballAt(base), config)).toEqual({ identity, askAt });
  });
});

describe('GitLab’s endpoints', () => {
  const API = 'https://gitlab.example/api/v4/';
  const file = '@acme/x/-/@acme/x-1.2.3.tgz';

  it.each([
    ['of the instance', `${API}packages/npm/`],
    ['of a group', `${API}groups/7/-/packages/npm/`],
  ])('%s has the tarballs of projects', (_what, endpoint) => {
    const config = { ...PLAIN, scopes: new Map([['@acme', endpoint]]) };
    const ofProject = `${API}projects/42/packages/npm/${file}`;
    expect(registryOf(dependencyOf('@acme/x', ofProject), config)).toEqual({
      identity: endpoint,
      askAt: endpoint,
    });
  });

  it.each([
    ['another host', `https://evil.example/api/v4/projects/42/packages/npm/`],
    [
      'another root',
      'https://gitlab.example/x/api/v4/projects/42/packages/npm/',
    ],
    ['another kind of package', `${API}projects/42/packages/pypi/`],
    [
      'a port of its own',
      'https://gitlab.example:444/api/v4/projects/42/packages/npm/',
    ],
  ])('has not those of %s', (_what, base) => {
    const scopes = new Map([['@acme', `${API}packages/npm/`]]);
    const dependency = dependencyOf('@acme/x', `${base}${file}`);
    expect(registryOf(dependency, { ...PLAIN, scopes }).askAt).toBeNull();
  });

  it('has not those of packages outside its scope', () => {
    const scopes = new Map([['@acme', `${API}packages/npm/`]]);
    const resolved = `${API}projects/42/packages/npm/x/-/x-1.2.3.tgz`;
    const config = { ...PLAIN, scopes };
    expect(registryOf(dependencyOf('x', resolved), config).askAt).toBeNull();
  });

  it('of a project itself is a registry like others', () => {
    const endpoint = `${API}projects/42/packages/npm/`;
    const config = { ...PLAIN, scopes: new Map([['@acme', endpoint]]) };
    const resolved = `${endpoint}${file}`;
    expect(registryOf(dependencyOf('@acme/x', resolved), config).askAt).toBe(
      endpoint,
    );
    const other = `${API}projects/43/packages/npm/${file}`;
    expect(registryOf(dependencyOf('@acme/x', other), config).askAt).toBeNull();
  });
});
