/** What may come next. Between values the innermost bracket decides. */
export type State =
  'value' | 'value-or-close' | 'key' | 'key-or-close' | 'colon' | 'after';

// Characters of JSON, the same in UTF-8 and UTF-16.
/** `"` */
export const QUOTE = 0x22;
/** `\` */
export const BACKSLASH = 0x5c;
/** `{` */
export const OPEN_OBJECT = 0x7b;
/** `}` */
export const CLOSE_OBJECT = 0x7d;
/** `[` */
export const OPEN_ARRAY = 0x5b;
/** `]` */
export const CLOSE_ARRAY = 0x5d;
/** `,` */
export const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * The state after a token of JSON (RFC 8259 section 2) that begins with the
 * character `first`; null if it is out of place. `closers` holds the brackets
 * that close what is open, innermost last, and is kept up to date. Whether the
 * token itself is well-formed is not looked at.
 */
export function nextState(
  state: State,
  first: number,
  closers: number[],
): State | null {
  switch (first) {
    case OPEN_OBJECT:
      if (!takesValue(state)) return null;
      closers.push(CLOSE_OBJECT);
      return 'key-or-close';
    case OPEN_ARRAY:
      if (!takesValue(state)) return null;
      closers.push(CLOSE_ARRAY);
      return 'value-or-close';
    case CLOSE_OBJECT:
      if (state !== 'after' && state !== 'key-or-close') return null;
      return closers.pop() === first ? 'after' : null;
    case CLOSE_ARRAY:
      if (state !== 'after' && state !== 'value-or-close') return null;
      return closers.pop() === first ? 'after' : null;
    case COMMA:
      if (state !== 'after' || closers.length === 0) return null;
      return closers[closers.length - 1] === CLOSE_OBJECT ? 'key' : 'value';
    case COLON:
      return state === 'colon' ? 'value' : null;
    case QUOTE:
      if (state === 'key' || state === 'key-or-close') return 'colon';
      return takesValue(state) ? 'after' : null;
    default:
      return takesValue(state) ? 'after' : null;
  }
}

/** Whether a value may begin here. */
export function takesValue(state: State): boolean {
  return state === 'value' || state === 'value-or-close';
}

/** Whether `code` is a token by itself. */
export function isStructural(code: number): boolean {
  switch (code) {
    case OPEN_OBJECT:
    case CLOSE_OBJECT:
    case OPEN_ARRAY:
    case CLOSE_ARRAY:
    case COMMA:
    case COLON:
      return true;
    default:
      return false;
  }
}
