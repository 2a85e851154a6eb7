import type { JsonValue } from '../json/strict-json.js';

/**
 * A value of a policy file with its place in the text. Untrusted: of its form
 * it is only known that it is a value of JSON.
 */
export interface PolicyNode {
  readonly value: JsonValue;
  /** 0-based, in UTF-16 units. */
  readonly offset: number;
  /** By key, in the order of the file; empty for what is no object. */
  readonly members: ReadonlyMap<string, PolicyMember>;
  /** Empty for what is no list. */
  readonly items: readonly PolicyNode[];
}

/** One member of an object, and where its key stands. */
export interface PolicyMember {
  readonly keyOffset: number;
  readonly node: PolicyNode;
}

/** A policy file read as data, or what keeps it from being that. */
export type PolicyDocument =
  | { readonly status: 'ok'; readonly root: PolicyNode }
  | { readonly status: 'error'; readonly faults: readonly PolicyFault[] };

/** Something wrong with a text at a place; without a place if it has none. */
export interface PolicyFault {
  readonly offset: number | null;
  readonly message: string;
}

/** Deepest nesting of objects and lists. */
export const MAX_POLICY_DEPTH = 64;

/** A leaf. */
export function scalarNode(
  value: string | number | boolean | null,
  offset: number,
): PolicyNode {
  return { value, offset, members: new Map(), items: [] };
}

/** A list of nodes. */
export function listNode(
  items: readonly PolicyNode[],
  offset: number,
): PolicyNode {
  const value = items.map((item) => item.value);
  return { value, offset, members: new Map(), items };
}

/** An object. No key may be `__proto__`: whoever reads the text refuses it. */
export function objectNode(
  members: ReadonlyMap<string, PolicyMember>,
  offset: number,
): PolicyNode {
  const value = Object.fromEntries(
    [...members].map(([key, { node }]) => [key, node.value]),
  );
  return { value, offset, members, items: [] };
}

/** The node to which keys and positions lead; null if there is none. */
export function nodeAt(
  root: PolicyNode,
  path: readonly PropertyKey[],
): PolicyNode | null {
  let node: PolicyNode | undefined = root;
  for (const key of path) {
    node =
      typeof key === 'number'
        ? node?.items[key]
        : node?.members.get(String(key))?.node;
  }
  return node ?? null;
}

/** Makes what finds 1-based lines and columns, quickly for many offsets. */
export function placesOf(
  text: string,
): (offset: number) => { readonly line: number; readonly column: number } {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at)) {
    at += 1;
    starts.push(at);
  }
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
