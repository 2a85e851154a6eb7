import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  startRegistry,
  type LoopbackRegistry,
} from '../../fixtures/loopback-registry.js';
import {
  createSigstore,
  type PrivateSigstore,
} from '../../fixtures/private-sigstore.js';
import { publishPackage } from '../../fixtures/projects.js';
import { must, run, type Ended } from '../packaging/shell.js';
import { startFrontRegistry } from './front-registry.js';
import { readReadme, type Readme } from './readme.js';

// Compiled, this file is dist/test/newcomer/journey.js.
const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));

/** Where the newcomer is, and what they have at hand. */
export interface Journey {
  readonly readme: Readme;
  /** A fresh clone of this checkout's last commit. */
  readonly clone: string;
  /** An empty folder for a project of their own. */
  readonly project: string;
  /** What there is for that project to depend on. */
  readonly packages: ReturnType<typeof publishAll>;
  /** Options that stand in for the public Sigstore, which is not asked here. */
  readonly trust: string;
  /** Types a line in a folder, with a host's variables. */
  readonly type: (line: string, cwd: string) => Promise<Ended>;
  /** Packs the clone and publishes that. */
  publishClone(): Promise<void>;
  close(): Promise<void>;
}

/** Clones this checkout, and starts a registry that npm is then configured for. */
export async function beginJourney(): Promise<Journey> {
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-newcomer-'));
  const [clone, project] = [join(folder, 'clone'), join(folder, 'project')];
  const here = { cwd: folder, env: process.env };
  await must(['git', 'clone', '--quiet', CHECKOUT, clone], here);
  const configured = await must(['npm', 'config', 'get', 'registry'], here);
  const sigstore = await createSigstore();
  const registry = await startRegistry({ keys: sigstore.registryKeys });
  const others = configured.trim().replace(/\/?$/, '/');
  const front = await startFrontRegistry(registry.url, others);
  const env = await hostVariables(folder, front.url);
  return {
    readme: readReadme(await readFile(join(clone, 'README.md'), 'utf8')),
    ...{ clone, project },
    packages: publishAll(sigstore, registry),
    trust: await writeTrust(folder, sigstore),
    type: (line, cwd) =>
      run(['bash', '-eo', 'pipefail', '-c', line], { cwd, env }),
    publishClone: () => publishClone(folder, clone, registry),
    close: async () => {
      await front.close();
      await registry.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function publishClone(
  folder: string,
  clone: string,
  registry: LoopbackRegistry,
): Promise<void> {
  const place = { cwd: clone, env: process.env };
  await must(['npm', 'pack', '--pack-destination', folder], place);
  const [file = ''] = (await readdir(folder)).filter((n) => n.endsWith('.tgz'));
  const manifest = JSON.parse(
    await readFile(join(clone, 'package.json'), 'utf8'),
  ) as { readonly name: string; readonly version: string };
  registry.add({
    id: { name: manifest.name, version: manifest.version },
    tarball: await readFile(join(folder, file)),
    manifest: { ...manifest },
  });
}

function publishAll(sigstore: PrivateSigstore, registry: LoopbackRegistry) {
  const publish = (name: string, version: string, isAttested: boolean) =>
    publishPackage(
      sigstore,
      { name, version },
      isAttested ? {} : { attest: null },
    );
  const packages = {
    widget: publish('@acme/widget', '1.2.3', true),
    gadget: publish('gadget', '2.0.0', true),
    pad: publish('left-pad', '1.3.0', false),
    attestedPad: publish('left-pad', '1.3.1', true),
  };
  for (const each of Object.values(packages)) registry.add(each);
  return packages;
}

async function writeTrust(
  folder: string,
  sigstore: PrivateSigstore,
): Promise<string> {
  const trustedRoot = join(folder, 'trusted_root.json');
  const npmKeys = join(folder, 'keys.json');
  await writeFile(trustedRoot, JSON.stringify(sigstore.trustedRoot));
  await writeFile(npmKeys, JSON.stringify(sigstore.npmKeys));
  return `--trusted-root ${trustedRoot} --npm-keys ${npmKeys}`;
}

/** What a code host gives a job, and a home where nothing is installed yet. */
async function hostVariables(
  folder: string,
  registry: string,
): Promise<Readonly<Record<string, string | undefined>>> {
  const temp = join(folder, 'temp');
  const prefix = join(folder, 'global');
  await mkdir(temp);
  const summary = join(folder, 'summary.md');
  const output = join(folder, 'output');
  await writeFile(summary, '');
  await writeFile(output, '');
  return {
    ...process.env,
    PATH: `${join(prefix, 'bin')}:${process.env['PATH'] ?? ''}`,
    XDG_CACHE_HOME: join(folder, 'cache'),
    npm_config_registry: registry,
    npm_config_prefix: prefix,
    NO_PROXY: '127.0.0.1',
    no_proxy: '127.0.0.1',
    NO_COLOR: '1',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: join(folder, 'project'),
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_OUTPUT: output,
    RUNNER_TEMP: temp,
  };
}
