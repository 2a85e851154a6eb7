import { visitKeys } from '../json/visit-keys.js';

const DEPENDENCIES = 'dependencies';

/**
 * The 1-based line on which each entry of an npm lockfile begins, by location;
 * the root project's under `''`. `text` is known to be valid JSON. Version 1
 * nests entries, later ones list them under `packages`.
 */
export function locateNpmEntries(
  text: string,
  formatVersion: 1 | 2 | 3,
): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let line = 1;
  // Looked for once per line: a file may be one line of 128 MiB.
  let lineEnd = text.indexOf('\n');
  const maxDepth = formatVersion === 1 ? Infinity : 2;
  visitKeys(text, maxDepth, (path, offset) => {
    const location =
      formatVersion === 1 ? nestedLocation(path) : listedLocation(path);
    if (location === null) return;
    while (lineEnd !== -1 && lineEnd < offset) {
      line += 1;
      lineEnd = text.indexOf('\n', lineEnd + 1);
    }
    lines.set(location, line);
  });
  return lines;
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
