import { stringEnd, unquote } from '../json/string-end.js';

/** Something of the document that is not closed yet. */
interface Open {
  readonly place: string;
  /** Of a list how many elements came before; null for an object. */
  index: number | null;
  /** Of an object the key that was read last. */
  key: string;
}

/** Lists that hold packages, at any depth. */
const PACKAGE_LISTS = /(?:^|\.)(?:components|packages)$/;

/**
 * The 1-based line on which each package of an SBOM begins, by its place in the
 * document: `components[3].components[0]`. `text` is known to be valid JSON. One
 * pass, no recursion.
 */
export function locateElements(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const open: Open[] = [];
  let line = 1;
  let expectsKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const around = open.at(-1);
    switch (character) {
      case '\n':
        line += 1;
        break;
      case '"': {
        const end = stringEnd(text, at);
        if (expectsKey && around !== undefined) {
          around.key = unquote(text, at, end);
        }
        expectsKey = false;
        at = end;
        break;
      }
      case '{':
      case '[': {
        const place = placeIn(around);
        if (isPackage(around)) lines.set(place, line);
        open.push({ place, index: character === '[' ? 0 : null, key: '' });
        expectsKey = character === '{';
        break;
      }
      case '}':
      case ']':
        open.pop();
        expectsKey = false;
        break;
      case ',':
        if (around !== undefined && around.index !== null) around.index += 1;
        expectsKey = around?.index === null;
        break;
    }
  }
  return lines;
}

function isPackage(around: Open | undefined): boolean {
  const isList = (around?.index ?? null) !== null;
  return isList && PACKAGE_LISTS.test(around?.place ?? '');
}

function placeIn(around: Open | undefined): string {
  if (around === undefined) return '';
  const { place, index, key } = around;
  if (index !== null) return `${place}[${index}]`;
  return place === '' ? key : `${place}.${key}`;
}
