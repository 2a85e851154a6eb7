import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import {
  startRegistry,
  type LoopbackRegistry,
  type RegistryOptions,
} from '../../fixtures/loopback-registry.js';
import { makeTarball } from '../../fixtures/packages.js';
import type { ArchiveAnswer } from '../../src/evidence/archive-source.js';
import { DEFAULT_NETWORK } from '../../src/io/http.js';
import { createNpmArchives } from '../../src/io/npm-archives.js';

const ID = { name: '@acme/widget', version: '1.2.3' };
const TARBALL = makeTarball(ID);
const PATH = '/@acme/widget/-/widget-1.2.3.tgz';

const servers: LoopbackRegistry[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(options?: RegistryOptions): Promise<LoopbackRegistry> {
  const server = await startRegistry(options);
  servers.push(server);
  server.add({ id: ID, tarball: TARBALL });
  return server;
}

function hash(
  server: LoopbackRegistry,
  options: {
    readonly maxBytes?: number;
    readonly id?: typeof ID;
    readonly token?: string;
    readonly signal?: AbortSignal;
    readonly timeoutMs?: number;
  } = {},
): Promise<ArchiveAnswer> {
  const { id = ID, token, signal = new AbortController().signal } = options;
  const { host, pathname } = new URL(server.url);
  const settings = {
    registries: {
      publicRegistry: server.url,
      defaultRegistry: server.url,
      scopes: new Map<string, string>(),
      namedByProject: new Set<string>(),
    },
    network: { ...DEFAULT_NETWORK, noProxy: '127.0.0.1' },
    credentials: {
      registry: server.url,
      ...(token !== undefined && {
        [`//${host}${pathname}:_authToken`]: token,
      }),
    },
    warnings: [],
  };
  const archives = createNpmArchives(settings, {
    timeoutMs: options.timeoutMs ?? 20_000,
    retries: 2,
    wait: () => Promise.resolve(),
    ...(options.maxBytes !== undefined && { maxBytes: options.maxBytes }),
  });
  return archives.hash({ id, registry: server.url }, signal);
}

const digest = (algorithm: string): string =>
  createHash(algorithm).update(TARBALL).digest('hex');
const DOWNLOADED = {
  status: 'downloaded',
  digests: {
    sha512: digest('sha512'),
    sha384: digest('sha384'),
    sha256: digest('sha256'),
    sha1: digest('sha1'),
    md5: digest('md5'),
  },
};

describe('an archive', () => {
  it.each([undefined, '/artifactory/api/npm/all/'])(
    'is hashed at npm’s address of it, below %s',
    async (basePath) => {
      const server = await start(basePath === undefined ? {} : { basePath });
      expect(await hash(server)).toEqual(DOWNLOADED);
      expect(server.requests.map(({ kind }) => kind)).toEqual(['tarball']);
    },
  );

  it('is fetched with the token of its registry', async () => {
    const server = await start({ token: 'secret' });
    expect(await hash(server)).toMatchObject({ code: 'auth' });
    expect(await hash(server, { token: 'secret' })).toEqual(DOWNLOADED);
  });

  it('is hashed anew where the first answer broke off', async () => {
    const server = await start();
    server.script(
      PATH,
      { reset: true },
      { truncate: Math.floor(TARBALL.length / 2) },
    );
    expect(await hash(server)).toEqual(DOWNLOADED);
    expect(server.requests).toHaveLength(3);
  });

  it('may be as large as the limit, and no larger', async () => {
    const server = await start();
    const { length } = TARBALL;
    expect(await hash(server, { maxBytes: length })).toEqual(DOWNLOADED);
    expect(await hash(server, { maxBytes: length - 1 })).toMatchObject({
      ...{ status: 'unavailable', code: 'too-large' },
    });
  });

  it('of no such version is not there', async () => {
    const server = await start();
    const id = { ...ID, version: '9.9.9' };
    expect(await hash(server, { id })).toMatchObject({
      ...{ status: 'unavailable', code: 'version-not-found' },
    });
  });

  it('of a name that leads elsewhere is not asked for', async () => {
    const server = await start();
    const id = { name: '..', version: '../../x' };
    expect(await hash(server, { id })).toMatchObject({
      code: 'version-not-found',
    });
    expect(server.requests).toEqual([]);
  });

  it('is not fetched from another origin', async () => {
    const [server, other] = [await start(), await start()];
    const location = new URL(PATH.slice(1), other.url).href;
    server.script(PATH, { redirect: location });
    expect(await hash(server, { token: 'secret' })).toMatchObject({
      code: 'redirect-refused',
    });
    expect(other.requests).toEqual([]);
  });

  it('stops with the audit', async () => {
    const server = await start();
    const stopped = AbortSignal.abort();
    expect(await hash(server, { signal: stopped })).toMatchObject({
      code: 'deadline',
    });
  });
});
