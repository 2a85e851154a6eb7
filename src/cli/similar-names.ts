import leven from 'leven';

const MAX_SUGGESTIONS = 3;
/** Typing mistakes in a name that still make it the one that was meant. */
const MAX_MISTAKES = 2;

/**
 * Those of `names` that somebody who wrote `wanted` may have meant: the same but
 * for scope or case, then those with few mistakes. At most three, best first.
 */
export function similarNames(
  wanted: string,
  names: readonly string[],
): readonly string[] {
  // In a short name, two mistakes are half of it.
  const allowed = Math.min(MAX_MISTAKES, Math.floor(wanted.length / 4) + 1);
  const rated = [...new Set(names)].map((name) => ({
    name,
    mistakes:
      bareName(name) === bareName(wanted)
        ? 0
        : leven(name, wanted, { maxDistance: MAX_MISTAKES + 1 }),
  }));
  return rated
    .filter(({ mistakes }) => mistakes <= allowed)
    .toSorted((a, b) => a.mistakes - b.mistakes || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_SUGGESTIONS)
    .map(({ name }) => name);
}

function bareName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).toLowerCase();
}
