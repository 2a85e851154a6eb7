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
  return escapeJson(JSON.stringify(value, null, indent));
}

/**
 * The same in parts: one for each member, and of a list one for each of its
 * elements. Nobody has to hold all of a large report as one text.
 */
export function* toJsonParts(value: object, indent: number): Iterable<string> {
  const members = Object.entries(value).filter(([, of]) => of !== undefined);
  const [inner, innermost] = [indent, 2 * indent].map(
    (width) => `\n${' '.repeat(width)}`,
  );
  const write = (of: unknown, newline = ''): string =>
    escapeJson(JSON.stringify(of, null, indent)).replaceAll('\n', newline);
  let before = `{${inner}`;
  for (const [name, of] of members) {
    yield `${before}${write(name)}: `;
    before = `,${inner}`;
    if (!Array.isArray(of) || of.length === 0) {
      yield write(of, inner);
      continue;
    }
    for (const [index, each] of of.entries()) {
      yield `${index === 0 ? '[' : ','}${innermost}${write(each, innermost)}`;
    }
    yield `${inner}]`;
  }
  yield members.length === 0 ? '{}' : '\n}';
}

function escapeJson(plain: string): string {
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
