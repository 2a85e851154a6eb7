import { decodeUtf8 } from './decode-utf8.js';
import { scanJson, tooDeepAt } from './scan-json.js';
import { syntaxErrorAt } from './syntax-error.js';

/** A value as JSON can say it. Objects have no inherited surprises to rely on. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** Members by name; look names from outside up with `Object.hasOwn`. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Why a text is not accepted. `position` is a 0-based character offset. */
export interface JsonProblem {
  readonly code:
    | 'too-large'
    | 'not-utf8'
    | 'not-json'
    | 'too-deep'
    | 'duplicate-key'
    | 'forbidden-key';
  readonly message: string;
  readonly position: number | null;
}

/** The value of a text that can mean one thing only, or why there is none. */
export type JsonResult =
  | { readonly status: 'ok'; readonly value: JsonValue }
  | { readonly status: 'error'; readonly problem: JsonProblem };

/** How much of an untrusted text is accepted. */
export interface JsonLimits {
  /** Largest accepted size in bytes. */
  readonly maxBytes: number;
  /** Deepest accepted nesting of objects and arrays. */
  readonly maxDepth: number;
}

/**
 * Reads JSON (RFC 8259) from an untrusted source so that it can mean one thing
 * only: strict UTF-8 (a byte order mark is dropped), no key twice in an object
 * (section 4 leaves open which one counts), no `__proto__`, no escaped half of
 * a surrogate pair, within `limits`. Never throws.
 *
 * A member whose name comes from outside must be looked up with
 * `Object.hasOwn`: objects inherit from `Object.prototype` as usual. Positions
 * count in the text without its byte order mark.
 */
export function parseStrictJson(
  input: Uint8Array | string,
  limits: JsonLimits,
): JsonResult {
  const size =
    typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength;
  if (size > limits.maxBytes) {
    return refuse('too-large', `larger than ${limits.maxBytes} bytes`, null);
  }
  const decoded = decodeUtf8(input);
  if (decoded.status === 'error') {
    return refuse('not-utf8', decoded.message, decoded.position);
  }
  const { text } = decoded;
  // Before parsing: the parser of another runtime version may use the stack.
  const deep = tooDeepAt(text, limits.maxDepth);
  if (deep !== null) {
    const message = `nested deeper than ${limits.maxDepth} levels`;
    return refuse('too-deep', message, deep);
  }
  return parseText(text);
}

/** Narrows to an object; arrays and null are none. */
export function isJsonObject(
  value: JsonValue | undefined,
): value is JsonObject {
  return typeof value === 'object' && value !== null && !isJsonArray(value);
}

/** Narrows to an array. `Array.isArray` alone loses the element type. */
export function isJsonArray(
  value: JsonValue | undefined,
): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** 1-based line and column (in UTF-16 units) of a 0-based offset in `text`. */
export function positionToLine(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const end = Math.min(Math.max(offset, 0), text.length);
  let line = 1;
  let start = 0;
  for (;;) {
    const next = text.indexOf('\n', start);
    if (next === -1 || next >= end) return { line, column: end - start + 1 };
    line += 1;
    start = next + 1;
  }
}

function parseText(text: string): JsonResult {
  let value: JsonValue;
  try {
    // JSON.parse returns nothing but JSON values.
    value = JSON.parse(text) as JsonValue;
  } catch {
    const position = syntaxErrorAt(text);
    const found =
      position >= text.length ? 'it ends too early' : 'syntax error';
    return refuse('not-json', `not JSON: ${found}`, position);
  }
  const problem = scanJson(text);
  return problem === null
    ? { status: 'ok', value }
    : { status: 'error', problem };
}

function refuse(
  code: JsonProblem['code'],
  message: string,
  position: number | null,
): JsonResult {
  return { status: 'error', problem: { code, message, position } };
}
