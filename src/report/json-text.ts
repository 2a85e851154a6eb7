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

/** Elements of a list that become one part. */
const TOGETHER = 12;

/**
 * The same in parts: one for each member, and of a list one for every few of its
 * elements. Nobody has to hold all of a large report as one text.
 */
export function* toJsonParts(value: object, indent: number): Iterable<string> {
  const members = Object.entries(value).filter(([, of]) => of !== undefined);
  const newline = `\n${' '.repeat(indent)}`;
  let before = '{';
  for (const [name, of] of members) {
    yield `${before}${newline}${toJsonText([name], 0).slice(1, -1)}: `;
    before = ',';
    if (Array.isArray(of) && of.length > 0) {
      yield* listParts(of, indent, newline);
    } else {
      // Within a list it stands as deep as it will.
      const text = toJsonText([of], indent);
      yield text.slice('['.length + newline.length, -'\n]'.length);
    }
  }
  yield members.length === 0 ? '{}' : '\n}';
}

function* listParts(
  list: readonly unknown[],
  indent: number,
  newline: string,
): Iterable<string> {
  const [before, after] = [`[${newline}[`, `${newline}]\n]`];
  for (let start = 0; start < list.length; start += TOGETHER) {
    const some = list.slice(start, start + TOGETHER);
    const text = toJsonText([some], indent).slice(before.length, -after.length);
    yield `${start === 0 ? '[' : ','}${text}`;
  }
  yield `${newline}]`;
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
