import { gzipSync } from 'node:zlib';

import { afterEach, describe, expect, it } from 'vitest';

import {
  startRegistry,
  type LoopbackRegistry,
  type RegistryOptions,
  type RegistryStep,
  type RequestKind,
} from '../../fixtures/loopback-registry.js';
import type {
  Registry,
  RegistryAnswer,
  RegistryRequest,
} from '../../src/evidence/registry.js';
import { parseVersionMetadata } from '../../src/evidence/version-metadata.js';
import { DEFAULT_NETWORK } from '../../src/io/http.js';
import type { NpmSettings } from '../../src/io/npm-config.js';
import {
  createNpmRegistry,
  type NpmRegistryOptions,
} from '../../src/io/npm-registry.js';

const MIB = 1024 * 1024;
const ID = { name: '@acme/widget', version: '1.2.3' };
const DOCUMENT = { attestations: [{ predicateType: 'x', bundle: {} }] };
const TIMES = { '1.2.3': '2026-06-01T12:00:00.000Z' };
const NEVER = new AbortController().signal;

const servers: LoopbackRegistry[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(options?: RegistryOptions): Promise<LoopbackRegistry> {
  const server = await startRegistry(options);
  servers.push(server);
  server.add({ id: ID, attestations: DOCUMENT });
  return server;
}

interface Client {
  readonly registry: Registry;
  /** Milliseconds of each wait between attempts. */
  readonly waits: readonly number[];
}

function clientOf(
  server: LoopbackRegistry,
  options: {
    credentials?: NpmSettings['credentials'];
    timeoutMs?: number;
    refuse?: NpmRegistryOptions['refuse'];
  } = {},
): Client {
  const waits: number[] = [];
  const settings: NpmSettings = {
    registries: {
      publicRegistry: server.url,
      defaultRegistry: server.url,
      scopes: new Map(),
      namedByProject: new Set(),
    },
    network: { ...DEFAULT_NETWORK, noProxy: '127.0.0.1' },
    credentials: { registry: server.url, ...options.credentials },
    warnings: [],
  };
  const registry = createNpmRegistry(settings, {
    timeoutMs: options.timeoutMs ?? 20_000,
    retries: 2,
    ...(options.refuse !== undefined && { refuse: options.refuse }),
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  });
  return { registry, waits };
}

function ask(
  { registry }: Client,
  kind: RegistryRequest['kind'],
  server: LoopbackRegistry,
  id = ID,
): Promise<RegistryAnswer> {
  return registry.ask({ kind, id, registry: server.url }, NEVER);
}

function jsonOf(answer: RegistryAnswer): unknown {
  if (answer.status !== 'found') return answer;
  return JSON.parse(Buffer.from(answer.body).toString());
}

describe('requests', () => {
  it.each([undefined, '/npm', '/artifactory/api/npm/all/'])(
    'go below the base of the registry: %s',
    async (basePath) => {
      const server = await start(basePath === undefined ? {} : { basePath });
      const client = clientOf(server);
      expect(jsonOf(await ask(client, 'version', server))).toMatchObject(ID);
      expect(jsonOf(await ask(client, 'attestations', server))).toEqual(
        DOCUMENT,
      );
      expect(jsonOf(await ask(client, 'publish-time', server))).toEqual(TIMES);
      const below = (basePath ?? '').replace(/\/$/, '');
      expect(server.requests.map(({ path }) => path)).toEqual([
        `${below}/@acme%2fwidget/1.2.3`,
        `${below}/-/npm/v1/attestations/@acme%2fwidget@1.2.3`,
        `${below}/@acme%2fwidget`,
      ]);
    },
  );

  it.each([
    { name: 'left-pad', version: '1.0.0-beta.1+build.5' },
    { name: 'JSONStream', version: '1.0.0' },
    { name: '__proto__', version: '1.0.0' },
  ])('reach $name@$version', async (id) => {
    const server = await start();
    server.add({ id });
    const client = clientOf(server);
    expect(jsonOf(await ask(client, 'version', server, id))).toMatchObject(id);
  });

  it.each([
    { name: '..', version: '1.0.0' },
    { name: '.', version: '1.0.0' },
    { name: 'x', version: '..' },
  ])('do not leave the base for $name@$version', async (id) => {
    const server = await start({ basePath: '/npm' });
    const client = clientOf(server);
    expect(await ask(client, 'version', server, id)).toMatchObject({
      status: 'unavailable',
      code: 'version-not-found',
    });
    expect(server.requests).toEqual([]);
  });

  it.each(['.', '..'])(
    'for publish times do not leave the base for %s',
    async (name) => {
      const server = await start({ basePath: '/npm' });
      const id = { name, version: '1.0.0' };
      const answer = await ask(clientOf(server), 'publish-time', server, id);
      expect(answer).toMatchObject({ status: 'unavailable' });
      expect(server.requests).toEqual([]);
    },
  );

  it.each(['a/b/../../c', '%2e%2e', 'a?b', 'a#b', 'a\\b', '@/../x', 'ä'])(
    'escape what is no name: %s',
    async (name) => {
      const server = await start({ basePath: '/npm' });
      await ask(clientOf(server), 'attestations', server, {
        name,
        version: '1.0.0',
      });
      for (const { path } of server.requests) {
        expect(path).toMatch(/^\/npm\/-\/npm\/v1\/attestations\/[^/?#]*$/);
      }
    },
  );

  it('never go where the metadata says attestations are', async () => {
    const server = await start();
    const evil = await start();
    const dist = {
      attestations: { url: `${evil.url}-/npm/v1/attestations/x` },
    };
    server.add({ id: ID, attestations: DOCUMENT, manifest: { dist } });
    const client = clientOf(server);
    await ask(client, 'version', server);
    await ask(client, 'attestations', server);
    expect(server.requests).toHaveLength(2);
    expect(evil.requests).toEqual([]);
  });
});

describe('statuses', () => {
  it.each<[number, RegistryAnswer['status'], string | undefined, number]>([
    [404, 'absent', undefined, 1],
    [401, 'unavailable', 'auth', 1],
    [403, 'unavailable', 'auth', 1],
    [204, 'unavailable', 'unexpected-status', 1],
    [206, 'unavailable', 'unexpected-status', 1],
    [304, 'unavailable', 'unexpected-status', 1],
    [400, 'unavailable', 'unexpected-status', 1],
    // No such endpoint: what metadata announces is withheld then.
    [405, 'absent', undefined, 1],
    [501, 'absent', undefined, 1],
    [410, 'unavailable', 'unexpected-status', 1],
    [418, 'unavailable', 'unexpected-status', 1],
    [451, 'unavailable', 'unexpected-status', 1],
    [429, 'unavailable', 'rate-limited', 3],
    [500, 'unavailable', 'server-error', 3],
    [502, 'unavailable', 'server-error', 3],
    [503, 'unavailable', 'server-error', 3],
  ])('%i', async (status, expected, code, requests) => {
    const server = await start();
    server.script('attestations', { status, body: '<html>', repeat: true });
    const answer = await ask(clientOf(server), 'attestations', server);
    expect(answer.status).toBe(expected);
    expect('code' in answer ? answer.code : undefined).toBe(code);
    expect(server.requests).toHaveLength(requests);
  });

  it('200 is an answer, whatever type it claims', async () => {
    const server = await start();
    const headers = { 'content-type': 'text/html' };
    server.script('attestations', { headers, body: DOCUMENT });
    const answer = await ask(clientOf(server), 'attestations', server);
    expect(jsonOf(answer)).toEqual(DOCUMENT);
  });
});

describe('faults', () => {
  const body = JSON.stringify(DOCUMENT);
  it.each<[string, RegistryStep, string]>([
    ['a reset connection', { reset: true, repeat: true }, 'network'],
    ['a body that breaks off', { truncate: 10, repeat: true }, 'truncated'],
    [
      'more than 4 MiB, announced',
      { bodyBytes: 5 * MIB, repeat: true },
      'too-large',
    ],
    [
      'more than 4 MiB, not announced',
      { bodyBytes: 5 * MIB, withoutLength: true, repeat: true },
      'too-large',
    ],
    [
      '1 GiB without length',
      { bodyBytes: 1024 * MIB, withoutLength: true, repeat: true },
      'too-large',
    ],
    ['a gzip bomb', { gzipBombBytes: 256 * MIB, repeat: true }, 'too-large'],
    [
      'an encoding nobody asked for',
      { headers: { 'content-encoding': 'zstd' }, body, repeat: true },
      'not-json',
    ],
    [
      'a redirect to another host',
      { redirect: 'http://169.254.169.254/', repeat: true },
      'redirect-refused',
    ],
    [
      'redirects without end',
      { redirect: '/-/x', repeat: true },
      'redirect-refused',
    ],
  ])('make evidence unavailable: %s', async (_what, step, code) => {
    const server = await start();
    server.script('attestations', step);
    server.script('unknown', step);
    const answer = await ask(clientOf(server), 'attestations', server);
    expect(answer).toMatchObject({ status: 'unavailable', code });
  });

  it.each<[string, RegistryStep]>([
    ['without an answer', { hang: true, repeat: true }],
    ['without a body', { hang: true, afterHeaders: true, repeat: true }],
  ])('make evidence unavailable: a wait %s', async (_what, step) => {
    const server = await start();
    server.script('attestations', step);
    const client = clientOf(server, { timeoutMs: 50 });
    expect(await ask(client, 'attestations', server)).toMatchObject({
      status: 'unavailable',
      code: 'timeout',
    });
    expect(server.requests).toHaveLength(3);
  });

  it.each<[string, RegistryStep[]]>([
    ['a reset connection', [{ reset: true }]],
    ['two bodies that break off', [{ truncate: 5 }, { truncate: 9 }]],
    ['server errors', [{ status: 500 }, { status: 503 }]],
    ['an overload', [{ status: 429 }]],
    ['a bad gateway and a reset', [{ status: 502 }, { reset: true }]],
  ])('pass: %s', async (_what, steps) => {
    const server = await start();
    server.script('attestations', ...steps);
    const client = clientOf(server);
    expect(jsonOf(await ask(client, 'attestations', server))).toEqual(DOCUMENT);
    expect(server.requests).toHaveLength(steps.length + 1);
    expect(client.waits).toHaveLength(steps.length);
  });

  it('do not touch the next answer on the connection', async () => {
    const server = await start();
    server.script('attestations', { body: `${body}HTTP/1.1 200 OK\r\n\r\n` });
    const client = clientOf(server);
    await ask(client, 'attestations', server);
    expect(jsonOf(await ask(client, 'version', server))).toMatchObject(ID);
  });

  it('end with the signal', async () => {
    const server = await start();
    const deadline = new AbortController();
    server.script('attestations', { hang: true });
    const client = clientOf(server);
    const request = {
      kind: 'attestations',
      id: ID,
      registry: server.url,
    } as const;
    const answer = client.registry.ask(request, deadline.signal);
    await expect.poll(() => server.requests.length).toBe(1);
    deadline.abort();
    expect(await answer).toMatchObject({
      status: 'unavailable',
      code: 'deadline',
    });
    expect(client.waits).toEqual([]);
  });
});

describe('the manifest of a version', () => {
  it.each<[string, number, string]>([
    ['at most 2 MiB', 2 * MIB, 'found'],
    ['no more', 2 * MIB + 1, 'too-large'],
  ])('has %s', async (_what, bodyBytes, expected) => {
    const server = await start();
    server.script('manifest', { bodyBytes, withoutLength: true });
    const answer = await ask(clientOf(server), 'version', server);
    expect('code' in answer ? answer.code : answer.status).toBe(expected);
  });
});

describe('waits', () => {
  it.each<[string, string, number[], number]>([
    ['as long as asked', '1', [1000], 2],
    ['a minute at most', '60', [60_000], 2],
    ['not at all if told to come back later', '61', [], 1],
    ['not until a far date', 'Fri, 01 Jan 2100 00:00:00 GMT', [], 1],
    ['not for a date that has passed', 'Thu, 01 Jan 1970 00:00:00 GMT', [0], 2],
  ])('are %s', async (_what, retryAfter, waits, requests) => {
    const server = await start();
    const headers = { 'retry-after': retryAfter };
    server.script('attestations', { status: 429, headers });
    const client = clientOf(server);
    await ask(client, 'attestations', server);
    expect(client.waits).toEqual(waits);
    expect(server.requests).toHaveLength(requests);
  });

  it('grow, with jitter, if nothing is asked', async () => {
    const server = await start();
    const headers = { 'retry-after': 'soon' };
    server.script('attestations', { status: 503, headers, repeat: true });
    const client = clientOf(server);
    await ask(client, 'attestations', server);
    const [first = 0, second = 0, ...more] = client.waits;
    expect(first).toBeGreaterThanOrEqual(250);
    expect(first).toBeLessThan(750);
    expect(second).toBeGreaterThanOrEqual(500);
    expect(second).toBeLessThan(1500);
    expect(more).toEqual([]);
  });
});

describe('a registry without an endpoint for versions', () => {
  it.each([404, 405, 501])('is asked for packuments: %i', async (status) => {
    const server = await start();
    const other = { name: 'other', version: '2.0.0' };
    server.add({ id: other });
    server.script('manifest', { status, repeat: true });
    const client = clientOf(server);
    const answer = await ask(client, 'version', server);
    expect(answer).toMatchObject({ notes: ['from-packument'] });
    expect(jsonOf(answer)).toMatchObject(ID);
    expect(jsonOf(await ask(client, 'version', server, other))).toMatchObject(
      other,
    );
    expect(kindsOf(server)).toEqual([
      'manifest',
      'packument',
      'manifest',
      'packument',
    ]);
  });

  it('is not taken for one by a version that is nowhere', async () => {
    const server = await start();
    const client = clientOf(server);
    const missing = { ...ID, version: '9.9.9' };
    expect(await ask(client, 'version', server, missing)).toEqual({
      status: 'absent',
    });
    expect(jsonOf(await ask(client, 'version', server))).toMatchObject(ID);
    expect(kindsOf(server)).toEqual(['manifest', 'packument', 'manifest']);
  });

  it('is not taken for one by a passing 404', async () => {
    const server = await start();
    const other = { name: 'other', version: '2.0.0' };
    server.add({ id: other });
    server.script('manifest', { status: 404 });
    const client = clientOf(server);
    expect(jsonOf(await ask(client, 'version', server))).toMatchObject(ID);
    // Whether the first answer was there before must not matter to the second.
    expect(jsonOf(await ask(client, 'version', server, other))).toMatchObject(
      other,
    );
    expect(kindsOf(server)).toEqual(['manifest', 'packument', 'manifest']);
  });

  it('is asked for four packuments at a time', async () => {
    const server = await start();
    const ids = Array.from({ length: 9 }, (_, index) => ({
      name: `other-${index}`,
      version: '2.0.0',
    }));
    for (const id of ids) server.add({ id });
    server.script('manifest', { status: 404, repeat: true });
    let open = (): void => undefined;
    const opened = new Promise<void>((done) => {
      open = done;
    });
    server.script('packument', { until: opened, repeat: true });
    const client = clientOf(server);
    const count = (kind: RequestKind): number =>
      kindsOf(server).filter((each) => each === kind).length;
    const answers = ids.map((id) => ask(client, 'version', server, id));
    await expect.poll(() => count('manifest')).toBe(ids.length);
    await expect.poll(() => count('packument')).toBe(4);
    // Time enough for a fifth one, were it not held back.
    for (let round = 0; round < 5; round += 1) {
      await ask(client, 'attestations', server);
    }
    expect(count('packument')).toBe(4);
    open();
    for (const [index, answer] of answers.entries()) {
      expect(jsonOf(await answer)).toMatchObject(ids[index] ?? {});
    }
    expect(count('packument')).toBe(ids.length);
  });

  it('has no version where the audit ends before the packument is read', async () => {
    const server = await start();
    server.script('manifest', { status: 404 });
    const { signal } = new AbortController();
    // Without the event: as if it came with the last byte of the body.
    Object.defineProperty(signal, 'aborted', {
      get: () => kindsOf(server).includes('packument'),
    });
    const { registry } = clientOf(server);
    const request = { kind: 'version', id: ID, registry: server.url } as const;
    expect(await registry.ask(request, signal)).toMatchObject({
      status: 'unavailable',
      code: 'deadline',
    });
  });

  it.each<[string, string, string]>([
    ['as it should be', '"dist":{"integrity":"sha512-x"}', 'parsed'],
    ['with a key twice', '"dist":{},"dist":{}', 'metadata-malformed'],
    [
      'with a key twice, once escaped',
      '"dist":{"integrity":"sha512-x"},"d\\u0069st":{}',
      'metadata-malformed',
    ],
    [
      'with a key twice further down',
      '"dist":{"signatures":[{"keyid":"a","keyid":"b","sig":"c"}]}',
      'metadata-malformed',
    ],
    [
      'with a key for the prototype',
      '"dist":{},"__proto__":{"dist":{}}',
      'metadata-malformed',
    ],
    [
      'with its name twice',
      '"dist":{},"name":"@acme/widget"',
      'metadata-malformed',
    ],
  ])('is read as strictly: %s', async (_what, members, expected) => {
    const server = await start();
    server.script('manifest', { status: 404 });
    const manifest = `{"name":"@acme/widget","version":"1.2.3",${members}}`;
    const body = `{"versions":{"1.2.3":${manifest}}}`;
    server.script('packument', { body });
    const answer = await ask(clientOf(server), 'version', server);
    expect(answer.status).toBe('found');
    const parsed = parseVersionMetadata(
      answer.status === 'found' ? answer.body : Buffer.alloc(0),
      ID,
    );
    expect('code' in parsed ? parsed.code : parsed.status).toBe(expected);
  });

  it('is not slowed down by what a small answer can expand to', async () => {
    const server = await start();
    server.script('manifest', { status: 404 });
    const filling = Buffer.alloc(60 * MIB, '{},');
    const packument = [
      Buffer.from('{"a":['),
      filling,
      Buffer.from('{}],"versions":{"1.2.3":{"name":"x"}}}'),
    ];
    server.script('packument', {
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.concat(packument)),
    });
    const answer = await ask(clientOf(server), 'version', server);
    expect(jsonOf(answer)).toEqual({ name: 'x' });
  });

  it('has no version of a package it does not know', async () => {
    const server = await start();
    const client = clientOf(server);
    const id = { name: 'unknown', version: '1.0.0' };
    expect(await ask(client, 'version', server, id)).toEqual({
      status: 'absent',
    });
  });

  it.each<[string, RegistryStep, string]>([
    ['is no JSON', { body: '<html>' }, 'not-json'],
    ['has no versions', { body: {} }, 'metadata-malformed'],
    ['is null', { body: null }, 'metadata-malformed'],
    ['needs a token', { status: 401 }, 'auth'],
    ['is gone', { status: 410 }, 'unexpected-status'],
    [
      'is over 64 MiB',
      { bodyBytes: 65 * MIB, withoutLength: true },
      'too-large',
    ],
    [
      'lists the version twice',
      { body: '{"versions":{"1.2.3":{},"1.2.3":{}}}' },
      'metadata-malformed',
    ],
    [
      'says too much about the version',
      { body: { versions: { '1.2.3': 'x'.repeat(2 * MIB) } } },
      'too-large',
    ],
  ])('stays unknown where the packument %s', async (_what, step, code) => {
    const server = await start();
    server.script('manifest', { status: 404 });
    server.script('packument', step);
    expect(await ask(clientOf(server), 'version', server)).toMatchObject({
      status: 'unavailable',
      code,
    });
  });

  it.each(['__proto__', 'constructor', 'toString'])(
    'has no version named %s',
    async (version) => {
      const server = await start();
      const client = clientOf(server);
      const id = { ...ID, version };
      expect(await ask(client, 'version', server, id)).toEqual({
        status: 'absent',
      });
    },
  );

  it('is not looked for where attestations are missing', async () => {
    const server = await start();
    server.script('attestations', { status: 404 });
    const client = clientOf(server);
    expect(await ask(client, 'attestations', server)).toEqual({
      status: 'absent',
    });
    expect(kindsOf(server)).toEqual(['attestations']);
  });
});

describe('publish times', () => {
  it('are those of all versions, from one full packument', async () => {
    const server = await start();
    const publishedAt = '2024-11-02T10:14:07.123Z';
    server.add({ id: { ...ID, version: '2.0.0' }, publishedAt });
    server.add({ id: { ...ID, version: '3.0.0' }, publishedAt: null });
    server.add({ id: { ...ID, version: '4.0.0' }, publishedAt: [7] });
    const answer = await ask(clientOf(server), 'publish-time', server);
    expect(jsonOf(answer)).toEqual({
      ...TIMES,
      '2.0.0': publishedAt,
      '4.0.0': [7],
    });
    expect(kindsOf(server)).toEqual(['packument']);
    const [request] = server.requests;
    expect(request?.headers.accept).toBe('application/json');
  });

  it('are asked for with the credentials of the registry', async () => {
    const server = await start({ token: 'T' });
    const key = server.url.slice(server.url.indexOf('//'));
    const client = clientOf(server, {
      credentials: { [`${key}:_authToken`]: 'T' },
    });
    expect(jsonOf(await ask(client, 'publish-time', server))).toEqual(TIMES);
  });

  it('and so is the history', async () => {
    const server = await start();
    const answer = await ask(clientOf(server), 'history', server);
    expect(jsonOf(answer)).toMatchObject({
      name: ID.name,
      time: TIMES,
      versions: { [ID.version]: { dist: { attestations: {} } } },
    });
    expect(kindsOf(server)).toEqual(['packument']);
    server.script('packument', { body: '<html>' });
    expect(await ask(clientOf(server), 'history', server)).toMatchObject({
      code: 'not-json',
    });
  });

  it('and the history is not, where that is too large to be parsed', async () => {
    const server = await start();
    const refusal = {
      status: 'unavailable',
      code: 'too-large',
      message: 'no room',
    } as const;
    const asked: unknown[] = [];
    const client = clientOf(server, {
      refuse: (body, registry) => {
        asked.push(JSON.parse(Buffer.from(body).toString()), registry);
        return refusal;
      },
    });
    expect(await ask(client, 'history', server)).toEqual(refusal);
    expect(asked).toMatchObject([{ name: ID.name }, server.url]);
    // Cut out, not parsed.
    expect(jsonOf(await ask(client, 'publish-time', server))).toEqual(TIMES);
  });

  it('come after a passing fault', async () => {
    const server = await start();
    server.script('packument', { status: 503 }, { truncate: 9 });
    const client = clientOf(server);
    expect(jsonOf(await ask(client, 'publish-time', server))).toEqual(TIMES);
    expect(client.waits).toHaveLength(2);
  });

  it.each([404, 405, 501])(
    'are absent with the packument: %i',
    async (status) => {
      const server = await start();
      server.script('packument', { status });
      expect(await ask(clientOf(server), 'publish-time', server)).toEqual({
        status: 'absent',
      });
    },
  );

  it.each<[string, RegistryStep, string]>([
    ['is no JSON', { body: '<html>' }, 'not-json'],
    ['is null', { body: null }, 'metadata-malformed'],
    [
      'is that of another package',
      { body: { name: 'widget', time: TIMES } },
      'metadata-malformed',
    ],
    ['needs a token', { status: 401 }, 'auth'],
    [
      'is over 64 MiB',
      { bodyBytes: 65 * MIB, withoutLength: true },
      'too-large',
    ],
    ['is a gzip bomb', { gzipBombBytes: 256 * MIB }, 'too-large'],
    [
      'is elsewhere',
      { redirect: 'http://169.254.169.254/' },
      'redirect-refused',
    ],
  ])('are unavailable where the packument %s', async (_what, step, code) => {
    const server = await start();
    server.script('packument', step);
    const answer = await ask(clientOf(server), 'publish-time', server);
    expect(answer).toMatchObject({ status: 'unavailable', code });
  });

  it('are asked for four packages at a time', async () => {
    const server = await start();
    const ids = Array.from({ length: 9 }, (_, index) => ({
      name: `other-${index}`,
      version: '1.2.3',
    }));
    for (const id of ids) server.add({ id });
    let open = (): void => undefined;
    const until = new Promise<void>((done) => {
      open = done;
    });
    server.script('packument', { until, repeat: true });
    const client = clientOf(server);
    const answers = ids.map((id) => ask(client, 'publish-time', server, id));
    await expect.poll(() => server.requests.length).toBe(4);
    open();
    for (const answer of answers) expect(jsonOf(await answer)).toEqual(TIMES);
    expect(server.requests).toHaveLength(ids.length);
    expect(server.peakConcurrency()).toBe(4);
  });

  it('end with the signal', async () => {
    const server = await start();
    const deadline = new AbortController();
    server.script('packument', { hang: true, afterHeaders: true });
    const { registry } = clientOf(server);
    const request = {
      kind: 'publish-time',
      id: ID,
      registry: server.url,
    } as const;
    const answer = registry.ask(request, deadline.signal);
    await expect.poll(() => server.requests.length).toBe(1);
    deadline.abort();
    expect(await answer).toMatchObject({
      status: 'unavailable',
      code: 'deadline',
    });
  });
});

describe('credentials', () => {
  const keyOf = (server: LoopbackRegistry): string =>
    server.url.slice(server.url.indexOf('//'));

  it.each<
    [string, (key: string) => NpmSettings['credentials'], string | undefined]
  >([
    ['a token', (key) => ({ [`${key}:_authToken`]: 'T' }), 'Bearer T'],
    [
      'user and password',
      (key) => ({ [`${key}:_auth`]: 'dTpwdw==' }),
      'Basic dTpwdw==',
    ],
    [
      'user and password apart',
      (key) => ({ [`${key}:username`]: 'u', [`${key}:_password`]: 'cHc=' }),
      'Basic dTpwdw==',
    ],
    ['nothing', () => ({}), undefined],
    [
      'nothing for another host',
      () => ({ '//registry.example/:_authToken': 'T' }),
      undefined,
    ],
    [
      'nothing for another port',
      () => ({ '//127.0.0.1:1/:_authToken': 'T' }),
      undefined,
    ],
    [
      'nothing for another path',
      (key) => ({ [`${key}other/:_authToken`]: 'T' }),
      undefined,
    ],
    ['nothing for no host', () => ({ _authToken: 'T', _auth: 'T' }), undefined],
  ])('are sent: %s', async (_what, credentials, expected) => {
    const server = await start();
    const client = clientOf(server, {
      credentials: credentials(keyOf(server)),
    });
    await ask(client, 'version', server);
    await ask(client, 'attestations', server);
    for (const { headers } of server.requests) {
      expect(headers.authorization).toBe(expected);
    }
    expect(server.requests).toHaveLength(2);
  });

  it('are those of the scope', async () => {
    const server = await start();
    const scoped = await start({ token: 'SCOPED' });
    const client = clientOf(server, {
      credentials: {
        '@acme:registry': scoped.url,
        [`${keyOf(scoped)}:_authToken`]: 'SCOPED',
        [`${keyOf(server)}:_authToken`]: 'OTHER',
      },
    });
    expect(jsonOf(await ask(client, 'version', scoped))).toMatchObject(ID);
    // The same package asked at the other registry, as behind a mirror.
    await ask(client, 'version', server);
    const sent = [...scoped.requests, ...server.requests];
    expect(sent.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer SCOPED',
      'Bearer OTHER',
    ]);
  });

  it('of the scope serve other paths of its host, as with npm', async () => {
    const server = await start({ token: 'T' });
    const client = clientOf(server, {
      credentials: {
        registry: server.url,
        '@acme:registry': `${server.url}scoped/`,
        [`${keyOf(server)}scoped/:_authToken`]: 'T',
      },
    });
    const unscoped = { name: 'widget', version: '1.2.3' };
    server.add({ id: unscoped });
    expect(jsonOf(await ask(client, 'version', server))).toMatchObject(ID);
    expect(await ask(client, 'version', server, unscoped)).toMatchObject({
      code: 'auth',
    });
  });

  it('do not serve a registry there that npm is not configured for', async () => {
    const server = await start();
    const client = clientOf(server, {
      credentials: {
        registry: `${server.url}mirror/`,
        '@acme:registry': `${server.url}scoped/`,
        [`${keyOf(server)}mirror/:_authToken`]: 'T',
        [`${keyOf(server)}scoped/:_authToken`]: 'S',
      },
    });
    // As a policy names one for evidence.
    expect(jsonOf(await ask(client, 'version', server))).toMatchObject(ID);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('never reach another host, whatever the registry answers', async () => {
    const server = await start({ basePath: '/npm' });
    const evil = await start();
    const client = clientOf(server, {
      credentials: { [`${keyOf(server)}:_authToken`]: 'T' },
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const step = { redirect: evil.url, status };
      server.script('attestations', step);
      server.script('manifest', step);
      for (const kind of ['attestations', 'version'] as const) {
        expect(await ask(client, kind, server)).toMatchObject({
          status: 'unavailable',
          code: 'redirect-refused',
        });
      }
    }
    expect(evil.requests).toEqual([]);
  });

  it.each([
    [
      'within the path it is bound to',
      'npm/',
      'npm/@acme%2fwidget/latest',
      'Bearer T',
    ],
    ['to a path of that name and more', 'npm/', 'npm-other/x', undefined],
    ['above that path', 'npm/', 'x', undefined],
    ['where the whole host has it', '', 'x', 'Bearer T'],
  ])('along a redirect %s', async (_what, bound, location, expected) => {
    const server = await start();
    const registry = `${server.url}npm/`;
    const client = clientOf(server, {
      credentials: { registry, [`${keyOf(server)}${bound}:_authToken`]: 'T' },
    });
    server.script('/npm/@acme/widget/1.2.3', {
      redirect: `/${location}`,
      repeat: true,
    });
    await client.registry.ask({ kind: 'version', id: ID, registry }, NEVER);
    const [first, second] = server.requests;
    expect(first?.headers.authorization).toBe('Bearer T');
    expect(second?.path).toBe(`/${location}`);
    expect(second?.headers.authorization).toBe(expected);
  });

  it('that cannot be read stop the request', async () => {
    const server = await start();
    const key = keyOf(server);
    const client = clientOf(server, {
      credentials: { [`${key}:certfile`]: '/', [`${key}:keyfile`]: '/' },
    });
    expect(await ask(client, 'version', server)).toMatchObject({
      status: 'unavailable',
      code: 'tls',
    });
    expect(server.requests).toEqual([]);
  });
});

it('refuses every one of several bombs that arrive at once', async () => {
  const server = await start();
  const client = clientOf(server);
  server.script('attestations', { gzipBombBytes: 2048 * MIB, repeat: true });
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => ask(client, 'attestations', server)),
  );
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 'unavailable', code: 'too-large' });
  }
});

function kindsOf(server: LoopbackRegistry): readonly RequestKind[] {
  return server.requests.map(({ kind }) => kind);
}
