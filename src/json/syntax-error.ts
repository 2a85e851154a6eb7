/** What may come next. Between values the innermost bracket decides. */
type State =
  'value' | 'value-or-close' | 'key' | 'key-or-close' | 'colon' | 'after';

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
  const closers: string[] = [];
  let state: State = 'value';
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const first = text.charAt(at);
    const next = advance(state, first, closers);
    if (next === null) return at;
    const end = tokenEnd(text, at, first);
    if (end.isError) return end.at;
    state = next;
    at = skipSpace(text, end.at);
  }
  return text.length;
}

/** The state after a token beginning with `first`; null if out of place. */
function advance(state: State, first: string, closers: string[]): State | null {
  const takesValue = state === 'value' || state === 'value-or-close';
  switch (first) {
    case '{':
    case '[':
      if (!takesValue) return null;
      closers.push(first === '{' ? '}' : ']');
      return first === '{' ? 'key-or-close' : 'value-or-close';
    case '}':
    case ']':
      if (state !== 'after' && !state.endsWith('-or-close')) return null;
      return closers.pop() === first ? 'after' : null;
    case ',':
      if (state !== 'after' || closers.length === 0) return null;
      return closers.at(-1) === '}' ? 'key' : 'value';
    case ':':
      return state === 'colon' ? 'value' : null;
    case '"':
      if (state === 'key' || state === 'key-or-close') return 'colon';
      return takesValue ? 'after' : null;
    default:
      return takesValue ? 'after' : null;
  }
}

interface TokenEnd {
  readonly at: number;
  readonly isError: boolean;
}

function tokenEnd(text: string, start: number, first: string): TokenEnd {
  if (first === '"') return stringEnd(text, start + 1);
  if ('{}[],:'.includes(first)) return { at: start + 1, isError: false };
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
