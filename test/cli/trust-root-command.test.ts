import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { startTufMirror, type TufMirror } from '../../fixtures/tuf-mirror.js';
import { createTufRepository } from '../../fixtures/tuf-repository.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import type { TrustRootReport } from '../../src/report/trust-root-report.js';
import { toBytes } from '../facts/judge.js';
import { closed, compile, readSchema } from '../report/schemas.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const project = projectOf([
  publishPackage(sigstore, { name: 'widget', version: '1.2.3' }),
]);
const publicHost = new URL(PUBLIC_REGISTRY).host;
const validate = compile(
  closed(await readSchema('trust-root-report.schema.json')),
  [closed(await readSchema('report.schema.json'))],
);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface TufScene {
  readonly scene: Scene;
  readonly mirror: TufMirror;
  readonly run: (...argv: readonly string[]) => Promise<Run>;
}

async function open(): Promise<TufScene> {
  const repository = createTufRepository({
    targets: new Map([['trusted_root.json', toBytes(sigstore.trustedRoot)]]),
    registryKeys: new Map([[publicHost, toBytes(sigstore.npmKeys)]]),
  });
  const mirror = await startTufMirror(repository);
  closing.push(() => mirror.close());
  const scene = await createScene(sigstore, project);
  closing.push(() => scene.close());
  const root = join(scene.folder, 'root.json');
  await writeFile(root, repository.rootJson);
  const options = [
    ...['--tuf-mirror', mirror.url, '--tuf-root', root],
    ...['--cache', join(scene.folder, 'cache')],
  ];
  return {
    scene,
    mirror,
    run: (...argv) => runMain(scene, ['trust-root', ...argv, ...options]),
  };
}

function parse({ stdout }: Run): TrustRootReport {
  return JSON.parse(stdout) as TrustRootReport;
}

describe('trust-root', () => {
  it('shows what an audit would use, with its origin and its age', async () => {
    const { run, scene, mirror } = await open();
    const ended = await run('--json');
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    const report = parse(ended);
    validate(report);
    expect(validate.errors).toBeNull();
    expect(report).toMatchObject({
      trustRoot: {
        origin: 'tuf',
        rootVersion: 1,
        mirror: mirror.url,
        timestampVersion: 1,
        firstRoot: { origin: 'file', version: 1 },
      },
      registryKeys: [{ registry: publicHost }],
      cacheFolder: join(scene.folder, 'cache'),
    });
    expect(report.ageSeconds).toBeLessThan(60);
    expect(report.registryKeys[0]?.keys.length).toBeGreaterThan(1);
    expect(report.libraries.map(({ name }) => name)).toContain('tuf-js');
  });

  it('makes no request again within a day, and a refresh does', async () => {
    const { run, mirror } = await open();
    await run();
    const requests = mirror.requests.length;
    const shown = await run('show', '--json');
    expect(parse(shown).trustRoot.origin).toBe('cache');
    expect(mirror.requests).toHaveLength(requests);
    const refreshed = await run('refresh', '--json');
    expect(parse(refreshed).trustRoot.origin).toBe('tuf');
    expect(mirror.requests.length).toBeGreaterThan(requests);
  });

  it('says for people what it is', async () => {
    const { run, mirror } = await open();
    const { stdout } = await run();
    expect(stdout).toMatch(/^trust root {2}TUF root 1 of .*, checked just now/);
    for (const text of [
      mirror.url,
      'given as a file',
      'signed as current until',
      publicHost,
      'tuf-js',
    ]) {
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(text);
    }
    expect((await run('--quiet')).stdout.split('\n')).toHaveLength(2);
  });

  it('whose refresh is not possible fails, though the cache would do', async () => {
    const { run, mirror } = await open();
    await run();
    mirror.faults.set('*', { kind: 'reset' });
    expect((await run('show')).exitCode).toBe(0);
    const ended = await run('refresh');
    expect(ended).toMatchObject({ exitCode: 3, stdout: '' });
    expect(ended.stderr).toMatch(/^provenance-audit: trust root: .*\n$/);
  });

  it('that is older than --max-root-age is not used', async () => {
    const { run, mirror } = await open();
    await run();
    mirror.faults.set('*', { kind: 'reset' });
    expect((await run('--max-root-age', '1d')).exitCode).toBe(0);
    expect((await run('--max-root-age', '1ms')).exitCode).toBe(3);
  });

  it('describes files, whose age nobody knows', async () => {
    const { scene } = await open();
    const argv = ['trust-root', ...scene.options, '--json'];
    const report = parse(await runMain(scene, argv));
    validate(report);
    expect(validate.errors).toBeNull();
    expect(report).toMatchObject({
      trustRoot: { origin: 'file', mirror: null, firstRoot: null },
      ageSeconds: null,
      cacheFolder: null,
      registryKeys: [{ registry: null }],
    });
  });

  it('says where a registry has no keys', async () => {
    const { run } = await open();
    const ended = await run('--registry', 'https://npm.acme.example', '--json');
    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toContain('no keys for npm.acme.example');
    expect(parse(ended).registryKeys).toMatchObject([
      { registry: 'npm.acme.example', sha256: null, keys: [] },
      { registry: publicHost },
    ]);
  });

  it('does not look at the project in the current folder', async () => {
    const { run, scene } = await open();
    await writeFile(join(scene.project, '.npmrc'), 'strict-ssl=false\n');
    expect(await run()).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('is not shown from a cache that others can write to', async () => {
    const { run, scene } = await open();
    const cache = join(scene.folder, 'cache');
    await mkdir(cache);
    await chmod(cache, 0o777);
    const ended = await run();
    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toContain('is not used');
  });
});
