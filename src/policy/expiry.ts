const DAY_MS = 24 * 60 * 60 * 1000;
/** A decision that nobody has to look at again for longer is no exception. */
const LONGEST_YEARS = 2;

/** Something that holds up to and including a day, in UTC. */
interface Expiring {
  /** `2027-03-01`, a real date. */
  readonly expires: string;
}

/** Whether the day is over. A text that is no date is over, too. */
export function hasExpired({ expires }: Expiring, now: Date): boolean {
  return !(now.getTime() < startOf(expires) + DAY_MS);
}

/**
 * Whole days that it still holds after today, by UTC: 0 on the last one, less
 * than 0 when that is over, or the text is no date.
 */
export function daysLeft({ expires }: Expiring, now: Date): number {
  const left = Math.floor(
    (startOf(expires) + DAY_MS - now.getTime() - 1) / DAY_MS,
  );
  return Number.isNaN(left) ? -1 : left;
}

/** Whether the day is more than two years ahead, by the calendar. */
export function isFarAhead({ expires }: Expiring, now: Date): boolean {
  const limit = new Date(now);
  limit.setUTCFullYear(limit.getUTCFullYear() + LONGEST_YEARS);
  return startOf(expires) > limit.getTime();
}

function startOf(day: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return Number.NaN;
  const start = new Date(`${day}T00:00:00Z`);
  // 30 February would be read as 2 March.
  return !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day)
    ? start.getTime()
    : Number.NaN;
}
