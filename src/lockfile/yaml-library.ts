import type { CST, Document, ParsedNode } from 'yaml';

import { requireCommonJs } from '../commonjs.js';
import type { YamlMap, YamlMember, YamlValue } from './yaml-value.js';

const { Composer, isMap, isScalar, isSeq, Lexer, Parser } =
  requireCommonJs('yaml');

/** Bounds time and memory: 20,000 entries of a pnpm lockfile have one million. */
const MAX_TOKENS = 3_000_000;
const MAX_DEPTH = 64;
const COLLECTIONS: ReadonlySet<string> = new Set([
  'block-map',
  'block-seq',
  'flow-collection',
]);

/** What is wrong with a text, and where. */
export interface YamlFault {
  readonly offset: number;
  readonly message: string;
}

/** A fault that ends the reading. */
class FoundFault extends Error {
  readonly fault: YamlFault;

  constructor(offset: number, message: string) {
    super(message);
    this.fault = { offset, message };
  }
}

/**
 * Reads YAML 1.2, untrusted, with the library: maps with text keys, none twice.
 * No anchors, aliases, tags, directives or merge keys, which no lockfile has and
 * of which a few lines can stand for billions of values. Never throws.
 */
export function readYamlWithLibrary(
  text: string,
): readonly YamlMap[] | YamlFault {
  try {
    const documents = compose(tokenize(text), text.length);
    return documents.map((document) => {
      const value = readNode(document.contents, 0);
      if (value instanceof Map) return value;
      throw new FoundFault(document.range[0], 'expected a map');
    });
  } catch (error) {
    if (error instanceof FoundFault) return error.fault;
    throw error;
  }
}

/**
 * Nesting is limited here: what composes the tokens calls itself and would take
 * the whole process down with its stack.
 */
function tokenize(text: string): readonly CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const { offset } = parser;
    for (const token of parser.next(lexeme)) tokens.push(token);
    count += 1;
    if (count > MAX_TOKENS) throw new FoundFault(offset, 'too much of it');
    if (isTooDeep(parser.stack)) {
      throw new FoundFault(offset, `nested deeper than ${MAX_DEPTH} levels`);
    }
  }
  for (const token of parser.end()) tokens.push(token);
  const directive = tokens.find(({ type }) => type === 'directive');
  if (directive === undefined) return tokens;
  throw new FoundFault(directive.offset, 'directives are not accepted');
}

function isTooDeep(open: readonly CST.Token[]): boolean {
  return (
    open.length > MAX_DEPTH &&
    open.filter(({ type }) => COLLECTIONS.has(type)).length > MAX_DEPTH
  );
}

function compose(
  tokens: readonly CST.Token[],
  end: number,
): readonly Document.Parsed[] {
  const composer = new Composer({
    version: '1.2',
    schema: 'failsafe',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    strict: true,
    // The library compares each pair of keys; a large map would take minutes.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents: Document.Parsed[] = [];
  for (const document of composer.compose(tokens, true, end)) {
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) throw new FoundFault(fault.pos[0], fault.message);
    documents.push(document);
  }
  return documents;
}

function readNode(node: ParsedNode | null, fallback: number): YamlValue {
  if (node === null) return null;
  const offset = node.range[0];
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) {
    throw new FoundFault(offset, 'aliases are not accepted');
  }
  if (node.anchor !== undefined) {
    throw new FoundFault(fallback, 'anchors are not accepted');
  }
  if (node.tag !== undefined) {
    throw new FoundFault(fallback, 'tags are not accepted');
  }
  if (isMap(node)) return readMap(node.items);
  if (isSeq(node)) return node.items.map((item) => readNode(item, offset));
  const isEmpty = node.type === 'PLAIN' && node.source === '';
  return isEmpty ? null : String(node.value);
}

function readMap(
  items: readonly {
    readonly key: ParsedNode;
    readonly value: ParsedNode | null;
  }[],
): YamlMap {
  const members = new Map<string, YamlMember>();
  for (const { key, value } of items) {
    const offset = key.range[0];
    const name = readNode(key, offset);
    if (typeof name !== 'string') {
      throw new FoundFault(offset, 'expected a text for a key');
    }
    if (name === '<<')
      throw new FoundFault(offset, 'merge keys are not accepted');
    if (members.has(name)) {
      throw new FoundFault(offset, `duplicate key ${JSON.stringify(name)}`);
    }
    members.set(name, { offset, value: readNode(value, offset) });
  }
  return members;
}
