const MINUTE = 60_000;
const UNITS: readonly (readonly [name: string, minutes: number])[] = [
  ['day', 24 * 60],
  ['hour', 60],
  ['minute', 1],
];

/** A span of time in whole minutes, cut off: `1 day 12 hours`. */
export function describeSpan(milliseconds: number): string {
  let rest = Math.max(0, Math.floor(milliseconds / MINUTE));
  const parts: string[] = [];
  for (const [name, minutes] of UNITS) {
    const count = Math.floor(rest / minutes);
    rest -= count * minutes;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.length === 0 ? 'less than a minute' : parts.join(' ');
}
