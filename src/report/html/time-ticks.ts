/** A point of a time axis. */
export interface TimeTick {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `2026`, `2026-03`, or a day where the axis is short. */
  readonly label: string;
}

const MAX_TICKS = 10;
const STEPS = [1, 3, 6, 12, 24, 60, 120, 600, 6000, 60_000];
const MONTH = 30 * 24 * 3_600_000;

/**
 * Starts of months or years between two points of time, in UTC and about evenly,
 * at most a dozen; the two days themselves where there are not two such starts.
 */
export function timeTicks(from: number, to: number): readonly TimeTick[] {
  const months = (to - from) / MONTH;
  const step = STEPS.find((each) => months / each <= MAX_TICKS) ?? Infinity;
  const start = new Date(from);
  const year = start.getUTCFullYear();
  const ticks: TimeTick[] = [];
  // From a round year on, so that ticks are round ones too.
  const wholeYears = Math.max(1, step / 12);
  let at = -(((year % wholeYears) + wholeYears) % wholeYears) * 12;
  for (; Number.isFinite(step); at += step) {
    const when = Date.UTC(year, at);
    if (when > to || Number.isNaN(when)) break;
    if (when >= from) ticks.push({ at: when, label: labelOf(when, step) });
  }
  if (ticks.length > 1) return ticks;
  const ends = from === to ? [from] : [from, to];
  return ends.map((each) => ({ at: each, label: labelOf(each, 0) }));
}

function labelOf(at: number, step: number): string {
  const [day = ''] = new Date(at).toISOString().split('T');
  if (step === 0) return day;
  const [, year = day, month = ''] = /^(.+)-(\d\d)-\d\d$/.exec(day) ?? [];
  return step % 12 === 0 ? year : `${year}-${month}`;
}
