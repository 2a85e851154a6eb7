/** A pattern taken apart at its stars. */
export interface Glob {
  readonly parts: readonly string[];
}

/** Takes a pattern apart; `*` is the only character with a meaning. */
export function compileGlob(pattern: string): Glob {
  return { parts: pattern.split('*') };
}

/**
 * Whether `text` is what the pattern says, where a star stands for any run of
 * characters but `/`. Case counts.
 *
 * No regular expression: leftmost matches of the literal parts decide, in time
 * proportional to the text and the pattern, whatever the pattern.
 */
export function matchesGlob({ parts }: Glob, text: string): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const next = text.indexOf(part, at);
    if (next === -1 || text.slice(at, next).includes('/')) return false;
    at = next + part.length;
  }
  const end = text.length - last.length;
  return end >= at && text.endsWith(last) && !text.slice(at, end).includes('/');
}
