import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSocketServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { afterEach, describe, expect, it } from 'vitest';

import {
  signCertificate,
  toPem,
} from '../../fixtures/certificate-authority.js';
import {
  objectIdentifier,
  sequence,
  set,
  tlv,
  utf8String,
} from '../../fixtures/der.js';
import { createKey } from '../../fixtures/keys.js';
import {
  DEFAULT_NETWORK,
  fetchBounded,
  type FetchOptions,
  type HttpAnswer,
  type NetworkOptions,
} from '../../src/io/http.js';
import { sendRequest } from '../../src/io/http-request.js';
import { startTimeLimit, type TimeLimit } from '../../src/io/time-limit.js';

const LOOPBACK = { ...DEFAULT_NETWORK, noProxy: '127.0.0.1' };
const OPTIONS: FetchOptions = {
  maxBytes: 1000,
  timeoutMs: 20_000,
  signal: new AbortController().signal,
  network: LOOPBACK,
};

/** Both ways of connecting; what is promised of one holds for the other. */
const WAYS: readonly [string, NetworkOptions][] = [
  ['without a proxy', LOOPBACK],
  ['past a proxy', { ...LOOPBACK, proxy: 'http://127.0.0.1:9' }],
];

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(
  server: ReturnType<typeof createSocketServer>,
): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('port');
  return `http://127.0.0.1:${address.port}`;
}

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  return listen(server);
}

/** Answers every connection with `raw` and, if asked, ends it. */
async function serveRaw(raw: string, { end }: { end: boolean }) {
  const open = new Set<Socket>();
  const server = createSocketServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(raw);
      if (end) socket.end();
    });
  });
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of open) socket.destroy();
      }),
  );
  return listen(server);
}

/** Longer than anything here takes. */
function noLimit(): TimeLimit {
  const time = startTimeLimit(OPTIONS.signal, OPTIONS.timeoutMs);
  closers.push(() => {
    time.end();
    return Promise.resolve();
  });
  return time;
}

function textOf(answer: HttpAnswer): string | null {
  if (answer.status !== 'answered' || answer.body === null) return null;
  return Buffer.from(answer.body).toString();
}

