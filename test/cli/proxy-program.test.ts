import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { startTlsFront } from '../../fixtures/tuf-proxy.js';
import { createScene, runMain } from './scene.js';
import { findProgram, freePort, startProgram } from './third-parties.js';

const sigstore = await createSigstore();
const project = projectOf([
  publishPackage(sigstore, { name: '@acme/widget', version: '1.2.3' }),
  publishPackage(sigstore, { name: 'left-pad', version: '1.3.0' }),
]);

/** A proxy that lets the user `builder` with the password `secret` through. */
interface ProxyProgram {
  readonly name: string;
  readonly path: string | null;
  /** The registry's name, as the proxy knows it. */
  readonly host: string;
  /** Writes what it needs into `folder`, and says how it is started. */
  readonly configure: (
    folder: string,
    port: number,
  ) => Promise<readonly string[]>;
  /** Whether the log shows what went through. */
  readonly isPassed: (log: string, host: string) => boolean;
}

const TINYPROXY: ProxyProgram = {
  name: 'tinyproxy',
  path: await findProgram('tinyproxy'),
  host: 'localhost',
  configure: async (folder, port) => {
    const file = join(folder, 'tinyproxy.conf');
    const lines = [
      `Port ${port}`,
      'Listen 127.0.0.1',
      'Allow 127.0.0.1',
      'BasicAuth builder secret',
      `LogFile "${join(folder, 'proxy.log')}"`,
      'LogLevel Connect',
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    return ['-d', '-c', file];
  },
  isPassed: (log, host) => log.includes(`CONNECT ${host}`),
};

const SQUID: ProxyProgram = {
  name: 'squid',
  path: await findProgram('squid', ['/usr/sbin']),
  // Nobody else knows it: an audit that passes has gone through the proxy, which
  // writes a tunnel down only when it is closed.
  host: 'registry.squid.test',
  configure: async (folder, port) => {
    const at = (name: string): string => join(folder, name);
    const check = 'if [ "$user $password" = "builder secret" ]';
    await writeFile(
      at('check.sh'),
      `while read -r user password; do ${check}; then echo OK; else echo ERR; fi; done\n`,
    );
    await writeFile(at('hosts'), '127.0.0.1 registry.squid.test\n');
    const lines = [
      `http_port 127.0.0.1:${port}`,
      `hosts_file ${at('hosts')}`,
      `cache_log ${at('cache.log')}`,
      `access_log stdio:${at('proxy.log')}`,
      `coredump_dir ${folder}`,
      'visible_hostname localhost',
      'pid_filename none',
      'netdb_filename none',
      'cache deny all',
      `auth_param basic program /bin/sh ${at('check.sh')}`,
      'auth_param basic children 1',
      'auth_param basic realm loopback',
      'acl users proxy_auth REQUIRED',
      'http_access allow users',
      'http_access deny all',
    ];
    await writeFile(at('squid.conf'), `${lines.join('\n')}\n`);
    return ['-N', '-f', at('squid.conf')];
  },
  isPassed: (log) => !log.includes('TCP_DENIED'),
};

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** Its own, and open to the user that a proxy started by root becomes. */
async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-proxy-'));
  await chmod(folder, 0o777);
  open.push({ close: () => rm(folder, { recursive: true, force: true }) });
  return folder;
}

/** An audit over HTTPS through the proxy, with `userInfo` in its address. */
async function auditThrough(program: ProxyProgram, userInfo: string) {
  const scene = await createScene(sigstore, project);
  open.push(scene);
  const front = await startTlsFront(scene.registry.url, [program.host]);
  open.push(front);
  const folder = await openFolder();
  const port = await freePort();
  const argv = await program.configure(folder, port);
  open.push(
    await startProgram(program.path ?? '', argv, { port, cwd: folder }),
  );
  const ca = join(scene.folder, 'ca.pem');
  await writeFile(ca, front.ca);
  await writeFile(
    join(scene.folder, 'home', '.npmrc'),
    `cafile=${ca}\nhttps-proxy=http://${userInfo}127.0.0.1:${port}\n`,
  );
  const host = `${program.host}:${new URL(front.url).port}`;
  const run = await runMain(scene, [
    ...scene.options,
    ...['--registry', `https://${host}/`],
  ]);
  const log = await readFile(join(folder, 'proxy.log'), 'utf8');
  return { run, scene, isPassed: program.isPassed(log, host) };
}

describe.each([TINYPROXY, SQUID])(
  'an audit through a real proxy',
  (program) => {
    const { name, path } = program;
    describe.skipIf(path === null)(
      `${name} (skipped where it is not installed)`,
      () => {
        it('passes with the password', async () => {
          const ended = await auditThrough(program, 'builder:secret@');
          expect(ended.run.exitCode).toBe(0);
          expect(ended.scene.registry.requests).toHaveLength(4);
          expect(ended.isPassed).toBe(true);
        });

        it.each([
          ['another', 'builder:wrong@'],
          ['none', ''],
        ])('ends with 3 and asks nobody with %s', async (_what, userInfo) => {
          const { run, scene } = await auditThrough(program, userInfo);
          expect(run.exitCode).toBe(3);
          expect(run.stdout).toContain('evidence-unavailable');
          expect(run.stdout + run.stderr).not.toContain('wrong');
          expect(scene.registry.requests).toEqual([]);
        });
      },
    );
  },
);
