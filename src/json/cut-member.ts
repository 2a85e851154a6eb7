import {
  BACKSLASH,
  nextState,
  OPEN_OBJECT,
  takesValue,
  type State,
} from './grammar.js';
import { LOWER_U, skipSpace, tokenEnd } from './token-end.js';

/**
 * - `found`: the bytes of the member's value, a view into the input.
 * - `absent`: there is none. `objects` counts the objects there are on the way
 *   to it, the outermost included.
 * - `refused`: the input is not JSON at the byte `position` (0-based), or it
 *   nests too deeply there, or a name on the way stands twice in its object.
 */
export type CutMember =
  | { readonly status: 'found'; readonly bytes: Uint8Array }
  | { readonly status: 'absent'; readonly objects: number }
  | {
      readonly status: 'refused';
      readonly code: 'not-json' | 'too-deep' | 'duplicate-key';
      readonly position: number;
    };

/**
 * Cuts the value to which the names in `path` lead out of a JSON text (RFC 8259)
 * from an untrusted source. No value is built, so a text costs its length in
 * time, whatever is in it, and no memory to speak of. Never throws.
 *
 * The whole text is held against the grammar, and the names in `path`, which
 * must be ASCII, against keys as the strings they denote, so `"\u0061"` repeats
 * `"a"`. Not looked at: other keys that stand twice, whether strings are UTF-8.
 * The value found is thus to be read by `parseStrictJson`.
 */
export function cutMember(
  bytes: Uint8Array,
  path: readonly string[],
  maxDepth: number,
): CutMember {
  const search = new MemberSearch(bytes, path);
  const closers: number[] = [];
  let state: State = 'value';
  let at = skipSpace(bytes, startsWithMark(bytes) ? 3 : 0);
  while (at < bytes.length) {
    const depth = closers.length;
    const first = bytes[at] ?? 0;
    const next = nextState(state, first, closers);
    const end = next === null ? -1 : tokenEnd(bytes, at);
    if (next === null || end === -1) return refuse('not-json', at);
    if (closers.length > maxDepth) return refuse('too-deep', at);
    if (next === 'colon') {
      if (!search.enterKey(at, end, depth)) return refuse('duplicate-key', at);
    } else if (takesValue(state)) search.enterValue(at, depth);
    if (next === 'after') search.leaveValue(end, closers.length);
    state = next;
    at = skipSpace(bytes, end);
  }
  const isWhole = state === 'after' && closers.length === 0;
  return isWhole ? search.result() : refuse('not-json', bytes.length);
}

/** Where on the path a walk over the tokens is, and what it has found. */
class MemberSearch {
  readonly #bytes: Uint8Array;
  readonly #path: readonly string[];
  /** Open objects that are on the path: the outermost ones. */
  #open = 0;
  /** The most of them at once. */
  #objects = 0;
  /** How many of the names were found. */
  #seen = 0;
  /** Whether the next value of the innermost of them is on the path too. */
  #isNamed = true;
  #start = -1;
  #end = -1;

  constructor(bytes: Uint8Array, path: readonly string[]) {
    this.#bytes = bytes;
    this.#path = path;
  }

  /** False if the key repeats a name on the path. */
  enterKey(start: number, end: number, depth: number): boolean {
    if (depth !== this.#open) return true;
    const name = this.#path[depth - 1];
    this.#isNamed =
      name !== undefined && denotes(this.#bytes, start, end, name);
    if (!this.#isNamed) return true;
    if (this.#seen >= depth) return false;
    this.#seen = depth;
    return true;
  }

  enterValue(start: number, depth: number): void {
    if (!this.#isNamed) return;
    this.#isNamed = false;
    if (depth === this.#path.length) this.#start = start;
    else if (this.#bytes[start] === OPEN_OBJECT) {
      this.#open = depth + 1;
      this.#objects = Math.max(this.#objects, this.#open);
    }
  }

  /** `depth` is that of the value which ends here: 0 for the outermost. */
  leaveValue(end: number, depth: number): void {
    if (depth < this.#open) this.#open = depth;
    const isOpen = this.#start !== -1 && this.#end === -1;
    if (isOpen && depth === this.#path.length) this.#end = end;
  }

  result(): CutMember {
    return this.#end === -1
      ? { status: 'absent', objects: this.#objects }
      : {
          status: 'found',
          bytes: this.#bytes.subarray(this.#start, this.#end),
        };
  }
}

/** What the simple escapes of ASCII names stand for; others never match. */
const UNESCAPED: ReadonlyMap<number, number> = new Map(
  [
    ['"', '"'],
    ['\\', '\\'],
    ['/', '/'],
    ['b', '\b'],
    ['f', '\f'],
    ['n', '\n'],
    ['r', '\r'],
    ['t', '\t'],
  ].map(([escape = '', character = '']) => [
    escape.charCodeAt(0),
    character.charCodeAt(0),
  ]),
);

/**
 * Whether the string token from `start` to `end` denotes `name`. In place: a
 * text may hold millions of keys that almost do.
 */
function denotes(
  bytes: Uint8Array,
  start: number,
  end: number,
  name: string,
): boolean {
  let at = start + 1;
  for (let index = 0; index < name.length; index += 1) {
    const isEscape = bytes[at] === BACKSLASH;
    const code = isEscape ? escapedCode(bytes, at) : bytes[at];
    if (code !== name.charCodeAt(index)) return false;
    at += !isEscape ? 1 : bytes[at + 1] === LOWER_U ? 6 : 2;
  }
  return at === end - 1;
}

/** The UTF-16 unit for which the escape sequence at `at`, a valid one, stands. */
function escapedCode(bytes: Uint8Array, at: number): number | undefined {
  const kind = bytes[at + 1] ?? 0;
  if (kind !== LOWER_U) return UNESCAPED.get(kind);
  let unit = 0;
  for (let index = at + 2; index < at + 6; index += 1) {
    const digit = bytes[index] ?? 0;
    // 0 to 9 end in their value, A to F and a to f in 1 to 6.
    unit = unit * 16 + (digit & 0xf) + (digit > 0x39 ? 9 : 0);
  }
  return unit;
}

/** The UTF-8 byte order mark. */
function startsWithMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function refuse(
  code: 'not-json' | 'too-deep' | 'duplicate-key',
  position: number,
): CutMember {
  return { status: 'refused', code, position };
}
