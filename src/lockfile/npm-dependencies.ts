import { isJsonObject } from '../json/strict-json.js';
import type { JsonObject } from '../json/strict-json.js';
import { refuseEntry } from './lockfile-source.js';
import type { LockfileSource } from './lockfile-source.js';
import type { NpmEntries, NpmEntry } from './npm-entry.js';
import { isExactVersion } from './npm-grammar.js';
import { parseNpmLocation } from './npm-location.js';
import type { Refuse } from './read-fields.js';
import { own, readDependencyMap, readText } from './read-fields.js';
import { resolvedForm } from './resolved-form.js';

/**
 * Reads the nested `dependencies` of lockfile version 1, untrusted, into
 * entries at the `node_modules` locations they stand for. What `requires`
 * names counts as an ordinary dependency: the file has no word on its kind but
 * the flags `dev` and `optional`, and those can be set to hide something.
 *
 * Source: npm 6 documentation, package-lock.json, `dependencies`.
 */
export function readNpmDependencies(
  dependencies: JsonObject,
  source: LockfileSource,
): NpmEntries {
  const entries = new Map<string, NpmEntry>();
  const marked = new Set<string>();
  const open = [{ prefix: '', record: dependencies }];
  for (const { prefix, record } of open) {
    for (const [name, value] of Object.entries(record)) {
      const location = `${prefix}node_modules/${name}`;
      const refuse: Refuse = (why) => refuseEntry(source, location, why);
      if (!isJsonObject(value)) return refuse('expected an object');
      entries.set(location, readEntry(location, value, refuse));
      if (own(value, 'bundled') === true) marked.add(location);
      const nested = own(value, 'dependencies') ?? {};
      if (!isJsonObject(nested)) {
        return refuse('dependencies: expected an object');
      }
      open.push({ prefix: `${location}/`, record: nested });
    }
  }
  return { entries: withBundles(entries, marked), root: null };
}

function readEntry(
  location: string,
  record: JsonObject,
  refuse: Refuse,
): NpmEntry {
  const place = parseNpmLocation(location);
  if (place?.installedName == null) return refuse('not a package name');
  const version = readText(record, 'version', refuse);
  const resolved = readText(record, 'resolved', refuse);
  const integrity = readText(record, 'integrity', refuse);
  const alias = aliasOf(version ?? '');
  const hasAddressAsVersion = alias === null && isAddress(version ?? '');
  const requires = own(record, 'requires');
  return {
    location,
    ...place,
    name: alias?.name ?? place.installedName,
    version: hasAddressAsVersion ? '' : (alias?.version ?? version ?? ''),
    resolved: hasAddressAsVersion ? version : resolved,
    integrity,
    isLink: hasAddressAsVersion && isFolder(version ?? ''),
    target: null,
    hasAddressAsVersion,
    isBlank: version === null && resolved === null && integrity === null,
    bundles: [],
    patched: false,
    relations: {
      dependencies: isJsonObject(requires)
        ? readDependencyMap(requires, 'requires', refuse)
        : {},
      devDependencies: {},
      optionalDependencies: {},
      peerDependencies: {},
      optionalPeers: [],
    },
  };
}

/** `npm:real@1.0.0` taken apart at the last `@`, a scope's being the first. */
function aliasOf(
  version: string,
): { readonly name: string; readonly version: string } | null {
  const at = version.lastIndexOf('@');
  if (!version.startsWith('npm:') || at <= 'npm:'.length) return null;
  return {
    name: version.slice('npm:'.length, at),
    version: version.slice(at + 1),
  };
}

function isAddress(version: string): boolean {
  if (version === '' || isExactVersion(version)) return false;
  const form = resolvedForm(version);
  return form === 'file' ? /^file:/i.test(version) : form !== 'unclear';
}

/** A path that is no tarball: npm makes a link to it. */
function isFolder(version: string): boolean {
  return (
    resolvedForm(version) === 'file' && !/\.(?:tgz|tar\.gz|tar)$/i.test(version)
  );
}

/**
 * Version 1 marks bundled packages one by one. As npm does, a mark counts only
 * if the package around it, not bundled itself, asks for this one.
 */
function withBundles(
  entries: ReadonlyMap<string, NpmEntry>,
  marked: ReadonlySet<string>,
): ReadonlyMap<string, NpmEntry> {
  const bundles = new Map<string, string[]>();
  for (const location of marked) {
    const { owner, installedName } = entries.get(location) ?? {};
    const around = owner == null ? undefined : entries.get(owner);
    if (around === undefined || installedName == null) continue;
    if (marked.has(around.location)) continue;
    if (!Object.hasOwn(around.relations.dependencies, installedName)) continue;
    const list = bundles.get(around.location) ?? [];
    list.push(installedName);
    bundles.set(around.location, list);
  }
  return new Map(
    [...entries].map(([location, entry]) => [
      location,
      { ...entry, bundles: bundles.get(location) ?? [] },
    ]),
  );
}
