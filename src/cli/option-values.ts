import { parseDuration } from './duration.js';
import type { OptionName } from './option-table.js';
import { usage } from './usage.js';

/** A command line that was given, its values not yet looked at. */
export interface Given {
  /** What is no option, the command's name left out. */
  readonly operands: readonly string[];
  readonly options: ReadonlyMap<OptionName, unknown>;
}

/** Text of an option; null where it was not given. Throws for an empty one. */
export function readText({ options }: Given, name: OptionName): string | null {
  const value = options.get(name);
  if (value === undefined) return null;
  if (typeof value === 'string' && value !== '') return value;
  throw usage(`--${name}: expected a value`);
}

/**
 * Texts of an option that may be repeated, without repetitions; empty where it
 * was not given. Throws for an empty one.
 */
export function readTexts(
  { options }: Given,
  name: OptionName,
): readonly string[] {
  const values = options.get(name);
  const list: readonly unknown[] = Array.isArray(values) ? values : [];
  const texts = list.map((value) => {
    if (typeof value === 'string' && value !== '') return value;
    throw usage(`--${name}: expected a value`);
  });
  return [...new Set(texts)];
}

/** Whether an option with a value was given as `--no-NAME`. */
export function isNegated({ options }: Given, name: OptionName): boolean {
  return options.get(name) === false;
}

/** A flag; null where it was not given. */
export function readFlag({ options }: Given, name: OptionName): boolean | null {
  const value = options.get(name);
  return typeof value === 'boolean' ? value : null;
}

/** An http(s) URL as written; null where it was not given. */
export function readUrl(given: Given, name: OptionName): string | null {
  const text = readText(given, name);
  if (text === null) return null;
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  if (protocol === 'https:' || protocol === 'http:') return text;
  throw usage(`--${name}: expected an http(s) URL, found ${text}`);
}

/** Milliseconds, at most `max`; null where the option was not given. */
export function readDuration(
  given: Given,
  name: OptionName,
  { max, examples }: { readonly max: number; readonly examples: string },
): number | null {
  const text = readText(given, name);
  if (text === null) return null;
  const milliseconds = parseDuration(text, max);
  if (milliseconds !== null) return milliseconds;
  throw usage(
    `--${name}: expected a duration with a unit (${examples}), found ${text}`,
  );
}

/** A whole number from 1 to `max`; null where the option was not given. */
export function readCount(
  given: Given,
  name: OptionName,
  max: number,
): number | null {
  const text = readText(given, name);
  if (text === null) return null;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= max) return number;
  throw usage(
    `--${name}: expected a whole number from 1 to ${max}, found ${text}`,
  );
}
