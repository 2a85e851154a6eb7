import { writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { createServerCertificate } from '../../fixtures/tuf-proxy.js';
import { createScene, runMain, type Scene } from './scene.js';

const sigstore = await createSigstore();
const project = projectOf([
  publishPackage(sigstore, { name: 'widget', version: '1.2.3' }),
]);
const server = createServerCertificate();
/** What the user has to show, and what nobody knows. */
const known = createServerCertificate();
const unknown = createServerCertificate();

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

interface Front {
  /** `localhost:PORT` */
  readonly host: string;
  /** Of each request, whether a certificate came with it that counts. */
  readonly shown: readonly boolean[];
}

/** An HTTPS address of the scene's registry that asks for certificates. */
async function startFront(scene: Scene, isRequired: boolean): Promise<Front> {
  const shown: boolean[] = [];
  const front = createServer(
    {
      ...server,
      ca: known.cert,
      requestCert: true,
      rejectUnauthorized: isRequired,
    },
    (request, response) => {
      const { socket } = request;
      shown.push('authorized' in socket && socket.authorized === true);
      const path = (request.url ?? '').replace(/^\/npm/, '').slice(1);
      httpRequest(scene.registry.url + path, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      }).end();
    },
  );
  await new Promise<void>((resolve) => {
    front.listen(0, '127.0.0.1', resolve);
  });
  open.push({
    close: () =>
      new Promise((resolve) => {
        front.close(() => {
          resolve();
        });
        front.closeAllConnections();
      }),
  });
  const { port } = front.address() as AddressInfo;
  return { host: `localhost:${port}`, shown };
}

/** Audits at `https://HOST/npm/` with these lines in the user's .npmrc. */
async function audit(
  lines: (host: string) => readonly string[],
  { isRequired = true } = {},
) {
  const scene = await createScene(sigstore, project);
  open.push(scene);
  const { host, shown } = await startFront(scene, isRequired);
  const at = (name: string): string => join(scene.folder, name);
  await writeFile(at('ca.pem'), server.cert);
  for (const [name, each] of Object.entries({ known, unknown })) {
    await writeFile(at(`${name}.crt`), each.cert);
    await writeFile(at(`${name}.key`), each.key);
  }
  const text = [`cafile=${at('ca.pem')}`, ...lines(host)].join('\n');
  await writeFile(at('home/.npmrc'), text.replaceAll('FOLDER', scene.folder));
  const run = await runMain(scene, [
    ...scene.options,
    ...['--registry', `https://${host}/npm/`],
  ]);
  return { ...run, shown };
}

const files = (key: string, name = 'known'): readonly string[] => [
  `${key}:certfile=FOLDER/${name}.crt`,
  `${key}:keyfile=FOLDER/${name}.key`,
];
const inline = (pem: string): string =>
  `"${pem.trim().replaceAll('\n', '\\n')}"`;

describe('a registry that wants a client certificate', () => {
  it.each<[string, (host: string) => readonly string[]]>([
    ['files for the host', (host) => files(`//${host}/`)],
    ['files for the path', (host) => files(`//${host}/npm/`)],
    [
      'cert and key for all',
      () => [`cert=${inline(known.cert)}`, `key=${inline(known.key)}`],
    ],
    [
      'files that go before cert and key',
      (host) => [
        `cert=${inline(unknown.cert)}`,
        `key=${inline(unknown.key)}`,
        ...files(`//${host}/npm/`),
      ],
    ],
  ])('gets the one of npm’s configuration: %s', async (_what, lines) => {
    const run = await audit(lines);
    expect(run.exitCode).toBe(0);
    expect(run.shown).toEqual([true, true]);
  });

  it.each<[string, (host: string) => readonly string[]]>([
    ['none', () => []],
    ['files for another path', (host) => files(`//${host}/other/`)],
    ['files for another host', () => files('//localhost:1/')],
    ['one that nobody knows', (host) => files(`//${host}/`, 'unknown')],
    ['files that are not there', (host) => files(`//${host}/`, 'missing')],
  ])('cannot be asked with %s', async (_what, lines) => {
    const run = await audit(lines);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('evidence-unavailable');
    expect(run.shown).toEqual([]);
  });

  it('is not shown one that is bound to another path', async () => {
    const run = await audit((host) => files(`//${host}/other/`), {
      isRequired: false,
    });
    expect(run.exitCode).toBe(0);
    expect(run.shown).toEqual([false, false]);
  });
});
