import { quote } from './lockfile-source.js';
import type { Refuse } from './read-fields.js';
import { isYamlMap, type YamlMap, type YamlValue } from './yaml-value.js';

const EMPTY: YamlMap = new Map();

/** A member of a map that is a map itself; nothing counts as empty. */
export function mapIn(map: YamlMap, key: string, refuse: Refuse): YamlMap {
  const value = map.get(key)?.value ?? null;
  if (value === null) return EMPTY;
  return isYamlMap(value) ? value : refuse(`${key}: expected a map`);
}

/** A member of a map that is text; null where there is none. */
export function textIn(
  map: YamlMap,
  key: string,
  refuse: Refuse,
): string | null {
  return textOf(map.get(key)?.value ?? null, key, refuse);
}

/** A value that is text; null where there is none. */
export function textOf(
  value: YamlValue,
  key: string,
  refuse: Refuse,
): string | null {
  if (value === null || typeof value === 'string') return value;
  return refuse(`${quote(key)}: expected a text`);
}
