const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
/** setTimeout counts in 31 bits; more would fire at once. */
const MAX_MS = 2 ** 31 - 1;

/**
 * Milliseconds of a duration with a unit: `500ms`, `30s`, `5m`, `1h`. Null for
 * anything else, zero included: a limit of nothing is not meant.
 */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  if (match?.[1] === undefined || unit === undefined) return null;
  const milliseconds = Number(match[1]) * unit;
  return milliseconds > 0 && milliseconds <= MAX_MS ? milliseconds : null;
}
