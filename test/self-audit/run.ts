import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { fileURLToPath } from 'node:url';

import { DEFAULT_MIRROR_URL } from '@sigstore/tuf';

import { member } from '../../src/io/member.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import { must, run } from '../packaging/shell.js';
import { judge } from './judge.js';
import { auditRecorded } from './recorded.js';

// Compiled, this file is dist/test/self-audit/run.js.
const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));

const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-self-'));
try {
  const trustedRoot = await writeTarget('trusted_root.json');
  const npmKeys = await writeTarget(
    `${new URL(PUBLIC_REGISTRY).host}/keys.json`,
  );
  const {
    exitCode,
    stdout: report,
    stderr,
  } = await run(
    [
      ...[process.execPath, join(CHECKOUT, 'bin', 'provenance-audit.js')],
      ...['--trusted-root', trustedRoot, '--npm-keys', npmKeys],
      ...['--no-cache', '--json'],
    ],
    { cwd: CHECKOUT, env: process.env },
  );
  if (report === '') throw new Error(`ended with ${exitCode}: ${stderr}`);
  stdout.write(`${judge(JSON.parse(report))}\n`);
  const recordings = await unpackRecordings();
  stdout.write(
    recordings === null
      ? 'self-audit, recorded evidence: not beside this checkout\n'
      : `${await auditRecorded({
          checkout: CHECKOUT,
          recordings,
          folder,
          trust: ['--trusted-root', trustedRoot, '--npm-keys', npmKeys],
        })}\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Documents of the public registry; null where nobody has put them here. */
async function unpackRecordings(): Promise<string | null> {
  const name = 'real-attestations';
  const archive = join(CHECKOUT, '..', 'shared', `${name}.tar.gz`);
  if (!existsSync(archive)) return null;
  await must(['tar', '-xzf', archive, '-C', folder], {
    cwd: folder,
    env: process.env,
  });
  return join(folder, name);
}

/**
 * A target of the public-good TUF repository as the installed `@sigstore/tuf`
 * ships it: pinned by this lockfile, so that no repository has to be reached.
 */
async function writeTarget(name: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const seeds: unknown = require('@sigstore/tuf/seeds.json');
  const targets = member(member(seeds, DEFAULT_MIRROR_URL), 'targets');
  const target =
    member(targets, encodeURIComponent(name)) ?? member(targets, name);
  if (typeof target !== 'string') throw new Error(`no target ${name}`);
  const path = join(folder, name.replaceAll(/\W+/g, '-'));
  await writeFile(path, Buffer.from(target, 'base64'));
  return path;
}
