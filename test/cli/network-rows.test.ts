import { execFile } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import {
  createServerCertificate,
  startTlsFront,
} from '../../fixtures/tuf-proxy.js';
import type { Report, ReportDependency } from '../../src/report/report.js';
import {
  createScene,
  isolatedVariables,
  runMain,
  type Scene,
} from './scene.js';

/** Rows of the hostile cases, area N, below HTTP: sockets, TLS, names, codings. */
const BINARY = fileURLToPath(
  new URL('../../bin/provenance-audit.js', import.meta.url),
);
const MIB = 1024 * 1024;
const sigstore = await createSigstore();
const gear = publishPackage(sigstore, { name: 'gear', version: '1.2.3' });
const cog = publishPackage(sigstore, { name: 'cog', version: '1.2.3' });
const document = JSON.stringify(gear.attestations);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function openScene(packages = [gear], options = {}): Promise<Scene> {
  const scene = await createScene(sigstore, projectOf(packages), options);
  open.push(scene);
  return scene;
}

/** Writes the user's .npmrc: nothing is waited for between attempts. */
function configure({ folder }: Scene, ...lines: string[]): Promise<void> {
  const text = ['fetch-retry-mintimeout=0', ...lines, ''].join('\n');
  return writeFile(join(folder, 'home', '.npmrc'), text);
}

function outcomeOf(each: ReportDependency | undefined): string {
  if (each === undefined) return 'no report';
  const { unavailable, rejections, verification } = each;
  if (unavailable !== null) return `unavailable ${unavailable.code}`;
  return rejections[0] === undefined
    ? verification
    : `rejected ${rejections[0].code}`;
}

/** What becomes of each package, in the order of their names. */
async function audit(
  scene: Scene,
  ...argv: readonly string[]
): Promise<{ outcomes: readonly string[]; exitCode: number; stderr: string }> {
  const run = await runMain(scene, [...scene.options, '--json', ...argv]);
  const { dependencies } = JSON.parse(run.stdout) as Report;
  const { exitCode, stderr } = run;
  return { outcomes: dependencies.map(outcomeOf), exitCode, stderr };
}

/**
 * An address of the scene's registry that answers questions for attestations of
 * `gear` with `raw`, over connections that are kept open.
 */
