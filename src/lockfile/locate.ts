import { visitKeys } from '../json/visit-keys.js';
import { placesIn, type Place } from './place.js';

const DEPENDENCIES = 'dependencies';

/** `lockfileVersion` of npm. */
export type NpmVersion = 1 | 2 | 3 | 4;

/**
 * Where each entry of an npm lockfile begins, by location; the root project
 * under `''`. `text` is known to be valid JSON. Version 1 nests entries, later
 * ones list them under `packages`.
 */
export function locateNpmEntries(
  text: string,
  formatVersion: NpmVersion,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const placeOf = placesIn(text);
  const maxDepth = formatVersion === 1 ? Infinity : 2;
  visitKeys(text, maxDepth, (path, offset) => {
    const location =
      formatVersion === 1 ? nestedLocation(path) : listedLocation(path);
    if (location !== null) places.set(location, placeOf(offset));
  });
  return places;
}

function listedLocation(path: readonly string[]): string | null {
  const [section, location] = path;
  return path.length === 2 && section === 'packages' ? (location ?? '') : null;
}

function nestedLocation(path: readonly string[]): string | null {
  if (path.length % 2 === 1) return null;
  const names = path.filter((_, index) => index % 2 === 1);
  const sections = path.filter((_, index) => index % 2 === 0);
  return sections.every((section) => section === DEPENDENCIES)
    ? names.map((name) => `node_modules/${name}`).join('/')
    : null;
}
