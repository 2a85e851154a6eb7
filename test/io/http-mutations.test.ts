import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';

import { DEFAULT_NETWORK, fetchBounded } from '../../src/io/http.js';

const SMALL = gzipSync('{}');
const LARGE = gzipSync(Buffer.alloc(200_000, 'abc'));
const MAX_BYTES = 300_000;

const ANSWERS = [
  'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}',
  'HTTP/1.0 200 OK\r\n\r\n{}',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x\r\n\r\n2\r\n{}\r\n0\r\nx: y\r\n\r\n',
  'HTTP/1.1 302 Found\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n',
  'HTTP/1.1 101 Other\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n',
  'HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}',
  ...[SMALL, LARGE].map(
    (body) =>
      `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n${body.toString('latin1')}`,
  ),
  `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(150_000)}`,
];
const INSERTED = [
  ...['\r\n', '\0', 'content-length: 5\r\n', 'HTTP/1.1 101 Other\r\n'],
  'connection: upgrade\r\nupgrade: other\r\n',
];

/** Changes near the start, where the header is; or the rest is missing. */
const change = fc.record({
  at: fc.nat({ max: 200 }),
  removed: fc.oneof(fc.nat({ max: 5 }), fc.constant(Infinity)),
  inserted: fc.oneof(
    fc.constantFrom('', ...INSERTED),
    fc.nat({ max: 255 }).map((byte) => String.fromCharCode(byte)),
  ),
});
const served = fc.record({
  bytes: fc
    .tuple(fc.constantFrom(...ANSWERS), fc.array(change, { maxLength: 3 }))
    .map(([answer, changes]) =>
      changes.reduce(
        (bytes, { at, removed, inserted }) =>
          bytes.slice(0, at) + inserted + bytes.slice(at + removed),
        answer,
      ),
    ),
  then: fc.constantFrom('keep', 'end', 'destroy'),
  proxy: fc.constantFrom(null, 'http://127.0.0.1:9'),
  isTaken: fc.boolean(),
});
type Served = typeof served extends fc.Arbitrary<infer Value> ? Value : never;

const open = new Set<Socket>();
const server = createServer();
afterAll(() => {
  for (const socket of open) socket.destroy();
  server.close();
});

it('answers in time, whatever bytes a server sends', async () => {
  const all = fc.sample(served, { numRuns: 300, seed: 101 });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (request) => {
      const [, number] = /^GET \/(\d+)/.exec(request.toString()) ?? [];
      const answer = all[Number(number)];
      socket.write(Buffer.from(answer?.bytes ?? '', 'latin1'), () => {
        if (answer?.then === 'end') socket.end();
        if (answer?.then === 'destroy') socket.destroy();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answers = await Promise.all(all.map(ask));
  const found = new Set(
    answers.map((each) =>
      each.status === 'failed' ? each.code : each.statusCode,
    ),
  );
  // All kinds of ends, or these answers are not what they are meant to be.
  for (const kind of [200, 'network', 'timeout', 'truncated', 'too-large']) {
    expect(found).toContain(kind);
  }
});

function ask({ proxy, isTaken }: Served, number: number) {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : null;
  return fetchBounded(`http://127.0.0.1:${port ?? ''}/${number}`, {
    maxBytes: number % 2 === 0 ? MAX_BYTES : 1000,
    // Long enough for all of them at once on a slow machine.
    timeoutMs: 2000,
    signal: new AbortController().signal,
    network: { ...DEFAULT_NETWORK, proxy, noProxy: '127.0.0.1' },
    ...(isTaken && { onChunk: () => undefined }),
  });
}
