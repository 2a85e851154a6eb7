const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** setTimeout counts in 31 bits; more would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Ten years: beyond any age or limit that is meant. */
export const MAX_AGE_MS = 3650 * 86_400_000;

/**
 * Milliseconds of a duration with a unit: `500ms`, `30s`, `5m`, `1h`, `30d`.
 * Null for anything else, for more than `max`, and for zero: a limit of nothing
 * is not meant.
 */
export function parseDuration(text: string, max: number): number | null {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  if (match?.[1] === undefined || unit === undefined) return null;
  const milliseconds = Number(match[1]) * unit;
  return milliseconds > 0 && milliseconds <= max ? milliseconds : null;
}
