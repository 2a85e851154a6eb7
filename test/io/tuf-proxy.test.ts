import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRegistry } from '../../fixtures/loopback-registry.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
} from '../../fixtures/projects.js';
import {
  startProxy,
  startTlsFront,
  type LoopbackProxy,
  type TlsFront,
} from '../../fixtures/tuf-proxy.js';
import type { NetworkOptions } from '../../src/io/http.js';
import { loadNpmConfig, type NpmSettings } from '../../src/io/npm-config.js';
import { createNpmRegistry } from '../../src/io/npm-registry.js';
import {
  failureOf,
  KEYS,
  openScene,
  textsOf,
  type TufScene,
} from './tuf-scene.js';

let scene: TufScene;
let proxy: LoopbackProxy;
let front: TlsFront;

beforeEach(async () => {
  scene = await openScene();
  proxy = await startProxy();
  front = await startTlsFront(scene.mirror.url);
});

afterEach(async () => {
  await front.close();
  await proxy.close();
  await scene.close();
});

const ONE = { trustedRoot: 'root one', keys: KEYS };

/** npm's configuration with these lines in the user's .npmrc. */
async function settingsOf(lines: readonly string[]): Promise<NpmSettings> {
  const folder = join(dirname(scene.cacheDir), 'npm');
  await mkdir(folder);
  await writeFile(join(folder, 'ca.pem'), front.ca);
  const npmrc = lines
    .join('\n')
    .replaceAll('CA', join(folder, 'ca.pem'))
    .replaceAll('PROXY', proxy.url);
  await writeFile(join(folder, '.npmrc'), npmrc);
  return loadNpmConfig({
    projectDir: folder,
    env: {
      HOME: folder,
      npm_config_userconfig: join(folder, '.npmrc'),
      npm_config_globalconfig: join(folder, 'none'),
    },
  });
}

async function networkOf(lines: readonly string[]): Promise<NetworkOptions> {
  return (await settingsOf(lines)).network;
}

describe('TUF traffic and npm’s network settings', () => {
  it('goes through an HTTP proxy, all of it', async () => {
    const network = await networkOf(['proxy=PROXY']);
    expect(textsOf(await scene.load({ network }))).toEqual(ONE);
    expect(proxy.requests).toEqual(
      scene.mirror.requests.map((path) => `GET ${scene.mirror.url}/${path}`),
    );
    expect(proxy.requests.length).toBeGreaterThan(5);
  });

  it('goes through a tunnel to an HTTPS mirror that cafile vouches for', async () => {
    const network = await networkOf(['https-proxy=PROXY', 'cafile=CA']);
    // By name: the proxy agent compares no certificate with an IP address.
    const mirrorUrl = front.url.replace('127.0.0.1', 'localhost');
    expect(textsOf(await scene.load({ network, mirrorUrl }))).toEqual(ONE);
    const { host } = new URL(mirrorUrl);
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${host}`]));
    expect(scene.mirror.requests.length).toBeGreaterThan(5);
  });

  it('passes a proxy together with what registries are asked', async () => {
    const sigstore = await createSigstore();
    const registry = await startRegistry();
    serveProject(
      projectOf([publishPackage(sigstore, { name: 'a', version: '1.0.0' })]),
      registry,
    );
    const line = `registry=${registry.url}`;
    const settings = await settingsOf([line, 'proxy=PROXY']);
    const { network } = settings;
    const answer = await createNpmRegistry(settings, {
      ...{ timeoutMs: 10_000, retries: 0 },
    }).ask(
      {
        kind: 'attestations',
        id: { name: 'a', version: '1.0.0' },
        registry: registry.url,
      },
      new AbortController().signal,
    );
    expect(answer.status).toBe('found');
    await scene.load({ network });
    const hosts = proxy.requests.map((each) => new URL(each.slice(4)).host);
    expect(hosts.slice(0, 2)).toEqual([
      new URL(registry.url).host,
      new URL(scene.mirror.url).host,
    ]);
    await registry.close();
  });

  it.each([
    ['http', 'proxy=PROXY'],
    ['https', 'https-proxy=PROXY'],
  ])(
    'goes past the proxy of %s where noproxy says so',
    async (scheme, line) => {
      const lines = [line, 'cafile=CA', 'noproxy=127.0.0.1'];
      const network = await networkOf(lines);
      const mirrorUrl = scheme === 'https' ? front.url : scene.mirror.url;
      expect(textsOf(await scene.load({ network, mirrorUrl }))).toEqual(ONE);
      expect(proxy.requests).toEqual([]);
    },
  );

  it('does not go to an HTTPS mirror that nothing vouches for', async () => {
    const network = await networkOf(['https-proxy=PROXY']);
    const load = scene.load({ network, mirrorUrl: front.url });
    const error = await failureOf(load);
    expect(error.code).toBe('TRUST_ROOT_UNAVAILABLE');
    expect(error.message).toMatch(/TLS connection to .* failed/);
    expect(scene.mirror.requests).toEqual([]);
  });

  it('goes to such a mirror where the user turned strict-ssl off, yet what it serves must verify', async () => {
    const network = await networkOf(['strict-ssl=false', 'noproxy=127.0.0.1']);
    const load = { network, mirrorUrl: front.url };
    expect(textsOf(await scene.load(load))).toEqual(ONE);
    scene.repository.publish({ signedByStranger: ['timestamp'] });
    const error = await failureOf(scene.refresh(load));
    expect(error.message).toContain('signed by 0/1 keys');
  });

  it('says in one line that the proxy is not there', async () => {
    const network = await networkOf(['proxy=http://127.0.0.1:1']);
    const error = await failureOf(scene.load({ network }));
    expect(error.code).toBe('TRUST_ROOT_UNAVAILABLE');
    expect(error.message).toMatch(/cannot be reached[^\n]*$/);
    expect(scene.mirror.requests).toEqual([]);
  });
});