describe('what a server answers', () => {
  it.each<[string, Record<string, string>, Buffer, string]>([
    ['a plain body', {}, Buffer.from('{}'), '{}'],
    [
      'HTML called so',
      { 'content-type': 'text/html' },
      Buffer.from('{}'),
      '{}',
    ],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync('{}'), '{}'],
    ['GZIP in capitals', { 'content-encoding': 'GZIP' }, gzipSync('{}'), '{}'],
    ['deflate', { 'content-encoding': 'deflate' }, deflateSync('{}'), '{}'],
    ['brotli', { 'content-encoding': 'br' }, brotliCompressSync('{}'), '{}'],
    ['identity', { 'content-encoding': 'identity' }, Buffer.from('{}'), '{}'],
    [
      'gzip within gzip',
      { 'content-encoding': 'gzip, gzip' },
      gzipSync(gzipSync('{}')),
      '{}',
    ],
    [
      'gzip over deflate',
      { 'content-encoding': 'deflate, gzip' },
      gzipSync(deflateSync('{}')),
      '{}',
    ],
    ['as many bytes as allowed', {}, Buffer.alloc(1000, 'x'), 'x'.repeat(1000)],
  ])('is read: %s', async (_what, headers, body, text) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, headers).end(body);
    });
    expect(textOf(await fetchBounded(url, OPTIONS))).toBe(text);
  });

  it.each<[string, Record<string, string>, Buffer, string]>([
    ['one byte too many', {}, Buffer.alloc(1001), 'too-large'],
    [
      'a gzip bomb',
      { 'content-encoding': 'gzip' },
      bomb(gzipSync),
      'too-large',
    ],
    [
      'a brotli bomb',
      { 'content-encoding': 'br' },
      bomb(brotliCompressSync),
      'too-large',
    ],
    [
      'a bomb in two layers',
      { 'content-encoding': 'gzip, gzip' },
      gzipSync(bomb(gzipSync)),
      'too-large',
    ],
    [
      'many bytes that decode to few',
      { 'content-encoding': 'gzip' },
      Buffer.concat(Array<Buffer>(100).fill(gzipSync(''))),
      'too-large',
    ],
    [
      'three layers',
      { 'content-encoding': 'gzip, gzip, gzip' },
      gzipSync(gzipSync(gzipSync('{}'))),
      'unsupported-encoding',
    ],
    [
      'a coding nobody asked for',
      { 'content-encoding': 'zstd' },
      Buffer.from('{}'),
      'unsupported-encoding',
    ],
    [
      'gzip that breaks off',
      { 'content-encoding': 'gzip' },
      gzipSync('{"some": "text"}').subarray(0, 20),
      'truncated',
    ],
    [
      'no gzip where gzip is said',
      { 'content-encoding': 'gzip' },
      Buffer.from('{}'),
      'truncated',
    ],
  ])('is refused: %s', async (_what, headers, body, code) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, headers).end(body);
    });
    const answer = await fetchBounded(url, OPTIONS);
    expect(answer).toMatchObject({ status: 'failed', code });
  });

  it.each([
    ['nothing, closing', '', 'network'],
    ['no HTTP', 'hello\r\n\r\n', 'network'],
    [
      'fewer bytes than announced',
      'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}',
      'truncated',
    ],
    [
      'more bytes than the limit, announced',
      'HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n{}',
      'too-large',
    ],
    [
      'a chunked body that breaks off',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n',
      'truncated',
    ],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}',
      'network',
    ],
    [
      'length and chunks at once',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      'network',
    ],
  ])('on the wire is refused: %s', async (_what, raw, code) => {
    const url = await serveRaw(raw, { end: true });
    const answer = await fetchBounded(url, OPTIONS);
    expect(answer).toMatchObject({ status: 'failed', code });
  });

  it('stops an endless body at the limit', async () => {
    let closed: () => void;
    const closing = new Promise<void>((resolve) => (closed = resolve));
    const url = await serve((_request, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(500)));
      };
      response.on('drain', more).on('close', () => {
        closed();
      });
      more();
    });
    const answer = await fetchBounded(url, OPTIONS);
    expect(answer).toMatchObject({ status: 'failed', code: 'too-large' });
    await closing;
  });

  it.each([204, 206, 304, 400, 401, 404, 418, 451, 500])(
    'is a status without a body: %i',
    async (statusCode) => {
      const url = await serve((_request, response) => {
        response.writeHead(statusCode, { 'retry-after': '7' }).end();
      });
      const answer = await fetchBounded(url, OPTIONS);
      expect(answer).toMatchObject({
        status: 'answered',
        statusCode,
        body: null,
        retryAfter: '7',
      });
    },
  );

  it('does not read the body of an error', async () => {
    let closed: () => void;
    const closing = new Promise<void>((resolve) => (closed = resolve));
    const url = await serve((_request, response) => {
      response.writeHead(404).write('never ends');
      response.on('close', () => {
        closed();
      });
    });
    const answer = await fetchBounded(url, OPTIONS);
    expect(answer).toMatchObject({ status: 'answered', statusCode: 404 });
    await closing;
  });

  it.each(WAYS)('keeps the connection, %s', async (_way, network) => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    for (let n = 0; n < 5; n += 1) {
      await fetchBounded(url, { ...OPTIONS, network });
    }
    expect(ports.size).toBe(1);
  });
});

describe('limits on time', () => {
  const silent = { end: false };

  it.each([
    ['a server that says nothing', ''],
    ['a body that stops', 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{'],
    ['interim answers only', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000)],
  ])('end %s', async (_what, raw) => {
    const url = await serveRaw(raw, silent);
    const answer = await fetchBounded(url, { ...OPTIONS, timeoutMs: 50 });
    expect(answer).toMatchObject({ status: 'failed', code: 'timeout' });
  });

  it('count all redirects as one request', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/')
        response.writeHead(302, { location: '/x' }).end();
    });
    const answer = await fetchBounded(url, { ...OPTIONS, timeoutMs: 50 });
    expect(answer).toMatchObject({ status: 'failed', code: 'timeout' });
  });

  it('leave the last word to the caller', async () => {
    const caller = new AbortController();
    const url = await serve(() => {
      caller.abort();
    });
    const options = { ...OPTIONS, signal: caller.signal };
    const first = await fetchBounded(url, options);
    expect(first).toMatchObject({ status: 'failed', code: 'aborted' });
    const second = await fetchBounded(url, options);
    expect(second).toMatchObject({ status: 'failed', code: 'aborted' });
  });
});

