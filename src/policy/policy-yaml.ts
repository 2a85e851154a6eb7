import type { CST, Document, ParsedNode, YAMLMap, YAMLSeq } from 'yaml';
import { requireCommonJs } from '../commonjs.js';
import {
  listNode,
  MAX_POLICY_DEPTH,
  objectNode,
  scalarNode,
  type PolicyDocument,
  type PolicyFault,
  type PolicyMember,
  type PolicyNode,
} from './policy-node.js';

const { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } =
  requireCommonJs('yaml');

/** Bounds the time that a text made to be slow can take. */
const MAX_TOKENS = 200_000;
/** Values, with those that an alias stands for counted each time. */
const MAX_VALUES = 100_000;
const MAX_FAULTS = 20;
const COLLECTIONS: ReadonlySet<string> = new Set([
  'block-map',
  'block-seq',
  'flow-collection',
]);

/**
 * Reads a policy that is written as YAML 1.2, untrusted: one document, core
 * schema, text keys, none twice, no tags, directives or merge keys. Aliases
 * stand for values above them; how many values come of that is limited.
 * Never throws.
 */
export function readPolicyYaml(text: string): PolicyDocument {
  const tokens = tokenize(text);
  if (!Array.isArray(tokens)) return refuse([tokens]);
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    strict: true,
    // The library compares each pair of keys; a large map would take minutes.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  const syntax = [...(document?.errors ?? []), ...(document?.warnings ?? [])];
  const faults: PolicyFault[] = syntax.map(({ pos, message }) => ({
    offset: pos[0],
    message: `not YAML as expected: ${message}`,
  }));
  if (second !== undefined) {
    faults.push({
      offset: second.range[0],
      message: 'expected one document, found another',
    });
  }
  if (faults.length > 0) return refuse(faults);
  return new NodeReader().read(document?.contents ?? null);
}

/**
 * The text in parts, or why not. Nesting is limited here: what composes them
 * calls itself and would take the whole process down with its stack.
 */
function tokenize(text: string): CST.Token[] | PolicyFault {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const offset = parser.offset;
    for (const token of parser.next(lexeme)) tokens.push(token);
    count += 1;
    if (count > MAX_TOKENS) {
      return { offset, message: `more than ${MAX_TOKENS} tokens` };
    }
    if (isTooDeep(parser.stack)) {
      const message = `nested deeper than ${MAX_POLICY_DEPTH} levels`;
      return { offset, message };
    }
  }
  for (const token of parser.end()) tokens.push(token);
  const directive = tokens.find(({ type }) => type === 'directive');
  if (directive === undefined) return tokens;
  return { offset: directive.offset, message: 'directives are not accepted' };
}

/** `open` holds what is not closed yet, the document and a scalar included. */
function isTooDeep(open: readonly CST.Token[]): boolean {
  return (
    open.length > MAX_POLICY_DEPTH &&
    open.filter(({ type }) => COLLECTIONS.has(type)).length > MAX_POLICY_DEPTH
  );
}

function refuse(faults: readonly PolicyFault[]): PolicyDocument {
  return { status: 'error', faults: faults.slice(0, MAX_FAULTS) };
}

/** A node and how many values it stands for. */
interface Counted {
  readonly node: PolicyNode;
  readonly values: number;
}

/** Turns what the library composed into nodes, once. */
class NodeReader {
  readonly #faults: PolicyFault[] = [];
  readonly #anchors = new Map<string, Counted>();

  read(contents: Document.Parsed['contents']): PolicyDocument {
    const { node, values } = this.#read(contents, 0);
    if (this.#faults.length > 0) return refuse(this.#faults);
    return values > MAX_VALUES
      ? refuse([{ offset: null, message: TOO_MANY }])
      : { status: 'ok', root: node };
  }

  #read(source: ParsedNode | null, fallback: number): Counted {
    const offset = source?.range[0] ?? fallback;
    if (source === null) return leaf(null, offset);
    if (isAlias(source)) return this.#readAlias(source.source, offset);
    if (source.tag !== undefined) {
      return this.#refuse(offset, 'tags are not accepted');
    }
    const counted = this.#readValue(source, offset);
    // Only now: a value that holds itself finds no anchor.
    if (source.anchor !== undefined) this.#anchors.set(source.anchor, counted);
    return counted;
  }

  #readValue(source: ParsedNode, offset: number): Counted {
    if (isMap(source)) return this.#readMap(source, offset);
    if (isSeq(source)) return this.#readList(source, offset);
    const value = isScalar(source) ? source.value : undefined;
    return value === null ||
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean'
      ? leaf(value, offset)
      : this.#refuse(offset, 'not a value that is known here');
  }

  #readAlias(name: string, offset: number): Counted {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      return this.#refuse(offset, `no &${name} above that *${name} stands for`);
    }
    return { node: { ...target.node, offset }, values: target.values };
  }

  #readList(source: YAMLSeq<ParsedNode>, offset: number): Counted {
    const items = source.items.map((item) => this.#read(item, offset));
    const node = listNode(
      items.map((item) => item.node),
      offset,
    );
    return this.#bounded(node, items);
  }

  #readMap(
    source: YAMLMap<ParsedNode, ParsedNode | null>,
    offset: number,
  ): Counted {
    const members = new Map<string, PolicyMember>();
    const inner: Counted[] = [];
    for (const { key, value } of source.items) {
      const keyOffset = key.range[0];
      const name = isScalar(key) ? key.value : null;
      if (typeof name !== 'string' || key.tag !== undefined) {
        this.#refuse(keyOffset, 'expected a plain key');
        continue;
      }
      if (name === '__proto__') {
        this.#refuse(keyOffset, 'key __proto__ is not accepted');
        continue;
      }
      if (members.has(name)) {
        this.#refuse(keyOffset, `duplicate key ${name}`);
      }
      const counted = this.#read(value, keyOffset);
      inner.push(counted);
      members.set(name, { keyOffset, node: counted.node });
    }
    return this.#bounded(objectNode(members, offset), inner);
  }

  /** Aliases of aliases: a few lines may stand for billions of values. */
  #bounded(node: PolicyNode, inner: readonly Counted[]): Counted {
    const values = inner.reduce((sum, each) => sum + each.values, 1);
    return values > MAX_VALUES
      ? this.#refuse(node.offset, TOO_MANY)
      : { node, values };
  }

  #refuse(offset: number, message: string): Counted {
    this.#faults.push({ offset, message });
    return leaf(null, offset);
  }
}

const TOO_MANY = `more than ${MAX_VALUES} values`;

function leaf(
  value: string | number | boolean | null,
  offset: number,
): Counted {
  return { node: scalarNode(value, offset), values: 1 };
}
