import { requireCommonJs } from '../commonjs.js';
import { AuditError } from '../errors.js';
import type { RegistryConfig } from '../evidence/registry-config.js';
import { registryBase } from '../evidence/registry-base.js';
import { DEFAULT_NETWORK, type NetworkOptions } from './http.js';
import {
  readNpmConfigLayers,
  type Environment,
  type NpmConfigLayers,
  type Settings,
} from './npm-config-layers.js';
import { readPatience, type Patience } from './npm-patience.js';
import { isLoopbackHost } from '../package/web-address.js';
import {
  selectProjectSettings,
  type ProjectSettings,
} from './npm-project-config.js';
import { PUBLIC_REGISTRY } from './public-registry.js';

const npm = requireCommonJs('@npmcli/config/lib/definitions/index.js');

/** npm's configuration as far as requests to registries need it. */
export interface NpmSettings {
  readonly registries: RegistryConfig;
  readonly network: NetworkOptions;
  /**
   * npm's options for `getAuth` of npm-registry-fetch: credentials under keys
   * like `//registry.example/:_authToken`, and the registries. Secret.
   */
  readonly credentials: Settings;
  /** Absent: nothing is configured. */
  readonly patience?: Patience;
  /** One line each, for people. */
  readonly warnings: readonly string[];
}

/** Where settings come from: `env` and `cliRegistry` are the user's. */
export interface NpmConfigSource {
  /** Folder of the audited project; nothing above it is read. */
  readonly projectDir: string;
  readonly env: Environment;
  /** `--registry`: replaces npm's `registry` setting, not those of scopes. */
  readonly cliRegistry?: string;
  /** What else the project says about registries, as its .npmrc would. */
  readonly alsoOfProject?: ProjectSettings;
}

const SCOPE_REGISTRY = /^(@[^:]+):registry$/;

/**
 * Loads npm's configuration: files of npm, the machine, the user and the
 * project, `npm_config_*`, then `--registry`. What the audited project may not
 * set is described at `selectProjectSettings`. Prints nothing.
 *
 * Throws an `AuditError` with `CONFIG_INVALID` for settings that cannot be
 * followed: a mistake must not silently lead to another registry.
 */
export async function loadNpmConfig(
  source: NpmConfigSource,
): Promise<NpmSettings> {
  const layers = await readNpmConfigLayers(source.projectDir, source.env);
  const ofNpm = selectProjectSettings(layers.project);
  const also = source.alsoOfProject ?? { settings: {}, warnings: [] };
  const project = {
    settings: { ...ofNpm.settings, ...also.settings },
    warnings: [...ofNpm.warnings, ...also.warnings],
  };
  const { defaults, belowProject, aboveProject } = layers;
  const trusted = flatten([defaults, ...belowProject, ...aboveProject]);
  const safe = withoutDowngrades(project.settings, trusted);
  const flat = merge(layers, safe.settings, source.cliRegistry);
  const { registries, credentials } = readRegistries(flat);
  const ofUser = readRegistries(merge(layers, {}, source.cliRegistry));
  const namedByProject = withoutNamedByUser(registries, ofUser.registries);
  const patience = readPatience(
    layOver([...belowProject, safe.settings, ...aboveProject]),
  );
  const replacedHost = readReplacedHost(
    layOver([...belowProject, ...aboveProject]),
  );
  return {
    registries: {
      ...registries,
      namedByProject,
      ...(replacedHost !== null && { replacedHost }),
    },
    network: {
      ...readNetwork(trusted),
      ...(patience.maxSockets !== null && { maxSockets: patience.maxSockets }),
    },
    credentials,
    patience,
    warnings: [...project.warnings, ...safe.warnings],
  };
}

function merge(
  layers: NpmConfigLayers,
  project: Settings,
  cliRegistry: string | undefined,
): Record<string, unknown> {
  const cli = cliRegistry === undefined ? {} : { registry: cliRegistry };
  return flatten([
    layers.defaults,
    ...layers.belowProject,
    project,
    ...layers.aboveProject,
    cli,
  ]);
}

/** Lays settings over each other, in the names npm's request code uses. */
function flatten(layers: readonly Settings[]): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  try {
    for (const layer of layers) npm.flatten(layer, flat);
  } catch (error) {
    // It reads the file that `cafile` names.
    throw invalid('cafile cannot be read', error);
  }
  return flat;
}

/**
 * npm's credentials belong to a host, whatever the scheme. A project that names
 * the user's registry with `http:` would have the token sent in the clear.
 */
