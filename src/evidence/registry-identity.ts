import type { Dependency } from '../lockfile/dependency.js';
import { isExactVersion } from '../lockfile/npm-grammar.js';
import { scopeOf } from '../package/package-id.js';
import type { RegistryConfig } from './registry-config.js';

/** The registry of one dependency. Both are base URLs ending in `/`. */
export interface DependencyRegistry {
  /** The registry the dependency belongs to, by its lockfile entry. */
  readonly identity: string;
  /** Where to ask about it; null if configuration names no place for it. */
  readonly askAt: string | null;
}

/**
 * Yarn writes this alias of the public npm registry into lockfiles; the same
 * files come from there.
 */
const PUBLIC_ALIAS_HOST = 'registry.yarnpkg.com';

/**
 * Decides which registry `dependency` belongs to, and which is asked.
 *
 * Identity follows the entry's `resolved`, since that names where the bytes
 * come from; where requests go follows npm's configuration alone. A host that
 * only the lockfile names is never asked: whoever edits a lockfile could
 * otherwise choose who vouches for it. Reads URLs, follows none.
 *
 * Source: DESIGN.md section 2, registry identity; npm-registry-fetch
 * `pickRegistry` for the choice between scope and default.
 */
export function registryOf(
  dependency: Dependency,
  config: RegistryConfig,
): DependencyRegistry {
  const { id, origin } = dependency;
  const scope = scopeOf(id.name);
  const ofScope = scope === null ? undefined : config.scopes.get(scope);
  const forPublic = ofScope ?? config.defaultRegistry;
  if (origin.resolved === null) {
    const identity = ofScope ?? config.publicRegistry;
    return { identity, askAt: forPublic };
  }
  const resolved = parseHttpUrl(origin.resolved);
  if (resolved === null) {
    return { identity: ofScope ?? config.publicRegistry, askAt: null };
  }
  if (isPublic(resolved, config)) {
    return { identity: config.publicRegistry, askAt: forPublic };
  }
  const configured = configuredFor(resolved, ofScope, config);
  if (configured !== null) return { identity: configured, askAt: configured };
  return { identity: baseBefore(id.name, resolved), askAt: null };
}

/**
 * Hosts (with port) of the registries that `dependencies` in scope belong to and
 * that are asked: those whose keys are worth having.
 */
export function registryHosts(
  dependencies: readonly Dependency[],
  config: RegistryConfig,
): readonly string[] {
  const hosts = new Set<string>();
  for (const dependency of dependencies) {
    if (dependency.origin.kind !== 'registry') continue;
    const { identity, askAt } = registryOf(dependency, config);
    if (askAt !== null) hosts.add(new URL(identity).host);
  }
  return [...hosts];
}

/**
 * A tarball that somebody asked for by its address, as a registry dependency if
 * the address lies in a registry that npm is configured for: there it has
 * evidence like any other. Otherwise one line in a package's record of the
 * lockfile would take a registry's package out of the audit.
 */
export function recognizeRegistryTarball(
  dependency: Dependency,
  config: RegistryConfig,
): Dependency {
  const { origin } = dependency;
  if (origin.kind !== 'remote-tarball' || origin.resolved === null) {
    return dependency;
  }
  const asRegistry: Dependency = {
    ...dependency,
    id: { ...dependency.id, version: versionOf(dependency, origin.resolved) },
    origin: { ...origin, kind: 'registry' },
  };
  return registryOf(asRegistry, config).askAt === null
    ? dependency
    : asRegistry;
}

/**
 * Lockfiles of version 1 have such an address in the place of the version: it is
 * then in the file's name, where the rest of the address is that of the package.
 */
function versionOf(
  { id: { name, version } }: Dependency,
  resolved: string,
): string {
  if (version !== '') return version;
  const base = name.slice(name.lastIndexOf('/') + 1);
  const start = resolved.lastIndexOf(`/${name}/-/${base}-`);
  const file = resolved.slice(start + `/${name}/-/${base}-`.length);
  const found = file.endsWith('.tgz') ? file.slice(0, -'.tgz'.length) : '';
  return start !== -1 && isExactVersion(found) ? found : version;
}

/**
 * The base URL of a registry in one spelling: http or https, lower-case host,
 * no default port, no credentials, query or fragment, a path ending in `/`.
 * Null for what is no such URL. Two bases are the same registry if equal.
 */
export function registryBase(text: string): string | null {
  const url = parseHttpUrl(text.trim());
  if (url === null) return null;
  const path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  return `${url.origin}${path}`;
}

function parseHttpUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return ['http:', 'https:'].includes(url.protocol) ? url : null;
}

function isPublic(resolved: URL, { publicRegistry }: RegistryConfig): boolean {
  return (
    resolved.host === PUBLIC_ALIAS_HOST || isBelow(resolved, publicRegistry)
  );
}

/**
 * The longest base that `resolved` lies below, of those that npm would ask about
 * the package. Another scope's registry has no say about it: whoever controls
 * that one could otherwise take over any name.
 */
function configuredFor(
  resolved: URL,
  ofScope: string | undefined,
  { defaultRegistry }: RegistryConfig,
): string | null {
  const bases = ofScope === undefined ? [] : [ofScope];
  bases.push(defaultRegistry);
  const [longest] = bases
    .filter((base) => isBelow(resolved, base))
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return longest ?? null;
}

/**
 * The scheme is left out: a lockfile's `http:` entry belongs to the same
 * registry, and that it is not encrypted is a finding of its own. `host` has
 * the port where it is not the default of the scheme.
 */
function isBelow(resolved: URL, base: string): boolean {
  const { host, pathname } = new URL(base);
  return resolved.host === host && resolved.pathname.startsWith(pathname);
}

/** npm's tarball path is NAME/-/FILE below the base. */
function baseBefore(name: string, { origin, pathname }: URL): string {
  for (const spelling of [name, name.replace('/', '%2f')]) {
    const at = pathname.toLowerCase().indexOf(`/${spelling.toLowerCase()}/-/`);
    if (at !== -1) return `${origin}${pathname.slice(0, at + 1)}`;
  }
  return `${origin}/`;
}
