import { labelled, span, type Line, type Place } from './layout.js';
import { field } from './wording.js';

/** Two sides of a comparison; null where one says nothing. */
export interface Compared {
  readonly expected: string | null;
  readonly found: string | null;
}

const LABEL = 10;
const SHORT_DIGEST = 24;
const DIGEST = /^(sha\d+-[\w+/]{24,}={0,2}|[0-9a-f]{64,})$/;

/** What was expected above what was found, in one column to compare them. */
export function comparisonLines(
  { expected, found }: Compared,
  { verbose, ...place }: Place & { readonly verbose: boolean },
): Line[] {
  const shorten = verbose ? field : shortenDigests(expected, found);
  const column = { ...place, labelWidth: LABEL };
  return [
    ...(expected === null
      ? []
      : labelled(span('expected', 'faint'), shorten(expected), column)),
    ...(found === null
      ? []
      : labelled(span('found', 'faint'), shorten(found), column)),
  ];
}

/** A value on its own line: a digest is cut, anything else escaped. */
export function shortValue(text: string): string {
  return DIGEST.test(text) ? `${text.slice(0, SHORT_DIGEST)}…` : field(text);
}

/**
 * Digests are cut where their beginnings already differ. Two that begin alike
 * stay whole: cut, they would look equal.
 */
function shortenDigests(
  expected: string | null,
  found: string | null,
): (text: string) => string {
  const isClear =
    expected?.slice(0, SHORT_DIGEST) !== found?.slice(0, SHORT_DIGEST);
  return isClear ? shortValue : field;
}
