import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../json/strict-json.js';
import { PUBLICATION_MEMBERS } from './claimed-publication.js';
import { DEPENDENCY_FIELDS, INSTALL_SCRIPTS } from './release-history.js';

/**
 * Largest extract of a packument in bytes: 8 MiB, which as base64 fits into a
 * line of an evidence archive.
 */
export const MAX_HISTORY_BYTES = 8 * 1024 * 1024;

/**
 * The part of a packument, untrusted, that `readHistory` looks at, in the same
 * form: a twentieth of it or less, fit to be kept. Null for what is no object.
 */
export function extractHistory(packument: JsonValue): JsonObject | null {
  if (!isJsonObject(packument)) return null;
  const versions = packument['versions'];
  return {
    ...pick(packument, ['name', 'dist-tags', 'time']),
    ...(isJsonObject(versions) && {
      versions: Object.fromEntries(
        Object.entries(versions).map(([version, manifest]) => [
          version,
          extractVersion(manifest),
        ]),
      ),
    }),
  };
}

function extractVersion(manifest: JsonValue): JsonObject {
  if (!isJsonObject(manifest)) return {};
  return {
    ...pick(manifest, [...DEPENDENCY_FIELDS, 'repository', 'deprecated']),
    ...pickWithin(manifest, 'scripts', INSTALL_SCRIPTS),
    ...pickWithin(manifest, '_npmUser', PUBLICATION_MEMBERS),
    ...pickWithin(manifest, 'dist', ['integrity', 'attestations']),
  };
}

function pickWithin(
  value: JsonObject,
  key: string,
  keys: readonly string[],
): JsonObject {
  const inner = value[key];
  if (!isJsonObject(inner)) return {};
  const picked = pick(inner, keys);
  return Object.keys(picked).length === 0 ? {} : { [key]: picked };
}

function pick(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const member = Object.hasOwn(value, key) ? value[key] : undefined;
      return member === undefined ? [] : [[key, member] as const];
    }),
  );
}
