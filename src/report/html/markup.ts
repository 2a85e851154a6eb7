import { escapeXml } from '../formats/markup.js';

/** Markup of our own making, in which all outside text is escaped already. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | null | readonly (Markup | string)[];

/** Longest text shown; a message may be longer than a name. */
const MAX_TEXT = 1024;

/**
 * Builds markup from a template: what stands in it is ours, and every text put
 * in is outside text that is escaped, fit for text and for a quoted attribute.
 * `null` is nothing; lists are joined.
 */
export function html(
  template: TemplateStringsArray,
  ...parts: readonly Part[]
): Markup {
  const [first = '', ...others] = tightened(template);
  let markup = first;
  for (const [index, part] of parts.entries()) {
    markup += toMarkup(part) + (others[index] ?? '');
  }
  return { markup };
}

const TIGHTENED = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Line breaks of the source without the indentation behind them. */
function tightened(template: TemplateStringsArray): readonly string[] {
  const known = TIGHTENED.get(template);
  if (known !== undefined) return known;
  const made = template.map((text) => text.replaceAll(/\s*\n\s*/g, '\n'));
  TIGHTENED.set(template, made);
  return made;
}

/** Several pieces one behind the other. */
export function join(parts: readonly Markup[]): Markup {
  return { markup: parts.map(({ markup }) => markup).join('') };
}

/** What is shown only if `isShown`. */
export function when(isShown: boolean, part: () => Markup): Markup {
  return isShown ? part() : NOTHING;
}

/** No markup at all. */
export const NOTHING: Markup = { markup: '' };

function toMarkup(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'number') return `${part}`;
  if (typeof part === 'string') return escapeXml(part, MAX_TEXT);
  if (isMarkup(part)) return part.markup;
  return part.map(toMarkup).join('');
}

function isMarkup(part: Part): part is Markup {
  return typeof part === 'object' && part !== null && 'markup' in part;
}
