import { isJsonArray, isJsonObject } from '../json/strict-json.js';
import type { JsonObject, JsonValue } from '../json/strict-json.js';
import type { Refuse } from './read-fields.js';
import type { SbomHash } from './sbom-hashes.js';

/** One package of an SBOM of either format, as claimed. */
export interface SbomEntry {
  /** Where it is in the file: `components[3]`. */
  readonly location: string;
  /** Its package URL; null where it has none. */
  readonly purl: string | null;
  /** What the file calls it, beside the package URL. */
  readonly name: string | null;
  readonly version: string | null;
  readonly hashes: readonly SbomHash[];
  /** Where it says it comes from. */
  readonly download: string | null;
  /** It says that it comes within another package's archive. */
  readonly isBundled: boolean;
  /** It says that it is never published. */
  readonly isPrivate: boolean;
}

/** All packages of an SBOM, the root project left out. */
export interface SbomContent {
  readonly rootName: string | null;
  readonly entries: readonly SbomEntry[];
}

/** Makes the function that refuses what is at a location. */
export type RefuseAt = (location: string) => Refuse;

/** The elements of an optional list of objects. */
export function readObjects(
  value: JsonValue | undefined,
  field: string,
  refuse: Refuse,
): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!isJsonArray(value)) return refuse(`${field}: expected a list`);
  return value.map((each, index) =>
    isJsonObject(each)
      ? each
      : refuse(`${field}[${index}]: expected an object`),
  );
}

/** The one distinct text of several; null for none. */
export function onlyOf(
  texts: readonly string[],
  what: string,
  refuse: Refuse,
): string | null {
  const [first = null, ...others] = new Set(texts);
  return others.length === 0 ? first : refuse(`more than one ${what}`);
}
