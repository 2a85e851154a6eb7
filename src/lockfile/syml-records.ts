import { MAX_ENTRIES } from './lockfile-limits.js';
import type { SymlDialect, SymlKey } from './syml-lines.js';

/** A value in a `yarn.lock`: there are only texts and maps. */
export type SymlValue = string | SymlRecord;
/** A map in a `yarn.lock`, own members only. */
export interface SymlRecord {
  readonly [key: string]: SymlValue;
}

/** One entry of a `yarn.lock`, before anything in it is judged. */
export interface SymlEntry extends SymlKey {
  readonly record: SymlRecord;
}

/**
 * Reads the lines that Yarn writes for nearly all entries, untrusted. Null for
 * a text with any other line in it, right or wrong, or a key twice: that is for
 * Yarn's own parser to read, which takes many times as long.
 *
 * What it takes it reads as Yarn does: the two are held against each other in
 * the tests. Never throws.
 */
export function readSymlRecords(
  text: string,
  dialect: SymlDialect,
): readonly SymlEntry[] | null {
  if (!PRINTABLE.test(text)) return null;
  const reader = new RecordReader(dialect);
  let line = 0;
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    line += 1;
    if (!reader.read(text.slice(start, end), line)) return null;
    start = end + 1;
  }
  return reader.end();
}

/** No tab, no return, nothing beyond ASCII. */
const PRINTABLE = /^[\n\x20-\x7e]*$/;
/** A key as it is written without quotes, or with them and without escapes. */
const KEY = {
  'yarn-v1': /"([^"\\]*)"|([A-Za-z][\w@^~.*+/<>=$-]*)/y,
  'yarn-berry': /"([^"\\]*)"|([A-Za-z_$][\w@^~.*+/<>=$-]*)/y,
};
/**
 * Text without quotes that no parser takes for anything else. The grammar of
 * Yarn 1 takes the beginning of "nullable" for null, and then refuses the rest.
 */
const PLAIN = {
  'yarn-v1': /^(?!null|(?:true|false)$)[A-Za-z0-9][A-Za-z0-9+/=._-]*$/,
  'yarn-berry':
    /^[A-Za-z0-9^~./$=+(][\w^~./$=+|&()@<>*-]*(?: [\w^~./$=+|&()@<>*-]+)*$/,
};
const QUOTED = /^"[^"\\]*"$/;
/** Of a parser of Yarn 1, and of JavaScript. */
const SPECIAL = new Set(['true', 'false', 'null', '__proto__']);
/** The longest key that YAML takes without a mark for it. */
const MAX_KEY = 1000;

type Members = Record<string, SymlValue>;

class RecordReader {
  readonly #separator: string;
  readonly #maxDepth: number;
  readonly #isV1: boolean;
  readonly #key: RegExp;
  readonly #plain: RegExp;
  readonly #entries: SymlEntry[] = [];
  readonly #seen = new Set<string>();
  /** The maps that are open, each one in the one before. */
  #open: Members[] = [];
  /** The innermost has no member yet, which it must have. */
  #isEmpty = false;

  constructor(dialect: SymlDialect) {
    this.#isV1 = dialect === 'yarn-v1';
    this.#key = KEY[dialect];
    this.#plain = PLAIN[dialect];
    this.#separator = this.#isV1 ? ' ' : ': ';
    this.#maxDepth = this.#isV1 ? 2 : 3;
  }

  /** False for a line that is not known here. */
  read(text: string, line: number): boolean {
    if (text === '') return true;
    const hasBegun = this.#entries.length > 0;
    if (text.startsWith('#')) return !hasBegun;
    let indent = 0;
    while (text.charAt(indent) === ' ') indent += 1;
    const depth = indent / 2;
    if (depth > this.#maxDepth || depth > this.#open.length) return false;
    if (depth === 0) return this.#readEntry(text, line);
    if (!Number.isInteger(depth)) return false;
    if (this.#isEmpty && depth < this.#open.length) return false;
    this.#open.length = depth;
    return this.#readMember(text, indent);
  }

  end(): readonly SymlEntry[] | null {
    return this.#isEmpty ? null : this.#entries;
  }

  #readEntry(text: string, line: number): boolean {
    if (this.#isEmpty || this.#entries.length > MAX_ENTRIES + 1) return false;
    const keys: string[] = [];
    let at = 0;
    do {
      if (at > 0) at += ', '.length;
      this.#key.lastIndex = at;
      const [token, quoted, bare] = this.#key.exec(text) ?? [];
      const key = quoted ?? bare;
      if (token === undefined || key === undefined) return false;
      if (!this.#takes(key) || this.#seen.has(key)) return false;
      this.#seen.add(key);
      keys.push(key);
      at += token.length;
    } while (this.#isV1 && text.startsWith(', ', at));
    if (at !== text.length - 1 || !text.endsWith(':')) return false;
    const record: Members = {};
    this.#entries.push({ keys, place: { line, column: 1 }, record });
    this.#open = [record];
    this.#isEmpty = true;
    return true;
  }

  #readMember(text: string, from: number): boolean {
    this.#key.lastIndex = from;
    const [token, quoted, bare] = this.#key.exec(text) ?? [];
    const key = quoted ?? bare;
    const members = this.#open.at(-1);
    if (token === undefined || key === undefined || members === undefined) {
      return false;
    }
    if (!this.#takes(key) || Object.hasOwn(members, key)) return false;
    const rest = text.slice(from + token.length);
    if (rest === ':') {
      const inner: Members = {};
      members[key] = inner;
      this.#open.push(inner);
      this.#isEmpty = true;
      return true;
    }
    if (!rest.startsWith(this.#separator)) return false;
    const value = readValue(rest.slice(this.#separator.length), this.#plain);
    if (value === null) return false;
    members[key] = value;
    this.#isEmpty = false;
    return true;
  }

  #takes(key: string): boolean {
    return key !== '' && key.length < MAX_KEY && !SPECIAL.has(key);
  }
}

function readValue(text: string, plain: RegExp): string | null {
  if (QUOTED.test(text)) return text.slice(1, -1);
  return plain.test(text) ? text : null;
}
