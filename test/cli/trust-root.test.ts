import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  type Project,
} from '../../fixtures/projects.js';
import { startTufMirror, type TufMirror } from '../../fixtures/tuf-mirror.js';
import { createTufRepository } from '../../fixtures/tuf-repository.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import type { Report } from '../../src/report/report.js';
import { toBytes } from '../facts/judge.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const attested = projectOf([
  publishPackage(sigstore, { name: 'widget', version: '1.2.3' }),
]);
const publicHost = new URL(PUBLIC_REGISTRY).host;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface TufRun {
  readonly scene: Scene;
  readonly mirror: TufMirror;
  readonly run: (...more: readonly string[]) => Promise<Run>;
}

/** An audit that takes its trust root from a loopback TUF repository. */
async function open(
  keysOf: string,
  project: Project = attested,
): Promise<TufRun> {
  const repository = createTufRepository({
    targets: new Map([['trusted_root.json', toBytes(sigstore.trustedRoot)]]),
    registryKeys: new Map([[keysOf, toBytes(sigstore.npmKeys)]]),
  });
  const mirror = await startTufMirror(repository);
  closing.push(() => mirror.close());
  const scene = await createScene(sigstore, project);
  closing.push(() => scene.close());
  const root = join(scene.folder, 'root.json');
  await writeFile(root, repository.rootJson);
  const argv = [
    ...['--tuf-mirror', mirror.url, '--tuf-root', root],
    ...['--cache', join(scene.folder, 'cache')],
    ...['--registry', scene.registry.url, '--json'],
  ];
  return {
    scene,
    mirror,
    run: (...more) => runMain(scene, [...argv, ...more]),
  };
}

function parseReport({ stdout }: Run): Report {
  return JSON.parse(stdout) as Report;
}

describe('a trust root by TUF', () => {
  it('is fetched once a day and verifies the audit', async () => {
    const { mirror, run } = await open(publicHost);
    const first = await run();
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(parseReport(first).trustRoot).toMatchObject({
      origin: 'tuf',
      rootVersion: 1,
    });
    const requests = mirror.requests.length;
    expect(requests).toBeGreaterThan(4);
    const second = await run();
    expect(second.exitCode).toBe(0);
    expect(parseReport(second).trustRoot.origin).toBe('cache');
    expect(mirror.requests).toHaveLength(requests);
  });

  it('without keys of the registry proves nothing about publication', async () => {
    const { run } = await open('registry.example');
    const ended = await run();
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toContain(`no keys for ${publicHost}`);
    expect(parseReport(ended)).toMatchObject({
      result: 'incomplete',
      findings: [{ rule: 'registry-keys-missing' }],
      dependencies: [{ verification: 'unverifiable', level: 'none' }],
    });
  });

  it('without keys does not believe signatures either', async () => {
    const signed = publishPackage(
      sigstore,
      { name: 'plain', version: '1.0.0' },
      { attest: null },
    );
    const { run } = await open('registry.example', projectOf([signed]));
    const ended = await run();
    expect(ended.exitCode).toBe(3);
    expect(parseReport(ended).findings[0]?.rule).toBe('registry-keys-missing');
  });

  it('that cannot be reached ends with 3, one line and no report', async () => {
    const { mirror, run } = await open(publicHost);
    mirror.faults.set('*', { kind: 'reset' });
    const ended = await run();
    expect(ended).toMatchObject({ exitCode: 3, stdout: '' });
    expect(ended.stderr).toMatch(/^provenance-audit: trust root: .*\n$/);
  });

  it('that does not answer is waited for no longer than the deadline', async () => {
    const { mirror, run } = await open(publicHost);
    mirror.faults.set('*', { kind: 'hang' });
    const ended = await run('--deadline', '200ms');
    expect(ended).toMatchObject({ exitCode: 3, stdout: '' });
    expect(ended.stderr).toContain('(no complete answer within 0.2 s)');
  });
});