it('serves many requests of one audit without a warning', async () => {
  const warnings: string[] = [];
  const note = (warning: Error): number => warnings.push(warning.message);
  process.on('warning', note);
  const url = await serve((_request, response) => response.end('{}'));
  const requests = Array.from({ length: 50 }, () => fetchBounded(url, OPTIONS));
  const answers = await Promise.all(requests);
  expect(answers.every(({ status }) => status === 'answered')).toBe(true);
  // Warnings are emitted on the next tick.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])(
    'are followed within the origin: %i',
    async (statusCode) => {
      const seen: (string | undefined)[] = [];
      const url = await serve((request, response) => {
        seen.push(request.headers.authorization);
        if (request.url === '/end') response.end('{}');
        else response.writeHead(statusCode, { location: '/end' }).end();
      });
      const headers = { authorization: 'Bearer a-token' };
      const answer = await fetchBounded(url, { ...OPTIONS, headers });
      expect(textOf(answer)).toBe('{}');
      expect(seen).toEqual(['Bearer a-token', 'Bearer a-token']);
    },
  );

  it.each([
    ['three', 3, 'answered'],
    ['four', 4, 'failed'],
  ])('are followed up to three times: %s', async (_count, count, status) => {
    const url = await serve((request, response) => {
      const step = Number(request.url?.slice(1));
      if (step === count) response.end('{}');
      else response.writeHead(302, { location: `/${step + 1}` }).end();
    });
    const answer = await fetchBounded(`${url}/0`, OPTIONS);
    expect(answer.status).toBe(status);
  });

  it.each([
    ['to another port', 'other'],
    ['to https', 'https://127.0.0.1/'],
    ['to another name of this host', 'http://localhost/'],
    ['to a link-local address', 'http://169.254.169.254/latest/'],
    ['to a file', 'file:///etc/hosts'],
    ['to data', 'data:application/json,{}'],
    ['to nowhere', ''],
    ['to what is no URL', 'http://['],
    ['with a backslash', '\\\\registry.example\\x'],
    ['without a scheme', '//registry.example/x'],
  ])('are refused %s, and nothing reaches it', async (_what, location) => {
    const reached: string[] = [];
    const other = await serve((request, response) => {
      reached.push(request.headers.authorization ?? 'no token');
      response.end('{}');
    });
    const target = location === 'other' ? other : location;
    const url = await serve((_request, response) => {
      response.writeHead(302, { location: target }).end();
    });
    const headers = { authorization: 'Bearer a-token' };
    const answer = await fetchBounded(url, { ...OPTIONS, headers });
    expect(answer).toMatchObject({
      status: 'failed',
      code: 'redirect-refused',
    });
    expect(reached).toEqual([]);
  });
});

