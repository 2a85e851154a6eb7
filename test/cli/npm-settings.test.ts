import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  startRegistry,
  type LoopbackRegistry,
} from '../../fixtures/loopback-registry.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import {
  createServerCertificate,
  startTlsFront,
} from '../../fixtures/tuf-proxy.js';
import type { Report } from '../../src/report/report.js';
import {
  createScene,
  isolatedVariables,
  runMain,
  type Scene,
} from './scene.js';

/** npm's configuration, from where it is written to what the program does. */
const BINARY = fileURLToPath(
  new URL('../../bin/provenance-audit.js', import.meta.url),
);
const sigstore = await createSigstore();
const names = Array.from({ length: 12 }, (_, index) => `package-${index}`);
const project = projectOf(
  names.map((name) => publishPackage(sigstore, { name, version: '1.0.0' })),
);
const single = projectOf([
  publishPackage(sigstore, { name: 'gear', version: '1.2.3' }),
]);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function openScene(...given: Parameters<typeof createScene>) {
  const scene = await createScene(...given);
  open.push(scene);
  return scene;
}

/** The ways in which a setting gets into npm's configuration. */
type Place = 'user' | 'project' | 'environment';
const PLACES: readonly Place[] = ['user', 'project', 'environment'];

/** Writes `key=value` there, and gives the variables that belong to it. */
async function configure(
  { folder, project: dir }: Scene,
  place: Place,
  settings: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const variables = isolatedVariables(folder);
  const entries = Object.entries(settings);
  if (place === 'environment') {
    const ofNpm = entries.map(([key, value]) => [
      `npm_config_${key.replaceAll('-', '_')}`,
      value,
    ]);
    return { ...variables, ...(Object.fromEntries(ofNpm) as typeof variables) };
  }
  const file = join(place === 'user' ? join(folder, 'home') : dir, '.npmrc');
  const lines = entries.map(([key, value]) => `${key}=${value}\n`);
  await writeFile(file, lines.join(''));
  return variables;
}

async function auditWith(
  scene: Scene,
  place: Place,
  settings: Readonly<Record<string, string>>,
): Promise<Report> {
  const env = await configure(scene, place, settings);
  const argv = [...scene.options, '--json', '--no-cache'];
  const { stdout } = await runMain(scene, argv, { env });
  return JSON.parse(stdout) as Report;
}

describe.each(PLACES)('npm’s settings of patience, by the %s', (place) => {
  it('maxsockets bounds the connections', async () => {
    const scene = await openScene(sigstore, project, { latency: 5 });
    const report = await auditWith(scene, place, { maxsockets: '2' });
    expect(report.exitCode).toBe(0);
    expect(scene.registry.peakConcurrency()).toBe(2);
  });

  it.each([
    ['0', 'server-error', 1],
    ['1', 'server-error', 2],
    ['2', undefined, 3],
  ])('fetch-retries=%s', async (retries, code, requests) => {
    const scene = await openScene(sigstore, single);
    const fault = { status: 500 };
    scene.registry.script('manifest', fault, fault);
    const report = await auditWith(scene, place, {
      'fetch-retries': retries,
      'fetch-retry-mintimeout': '0',
    });
    expect(report.dependencies[0]?.unavailable?.code).toBe(code);
    const asked = scene.registry.requests.filter(
      ({ kind }) => kind === 'manifest',
    );
    expect(asked).toHaveLength(requests);
  });

  it('fetch-timeout bounds each attempt', async () => {
    const scene = await openScene(sigstore, single);
    scene.registry.script('manifest', { hang: true, repeat: true });
    const report = await auditWith(scene, place, {
      'fetch-retries': '1',
      'fetch-retry-mintimeout': '0',
      'fetch-timeout': '150',
    });
    expect(report.exitCode).toBe(3);
    expect(report.dependencies[0]?.unavailable).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('within 0.15 s') as unknown,
    });
    expect(scene.registry.requests).toHaveLength(2);
  });
});

it('without maxsockets more is asked at once', async () => {
  const scene = await openScene(sigstore, project, { latency: 5 });
  await auditWith(scene, 'user', {});
  expect(scene.registry.peakConcurrency()).toBeGreaterThan(2);
});

describe('replace-registry-host', () => {
  it.each([
    ['left open', [], 0],
    ['never', ['replace-registry-host=never'], 0],
    ['always', ['replace-registry-host=always'], 3],
    ['that host', ['replace-registry-host=127.0.0.1'], 3],
  ])(
    '%s: neither question nor token goes where only the lockfile points',
    async (_what, lines, requests) => {
      const elsewhere = await startRegistry();
      open.push(elsewhere);
      const resolved = `${elsewhere.url}gear/-/gear-1.2.3.tgz`;
      const tarball = single.packages[0]?.tarball ?? Buffer.alloc(0);
      const sha1 = createHash('sha1').update(tarball).digest('base64');
      // Pinned so weakly that the archive is asked for as well.
      const entry = { version: '1.2.3', resolved, integrity: `sha1-${sha1}` };
      const entries = { 'node_modules/gear': entry };
      const scene = await openScene(sigstore, { ...single, entries });
      const key = scene.registry.url.slice('http:'.length);
      await writeFile(
        join(scene.folder, 'home', '.npmrc'),
        [`${key}:_authToken=secret`, ...lines, ''].join('\n'),
      );
      const argv = [...scene.options, '--no-cache', '--fetch-tarball'];
      const ended = await runMain(scene, argv);
      expect(ended.exitCode).not.toBe(0);
      expect(ended.stdout + ended.stderr).not.toContain('secret');
      expect(elsewhere.requests).toEqual([]);
      const sent = scene.registry.requests.map(
        ({ headers }) => headers.authorization,
      );
      expect(sent).toEqual(Array(requests).fill('Bearer secret'));
    },
  );
});

