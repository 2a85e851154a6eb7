import { isStructural, nextState, QUOTE, type State } from './grammar.js';

const SCALAR =
  /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;

/**
 * Offset of the first character at which `text`, known not to be JSON, cannot
 * go on; its length if it only ends too early. For messages alone: validity is
 * `JSON.parse`'s to decide, whose own positions depend on the runtime.
 * One pass, no recursion.
 */
export function syntaxErrorAt(text: string): number {
  const closers: number[] = [];
  let state: State = 'value';
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const first = text.charCodeAt(at);
    const next = nextState(state, first, closers);
    if (next === null) return at;
    const end = tokenEnd(text, at, first);
    if (end.isError) return end.at;
    state = next;
    at = skipSpace(text, end.at);
  }
  return text.length;
}

interface TokenEnd {
  readonly at: number;
  readonly isError: boolean;
}

function tokenEnd(text: string, start: number, first: number): TokenEnd {
  if (first === QUOTE) return stringEnd(text, start + 1);
  if (isStructural(first)) return { at: start + 1, isError: false };
  const end = matchEnd(SCALAR, text, start);
  return { at: end ?? start, isError: end === null };
}

function stringEnd(text: string, from: number): TokenEnd {
  let at = from;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') return { at: at + 1, isError: false };
    // RFC 8259 section 7: control characters stand in strings only escaped.
    if (character < ' ') return { at, isError: true };
    const next = character === '\\' ? matchEnd(ESCAPE, text, at) : at + 1;
    if (next === null) return { at, isError: true };
    at = next;
  }
  return { at: text.length, isError: true };
}

function matchEnd(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  return at;
}
