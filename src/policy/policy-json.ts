import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  type JsonValue,
} from '../json/strict-json.js';
import { stringEnd, unquote } from '../json/string-end.js';
import {
  listNode,
  MAX_POLICY_DEPTH,
  objectNode,
  scalarNode,
  type PolicyDocument,
  type PolicyMember,
  type PolicyNode,
} from './policy-node.js';

/**
 * Reads a policy that is written as JSON, untrusted, by the rules of
 * `parseStrictJson`. Never throws.
 */
export function readPolicyJson(text: string): PolicyDocument {
  const result = parseStrictJson(text, {
    maxBytes: Infinity,
    maxDepth: MAX_POLICY_DEPTH,
  });
  if (result.status === 'error') {
    const { message, position } = result.problem;
    return { status: 'error', faults: [{ offset: position, message }] };
  }
  const { node } = locate(text, skipSpace(text, 0), result.value);
  return { status: 'ok', root: node };
}

/** A node and where what follows it begins. */
interface Located {
  readonly node: PolicyNode;
  readonly end: number;
}

/** Finds `value`, which is what the valid text says there, again in the text. */
function locate(text: string, at: number, value: JsonValue): Located {
  if (isJsonObject(value)) {
    const members = new Map<string, PolicyMember>();
    const end = walk(text, at, (keyOffset) => {
      const keyEnd = stringEnd(text, keyOffset);
      const key = unquote(text, keyOffset, keyEnd);
      const colon = skipSpace(text, keyEnd + 1);
      const start = skipSpace(text, colon + 1);
      const inner = locate(text, start, value[key] ?? null);
      members.set(key, { keyOffset, node: inner.node });
      return inner.end;
    });
    return { node: objectNode(members, at), end };
  }
  if (isJsonArray(value)) {
    const items: PolicyNode[] = [];
    const end = walk(text, at, (start) => {
      const inner = locate(text, start, value[items.length] ?? null);
      items.push(inner.node);
      return inner.end;
    });
    return { node: listNode(items, at), end };
  }
  return { node: scalarNode(value, at), end: scalarEnd(text, at) };
}

/** Calls `visit` for each part between the brackets opened at `start`. */
function walk(
  text: string,
  start: number,
  visit: (at: number) => number,
): number {
  let at = skipSpace(text, start + 1);
  while (!']}'.includes(text.charAt(at))) {
    at = skipSpace(text, visit(at));
    if (text.charAt(at) === ',') at = skipSpace(text, at + 1);
  }
  return at + 1;
}

function scalarEnd(text: string, start: number): number {
  if (text.charAt(start) === '"') return stringEnd(text, start) + 1;
  let at = start;
  while (/[\w.+-]/.test(text.charAt(at))) at += 1;
  return at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  return at;
}
