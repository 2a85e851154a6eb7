import { stringEnd, unquote } from '../json/string-end.js';
import { placesIn, type Place } from './place.js';

/** Something of the document that is not closed yet. */
interface Open {
  readonly path: string;
  /** Of a list how many elements came before; null for an object. */
  index: number | null;
  /** Of an object the key that was read last. */
  key: string;
}

/** Lists that hold packages, at any depth. */
const PACKAGE_LISTS = /(?:^|\.)(?:components|packages)$/;

/**
 * Where each package of an SBOM begins, by its path in the
 * document: `components[3].components[0]`. `text` is known to be valid JSON. One
 * pass, no recursion.
 */
export function locateElements(text: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const open: Open[] = [];
  const placeOf = placesIn(text);
  let expectsKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const around = open.at(-1);
    switch (character) {
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
        const path = pathIn(around);
        if (isPackage(around)) places.set(path, placeOf(at));
        open.push({ path, index: character === '[' ? 0 : null, key: '' });
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
  return places;
}

function isPackage(around: Open | undefined): boolean {
  const isList = (around?.index ?? null) !== null;
  return isList && PACKAGE_LISTS.test(around?.path ?? '');
}

function pathIn(around: Open | undefined): string {
  if (around === undefined) return '';
  const { path, index, key } = around;
  if (index !== null) return `${path}[${index}]`;
  return path === '' ? key : `${path}.${key}`;
}
