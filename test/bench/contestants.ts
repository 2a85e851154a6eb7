import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Command, Measured } from './measure.js';
import { NPM_TUF_HOST, type World } from './world.js';

/** A program that does the work, from a cold or a warm start. */
export interface Contestant {
  /** As in the table. */
  readonly name: string;
  /** Runs that may be for nothing; none of this program, whose failure is a defect. */
  readonly spare: number;
  /** The command with its state in `state`; an empty folder is a cold start. */
  command(world: World, state: string): Promise<Command>;
  /** Throws unless the run did all of the work. */
  verify(world: World, measured: Measured): void;
}

/** The program. */
export const BINARY = fileURLToPath(
  // Compiled, this file is dist/test/bench/contestants.js.
  new URL('../../../bin/provenance-audit.js', import.meta.url),
);
const RAW_FETCH = fileURLToPath(new URL('raw-fetch.js', import.meta.url));

/** This program, with further options. */
export function ours(...options: readonly string[]): Contestant {
  return {
    name: ['provenance-audit', ...options].join(' '),
    spare: 0,
    async command({ folder, project, registry, tuf }, state) {
      await mkdir(state, { recursive: true, mode: 0o700 });
      const argv = [
        ...[BINARY, '--json', '--registry', registry.url],
        ...['--tuf-mirror', tuf.mirror, '--tuf-root', tuf.rootFile],
        ...['--cache', join(state, 'cache'), ...options],
      ];
      return { argv, cwd: project, env: plainEnvironment(folder) };
    },
    verify({ options: { packages }, attested }, { exitCode, stdout, stderr }) {
      const verified = `"verified": ${attested},`;
      const inScope = `"inScope": ${packages},`;
      const isDone = [verified, inScope].every((each) => stdout.includes(each));
      if (exitCode === 0 && isDone) return;
      throw new Error(`provenance-audit ended with ${exitCode}: ${stderr}`);
    },
  };
}

/**
 * `npm audit signatures`, as it is installed beside this Node.js. Once in a while it
 * fails: seen was that, from a cold start, it found two attestations invalid that it
 * verifies when it is run again.
 */
export const npm: Contestant = {
  name: 'npm audit signatures',
  spare: 3,
  async command({ folder, project, registry, npmTuf }, state) {
    const seed = join(state, '_tuf', NPM_TUF_HOST);
    await mkdir(seed, { recursive: true });
    // npm's TUF client believes the root that it finds in its cache.
    await writeFile(join(seed, 'root.json'), npmTuf.root);
    const argv = [
      join(dirname(npmManifest()), 'bin', 'npm-cli.js'),
      ...['audit', 'signatures'],
    ];
    const env = {
      ...plainEnvironment(folder),
      https_proxy: npmTuf.proxy,
      NODE_EXTRA_CA_CERTS: npmTuf.caFile,
      npm_config_cache: state,
      npm_config_registry: registry.url,
      npm_config_update_notifier: 'false',
    };
    return { argv, cwd: project, env };
  },
  verify({ options: { packages }, attested }, { exitCode, stdout, stderr }) {
    const counts = [
      ...stdout.matchAll(/^(\d+) packages? ha(?:s|ve) (?:a )?verified/gm),
    ].map(([, count]) => Number(count));
    const expected = attested === 0 ? [packages] : [packages, attested];
    if (exitCode === 0 && counts.join() === expected.join()) return;
    throw new Error(`npm ended with ${exitCode}: ${stdout}${stderr}`);
  },
};

/** The same documents fetched with undici, and nothing else. */
export const rawFetch: Contestant = {
  name: 'raw fetch (undici)',
  spare: 0,
  async command({ folder, urls }, state) {
    await mkdir(state, { recursive: true });
    const list = join(state, 'urls.txt');
    await writeFile(list, urls.join('\n'));
    const argv = [RAW_FETCH, list];
    return { argv, cwd: folder, env: plainEnvironment(folder) };
  },
  verify(_world, { exitCode, stderr }) {
    if (exitCode !== 0) throw new Error(`the raw fetch failed: ${stderr}`);
  },
};

/** The version of the npm that is measured; null where there is none. */
export async function npmVersion(): Promise<string | null> {
  try {
    const manifest = JSON.parse(await readFile(npmManifest(), 'utf8')) as {
      readonly version: string;
    };
    return manifest.version;
  } catch {
    return null;
  }
}

/** npm is beside the Node.js that runs this, wherever that is. */
function npmManifest(): string {
  const lib = join(dirname(process.execPath), '..', 'lib', 'package.json');
  return createRequire(lib).resolve('npm/package.json');
}

function plainEnvironment(folder: string): Readonly<Record<string, string>> {
  const home = join(folder, 'home');
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    no_proxy: '127.0.0.1',
    npm_config_userconfig: join(home, 'npmrc'),
    npm_config_globalconfig: join(home, 'global-npmrc'),
  };
}