describe('a folder without package.json', () => {
  /** What npm would read there: the folder above is a project of somebody else. */
  async function withHostileParent(): Promise<{
    readonly scene: Scene;
    readonly evil: LoopbackRegistry;
  }> {
    const evil = await startRegistry();
    open.push(evil);
    const scene = await openScene(sigstore, single);
    const { folder } = scene;
    await rm(join(scene.project, 'package.json'));
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'above', workspaces: ['project'] }),
    );
    await writeFile(
      join(folder, '.npmrc'),
      [
        `registry=${evil.url}`,
        `proxy=${evil.url}`,
        `https-proxy=${evil.url}`,
        'strict-ssl=false',
        'cafile=/does/not/exist.pem',
        `userconfig=${join(folder, 'evil.npmrc')}`,
        'fetch-retries=0',
        '',
      ].join('\n'),
    );
    await writeFile(join(folder, 'evil.npmrc'), `registry=${evil.url}\n`);
    return { scene, evil };
  }

  /** Registry and token by variables alone, as CI has them. */
  const variablesOf = ({ folder, registry }: Scene) => ({
    ...isolatedVariables(folder),
    npm_config_registry: registry.url,
    [`npm_config_${registry.url.slice('http:'.length)}:_authToken`]: 'secret',
  });
  const trustOf = ({ options }: Scene): readonly string[] =>
    options.slice(0, options.indexOf('--registry'));

  it('is audited by npm_config_*, whatever the folder above says', async () => {
    const { scene, evil } = await withHostileParent();
    // It would do without: only a second try gets an answer.
    scene.registry.script('manifest', { status: 500 });
    const env = {
      ...variablesOf(scene),
      npm_config_fetch_retry_mintimeout: '0',
    };
    const argv = [...trustOf(scene), '--json'];
    const { stdout, stderr } = await runMain(scene, argv, { env });
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 0,
      summary: { verification: { verified: 1 } },
    });
    expect(stderr).toBe('');
    expect(evil.requests).toEqual([]);
    expect(
      new Set(
        scene.registry.requests.map(({ headers }) => headers.authorization),
      ),
    ).toEqual(new Set(['Bearer secret']));
  });

  it('and so it is by the program that is installed', async () => {
    const { scene, evil } = await withHostileParent();
    const argv = [BINARY, ...trustOf(scene), '--json', '--quiet'];
    const options = { cwd: scene.project, env: variablesOf(scene) };
    const stdout = await new Promise<string>((resolve) => {
      execFile(process.execPath, argv, options, (_error, text) => {
        resolve(text);
      });
    });
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 0 });
    expect(evil.requests).toEqual([]);
  });
});

describe('N36: NODE_EXTRA_CA_CERTS', () => {
  /** Starts the program at an HTTPS address with a certificate of its own. */
  async function auditOverTls(
    change: (scene: Scene, ca: string) => Promise<Record<string, string>>,
  ): Promise<Report> {
    const scene = await openScene(sigstore, single);
    const certificate = createServerCertificate();
    const front = await startTlsFront(scene.registry.url, [], certificate);
    open.push(front);
    const ca = join(scene.folder, 'ca.pem');
    await writeFile(ca, certificate.cert);
    const argv = [
      ...[BINARY, ...scene.options, '--registry', `${front.url}/`],
      ...['--json', '--quiet'],
    ];
    const env = {
      ...isolatedVariables(scene.folder),
      npm_config_fetch_retries: '0',
      ...(await change(scene, ca)),
    };
    const stdout = await new Promise<string>((resolve) => {
      const options = { cwd: scene.project, env };
      execFile(process.execPath, argv, options, (_error, text) => {
        resolve(text);
      });
    });
    return JSON.parse(stdout) as Report;
  }

  it('of the environment counts, as it does for npm', async () => {
    const report = await auditOverTls((_scene, ca) =>
      Promise.resolve({ NODE_EXTRA_CA_CERTS: ca }),
    );
    expect(report.exitCode).toBe(0);
    expect(report.summary.verification.verified).toBe(1);
  });

  it('of nobody is none', async () => {
    const report = await auditOverTls(() => Promise.resolve({}));
    expect(report.dependencies[0]?.unavailable?.code).toBe('tls');
  });

  it.each([
    [
      '.npmrc',
      (ca: string) =>
        `NODE_EXTRA_CA_CERTS=${ca}\nnode-options=--use-openssl-ca\n`,
    ],
    ['.env', (ca: string) => `NODE_EXTRA_CA_CERTS=${ca}\n`],
  ])('of the project’s %s does not', async (name, text) => {
    const report = await auditOverTls(async (scene, ca) => {
      await writeFile(join(scene.project, name), text(ca));
      return {};
    });
    expect(report.exitCode).toBe(3);
    expect(report.dependencies[0]?.unavailable?.code).toBe('tls');
  });
});
