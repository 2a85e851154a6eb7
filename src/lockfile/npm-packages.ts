import { isJsonObject } from '../json/strict-json.js';
import type { JsonObject, JsonValue } from '../json/strict-json.js';
import { refuseEntry } from './lockfile-source.js';
import type { LockfileSource } from './lockfile-source.js';
import type { NpmEntries, NpmEntry } from './npm-entry.js';
import {
  linkTarget,
  nameFromFolder,
  parseNpmLocation,
} from './npm-location.js';
import type { Refuse } from './read-fields.js';
import {
  own,
  readBundles,
  readRelations,
  readText,
  readWorkspaces,
} from './read-fields.js';

/**
 * Reads `packages` of lockfile versions 2 to 4, untrusted. The `dependencies`
 * that version 2 keeps beside it for npm 6 are not looked at: npm 7 and later
 * do not either.
 *
 * Source: npm documentation, package-lock.json, `packages`.
 */
export function readNpmPackages(
  packages: JsonObject,
  source: LockfileSource,
): NpmEntries {
  const root = own(packages, '');
  const entries = new Map<string, NpmEntry>();
  for (const [location, record] of Object.entries(packages)) {
    if (location === '') continue;
    const refuse: Refuse = (message) => refuseEntry(source, location, message);
    if (!isJsonObject(record)) return refuse('expected an object');
    entries.set(location, readEntry(location, record, { packages, refuse }));
  }
  refuseStrayFolders(entries, source);
  if (root === undefined) return { entries, root: null };
  const refuse: Refuse = (message) => refuseEntry(source, '', message);
  if (!isJsonObject(root)) return refuse('expected an object');
  const relations = readRelations(root, refuse);
  return { entries, root: { relations, workspaces: readWorkspaces(root) } };
}

interface Context {
  readonly packages: JsonObject;
  readonly refuse: Refuse;
}

function readEntry(
  location: string,
  record: JsonObject,
  { packages, refuse }: Context,
): NpmEntry {
  const place = parseNpmLocation(location);
  if (place === null) return refuse('not a location that npm writes');
  const relations = readRelations(record, refuse);
  const link = own(record, 'link') ?? false;
  if (typeof link !== 'boolean') return refuse('link: expected true or false');
  const target = link ? readTarget(record, packages, refuse) : null;
  const named = target ?? { location, record: link ? {} : record };
  return {
    location,
    ...place,
    name: readText(named.record, 'name', refuse) ?? nameAt(named.location),
    version: readText(named.record, 'version', refuse) ?? '',
    resolved: readText(record, 'resolved', refuse),
    integrity: readText(record, 'integrity', refuse),
    isLink: link,
    target: target?.location ?? null,
    hasAddressAsVersion: false,
    isBlank: false,
    bundles: readBundles(record, relations.dependencies),
    patched: isJsonObject(own(record, 'patched')),
    relations,
  };
}

interface Target {
  readonly location: string;
  readonly record: JsonObject;
}

/** What a link leads to, if it is an entry; an empty path is the root. */
function readTarget(
  link: JsonObject,
  packages: JsonObject,
  refuse: Refuse,
): Target | null {
  const resolved = own(link, 'resolved');
  if (typeof resolved !== 'string') {
    return refuse('a link without a path in resolved');
  }
  const location = linkTarget(resolved);
  const record: JsonValue | undefined =
    location === null ? undefined : own(packages, location);
  return location !== null && isJsonObject(record)
    ? { location, record }
    : null;
}

/** What an entry is called that does not say: as the folder it is in. */
function nameAt(location: string): string {
  return parseNpmLocation(location)?.installedName ?? nameFromFolder(location);
}

/**
 * A folder within an installed package stands in a lockfile only because a link
 * leads to it. Else it is a package under a name that none can have.
 */
function refuseStrayFolders(
  entries: ReadonlyMap<string, NpmEntry>,
  source: LockfileSource,
): void {
  const targets = new Set([...entries.values()].map(({ target }) => target));
  for (const { location, installedName } of entries.values()) {
    const isStray =
      installedName === null &&
      location.split('/').includes('node_modules') &&
      !targets.has(location);
    if (isStray) refuseEntry(source, location, 'not a package name');
  }
}