function withoutDowngrades(
  project: Settings,
  trusted: Settings,
): { readonly settings: Settings; readonly warnings: readonly string[] } {
  const isDowngrade = ([, value]: [string, unknown]): boolean => {
    const base = typeof value === 'string' ? registryBase(value) : null;
    if (base?.startsWith('http:') !== true) return false;
    const { host, hostname } = new URL(base);
    const hasToken = Object.keys(trusted).some((key) =>
      key.startsWith(`//${host}/`),
    );
    return hasToken && !isLoopbackHost(hostname);
  };
  const entries = Object.entries(project);
  return {
    settings: Object.fromEntries(entries.filter((one) => !isDowngrade(one))),
    warnings: entries
      .filter(isDowngrade)
      .map(
        ([key]) =>
          `the project’s ${key} is ignored, it would send your credentials without encryption`,
      ),
  };
}

/** What is left of `all` without those that the user's configuration names. */
function withoutNamedByUser(
  all: RegistryConfig,
  ofUser: RegistryConfig,
): ReadonlySet<string> {
  const known = new Set([ofUser.publicRegistry, ...basesOf(ofUser)]);
  return new Set(basesOf(all).filter((base) => !known.has(base)));
}

function basesOf({
  defaultRegistry,
  scopes,
}: RegistryConfig): readonly string[] {
  return [defaultRegistry, ...scopes.values()];
}

function readRegistries(
  flat: Record<string, unknown>,
): Pick<NpmSettings, 'registries' | 'credentials'> {
  const credentials = { ...flat };
  const base = (key: string): string => {
    const text = flat[key];
    const found = typeof text === 'string' ? registryBase(text) : null;
    if (found === null) throw invalid(`${key} is not an http(s) URL`);
    keepUserInfo(new URL(String(text)), found, credentials);
    credentials[key] = found;
    return found;
  };
  const scopes = new Map<string, string>();
  for (const key of Object.keys(flat).toSorted()) {
    const scope = SCOPE_REGISTRY.exec(key)?.[1];
    if (scope !== undefined) scopes.set(scope, base(key));
  }
  const defaultRegistry = base('registry');
  return {
    registries: {
      publicRegistry: PUBLIC_REGISTRY,
      defaultRegistry,
      scopes,
      namedByProject: new Set(),
    },
    credentials,
  };
}

/** Takes user and password out of a URL, which ends up in reports. */
function keepUserInfo(
  { username, password }: URL,
  base: string,
  credentials: Record<string, unknown>,
): void {
  const key = base.slice(base.indexOf('//'));
  const isKnown = Object.keys(credentials).some((k) => k.startsWith(`${key}:`));
  if (username === '' || isKnown) return;
  credentials[`${key}:username`] = decodeUserInfo(username);
  const bytes = Buffer.from(decodeUserInfo(password));
  credentials[`${key}:_password`] = bytes.toString('base64');
}

/** Undoes percent encoding; a lone `%` stands for itself. */
function decodeUserInfo(userInfo: string): string {
  try {
    return decodeURIComponent(userInfo);
  } catch {
    return userInfo;
  }
}

/** What is written in several layers, by npm's own names. */
function layOver(layers: readonly Settings[]): Settings {
  return Object.fromEntries(layers.flatMap((layer) => Object.entries(layer)));
}

/** A host, or one of npm's words; null where nobody has written it. */
function readReplacedHost(written: Settings): string | null {
  const value = text(written['replace-registry-host']);
  if (value === null) return null;
  return URL.canParse(value) ? new URL(value).host : value;
}

function readNetwork(flat: Settings): NetworkOptions {
  const strictSsl = flat['strictSSL'];
  if (typeof strictSsl !== 'boolean') {
    throw invalid('strict-ssl is neither true nor false');
  }
  return {
    ...DEFAULT_NETWORK,
    strictSsl,
    // npm's order: the https proxy serves both schemes.
    proxy: proxyUrl(flat, 'httpsProxy') ?? proxyUrl(flat, 'proxy'),
    noProxy: text(flat['noProxy']),
    ca: certificates(flat['ca']),
    cert: text(flat['cert']),
    key: text(flat['key']),
    localAddress: text(flat['localAddress']),
  };
}

function proxyUrl(flat: Settings, key: string): string | null {
  const url = text(flat[key]);
  if (url !== null && !URL.canParse(url)) throw invalid('proxy is not a URL');
  return url;
}

function certificates(value: unknown): readonly string[] | null {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const found = list.map(text).filter((one) => one !== null);
  return found.length === 0 ? null : found;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && !['', 'null', 'false'].includes(value)
    ? value
    : null;
}

function invalid(problem: string, cause?: unknown): AuditError {
  const message = `npm configuration: ${problem}`;
  return new AuditError('CONFIG_INVALID', message, cause);
}
