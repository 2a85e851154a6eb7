import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { startTlsFront } from '../../fixtures/tuf-proxy.js';
import { createScene, runMain } from './scene.js';
import { findProgram, freePort, startProgram } from './third-parties.js';

const tinyproxy = await findProgram('tinyproxy');
const sigstore = await createSigstore();
const project = projectOf([
  publishPackage(sigstore, { name: '@acme/widget', version: '1.2.3' }),
  publishPackage(sigstore, { name: 'left-pad', version: '1.3.0' }),
]);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** An audit over HTTPS through a real proxy that wants a password. */
async function auditThrough(userInfo: string) {
  const scene = await createScene(sigstore, project);
  open.push(scene);
  const front = await startTlsFront(scene.registry.url);
  open.push(front);
  const at = (name: string): string => join(scene.folder, name);
  const port = await freePort();
  await writeFile(
    at('tinyproxy.conf'),
    [
      `Port ${port}`,
      'Listen 127.0.0.1',
      'Allow 127.0.0.1',
      'BasicAuth builder secret',
      `LogFile "${at('proxy.log')}"`,
      'LogLevel Connect',
      '',
    ].join('\n'),
  );
  const argv = ['-d', '-c', at('tinyproxy.conf')];
  open.push(
    await startProgram(tinyproxy ?? '', argv, { port, cwd: scene.folder }),
  );
  await writeFile(at('ca.pem'), front.ca);
  await writeFile(
    at('home/.npmrc'),
    `cafile=${at('ca.pem')}\nhttps-proxy=http://${userInfo}127.0.0.1:${port}\n`,
  );
  const registry = `${front.url.replace('127.0.0.1', 'localhost')}/`;
  const run = await runMain(scene, [
    ...scene.options,
    ...['--registry', registry],
  ]);
  const log = await readFile(at('proxy.log'), 'utf8');
  return { run, log, scene, host: new URL(registry).host };
}

describe.skipIf(tinyproxy === null)(
  'an audit through tinyproxy (skipped where tinyproxy is not installed)',
  () => {
    it('passes with the password', async () => {
      const { run, log, scene, host } = await auditThrough('builder:secret@');
      expect(run.exitCode).toBe(0);
      expect(scene.registry.requests).toHaveLength(4);
      expect(log).toContain(`CONNECT ${host}`);
    });

    it.each([
      ['another', 'builder:wrong@'],
      ['none', ''],
    ])('ends with 3 and asks nobody with %s', async (_what, userInfo) => {
      const { run, scene } = await auditThrough(userInfo);
      expect(run.exitCode).toBe(3);
      expect(run.stdout).toContain('evidence-unavailable');
      expect(run.stdout + run.stderr).not.toContain('wrong');
      expect(scene.registry.requests).toEqual([]);
    });
  },
);
