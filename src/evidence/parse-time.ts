import type { JsonValue } from '../json/strict-json.js';

/** RFC 3339 in UTC, as `Date.toISOString` writes it, fraction optional. */
const UTC_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
const SECONDS = 'yyyy-mm-ddThh:mm:ss'.length;

/** A time that a registry states, untrusted; null for what is none. */
export function parseTime(value: JsonValue | undefined): Date | null {
  if (typeof value !== 'string' || !UTC_TIME.test(value)) return null;
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return null;
  // The built-in parser takes 30 February for the second day of March.
  const isReal =
    date.toISOString().slice(0, SECONDS) === value.slice(0, SECONDS);
  return isReal ? date : null;
}
