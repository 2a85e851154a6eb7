import { setMaxListeners } from 'node:events';

/** A signal that fires when time is up, or with the caller's own. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Ends the wait and lets go of the caller's signal. */
  end(): void;
}

/**
 * Starts a limit of `timeoutMs` milliseconds that `outer` can cut short; the
 * caller must `end` it.
 */
export function startTimeLimit(
  outer: AbortSignal,
  timeoutMs: number,
): TimeLimit {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
  };
  // Timers run on the monotonic clock: setting the time does not move them.
  const timer = setTimeout(stop, timeoutMs);
  // One for each request under way: more than ten are no leak.
  setMaxListeners(0, outer);
  outer.addEventListener('abort', stop);
  if (outer.aborted) stop();
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      outer.removeEventListener('abort', stop);
    },
  };
}
