import { join } from 'node:path';

/** A way to install the package, and then to start what was installed. */
export interface Manager {
  readonly name: string;
  /** Installs the tarball into the current folder, without running scripts. */
  readonly install: (tarball: string) => readonly string[];
  /** Settings of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs Node.js so that it finds what was installed. */
  readonly node: readonly string[];
  /** What the folder needs before. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Where managers come from, and what they are told about this machine. */
export interface Tools {
  /** `node_modules` with the package managers. */
  readonly modules: string;
  /** For what they keep. */
  readonly cache: string;
  /** The registry that npm is configured for. */
  readonly registry: string;
}

const NODE = process.execPath;

/** Every package manager that the package is installed with. */
export function managers({ modules, cache, registry }: Tools): Manager[] {
  const pnpm = join(modules, 'pnpm', 'bin', 'pnpm.cjs');
  const yarn1 = join(modules, 'yarn', 'bin', 'yarn.js');
  const berry = join(modules, '@yarnpkg', 'cli-dist', 'bin', 'yarn.js');
  const berryEnv = {
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_UNSAFE_HTTP_WHITELIST: '*',
    YARN_GLOBAL_FOLDER: join(cache, 'berry'),
    YARN_ENABLE_SCRIPTS: 'false',
    YARN_ENABLE_TELEMETRY: 'false',
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    // Yarn waits a day before it takes a version; the lockfile is not ours here.
    YARN_NPM_MINIMAL_AGE_GATE: '0',
  };
  const viaBerry = (linker: 'node-modules' | 'pnp'): Manager => ({
    name: `yarn berry, ${linker}`,
    install: (tarball) => [NODE, berry, 'add', `provenance-audit@${tarball}`],
    env: { ...berryEnv, YARN_NODE_LINKER: linker },
    node: [NODE, berry, 'node'],
    files: { 'yarn.lock': '' },
  });
  return [
    {
      name: 'npm',
      install: (tarball) => ['npm', 'install', '--ignore-scripts', tarball],
      env: {},
      node: [NODE],
    },
    {
      name: 'pnpm',
      install: (tarball) => [
        ...[NODE, pnpm, 'add', '--ignore-scripts', tarball],
        ...['--store-dir', join(cache, 'pnpm')],
      ],
      env: {},
      node: [NODE],
    },
    {
      name: 'yarn 1',
      // It alone refuses a Node.js that `engines` does not name.
      install: (tarball) => [
        ...[NODE, yarn1, 'add', '--ignore-scripts', '--ignore-engines'],
        ...['--cache-folder', join(cache, 'yarn'), `file:${tarball}`],
      ],
      env: { YARN_REGISTRY: registry },
      node: [NODE],
    },
    viaBerry('node-modules'),
    viaBerry('pnp'),
  ];
}
