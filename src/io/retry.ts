import { setTimeout as sleep } from 'node:timers/promises';

import type { HttpAnswer } from './http.js';

/** Waits `milliseconds`, or less if `signal` fires. Never rejects. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** How often to try again; `signal` ends waiting and trying. */
export interface RetryOptions {
  /** Attempts after the first. */
  readonly retries: number;
  readonly signal: AbortSignal;
  readonly wait: Wait;
  readonly backoff?: Backoff;
}

/** How the waits grow for which a server has no wish; milliseconds. */
export interface Backoff {
  readonly factor: number;
  readonly minWaitMs: number;
  readonly maxWaitMs: number;
}

/** What is waited where nothing else is configured. */
export const DEFAULT_BACKOFF: Backoff = {
  factor: 2,
  minWaitMs: 500,
  maxWaitMs: 60_000,
};
const MAX_WAIT_MS = 60_000;

/** A `Wait` on the real clock. */
export const waitOnClock: Wait = async (milliseconds, signal) => {
  // It rejects only when the signal fires, and then waiting is over too.
  await sleep(milliseconds, null, { signal }).catch(() => undefined);
};

/**
 * Repeats `attempt` while its answer may be a passing fault: no connection, an
 * answer that broke off, 429 and 5xx. Waits as long as the server asks, up to a
 * minute; asked for more, it gives up instead of calling again too early.
 * Without such a wish the wait grows, with jitter, so that the clients of a
 * server in trouble do not return all at once.
 */
export async function withRetries(
  attempt: () => Promise<HttpAnswer>,
  { retries, signal, wait, backoff = DEFAULT_BACKOFF }: RetryOptions,
): Promise<HttpAnswer> {
  for (let tried = 0; ; tried += 1) {
    const answer = await attempt();
    if (tried >= retries || !mayPass(answer)) return answer;
    const milliseconds = askedWait(answer) ?? grownWait(tried, backoff);
    if (milliseconds > MAX_WAIT_MS) return answer;
    await wait(milliseconds, signal);
    if (signal.aborted) return answer;
  }
}

function mayPass(answer: HttpAnswer): boolean {
  if (answer.status === 'answered') {
    return answer.statusCode === 429 || isServerError(answer.statusCode);
  }
  return ['network', 'timeout', 'truncated'].includes(answer.code);
}

/** Not 501: a server that does not know the question will not learn it. */
function isServerError(statusCode: number): boolean {
  return statusCode >= 500 && statusCode !== 501;
}

/** `Retry-After` in milliseconds (RFC 9110 section 10.2.3). */
function askedWait(answer: HttpAnswer): number | null {
  const text = answer.status === 'answered' ? answer.retryAfter : null;
  if (text === null) return null;
  if (/^[0-9]+$/.test(text)) return Number(text) * 1000;
  const until = Date.parse(text);
  return Number.isNaN(until) ? null : Math.max(until - Date.now(), 0);
}

function grownWait(
  tried: number,
  { factor, minWaitMs, maxWaitMs }: Backoff,
): number {
  const grown = minWaitMs * factor ** tried * (0.5 + Math.random());
  return Math.min(grown, maxWaitMs);
}
