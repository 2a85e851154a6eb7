import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';

import type { ConfigLayer } from '@npmcli/config';

import { requireCommonJs } from '../commonjs.js';
import { AuditError } from '../errors.js';
import { codeOf } from './files.js';
import { PATIENCE_KEYS } from './npm-patience.js';

const Config = requireCommonJs('@npmcli/config');
const npm = requireCommonJs('@npmcli/config/lib/definitions/index.js');

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** npm's configuration, from least to most important. */
export interface NpmConfigLayers {
  readonly defaults: Settings;
  /** npm's own file, the global and the user's file. */
  readonly belowProject: readonly Settings[];
  /** The audited project's .npmrc, unexpanded; empty if there is none. */
  readonly project: ConfigLayer['raw'];
  /** `npm_config_*`. */
  readonly aboveProject: readonly Settings[];
}

/** npm's settings by name, as its reader has parsed them. */
export type Settings = Readonly<Record<string, unknown>>;

/** Settings with a registry or a host in their name. */
const SCOPED = /^(?:@[^:]+:registry$|\/\/)/;

/** What an audit needs, and what says where the files are. */
const KEYS: readonly string[] = [
  'ca',
  'cafile',
  'cert',
  ...PATIENCE_KEYS,
  'global',
  'globalconfig',
  'https-proxy',
  'key',
  'local-address',
  'location',
  'noproxy',
  'prefix',
  'proxy',
  'registry',
  'replace-registry-host',
  'strict-ssl',
  'userconfig',
];

const MAX_PROJECT_FILE_BYTES = 1024 * 1024;

/**
 * Reads npm's configuration with npm's own reader, the audited project's file
 * apart from all others. npm reads that file first and lets it name the user's
 * file (`userconfig`) and expand variables of the environment; here nothing in
 * it moves anything else (SECURITY.md T6). A parent folder's project, where npm
 * looks too, is none of the audit's business.
 *
 * Throws an `AuditError` with `CONFIG_INVALID` for files that cannot be read.
 */
export async function readNpmConfigLayers(
  projectDir: string,
  env: Environment,
): Promise<NpmConfigLayers> {
  const ownEnv = await withoutProjectExports(projectDir, env);
  const trusted = new TrustedConfig(optionsFor(projectDir, ownEnv));
  await load(trusted, ['global', 'user']);
  const settingsOf = (name: string): Settings =>
    pick(trusted.data.get(name)?.data ?? {});
  return {
    defaults: settingsOf('default'),
    belowProject: ['builtin', 'global', 'user'].map(settingsOf),
    project: await readProject(projectDir, trusted.get('userconfig')),
    aboveProject: [settingsOf('env')],
  };
}

/** Set for whatever npm itself starts: `npm run`, `npm exec`, `npx`. */
const STARTED_BY_NPM = ['npm_execpath', 'npm_command', 'npm_lifecycle_event'];
const ENV_SETTING = /^npm_config_/i;

/**
 * The environment without what a project put there. npm hands the settings of
 * the project that it is started in to its scripts as `npm_config_*`, where they
 * look like the user's. Those that the audited project, or the one npm was
 * started in, has in its .npmrc are dropped: who gave them cannot be told.
 */
async function withoutProjectExports(
  projectDir: string,
  env: Environment,
): Promise<Environment> {
  if (STARTED_BY_NPM.every((name) => env[name] === undefined)) return env;
  const started = env['npm_config_local_prefix'];
  const folders = new Set([
    resolve(projectDir),
    resolve(started ?? projectDir),
  ]);
  const userFile = join(env['HOME'] ?? homedir(), '.npmrc');
  const exported = new Set<string>();
  for (const folder of folders) {
    const settings = await readProject(folder, userFile);
    for (const key of Object.keys(settings)) exported.add(settingName(key));
  }
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        !ENV_SETTING.test(name) ||
        !exported.has(settingName(name.replace(ENV_SETTING, ''))),
    ),
  );
}

