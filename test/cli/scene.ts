import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startRegistry,
  type LoopbackRegistry,
  type RegistryOptions,
} from '../../fixtures/loopback-registry.js';
import type { PrivateSigstore } from '../../fixtures/private-sigstore.js';
import {
  serveProject,
  writeProject,
  type Project,
  type WriteOptions,
} from '../../fixtures/projects.js';
import type { Environment } from '../../src/cli/environment.js';
import type { ExitCode } from '../../src/cli/exit-code.js';
import { main } from '../../src/cli/main.js';

/** A project, its registry and its trust files, in a folder of their own. */
export interface Scene {
  readonly folder: string;
  /** The project's folder. */
  readonly project: string;
  readonly registry: LoopbackRegistry;
  /** Options that name registry and trust files, so that nothing else is asked. */
  readonly options: readonly string[];
  close(): Promise<void>;
}

export async function createScene(
  sigstore: PrivateSigstore,
  project: Project,
  options: RegistryOptions & WriteOptions = {},
): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-test-'));
  const registry = await startRegistry({
    keys: sigstore.registryKeys,
    ...options,
  });
  serveProject(project, registry);
  await mkdir(join(folder, 'home'));
  await writeProject(join(folder, 'project'), project, options);
  const root = join(folder, 'trusted_root.json');
  const keys = join(folder, 'keys.json');
  await writeFile(root, JSON.stringify(sigstore.trustedRoot));
  await writeFile(keys, JSON.stringify(sigstore.npmKeys));
  return {
    folder,
    project: join(folder, 'project'),
    registry,
    options: [
      ...['--trusted-root', root],
      ...['--npm-keys', keys],
      ...['--registry', registry.url],
    ],
    close: async () => {
      await registry.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Environment variables that keep the developer's own npm settings out. */
export function isolatedVariables(
  folder: string,
): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: join(folder, 'home'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    npm_config_userconfig: join(folder, 'home', '.npmrc'),
    npm_config_globalconfig: join(folder, 'home', 'npmrc'),
  };
}

export interface Run {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in this process, as if called in the scene's project. */
export async function runMain(
  scene: Pick<Scene, 'folder' | 'project'>,
  argv: readonly string[],
  change: Partial<Environment> = {},
): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write: (text: string, done?: () => void) => {
      written[name] += text;
      done?.();
      return true;
    },
  });
  const exitCode = await main(argv, {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: isolatedVariables(scene.folder),
    cwd: scene.project,
    nodeVersion: '24.15.0',
    signal: new AbortController().signal,
    ...change,
  });
  return { exitCode, ...written };
}
