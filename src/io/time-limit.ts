import { setMaxListeners } from 'node:events';

/** A time limit that the caller's own signal can cut short. */
export interface TimeLimit {
  readonly isOver: boolean;
  /** Calls `stop` once when it is over, at once if it is; only the last one given. */
  stopWith(stop: () => void): void;
  /** Ends the wait and lets go of the caller's signal. */
  end(): void;
}

/** The limits that each signal ends, for as long as there are such. */
const endedBy = new WeakMap<AbortSignal, Set<Limit>>();

/**
 * Starts a limit of `timeoutMs` milliseconds that `outer` can cut short; the
 * caller must `end` it.
 *
 * Not a signal of its own: there is a limit for each request, and a signal with its
 * listeners takes as long as half of the request.
 */
export function startTimeLimit(
  outer: AbortSignal,
  timeoutMs: number,
): TimeLimit {
  return new Limit(limitsOf(outer), timeoutMs, outer.aborted);
}

function limitsOf(signal: AbortSignal): Set<Limit> {
  const known = endedBy.get(signal);
  if (known !== undefined) return known;
  const limits = new Set<Limit>();
  endedBy.set(signal, limits);
  // Each request that waits for its next try listens too: more than ten are no leak.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', () => {
    for (const limit of [...limits]) limit.fire();
  });
  return limits;
}

class Limit implements TimeLimit {
  readonly #limits: Set<Limit>;
  readonly #timer: NodeJS.Timeout;
  #stop: (() => void) | null = null;
  isOver: boolean;

  constructor(limits: Set<Limit>, timeoutMs: number, isOver: boolean) {
    this.#limits = limits;
    this.isOver = isOver;
    limits.add(this);
    // Timers run on the monotonic clock: setting the time does not move them.
    this.#timer = setTimeout(() => {
      this.fire();
    }, timeoutMs);
  }

  fire(): void {
    this.isOver = true;
    const stop = this.#stop;
    this.end();
    stop?.();
  }

  stopWith(stop: () => void): void {
    if (this.isOver) stop();
    else this.#stop = stop;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#limits.delete(this);
    this.#stop = null;
  }
}