/** One spelling for a setting: npm takes any case, and `_` for `-`. */
function settingName(key: string): string {
  return key.toLowerCase().replaceAll('-', '_');
}

/**
 * Other settings are left behind: npm writes some of them into the environment
 * of this process when it prepares them for requests.
 */
function pick(layer: Settings): Settings {
  const known = new Set(KEYS);
  return Object.fromEntries(
    Object.entries(layer).filter(([key]) => known.has(key) || SCOPED.test(key)),
  );
}

async function readProject(
  projectDir: string,
  userconfig: unknown,
): Promise<ConfigLayer['raw']> {
  const file = resolve(projectDir, '.npmrc');
  if (!(await isReadable(file))) return {};
  // In the home folder the same file is the user's, and npm reads it as such.
  const project = new ProjectConfig(
    optionsFor(projectDir, { npm_config_userconfig: String(userconfig) }),
  );
  await load(project, ['project']);
  return project.data.get('project')?.raw ?? {};
}

/** A device or a pipe in its place would never end. */
async function isReadable(file: string): Promise<boolean> {
  const status = await stat(file).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw invalid(`${file}: cannot be read`, error);
  });
  if (status === null) return false;
  if (!status.isFile() || status.size > MAX_PROJECT_FILE_BYTES) {
    const limit = `${MAX_PROJECT_FILE_BYTES} bytes`;
    throw invalid(`${file}: expected a file of at most ${limit}`);
  }
  return true;
}

/** npm's configuration without any project. */
class TrustedConfig extends Config {
  protected override loadProjectConfig(): Promise<void> {
    return Promise.resolve();
  }
}

/** The file of one project folder, and no other. */
class ProjectConfig extends Config {
  protected override loadBuiltinConfig(): Promise<void> {
    return Promise.resolve();
  }

  protected override loadLocalPrefix(): Promise<void> {
    // Given, not searched for: without a package.json npm would go up.
    this.localPrefix = this.cwd;
    this.localPackage = true;
    return Promise.resolve();
  }

  protected override loadUserConfig(): Promise<void> {
    return Promise.resolve();
  }

  protected override loadGlobalConfig(): Promise<void> {
    return Promise.resolve();
  }
}

function optionsFor(
  projectDir: string,
  env: Environment,
): ConstructorParameters<typeof Config>[0] {
  const known = new Set(KEYS);
  const definitions = Object.entries(npm.definitions);
  return {
    definitions: Object.fromEntries(
      definitions.filter(([key]) => known.has(key)),
    ),
    shorthands: {},
    flatten: npm.flatten,
    nerfDarts: npm.nerfDarts,
    npmPath: npmFolder(env),
    // Config adds what npm hands to the scripts it runs.
    env: { ...env },
    argv: [],
    cwd: resolve(projectDir),
    warn: false,
  };
}

/** npm's folder if npm started us, else the one beside this Node. */
function npmFolder(env: Environment): string {
  const started = env['npm_execpath'];
  if (started !== undefined && /^np[mx]-cli\.c?js$/.test(basename(started))) {
    return dirname(dirname(started));
  }
  const bin = dirname(process.execPath);
  return process.platform === 'win32'
    ? join(bin, 'node_modules', 'npm')
    : join(dirname(bin), 'lib', 'node_modules', 'npm');
}

async function load(
  config: InstanceType<typeof Config>,
  files: readonly string[],
): Promise<void> {
  try {
    await config.load();
  } catch (error) {
    throw invalid('npm configuration: cannot be read', error);
  }
  for (const name of files) {
    const layer = config.data.get(name);
    const error = layer?.loadError ?? null;
    if (error !== null && !isMissing(error)) {
      throw invalid(`${layer?.source ?? name}: cannot be read`, error);
    }
  }
}

/** No such file, or no such folder for it. */
function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function invalid(message: string, cause?: unknown): AuditError {
  const code = codeOf(cause);
  const reason = code === null ? '' : ` (${code})`;
  return new AuditError('CONFIG_INVALID', `${message}${reason}`, cause);
}
