import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './grammar.js';
import type { JsonProblem } from './strict-json.js';
import { stringEnd, unquote } from './string-end.js';

/**
 * Offset of the first bracket that opens a level deeper than `maxDepth`, or
 * null. `text` need not be valid JSON. One pass, no recursion.
 */
export function tooDeepAt(text: string, maxDepth: number): number | null {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      depth += 1;
      if (depth > maxDepth) return at;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth -= 1;
  }
  return null;
}

/**
 * What is wrong with `text`, which is known to be valid JSON, beyond syntax: a
 * key twice in one object, a key that stands for a prototype, an escaped half
 * of a surrogate pair. Keys are compared as the strings they denote, so
 * `"\u0061"` repeats `"a"`. One pass, no recursion.
 */
export function scanJson(text: string): JsonProblem | null {
  // The keys seen in each open object; null for an open array.
  const open: (Set<string> | null)[] = [];
  let expectsKey = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = stringEnd(text, at);
        const keys = expectsKey ? (open.at(-1) ?? null) : null;
        const problem = stringProblem(text, at, end, keys);
        if (problem !== null) return problem;
        expectsKey = false;
        at = end;
        break;
      }
      case OPEN_OBJECT:
        open.push(new Set());
        expectsKey = true;
        break;
      case OPEN_ARRAY:
        open.push(null);
        expectsKey = false;
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        open.pop();
        expectsKey = false;
        break;
      case COMMA:
        expectsKey = (open.at(-1) ?? null) !== null;
        break;
    }
  }
  return null;
}

/** Checks one string; as a key of its object if `keys` is given. */
function stringProblem(
  text: string,
  start: number,
  end: number,
  keys: Set<string> | null,
): JsonProblem | null {
  const raw = text.slice(start + 1, end);
  const isEscaped = raw.includes('\\');
  if (keys === null && !isEscaped) return null;
  const string = isEscaped ? unquote(text, start, end) : raw;
  if (isEscaped && /\p{Surrogate}/u.test(string)) {
    const message = 'not JSON text: half of a surrogate pair';
    return { code: 'not-json', message, position: start };
  }
  if (keys === null) return null;
  if (string === '__proto__') {
    const message = 'key "__proto__" is not accepted';
    return { code: 'forbidden-key', message, position: start };
  }
  if (keys.has(string)) {
    const message = `duplicate key ${JSON.stringify(string)}`;
    return { code: 'duplicate-key', message, position: start };
  }
  keys.add(string);
  return null;
}