describe.each(WAYS)('a connection that fails, %s', (_way, network) => {
  const options = { ...OPTIONS, network };

  it('is given up after its own time', async () => {
    const url = (await serveRaw('', { end: false })).replace('http', 'https');
    const sent = sendRequest(new URL(url), {
      ...{ network, headers: {}, time: noLimit() },
      connectMs: 50,
    });
    await expect(sent).rejects.toMatchObject({ code: 'ECONNECTIONTIMEOUT' });
  });

  it('has no part in how long the answer takes', async () => {
    const url = await serve((_request, response) => {
      // Later than the time to connect in.
      setTimeout(() => response.end('{}'), 60);
    });
    const answer = await sendRequest(new URL(url), {
      ...{ network, headers: {}, time: noLimit() },
      connectMs: 30,
    });
    answer.destroy();
    expect(answer.statusCode).toBe(200);
  });

  it('is a network failure without the password of the URL', async () => {
    const url = await serveRaw('', { end: true });
    const secret = url.replace('http://', 'http://user:secret@');
    const answer = await fetchBounded(`${secret}/x`, options);
    expect(answer).toMatchObject({ status: 'failed', code: 'network' });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it.each([
    ['keeps the connection open', { end: false }],
    ['ends it', { end: true }],
  ])(
    'is a network failure where the server changes the protocol and %s',
    async (_what, { end }) => {
      const raw =
        'HTTP/1.1 101 Switching Protocols\r\n' +
        'Connection: Upgrade\r\nUpgrade: other\r\n\r\n';
      const answer = await fetchBounded(await serveRaw(raw, { end }), options);
      expect(answer).toMatchObject({ status: 'failed', code: 'network' });
    },
  );

  it('is a TLS failure where the server speaks none', async () => {
    const url = await serveRaw('HTTP/1.1 200 OK\r\n\r\n', { end: true });
    const answer = await fetchBounded(url.replace('http:', 'https:'), options);
    expect(answer).toMatchObject({ status: 'failed', code: 'tls' });
  });

  it('is a network failure where nobody listens', async () => {
    const url = await serve(() => undefined);
    for (const close of closers.splice(0)) await close();
    const answer = await fetchBounded(url, options);
    expect(answer).toMatchObject({ status: 'failed', code: 'network' });
  });
});

it('gives up a proxy that connects to nobody, and does not hear of it again', async () => {
  const proxy = await serveRaw('HTTP/1.1 200 OK\r\n\r\n', { end: false });
  const sent = sendRequest(new URL('https://registry.example/'), {
    network: { ...DEFAULT_NETWORK, proxy },
    ...{ headers: {}, time: noLimit(), connectMs: 100 },
  });
  await expect(sent).rejects.toMatchObject({ code: 'ECONNECTIONTIMEOUT' });
  // Hangs up: an error that nobody waits for would fail the whole run.
  for (const close of closers.splice(0)) await close();
  await new Promise(setImmediate);
});

const LOOPBACK_IP = tlv(0x87, Buffer.of(127, 0, 0, 1));

describe.each(WAYS)('a server with its own certificate, %s', (_way, way) => {
  it.each<[string, (pem: string) => Partial<NetworkOptions>, string]>([
    ['is not trusted', () => ({}), 'tls'],
    ['is trusted by its authority', (pem) => ({ ca: [pem] }), 'answered'],
    ['is trusted on demand', () => ({ strictSsl: false }), 'answered'],
  ])('%s', async (_what, trust, expected) => {
    const { certificate, key } = selfSigned(LOOPBACK_IP);
    const url = await serveTls(certificate, key);
    const network = { ...way, ...trust(certificate) };
    const answer = await fetchBounded(url, { ...OPTIONS, network });
    expect(answer.status === 'failed' ? answer.code : answer.status).toBe(
      expected,
    );
  });

  it.each<[string, Buffer, Date?]>([
    ['of another host', tlv(0x82, Buffer.from('other.example'))],
    ['that has expired', LOOPBACK_IP, new Date('2020-02-01')],
  ])('%s is not trusted', async (_what, name, notAfter) => {
    const { certificate, key } = selfSigned(name, notAfter);
    const url = await serveTls(certificate, key);
    const network = { ...way, ca: [certificate] };
    const answer = await fetchBounded(url, { ...OPTIONS, network });
    expect(answer).toMatchObject({ status: 'failed', code: 'tls' });
  });
});

/** A certificate for `name`, an encoded GeneralName, that signs itself. */
function selfSigned(
  name: Buffer,
  notAfter = new Date('2049-01-01'),
): { certificate: string; key: string } {
  const key = createKey('P-384');
  const attribute = sequence(objectIdentifier('2.5.4.3'), utf8String('test'));
  const subject = sequence(set(attribute));
  const certificate = signCertificate(
    {
      issuer: subject,
      subject,
      publicKey: key,
      notBefore: new Date('2020-01-01'),
      notAfter,
      serial: Buffer.of(1),
      extensions: [
        { oid: '2.5.29.17', critical: false, value: sequence(name) },
      ],
    },
    key,
  );
  const pem = key.privateKey.export({ format: 'pem', type: 'pkcs8' });
  return { certificate: toPem(certificate), key: pem.toString() };
}

async function serveTls(cert: string, key: string): Promise<string> {
  const server = createTlsServer({ cert, key }, (_request, response) => {
    response.end('{}');
  });
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  return (await listen(server)).replace('http:', 'https:');
}

function bomb(compress: (input: Buffer) => Buffer): Buffer {
  let size = 900_000;
  let body = compress(Buffer.alloc(size));
  while (body.length > 990) body = compress(Buffer.alloc((size /= 2)));
  return body;
}
