import { isPrintable } from './escape.js';

/** Without one there is nothing to look for, and most reports have none. */
const NOT_ASCII = /[^\n -~]/;

/**
 * `value` as JSON, every value unchanged, with `indent` blanks per level; on one
 * line where that is 0. No newline at the end.
 *
 * What a terminal or a CI log would obey is written as a `\u` escape, which a
 * JSON parser reads back as the same text (RFC 8259 section 7). Outside of
 * strings JSON has none of these characters but the newlines written here.
 */
export function toJsonText(value: object, indent: number): string {
  const plain = JSON.stringify(value, null, indent);
  const json = NOT_ASCII.test(plain) ? escapeLines(plain) : plain;
  // A GitHub workflow obeys `##[command]` anywhere in a line.
  return json.replace(/#(?=#)/g, '\\u0023');
}

function escapeLines(json: string): string {
  return json
    .split('\n')
    .map((line) => (isPrintable(line) ? line : escapeCodeUnits(line)))
    .join('\n');
}

function escapeCodeUnits(line: string): string {
  return Array.from(line, (character) =>
    isPrintable(character)
      ? character
      : character.split('').map(toHex).join(''),
  ).join('');
}

function toHex(codeUnit: string): string {
  return `\\u${codeUnit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
