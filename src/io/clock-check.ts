/** What the local clock is held against. */
export interface ClockReadings {
  /** The local clock. */
  readonly now: Date;
  /** When this program was built; no honest clock is before that. */
  readonly builtOn: Date;
  /**
   * Registry host → its own time, as of about `now`. Claimed, not verified: who
   * can answer for the registry can say anything, yet only make us doubt.
   */
  readonly serverTimes: ReadonlyMap<string, Date>;
}

/** What the readings say of the local clock. */
export interface ClockCheck {
  /**
   * Whether the clock is not to be relied on: signatures, certificates and
   * metadata may then count as valid that are not, so nothing is verified.
   */
  readonly isImplausible: boolean;
  /** Why, one line each, sorted by host. Hosts come from configuration. */
  readonly messages: readonly string[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Decides whether the local clock can be right: not before the build date, and
 * at most a day from every registry's own (SECURITY section 4).
 *
 * One registry that differs is enough. If it is the one that is wrong, an audit
 * of its packages fails that might have passed; never the other way round.
 */
export function checkClock(readings: ClockReadings): ClockCheck {
  const { now, builtOn, serverTimes } = readings;
  const messages: string[] = [];
  if (!(now >= builtOn)) {
    messages.push(
      `the local clock says ${format(now)}, ` +
        `which is before this program was built (${format(builtOn)})`,
    );
  }
  const hosts = [...serverTimes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [host, time] of hosts) {
    const apart = Math.abs(time.getTime() - now.getTime());
    if (apart <= DAY_MS) continue;
    messages.push(
      `the local clock says ${format(now)}, but that of ${host} ` +
        `says ${format(time)}: ${distance(apart)} apart`,
    );
  }
  return { isImplausible: messages.length > 0, messages };
}

/**
 * The server's time now, from the `Date` and `Age` headers of an answer; null
 * if it states none in the one form that servers send (RFC 9110, 5.6.7).
 *
 * A cache on the way keeps the old `Date` and says in `Age` how many seconds
 * ago that was (RFC 9111, 5.1); without it, days-old answers from a cache would
 * make a right clock look wrong.
 */
export function parseServerDate(
  date: string | null,
  age: string | null,
): Date | null {
  if (date === null || !IMF_FIXDATE.test(date)) return null;
  const seconds = age !== null && /^\d{1,9}$/.test(age) ? Number(age) : 0;
  const time = new Date(Date.parse(date) + seconds * 1000);
  return Number.isNaN(time.getTime()) ? null : time;
}

const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/;

function format(time: Date): string {
  return Number.isNaN(time.getTime()) ? 'nothing' : time.toISOString();
}

function distance(milliseconds: number): string {
  const days = Math.floor(milliseconds / DAY_MS);
  return days < 2
    ? `${Math.floor(milliseconds / HOUR_MS)} hours`
    : `${days} days`;
}