async function startRawFront(scene: Scene, raw: string): Promise<string> {
  const sockets = new Set<Socket>();
  const answer = async (path: string): Promise<string> => {
    if (path.includes('attestations/gear')) return raw;
    const response = await fetch(new URL(path, scene.registry.url));
    const body = await response.text();
    const length = Buffer.byteLength(body);
    return `HTTP/1.1 ${response.status} x\r\nContent-Length: ${length}\r\n\r\n${body}`;
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (head) => {
      const path = head.toString().split(' ')[1] ?? '';
      void answer(path).then((text) => socket.write(text));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  open.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const answerOf = (length: number, body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${body}`;
const LENGTH = Buffer.byteLength(document);

describe('what a socket says', () => {
  it.each([
    [
      'N10 only provisional answers',
      'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(10_000),
      'unavailable timeout',
    ],
    [
      'N18 a Content-Length that is too large',
      answerOf(LENGTH + 10, document),
      'unavailable timeout',
    ],
    [
      'N18 a Content-Length that is too small',
      answerOf(LENGTH - 10, document),
      'unavailable truncated',
    ],
    [
      'N40 two lengths',
      `HTTP/1.1 200 OK\r\nContent-Length: ${LENGTH}\r\nContent-Length: 2\r\n\r\n${document}`,
      'unavailable network',
    ],
    [
      'N40 a length and chunks',
      `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n${LENGTH.toString(16)}\r\n${document}\r\n0\r\n\r\n`,
      'unavailable network',
    ],
  ])('%s', async (_what, raw, outcome) => {
    const scene = await openScene();
    await configure(scene, 'fetch-retries=1');
    const url = await startRawFront(scene, raw);
    const ended = await audit(scene, '--registry', url, '--timeout', '1s');
    expect(ended).toMatchObject({ outcomes: [outcome], exitCode: 3 });
  });

  it('N40 an answer behind the answer is not another package’s', async () => {
    const zebra = publishPackage(sigstore, { name: 'zebra', version: '1.2.3' });
    const scene = await openScene([gear, zebra]);
    await configure(scene, 'fetch-retries=1');
    // What the next question on this connection would be answered with.
    const smuggled = answerOf(2, '{}');
    const raw = answerOf(LENGTH, document) + smuggled.repeat(3);
    const url = await startRawFront(scene, raw);
    const { outcomes } = await audit(
      scene,
      ...['--registry', url, '--concurrency', '1', '--timeout', '5s'],
    );
    expect(outcomes[1]).toBe('verified');
    expect(['verified', 'unavailable network']).toContain(outcomes[0]);
  });

  it('N40 with one length is an answer', async () => {
    const scene = await openScene([cog, gear]);
    const url = await startRawFront(scene, answerOf(LENGTH, document));
    const ended = await audit(scene, '--registry', url);
    expect(ended.outcomes).toEqual(['verified', 'verified']);
  });
});

describe('how a body is coded', () => {
  const zeros = Buffer.alloc(16 * MIB);
  it.each([
    ['N17 br', 'br', brotliCompressSync(zeros), 'too-large'],
    ['N17 nested gzip', 'gzip, gzip', gzipSync(gzipSync(zeros)), 'too-large'],
    // Not asked for, so nobody here undoes it.
    ['N17 zstd', 'zstd', Buffer.from('28b52ffd', 'hex'), 'not-json'],
    ['N17 three layers', 'gzip, gzip, gzip', gzipSync(zeros), 'not-json'],
  ])('%s', async (_what, coding, body, code) => {
    const scene = await openScene();
    await configure(scene);
    scene.registry.script('attestations', {
      ...{ body, headers: { 'content-encoding': coding } },
      repeat: true,
    });
    const ended = await audit(scene);
    expect(ended).toMatchObject({
      outcomes: [`unavailable ${code}`],
      exitCode: 3,
    });
  });

  it('N24 a lone surrogate in a name', async () => {
    const scene = await openScene();
    scene.registry.script('attestations', {
      body: document.replace('"predicateType":"', '"predicateType":"\\ud800'),
      repeat: true,
    });
    const { outcomes, exitCode } = await audit(scene);
    expect(outcomes[0]).toMatch(/^(?:rejected|unavailable) /);
    expect([3, 4]).toContain(exitCode);
  });
});

describe('N30: the registry’s own keys', () => {
  it('N30 vouch for nothing, and are not asked for', async () => {
    const rogue = publishPackage(
      sigstore,
      { name: 'gear', version: '1.2.3' },
      { attest: { publishSigning: { key: 'rogue' } } },
    );
    const keys = sigstore.hostileRegistryKeys;
    const scene = await openScene([rogue], { keys });
    const ended = await audit(scene);
    expect(ended).toMatchObject({
      outcomes: ['rejected publish-key'],
      exitCode: 4,
    });
    const paths = scene.registry.requests.map(({ path }) => path);
    expect(paths.filter((path) => path.includes('keys'))).toEqual([]);
  });
});

describe('who is at the other end', () => {
  type Certificate = ReturnType<typeof createServerCertificate>;

  /** Audits at an HTTPS address whose authority the user's .npmrc names. */
  async function auditAt(certificate: Certificate, scene: Scene) {
    const front = await startTlsFront(scene.registry.url, [], certificate);
    open.push(front);
    const ca = join(scene.folder, 'ca.pem');
    await writeFile(ca, certificate.cert);
    await configure(scene, `cafile=${ca}`);
    return audit(scene, '--registry', `${front.url}/`);
  }

  it.each<[string, Certificate, string, number]>([
    ['N37 the right one', createServerCertificate(), 'verified', 0],
    [
      'N37 a certificate that has expired',
      createServerCertificate([], { notAfter: new Date('2022-01-01') }),
      'unavailable tls',
      3,
    ],
    [
      'N37 a certificate of another host',
      createServerCertificate(['other.example'], { isOfThisMachine: false }),
      'unavailable tls',
      3,
    ],
  ])('%s', async (_what, certificate, outcome, exitCode) => {
    const scene = await openScene();
    const ended = await auditAt(certificate, scene);
    expect(ended).toMatchObject({ outcomes: [outcome], exitCode });
    const isReached = scene.registry.requests.length > 0;
    expect(isReached).toBe(exitCode === 0);
  });

  it('N14 does not redirect from https to http', async () => {
    const scene = await openScene();
    const { url } = scene.registry;
    scene.registry.script('manifest', { redirect: url, repeat: true });
    const ended = await auditAt(createServerCertificate(), scene);
    expect(ended).toMatchObject({
      outcomes: ['unavailable redirect-refused'],
      exitCode: 3,
    });
    expect(scene.registry.requests).toHaveLength(1);
  });

  it('N36 is not vouched for by a file of the project', async () => {
    const scene = await openScene();
    const certificate = createServerCertificate();
    const front = await startTlsFront(scene.registry.url, [], certificate);
    open.push(front);
    const ca = join(scene.project, 'ca.pem');
    await writeFile(ca, certificate.cert);
    await writeFile(join(scene.project, '.npmrc'), `cafile=${ca}\n`);
    const ended = await audit(scene, '--registry', `${front.url}/`);
    expect(ended).toMatchObject({
      outcomes: ['unavailable tls'],
      exitCode: 3,
    });
    expect(ended.stderr).toContain('cafile is ignored');
  });
});

describe('N38: what a name stands for', () => {
  /** Runs the program where `registry.test` is looked up by `lookup`. */
  async function auditByName(
    lookup: string,
    ...more: readonly string[]
  ): Promise<Report> {
    const scene = await openScene();
    await configure(scene, 'fetch-retries=0');
    const hook = `import dns from 'node:dns';
      const { lookup } = dns;
      dns.lookup = (name, options, done) =>
        name === 'registry.test' ? (${lookup})(done) : lookup(name, options, done);`;
    const url = scene.registry.url.replace('127.0.0.1', 'registry.test');
    const argv = [
      ...['--import', `data:text/javascript,${encodeURIComponent(hook)}`],
      ...[BINARY, ...scene.options, '--json'],
      ...['--registry', url, ...more],
    ];
    const env = isolatedVariables(scene.folder);
    const stdout = await new Promise<string>((resolve) => {
      const options = { cwd: scene.project, env };
      execFile(process.execPath, argv, options, (_error, text) => {
        resolve(text);
      });
    });
    return JSON.parse(stdout) as Report;
  }

  it('N38 an answer that does not come ends with the deadline', async () => {
    const report = await auditByName('() => undefined', '--deadline', '1s');
    expect(report.exitCode).toBe(3);
    expect(outcomeOf(report.dependencies[0])).toBe('unavailable deadline');
  });

  it('N38 an address that leads nowhere is passed over', async () => {
    // RFC 6666: whatever is sent there is discarded.
    const report = await auditByName(`(done) => done(null, [
      { address: '100::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ])`);
    expect(outcomeOf(report.dependencies[0])).toBe('verified');
  });
});
