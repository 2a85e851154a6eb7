import type { Dependency } from '../lockfile/dependency.js';
import { scopeOf } from '../package/package-id.js';
import { isOfGitLabProject } from './gitlab-registry.js';
import { isBelow, longestBelow, parseHttpUrl } from './registry-base.js';
import type { RegistryConfig } from './registry-config.js';
import { tarballVersion } from './tarball-version.js';

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
export const PUBLIC_ALIAS_HOST = 'registry.yarnpkg.com';

/**
 * Decides which registry `dependency` belongs to, and which is asked.
 *
 * Identity follows the entry's `resolved`, since that names where the bytes
 * come from, or the registry that a policy calls it a mirror of; where requests
 * go follows npm's configuration, but for a second registry that a policy names
 * for evidence. A host that only the lockfile names is never asked: whoever
 * edits a lockfile could otherwise choose who vouches for it. Reads URLs,
 * follows none.
 *
 * Source: DESIGN.md section 2, registry identity; npm-registry-fetch
 * `pickRegistry` for the choice between scope and default; npm's documentation
 * of `replace-registry-host`.
 */
export function registryOf(
  dependency: Dependency,
  config: RegistryConfig,
): DependencyRegistry {
  const { id, origin } = dependency;
  const scope = scopeOf(id.name);
  const ofScope = scope === null ? undefined : config.scopes.get(scope);
  const npmAsks = ofScope ?? config.defaultRegistry;
  if (origin.resolved === null) {
    const identity = originOf(ofScope ?? config.publicRegistry, config);
    return { identity, askAt: evidenceAt(npmAsks, null, config) };
  }
  const resolved = parseHttpUrl(origin.resolved);
  if (resolved === null) {
    return { identity: ofScope ?? config.publicRegistry, askAt: null };
  }
  const base = baseOf(resolved, ofScope, config);
  if (base === null) {
    const identity = baseBefore(id.name, resolved);
    const askAt = isReplaced(resolved, config) ? npmAsks : null;
    return { identity, askAt: evidenceAt(askAt, null, config) };
  }
  const identity = originOf(base, config);
  const askAt = askedFor(base, npmAsks, config);
  return { identity, askAt: evidenceAt(askAt, base, config) };
}

/** Whether `resolved` is at the public registry's own host, not at a mirror. */
export function isPublicHost(resolved: URL, publicRegistry: string): boolean {
  return (
    resolved.host === PUBLIC_ALIAS_HOST ||
    resolved.host === new URL(publicRegistry).host
  );
}

/**
 * Whether the packages that belong to the registry at the base URL `identity`
 * are out of scope because a policy says that it has no evidence.
 */
export function hasNoEvidence(
  identity: string,
  { roles }: RegistryConfig,
): boolean {
  return roles?.get(identity)?.hasNoEvidence === true;
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
    if (hasNoEvidence(identity, config)) continue;
    if (askAt !== null) hosts.add(new URL(identity).host);
  }
  return [...hosts];
}

/**
 * A tarball that somebody asked for by its address, as a registry dependency if
 * the address lies in a registry that npm is configured for: there it has
 * evidence like any other. Otherwise one line in a package's record of the
 * lockfile would take a registry's package out of the audit. It stays what it is
 * if it is not certain which version it is.
 */
export function recognizeRegistryTarball(
  dependency: Dependency,
  config: RegistryConfig,
): Dependency {
  const { origin } = dependency;
  if (origin.kind !== 'remote-tarball' || origin.resolved === null) {
    return dependency;
  }
  const resolved = parseHttpUrl(origin.resolved);
  const version =
    resolved === null ? null : tarballVersion(dependency.id, resolved);
  if (version === null) return dependency;
  const asRegistry: Dependency = {
    ...dependency,
    id: { ...dependency.id, version },
    origin: { ...origin, kind: 'registry' },
  };
  return registryOf(asRegistry, config).askAt === null
    ? dependency
    : asRegistry;
}

/**
 * The base that `resolved` lies below, of those that a policy lists and those
 * that npm would ask about the package. Another scope's registry has no say
 * about it: whoever controls that one could otherwise take over any name.
 */
function baseOf(
  resolved: URL,
  ofScope: string | undefined,
  { publicRegistry, defaultRegistry, roles }: RegistryConfig,
): string | null {
  if (
    resolved.host === PUBLIC_ALIAS_HOST ||
    isBelow(resolved, publicRegistry)
  ) {
    return publicRegistry;
  }
  const configured = [
    defaultRegistry,
    ...(ofScope === undefined ? [] : [ofScope]),
  ];
  const below = longestBelow(resolved, [
    ...(roles?.keys() ?? []),
    ...configured,
  ]);
  if (below !== null || ofScope === undefined) return below;
  return isOfGitLabProject(resolved, ofScope) ? ofScope : null;
}

/** The registry whose packages the one at `base` serves: mostly its own. */
function originOf(base: string, { roles }: RegistryConfig): string {
  const seen = new Set<string>();
  let origin = base;
  while (!seen.has(origin)) {
    seen.add(origin);
    origin = roles?.get(origin)?.mirrorOf ?? origin;
  }
  return origin;
}

/**
 * Where npm's configuration has the packages below `base` asked for; null if it
 * names neither that registry nor a mirror of the same one.
 */
function askedFor(
  base: string,
  npmAsks: string,
  config: RegistryConfig,
): string | null {
  const { publicRegistry, defaultRegistry, replacedHost } = config;
  if (base === publicRegistry && replacedHost === 'never') return base;
  const identity = originOf(base, config);
  if (identity === publicRegistry) return npmAsks;
  const configured = [npmAsks, defaultRegistry];
  return (
    longestBelow(new URL(base), configured) ??
    configured.find((each) => originOf(each, config) === identity) ??
    null
  );
}

/** The registry that a policy names for evidence, in place of these; else `askAt`. */
function evidenceAt(
  askAt: string | null,
  base: string | null,
  { roles }: RegistryConfig,
): string | null {
  const role = roles?.get(askAt ?? base ?? '');
  return role?.evidenceFrom ?? askAt;
}

/** Whether npm takes the configured registry in place of the entry's host. */
function isReplaced(
  { host, hostname }: URL,
  { replacedHost }: RegistryConfig,
): boolean {
  return (
    replacedHost === 'always' ||
    replacedHost === host ||
    replacedHost === hostname
  );
}

/** npm's tarball path is NAME/-/FILE below the base. */
function baseBefore(name: string, { origin, pathname }: URL): string {
  for (const spelling of [name, name.replace('/', '%2f')]) {
    const at = pathname.toLowerCase().indexOf(`/${spelling.toLowerCase()}/-/`);
    if (at !== -1) return `${origin}${pathname.slice(0, at + 1)}`;
  }
  return `${origin}/`;
}
