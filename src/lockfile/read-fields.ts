import { isJsonArray, isJsonObject } from '../json/strict-json.js';
import type { JsonObject, JsonValue } from '../json/strict-json.js';
import { quote } from './lockfile-source.js';
import type { DependencyMap, Relations } from './npm-tree.js';

/** Called with what is wrong; never returns. */
export type Refuse = (message: string) => never;

/**
 * Reads the dependency fields of an untrusted manifest or lockfile entry.
 * Anything but a map of strings is refused: npm's reader would throw on it or
 * take something else out of it.
 */
export function readRelations(record: JsonObject, refuse: Refuse): Relations {
  const read = (field: string): DependencyMap =>
    readDependencyMap(own(record, field), field, refuse);
  const dependencies = read('dependencies');
  return {
    dependencies,
    // npm lets the development entry win. Here a package that is asked for in
    // both ways must not drop out of production.
    devDependencies: without(read('devDependencies'), dependencies),
    optionalDependencies: read('optionalDependencies'),
    peerDependencies: read('peerDependencies'),
    optionalPeers: optionalPeers(own(record, 'peerDependenciesMeta')),
  };
}

/** Reads a map of names to specifications; nothing counts as empty. */
export function readDependencyMap(
  value: JsonValue | undefined,
  field: string,
  refuse: Refuse,
): DependencyMap {
  if (value === undefined || value === null) return NOTHING;
  if (!isJsonObject(value)) return refuse(`${field}: expected an object`);
  if (isMapOfTexts(value)) return value;
  const odd = Object.keys(value).find((key) => typeof value[key] !== 'string');
  return refuse(`${field}: ${quote(odd)}: expected a string`);
}

const NOTHING: DependencyMap = Object.freeze({});

function isMapOfTexts(value: JsonObject): value is DependencyMap {
  return Object.values(value).every((spec) => typeof spec === 'string');
}

/** Names a package brings along: a list, or `true` for all it depends on. */
export function readBundles(
  record: JsonObject,
  dependencies: DependencyMap,
): readonly string[] {
  const value =
    own(record, 'bundleDependencies') ?? own(record, 'bundledDependencies');
  if (value === true) return Object.keys(dependencies);
  if (!isJsonArray(value)) return [];
  return value.filter((name) => typeof name === 'string');
}

/** Folder patterns of a root manifest, in either of npm's spellings. */
export function readWorkspaces(record: JsonObject): readonly string[] {
  const value = own(record, 'workspaces');
  const list = isJsonObject(value) ? own(value, 'packages') : value;
  if (!isJsonArray(list)) return [];
  return list.filter((pattern) => typeof pattern === 'string');
}

/**
 * Reads an optional text. npm 6 wrote `false` where it knew nothing, and npm
 * takes empty text as nothing too.
 */
export function readText(
  record: JsonObject,
  field: string,
  refuse: Refuse,
): string | null {
  const value = own(record, field);
  if (value === undefined || value === null || value === false) return null;
  if (typeof value === 'string') return value === '' ? null : value;
  return refuse(`${field}: expected a string, found ${quote(value)}`);
}

/** A member that is the object's own, whatever objects inherit. */
export function own(record: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function without(map: DependencyMap, others: DependencyMap): DependencyMap {
  if (map === NOTHING) return NOTHING;
  return Object.fromEntries(
    Object.entries(map).filter(([name]) => !Object.hasOwn(others, name)),
  );
}

function optionalPeers(meta: JsonValue | undefined): readonly string[] {
  if (!isJsonObject(meta)) return [];
  return Object.entries(meta)
    .filter(
      ([, about]) => isJsonObject(about) && own(about, 'optional') === true,
    )
    .map(([name]) => name);
}
