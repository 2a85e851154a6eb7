import { closestMatch } from 'leven';
import { isJsonArray, type JsonValue } from '../json/strict-json.js';
import type { PolicyNode } from './policy-node.js';

/** One thing wrong with a policy file. Texts may quote it, unescaped. */
export interface PolicyProblem {
  /** The file, as it is called in messages. */
  readonly path: string;
  /** 1-based, as the column; both null for the file as a whole. */
  readonly line: number | null;
  readonly column: number | null;
  /** Where in the data: `packages.'@acme/*'.require`; empty for all of it. */
  readonly key: string;
  /** What is wrong, without the place. */
  readonly message: string;
  /** What was expected and found, where that is how it is wrong. */
  readonly expected: string | null;
  readonly found: string | null;
  /** What may have been meant. */
  readonly suggestion: string | null;
}

/** A problem that does not know its file yet. */
export interface LocalProblem extends Omit<
  PolicyProblem,
  'path' | 'line' | 'column' | 'key'
> {
  readonly offset: number | null;
  readonly keys: readonly PropertyKey[];
}

const MAX_FOUND = 60;
const MAX_EDITS = 2;
const MAX_COMPARED = 64;

/** `provenance-audit.yaml:12:5: packages.'@acme/*'.requrie: unknown key; …` */
export function formatProblem(problem: PolicyProblem): string {
  const { path, line, column, key, message, suggestion } = problem;
  const place = line === null ? path : `${path}:${line}:${column ?? 1}`;
  const meant = suggestion === null ? '' : `; did you mean ${suggestion}?`;
  return `${oneLine(place)}: ${key === '' ? '' : `${key}: `}${oneLine(message)}${oneLine(meant)}`;
}

/** Something else stands at `keys` than what was `expected` there. */
export function mismatch(
  { node, keys }: { node: PolicyNode; keys: readonly PropertyKey[] },
  expected: string,
  suggestion: string | null = null,
): LocalProblem {
  const found = describeValue(node.value);
  const message = `expected ${expected}, found ${found}`;
  const { offset } = node;
  return { offset, keys, message, expected, found, suggestion };
}

/** Where keys and positions lead, for people: `exemptions[0].rules`. */
export function formatKeys(keys: readonly PropertyKey[]): string {
  return keys
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const text = String(key);
      const shown = /^[\w$-]{1,64}$/.test(text) ? text : quote(text);
      return index === 0 ? shown : `.${shown}`;
    })
    .join('');
}

/** The candidate that `text` is a misspelling of, by at most two edits. */
export function suggest(
  text: string,
  candidates: readonly string[],
): string | null {
  if (text.length > MAX_COMPARED) return null;
  const plain = plainSpelling(text);
  const same = candidates.find((each) => plainSpelling(each) === plain);
  if (same !== undefined) return same;
  const maxDistance = Math.min(MAX_EDITS, text.length - 1);
  return closestMatch(text, candidates, { maxDistance }) ?? null;
}

/** A value in a few words; texts in quotes and cut off. */
function describeValue(value: JsonValue): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object') return String(value);
  return isJsonArray(value) ? 'a list' : 'an object';
}

/** Of several things said about the same place the first, in the same order. */
export function firstOfEach(
  problems: readonly LocalProblem[],
): readonly LocalProblem[] {
  const byPlace = new Map<string, LocalProblem>();
  for (const problem of problems) {
    const place = JSON.stringify([problem.offset, ...problem.keys.map(String)]);
    if (!byPlace.has(place)) byPlace.set(place, problem);
  }
  return [...byPlace.values()];
}

/** Names that people write in another case or with other hyphens. */
function plainSpelling(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, '');
}

function quote(text: string): string {
  const cut = text.length > MAX_FOUND ? `${text.slice(0, MAX_FOUND)}…` : text;
  return `'${oneLine(cut)}'`;
}

/** A line of the file in a message may not look like a second message. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ');
}
