import { escapeLogLine, escapeTerminal } from '../escape.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Longest sentence printed; names and other fields have a smaller cap. */
const MAX_SENTENCE = 1024;

/** `1 package`, `2 packages`, `no packages`. */
export function counted(count: number, noun: string): string {
  if (count === 0) return `no ${noun}s`;
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/**
 * What `counts` come to, as words to be kept together: the total where there
 * are several, and each one, the most first. Empty without any.
 */
export function totalled(
  counts: readonly (readonly [what: string, count: number])[],
): string[] {
  const some = counts
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([what, count]) => `${count} ${what}`);
  if (some.length < 2) return some;
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return [`${total}:`, ...enumerate(some)];
}

/** `items` with a comma after each but the last. */
export function enumerate(items: readonly string[]): string[] {
  return items.map((item, index) =>
    index === items.length - 1 ? item : `${item},`,
  );
}

/** `verified` of `eligible` in percent, rounded down to one decimal. */
export function percent(verified: number, eligible: number): string {
  if (eligible === 0) return '–';
  const permille = Math.floor((verified * 1000) / eligible);
  return `${Math.floor(permille / 10)}.${permille % 10} %`;
}

/** A length of time in words; `milliseconds` is not negative. */
export function duration(milliseconds: number): string {
  if (milliseconds < MINUTE) {
    return `${(Math.floor(milliseconds / 100) / 10).toFixed(1)} s`;
  }
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The largest unit that fits, rounded down: `3 hours`. */
export function roughly(milliseconds: number): string {
  if (milliseconds >= 2 * DAY) return `${Math.floor(milliseconds / DAY)} days`;
  if (milliseconds >= HOUR) {
    return counted(Math.floor(milliseconds / HOUR), 'hour');
  }
  return counted(Math.max(1, Math.floor(milliseconds / MINUTE)), 'minute');
}

/** When `then` was, seen from `now`; both ISO 8601. */
export function ago(then: string, now: string): string {
  const age = Date.parse(now) - Date.parse(then);
  if (Number.isNaN(age)) return 'at an unknown time';
  // A refresh within the audit ends after it has begun.
  if (age < -HOUR) return `${roughly(-age)} in the future by this clock`;
  return age < 2 * MINUTE ? 'just now' : `${roughly(age)} ago`;
}

/** An ISO 8601 time in UTC, to the minute: `2026-11-02 10:14 UTC`. */
export function instant(iso: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(iso) ?? [];
  return day === undefined ? field(iso) : `${day} ${time ?? ''} UTC`;
}

/** A name or another short text from outside, fit for any place in a line. */
export function field(text: string): string {
  return escapeLogLine(escapeTerminal(text));
}

/** A place in a file as editors take it: `package-lock.json:12:5`. */
export function wordPlace(
  file: string,
  {
    line,
    column,
  }: { readonly line: number | null; readonly column: number | null },
): string {
  const places = line === null ? [] : column === null ? [line] : [line, column];
  return [field(file), ...places].join(':');
}

/** A message or remedy, which may quote outside text, as one line. */
export function sentence(text: string): string {
  return escapeLogLine(escapeTerminal(text, MAX_SENTENCE));
}

/** A URL's host and path without what goes without saying, for reading. */
export function shortUrl(url: string): string {
  return field(url.replace(/^https:\/\//, '').replace(/\/$/, ''));
}
