import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  startRegistry,
  type LoopbackRegistry,
} from '../../fixtures/loopback-registry.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
} from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';
import { findProgram, freePort, startProgram } from './third-parties.js';

/** `npm ci` in that folder puts it there: no dependency of the program. */
const INSTALLED = fileURLToPath(
  new URL('../integrations/verdaccio/node_modules/.bin/', import.meta.url),
);
const verdaccio = await findProgram('verdaccio', [INSTALLED]);
const sigstore = await createSigstore();
const project = projectOf([
  publishPackage(sigstore, { name: '@acme/widget', version: '1.2.3' }),
  publishPackage(sigstore, { name: 'left-pad', version: '1.3.0' }),
]);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

interface Setting {
  readonly scene: Scene;
  /** Base URL of Verdaccio. */
  readonly url: string;
  /** What Verdaccio itself asks. */
  readonly uplink: LoopbackRegistry;
  readonly audit: (
    npmrc: string,
    policy?: string,
  ) => Promise<Run & { report: Report }>;
}

/** Verdaccio, which hands out a scope to its users only, and what it mirrors. */
async function start(): Promise<Setting> {
  const uplink = await startRegistry({ keys: sigstore.registryKeys });
  open.push(uplink);
  serveProject(project, uplink);
  const scene = await createScene(sigstore, project);
  open.push(scene);
  const at = (name: string): string => join(scene.folder, name);
  const port = await freePort();
  await writeFile(
    at('verdaccio.yaml'),
    `storage: ${at('storage')}
auth: { htpasswd: { file: ${at('htpasswd')} } }
uplinks: { loopback: { url: '${uplink.url}' } }
packages:
  '@acme/*': { access: $authenticated, proxy: loopback }
  '**': { access: $all, proxy: loopback }
log: { type: stdout, level: error }
`,
  );
  const argv = [
    '--config',
    at('verdaccio.yaml'),
    '--listen',
    `127.0.0.1:${port}`,
  ];
  open.push(
    await startProgram(verdaccio ?? '', argv, { port, cwd: scene.folder }),
  );
  const url = `http://127.0.0.1:${port}/`;
  const audit: Setting['audit'] = async (npmrc, policy) => {
    await writeFile(at('home/.npmrc'), npmrc);
    await writeFile(at('policy.yaml'), `version: 1\n${policy ?? ''}\n`);
    const run = await runMain(scene, [
      ...scene.options,
      ...['--registry', url, '--policy', at('policy.yaml'), '--json'],
    ]);
    return { ...run, report: JSON.parse(run.stdout) as Report };
  };
  return { scene, url, uplink, audit };
}

/** A user of its own, as `npm adduser` makes one. */
async function tokenOf(url: string): Promise<string> {
  const answer = await fetch(`${url}-/user/org.couchdb.user:builder`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'builder', password: 'loopback-only' }),
  });
  const { token } = (await answer.json()) as { token: string };
  return token;
}

function reasonsOf({ dependencies }: Report): readonly (string | null)[] {
  return dependencies.map(({ unavailable, verification }) =>
    unavailable === null ? verification : unavailable.code,
  );
}

describe.skipIf(verdaccio === null)(
  'Verdaccio (skipped without npm ci in test/integrations/verdaccio)',
  // It takes long to start where much else runs.
  { timeout: 180_000 },
  () => {
    it('wants a token for the scope, and serves no attestations', async () => {
      const { url, audit, uplink } = await start();
      const without = await audit('');
      expect(reasonsOf(without.report)[0]).toBe('auth');
      const token = await tokenOf(url);
      const line = `${url.slice('http:'.length)}:_authToken=${token}\n`;
      const { report, exitCode, stdout } = await audit(line);
      expect(exitCode).toBe(3);
      expect(new Set(report.findings.map(({ message }) => message))).toEqual(
        new Set([
          `${url} says of 2 versions that they have attestations, and hands out none: it passes metadata on, but does not serve attestations`,
          // Of the attestations, as the uplink has it.
          `${url} names other hosts for tarballs or attestations (${new URL(uplink.url).host}), where nobody was asked (packages: 2)`,
        ]),
      );
      expect(stdout).not.toContain(token);
      for (const { headers } of uplink.requests) {
        expect(headers.authorization).toBeUndefined();
      }
    });

    it('passes with a second registry for evidence, which gets no token', async () => {
      const { url, audit, uplink } = await start();
      const token = await tokenOf(url);
      const { report, exitCode } = await audit(
        `${url.slice('http:'.length)}:_authToken=${token}\n`,
        `registries: { '${url}': { mirrorOf: public, evidence: { registry: '${uplink.url}' } } }`,
      );
      expect(exitCode).toBe(0);
      expect(report.summary.coverage.all.verified).toBe(2);
      for (const { headers } of uplink.requests) {
        expect(headers.authorization).toBeUndefined();
      }
    });
  },
);
