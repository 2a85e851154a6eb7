import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { checkTypes, lintTarball } from './lint-package.js';
import { managers } from './managers.js';
import { must } from './shell.js';
import { BOUND, measureModules, type Size } from './size.js';
import { tryPackage } from './try-package.js';
import { createWorld, type World } from './world.js';

// Compiled, this file is dist/test/packaging/main.js.
const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));
/** What the size is compared with: npm's own libraries for the same ends. */
const COMPARED = ['@npmcli/arborist', 'pacote', 'sigstore'];

/**
 * Packs the package and checks what strangers get: its manifest, its types, that
 * it installs without scripts and starts with every package manager, and its size.
 * Throws at the first thing that is wrong.
 */
export async function main(say: (line: string) => void): Promise<void> {
  const world = await createWorld();
  try {
    const tarball = await pack(world.folder);
    const { modules, registry } = await installTools(world.folder);
    const problems = await lintTarball(tarball);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    say('publint: nothing to say');
    const place = { cwd: world.folder, env: process.env };
    await checkTypes(tarball, modules, place);
    say('are the types wrong: no, for every entry of exports');
    const cache = join(world.folder, 'kept');
    for (const manager of managers({ modules, cache, registry })) {
      const folder = await tryPackage(manager, tarball, world);
      say(`${manager.name}: installed without scripts, started, imported`);
      if (manager.name === 'npm') await checkSize(folder, world, say);
    }
  } finally {
    await world.close();
  }
}

async function pack(folder: string): Promise<string> {
  await must(
    ['npm', 'pack', '--ignore-scripts', '--pack-destination', folder],
    { cwd: CHECKOUT, env: process.env },
  );
  const [tarball] = (await readdir(folder)).filter((n) => n.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack wrote no tarball');
  return join(folder, tarball);
}

/** Package managers and the like, pinned by a lockfile of their own. */
async function installTools(
  folder: string,
): Promise<{ readonly modules: string; readonly registry: string }> {
  const tools = join(folder, 'tools');
  await cp(join(CHECKOUT, 'test', 'packaging', 'tools'), tools, {
    recursive: true,
  });
  const place = { cwd: tools, env: process.env };
  await must(['npm', 'ci', '--ignore-scripts'], place);
  const configured = await must(['npm', 'config', 'get', 'registry'], place);
  return {
    modules: join(tools, 'node_modules'),
    registry: configured.trim().replace(/\/$/, ''),
  };
}

async function checkSize(
  folder: string,
  { folder: scratch }: World,
  say: (line: string) => void,
): Promise<void> {
  const own = await measureModules(folder);
  const bare = join(scratch, 'compared');
  await mkdir(bare);
  await must(
    [
      ...['npm', 'install', '--ignore-scripts', '--prefix', bare],
      ...(await comparedVersions()),
    ],
    { cwd: bare, env: process.env },
  );
  const compared = await measureModules(bare);
  say(
    `size: ${describe(own)}; ${COMPARED.join(' + ')} alone: ${describe(compared)}; bound: ${describe(BOUND)}`,
  );
  if (own.packages > BOUND.packages || own.mebibytes > BOUND.mebibytes) {
    throw new Error('the installation has grown beyond its bound');
  }
}

/** The versions that this checkout's lockfile has, or the newest. */
async function comparedVersions(): Promise<readonly string[]> {
  const text = await readFile(join(CHECKOUT, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return COMPARED.map((name) => {
    const version = packages[`node_modules/${name}`]?.version;
    return version === undefined ? name : `${name}@${version}`;
  });
}

function describe({ packages, mebibytes }: Size): string {
  return `${packages} packages, ${mebibytes} MiB`;
}
