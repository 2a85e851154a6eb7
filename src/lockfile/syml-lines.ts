import { MAX_ENTRIES } from './lockfile-limits.js';
import { invalidLockfile, quote } from './lockfile-source.js';
import type { Place } from './place.js';

/** The two dialects that Yarn has written its lockfiles in. */
export type SymlDialect = 'yarn-v1' | 'yarn-berry';

/** An unindented key of such a file, decoded, and where it begins. */
export interface SymlKey {
  /** One, or the several that a key of Yarn 1 lists. */
  readonly keys: readonly string[];
  readonly place: Place;
}

const MARKER = /^(?:<{7}|={7}|>{7}|\|{7})(?=\s|$)/;
const QUOTED = /^"(?:[^"\\]|\\.)*"/;
const BARE = /^[^\s"'&*!|>{}[\]%@`,:?#][^\s",:]*/;
/** What Berry says of the file itself, and of the project. */
const NO_PACKAGES = { 'yarn-v1': 0, 'yarn-berry': 2 };
/** An entry of Yarn 1 is at most two levels deep, one of Berry three. */
const MAX_INDENT = { 'yarn-v1': 4, 'yarn-berry': 6 };

/**
 * Walks through the lines of an untrusted `yarn.lock` and refuses each that
 * Yarn does not write: Yarn's own parsers resolve conflict markers by
 * themselves, let the last of two equal keys win, and know YAML's anchors and
 * tags. Returns the unindented keys in their order; what stands below them is
 * left to the parser. Throws an `AuditError` that names the line.
 */
export function readSymlLines(
  path: string,
  text: string,
  dialect: SymlDialect,
): readonly SymlKey[] {
  const found: SymlKey[] = [];
  const open: Set<string>[] = [];
  let nextIndent = 0;
  let longKey: string | null = null;
  let line = 0;
  for (const raw of linesOf(text)) {
    line += 1;
    const at = line;
    const refuse = (what: string): never => {
      throw invalidLockfile(`${path}:${at}: ${what}`);
    };
    if (MARKER.test(raw)) {
      const marker = quote(raw.slice(0, 7));
      refuse(
        `merge conflict marker ${marker}: resolve the conflict with yarn install`,
      );
    }
    const content = raw.trimStart();
    if (content === '' || content.startsWith('#')) continue;
    const indent = raw.length - content.length;
    if (content.startsWith('? ') && longKey === null) {
      longKey = content.slice(2);
      continue;
    }
    const whole = longKey === null ? content : longKey + content;
    longKey = null;
    const isOdd = !/^ *$/.test(raw.slice(0, indent)) || indent % 2 === 1;
    if (isOdd || indent > nextIndent || indent > MAX_INDENT[dialect]) {
      refuse('an indentation that Yarn does not write');
    }
    const { keys, hasValue } = readKey(whole, indent, dialect, refuse);
    open.length = indent / 2;
    const siblings = open[indent / 2 - 1] ?? new Set<string>();
    if (indent === 0) {
      found.push({ keys, place: { line, column: 1 } });
      if (found.length > MAX_ENTRIES + NO_PACKAGES[dialect]) {
        refuse(`more than ${MAX_ENTRIES} entries`);
      }
    } else {
      const [key = ''] = keys;
      if (siblings.has(key)) refuse(`the key ${quote(key)} twice`);
      siblings.add(key);
    }
    open.push(new Set());
    nextIndent = hasValue ? indent : indent + 2;
  }
  if (longKey !== null) throw invalidLockfile(`${path}:${line}: unfinished`);
  refuseRepeated(path, found);
  return found;
}

/** One line after another: a list of all would hold the file twice. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const stop = end === -1 ? text.length : end;
    const isCrLf = text[stop - 1] === '\r';
    yield text.slice(start, isCrLf ? stop - 1 : stop);
    start = stop + 1;
  }
}

type RefuseLine = (what: string) => never;

function readKey(
  content: string,
  indent: number,
  dialect: SymlDialect,
  refuse: RefuseLine,
): { readonly keys: readonly string[]; readonly hasValue: boolean } {
  const keys: string[] = [];
  let rest = content;
  do {
    if (keys.length > 0) rest = rest.slice(1).trimStart();
    const [token] = QUOTED.exec(rest) ?? BARE.exec(rest) ?? [];
    if (token === undefined) return refuse('expected a key');
    const key = token.startsWith('"') ? decode(token, refuse) : token;
    // Not to be set on an object, by whatever parser.
    if (key === '__proto__') refuse('a key that no package has: "__proto__"');
    keys.push(key);
    rest = rest.slice(token.length);
  } while (dialect === 'yarn-v1' && indent === 0 && rest.startsWith(','));
  if (rest.trimEnd() === ':') return { keys, hasValue: false };
  const separator = dialect === 'yarn-v1' ? ' ' : ': ';
  if (!rest.startsWith(separator)) return refuse('expected a key and a value');
  refuseOddValue(rest.slice(separator.length).trim(), refuse);
  return { keys, hasValue: true };
}

/** Yarn writes what fits in a line: plain, or quoted as in JSON. */
function refuseOddValue(value: string, refuse: RefuseLine): void {
  const quoted = QUOTED.exec(value)?.[0];
  const isPlain = /^[^\s"'&*!|>{}[\]%@`,?#]/.test(value);
  if (quoted === undefined ? isPlain : quoted === value) return;
  refuse('a value that Yarn does not write');
}

function decode(token: string, refuse: RefuseLine): string {
  try {
    const value: unknown = JSON.parse(token);
    if (typeof value === 'string') return value;
  } catch {
    // Said below.
  }
  return refuse('a quoted key that is no JSON string');
}

function refuseRepeated(path: string, found: readonly SymlKey[]): void {
  const seen = new Set<string>();
  for (const { keys, place } of found) {
    for (const key of keys) {
      if (seen.has(key)) {
        throw invalidLockfile(
          `${path}:${place.line}: the key ${quote(key)} twice`,
        );
      }
      seen.add(key);
    }
  }
}
