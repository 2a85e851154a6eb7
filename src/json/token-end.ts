import { BACKSLASH, isStructural, QUOTE } from './grammar.js';

/** Begins an escape of four hexadecimal digits. */
export const LOWER_U = 0x75;
const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
/** By their first byte. */
const LITERALS: ReadonlyMap<number, Uint8Array> = new Map(
  ['true', 'false', 'null'].map((word) => [
    word.charCodeAt(0),
    Buffer.from(word),
  ]),
);
const SIMPLE_ESCAPES: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

/**
 * Offset behind the JSON token (RFC 8259 sections 2, 3, 6 and 7) that begins at
 * `start` in `bytes`, untrusted UTF-8; -1 if there is none.
 *
 * Bytes above 0x7f are only ever parts of strings and not looked at: whether
 * they are UTF-8 is for the caller to know.
 */
export function tokenEnd(bytes: Uint8Array, start: number): number {
  const first = bytes[start] ?? 0;
  if (isStructural(first)) return start + 1;
  if (first === QUOTE) return stringTokenEnd(bytes, start);
  if (first === MINUS || isDigit(first)) return numberEnd(bytes, start);
  return literalEnd(bytes, start);
}

/** Offset of the first byte from `from` on that is no white space of JSON. */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const code = bytes[at];
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) {
      return at;
    }
    at += 1;
  }
}

function stringTokenEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length) {
    const code = bytes[at] ?? 0;
    if (code === QUOTE) return at + 1;
    // RFC 8259 section 7: control characters stand in strings only escaped.
    if (code < 0x20) return -1;
    if (code !== BACKSLASH) at += 1;
    else {
      const length = escapeLength(bytes, at);
      if (length === 0) return -1;
      at += length;
    }
  }
  return -1;
}

/** Bytes of the escape sequence at `at`; 0 if there is none. */
function escapeLength(bytes: Uint8Array, at: number): number {
  const code = bytes[at + 1] ?? 0;
  if (code !== LOWER_U) return SIMPLE_ESCAPES.has(code) ? 2 : 0;
  for (let digit = at + 2; digit < at + 6; digit += 1) {
    if (!isHexDigit(bytes[digit] ?? 0)) return 0;
  }
  return 6;
}

function numberEnd(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  at = bytes[at] === ZERO ? at + 1 : digitsEnd(bytes, at);
  if (at !== -1 && bytes[at] === POINT) at = digitsEnd(bytes, at + 1);
  if (at === -1 || ((bytes[at] ?? 0) | 0x20) !== 0x65) return at;
  const sign = bytes[at + 1];
  return digitsEnd(bytes, at + (sign === PLUS || sign === MINUS ? 2 : 1));
}

/** Offset behind at least one digit, or -1. */
function digitsEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at] ?? 0)) at += 1;
  return at === start ? -1 : at;
}

function literalEnd(bytes: Uint8Array, start: number): number {
  const word = LITERALS.get(bytes[start] ?? 0);
  if (word === undefined) return -1;
  for (let index = 1; index < word.length; index += 1) {
    if (bytes[start + index] !== word[index]) return -1;
  }
  return start + word.length;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function isHexDigit(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x66);
}
