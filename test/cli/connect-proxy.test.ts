import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { startTufMirror } from '../../fixtures/tuf-mirror.js';
import {
  createServerCertificate,
  startProxy,
  startTlsFront,
} from '../../fixtures/tuf-proxy.js';
import { createTufRepository } from '../../fixtures/tuf-repository.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import type { Report } from '../../src/report/report.js';
import { toBytes } from '../facts/judge.js';
import { createScene, runMain } from './scene.js';

const sigstore = await createSigstore();
const project = projectOf([
  publishPackage(sigstore, { name: '@acme/widget', version: '1.2.3' }),
  publishPackage(sigstore, { name: 'left-pad', version: '1.3.0' }),
]);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

function closing<Server extends { close(): Promise<void> }>(server: Server) {
  open.push(server);
  return server;
}

/** Registry and TUF repository behind TLS, and a proxy that can be in between. */
async function openNetwork() {
  const repository = createTufRepository({
    targets: new Map([['trusted_root.json', toBytes(sigstore.trustedRoot)]]),
    registryKeys: new Map([
      [new URL(PUBLIC_REGISTRY).host, toBytes(sigstore.npmKeys)],
    ]),
  });
  const mirror = closing(await startTufMirror(repository));
  const scene = closing(await createScene(sigstore, project));
  const certificate = createServerCertificate();
  const mirrorFront = closing(await startTlsFront(mirror.url, [], certificate));
  const registryFront = closing(
    await startTlsFront(scene.registry.url, [], certificate),
  );
  const proxy = closing(await startProxy());
  const at = (name: string): string => join(scene.folder, name);
  await writeFile(at('root.json'), repository.rootJson);
  await writeFile(at('ca.pem'), certificate.cert);
  // By name: the proxy agent compares no certificate with an IP address.
  const [tuf, registry] = [mirrorFront, registryFront].map(({ url }) =>
    url.replace('127.0.0.1', 'localhost'),
  );
  const argv = [
    ...['--tuf-mirror', tuf ?? '', '--tuf-root', at('root.json')],
    ...['--cache', at('cache'), '--registry', `${registry ?? ''}/`, '--json'],
  ];
  /** Audits with these lines in the user's .npmrc. */
  const audit = async (lines: readonly string[]) => {
    const text = [`cafile=${at('ca.pem')}`, ...lines].join('\n');
    await writeFile(at('home/.npmrc'), text);
    return runMain(scene, argv);
  };
  const hosts = [tuf, registry].map((url) => new URL(url ?? '').host);
  return { mirror, scene, proxy, audit, hosts };
}

describe('a whole audit behind a proxy', () => {
  it('sends all of it through tunnels: trust root and evidence', async () => {
    const { proxy, audit, hosts, mirror, scene } = await openNetwork();
    const run = await audit([`https-proxy=${proxy.url}`]);
    const report = JSON.parse(run.stdout) as Report;
    expect(report.exitCode).toBe(0);
    expect(report.trustRoot.origin).toBe('tuf');
    expect(report.summary.coverage.all.verified).toBe(2);
    expect(new Set(proxy.requests)).toEqual(
      new Set(hosts.map((host) => `CONNECT ${host}`)),
    );
    expect(mirror.requests.length).toBeGreaterThan(4);
    expect(scene.registry.requests).toHaveLength(4);
  });

  it('goes past it where noproxy names a host', async () => {
    const { proxy, audit, scene } = await openNetwork();
    const run = await audit([`https-proxy=${proxy.url}`, 'noproxy=localhost']);
    expect(run.exitCode).toBe(0);
    expect(scene.registry.requests).toHaveLength(4);
    expect(proxy.requests).toEqual([]);
  });

  it('ends with 3 where the proxy is gone, and asks nobody directly', async () => {
    const { audit, mirror, scene } = await openNetwork();
    const run = await audit(['https-proxy=http://127.0.0.1:1']);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toBe('');
    expect([...mirror.requests, ...scene.registry.requests]).toEqual([]);
  });
});
