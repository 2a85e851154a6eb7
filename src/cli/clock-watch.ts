import { AuditError } from '../errors.js';
import { checkClock, type ClockCheck } from '../io/clock-check.js';
import { RELEASE } from '../io/tuf-release.js';

/** Holds the local clock against what else is known of the time. */
export interface ClockWatch {
  /** Takes the time that a registry states in an answer. */
  readonly onServerTime: (host: string, time: Date) => void;
  /** What the clock looks like by all that has been said until now. */
  check(): ClockCheck;
}

/** A watch over `now`, which is the local clock, with nothing heard yet. */
export function createClockWatch(
  now: () => Date,
  builtOn: Date = new Date(RELEASE.builtOn),
): ClockWatch {
  /** Milliseconds that each host is ahead of the local clock. */
  const ahead = new Map<string, number>();
  return {
    onServerTime: (host, time) => {
      const difference = time.getTime() - now().getTime();
      const known = Math.abs(ahead.get(host) ?? Infinity);
      // Of one host the nearest counts: a cache on the way may repeat answers of
      // days ago among fresh ones.
      if (Math.abs(difference) < known) ahead.set(host, difference);
    },
    check: () => {
      const time = now();
      const serverTimes = new Map(
        [...ahead].map(([host, difference]) => [
          host,
          new Date(time.getTime() + difference),
        ]),
      );
      return checkClock({ now: time, builtOn, serverTimes });
    },
  };
}

/**
 * Throws `AuditError` `CLOCK_IMPLAUSIBLE` where the clock cannot be right:
 * what is valid at a wrong time is not known to be valid (SECURITY section 4).
 */
export function requirePlausibleClock({
  isImplausible,
  messages,
}: ClockCheck): void {
  if (!isImplausible) return;
  throw new AuditError(
    'CLOCK_IMPLAUSIBLE',
    `nothing can be verified: ${messages.join('; ')}`,
  );
}
