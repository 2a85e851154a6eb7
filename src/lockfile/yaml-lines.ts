import { readYamlScalar, readYamlInline } from './yaml-inline.js';
import type { YamlMap, YamlMember, YamlValue } from './yaml-value.js';

/** Deeper than any lockfile; what is deeper is for the library to judge. */
const MAX_DEPTH = 32;

/** A map whose lines are being read. */
interface OpenMap {
  readonly indent: number;
  readonly members: Map<string, YamlMember>;
}

/** A key whose value has to come on the lines below, if any does. */
interface OpenKey {
  readonly key: string;
  readonly offset: number;
  readonly indent: number;
  readonly list: YamlValue[];
  listIndent: number | null;
}

/**
 * Reads the YAML that pnpm writes, untrusted, line by line: block maps, lists of
 * scalars, and flow maps of scalars on one line. Null for a text with anything
 * else in it, right or wrong, which is for the library to read; that one needs
 * ten seconds for the largest lockfiles of real projects, and this a tenth of one.
 *
 * What it takes it reads as YAML 1.2 has it: the two are held against each other
 * in the tests. Never throws.
 */
export function readYamlLines(text: string): readonly YamlMap[] | null {
  if (!PRINTABLE.test(text)) return null;
  const reader = new LineReader();
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const hasReturn = end > start && text.charAt(end - 1) === '\r';
    const line = text.slice(start, hasReturn ? end - 1 : end);
    if (!reader.read(line, start)) return null;
    start = end + 1;
  }
  return reader.end();
}

/** No tab or other control character but line ends, no byte order mark. */
const PRINTABLE = /^[\n\r\x20-\x7e\u00a1-\u2027\u202a-\ufefe\uff00-\uffef]*$/;
const BLOCK_SCALAR = /^[>|][-+]?$/;

const SPACE = 0x20;

class LineReader {
  readonly #documents: YamlMap[] = [];
  #open: OpenMap[] = [];
  #key: OpenKey | null = null;
  /** Indentation of the key whose block scalar is passed over. */
  #scalarIndent: number | null = null;
  #hasMark = false;

  /** False for a line that is not known here. */
  read(line: string, start: number): boolean {
    let indent = 0;
    while (line.charCodeAt(indent) === SPACE) indent += 1;
    const content = line.slice(indent);
    // A line may end in one return, and has none within.
    if (content.includes('\r')) return false;
    if (this.#scalarIndent !== null) {
      if (content === '' || indent > this.#scalarIndent) return true;
      this.#scalarIndent = null;
    }
    if (content === '' || content.startsWith('#')) return true;
    if (line === '---') return this.#nextDocument();
    if (line.startsWith('---') || line.startsWith('...')) return false;
    if (content.startsWith('- ')) {
      return this.#readItem(content.slice(2), indent);
    }
    return this.#readMember(content, indent, start + indent);
  }

  end(): readonly YamlMap[] | null {
    this.#closeKey();
    const [root] = this.#open;
    if (root === undefined) return null;
    return [...this.#documents, root.members];
  }

  #nextDocument(): boolean {
    this.#closeKey();
    const [root] = this.#open;
    // Marks with nothing between them make an empty document.
    if (root === undefined && this.#hasMark) return false;
    if (root !== undefined) this.#documents.push(root.members);
    this.#open = [];
    this.#hasMark = true;
    return true;
  }

  #readItem(text: string, indent: number): boolean {
    const key = this.#key;
    if (key === null || indent < key.indent) return false;
    key.listIndent ??= indent;
    if (key.listIndent !== indent) return false;
    const value = readYamlScalar(text);
    if (value === null) return false;
    key.list.push(value);
    return true;
  }

  #readMember(content: string, indent: number, offset: number): boolean {
    const split = splitMember(content);
    if (split === null || !this.#enter(indent)) return false;
    const { key, rest } = split;
    const members = this.#open.at(-1)?.members;
    if (members === undefined || members.has(key)) return false;
    if (rest === '') {
      this.#key = { key, offset, indent, list: [], listIndent: null };
      // Its place among the others; the value comes later.
      members.set(key, { offset, value: null });
      return true;
    }
    if (BLOCK_SCALAR.test(rest)) {
      // Nothing else that is long is in a lockfile, and nobody reads it.
      if (key !== 'deprecated') return false;
      this.#scalarIndent = indent;
      members.set(key, { offset, value: '' });
      return true;
    }
    const value = readYamlInline(rest);
    if (value === null) return false;
    members.set(key, { offset, value });
    return true;
  }

  /** Makes the map that lines of this indentation belong to the last open one. */
  #enter(indent: number): boolean {
    const key = this.#key;
    if (this.#open.length === 0) {
      this.#open.push({ indent, members: new Map() });
      return indent === 0;
    }
    if (key !== null && indent > key.indent) {
      if (key.listIndent !== null || this.#open.length > MAX_DEPTH)
        return false;
      const members = new Map<string, YamlMember>();
      const { offset } = key;
      this.#open.at(-1)?.members.set(key.key, { offset, value: members });
      this.#key = null;
      this.#open.push({ indent, members });
      return true;
    }
    this.#closeKey();
    while ((this.#open.at(-1)?.indent ?? 0) > indent) this.#open.pop();
    return this.#open.at(-1)?.indent === indent;
  }

  #closeKey(): void {
    const key = this.#key;
    this.#key = null;
    if (key?.listIndent == null) return;
    const { offset, list } = key;
    this.#open.at(-1)?.members.set(key.key, { offset, value: list });
  }
}

/** The longest key that YAML takes without a mark for it. */
const MAX_KEY = 1024;

function splitMember(
  content: string,
): { readonly key: string; readonly rest: string } | null {
  const [written = '', rest = ''] = cutKey(content);
  const key = written === '' ? null : readYamlScalar(written);
  if (key === null || key === '<<' || written.length > MAX_KEY) return null;
  return { key, rest };
}

/** A key in quotes, or one without any space, and what is behind its colon. */
function cutKey(content: string): readonly string[] {
  const isQuoted = content.startsWith("'");
  const from = isQuoted ? content.indexOf("'", 1) : 0;
  if (from === -1) return [];
  const colon = content.indexOf(': ', from);
  const end =
    colon === -1 && content.endsWith(':') ? content.length - 1 : colon;
  const key = content.slice(0, Math.max(end, 0));
  if (key.includes(' ') && !isQuoted) return [];
  return [key, content.slice(end + 2)];
}
