import { BACKSLASH, QUOTE } from './grammar.js';

/**
 * Offset of the quote that closes the JSON string opened at `start`; the
 * text's length if it is never closed.
 */
export function stringEnd(text: string, start: number): number {
  // Most strings have no escape: then the next quote is theirs.
  const next = text.indexOf('"', start + 1);
  if (next !== -1 && text.charCodeAt(next - 1) !== BACKSLASH) return next;
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    at += code === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

/** The string denoted by the JSON string literal from `start` to `end`. */
export function unquote(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  if (!raw.includes('\\')) return raw;
  const value: unknown = JSON.parse(`"${raw}"`);
  return typeof value === 'string' ? value : raw;
}
