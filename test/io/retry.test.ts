import { describe, expect, it } from 'vitest';

import { failure, type HttpFailureCode } from '../../src/io/http-failure.js';
import type { HttpAnswer } from '../../src/io/http.js';
import { waitOnClock, withRetries } from '../../src/io/retry.js';

const FOUND: HttpAnswer = {
  status: 'answered',
  statusCode: 200,
  body: new Uint8Array(),
  retryAfter: null,
};

/** How many attempts a lasting failure takes. */
async function attemptsFor(answer: HttpAnswer, retries: number) {
  let attempts = 0;
  const attempt = (): Promise<HttpAnswer> => {
    attempts += 1;
    return Promise.resolve(answer);
  };
  const { signal } = new AbortController();
  const wait = (): Promise<void> => Promise.resolve();
  await withRetries(attempt, { retries, signal, wait });
  return attempts;
}

describe('the waits of a configured backoff', () => {
  it('grow by its factor up to its limit', async () => {
    const waits: number[] = [];
    const { signal } = new AbortController();
    await withRetries(() => Promise.resolve(failure('network', '')), {
      retries: 4,
      signal,
      wait: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
      backoff: { factor: 10, minWaitMs: 10, maxWaitMs: 4_000 },
    });
    for (const [index, least] of [5, 50, 500, 4_000].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(least);
      expect(waits[index]).toBeLessThanOrEqual(Math.min(least * 3, 4_000));
    }
    expect(waits).toHaveLength(4);
  });
});

describe('attempts', () => {
  it.each<[HttpFailureCode, number]>([
    ['network', 3],
    ['timeout', 3],
    ['truncated', 3],
    ['tls', 1],
    ['too-large', 1],
    ['redirect-refused', 1],
    ['unsupported-encoding', 1],
    ['aborted', 1],
  ])('after %s: %i', async (code, attempts) => {
    expect(await attemptsFor(failure(code, ''), 2)).toBe(attempts);
  });

  it.each([
    [200, 1],
    [404, 1],
    [401, 1],
    [408, 1],
    [429, 3],
    [500, 3],
    [501, 1],
    [599, 3],
  ])('after status %i: %i', async (statusCode, attempts) => {
    expect(await attemptsFor({ ...FOUND, statusCode }, 2)).toBe(attempts);
  });

  it('are one without retries', async () => {
    expect(await attemptsFor(failure('network', ''), 0)).toBe(1);
  });

  it('end with the signal', async () => {
    const stop = new AbortController();
    let attempts = 0;
    const attempt = (): Promise<HttpAnswer> => {
      attempts += 1;
      return Promise.resolve(failure('network', ''));
    };
    const wait = (): Promise<void> => {
      stop.abort();
      return Promise.resolve();
    };
    await withRetries(attempt, { retries: 2, signal: stop.signal, wait });
    expect(attempts).toBe(1);
  });
});

it('waits no longer than the signal lets it', async () => {
  const stop = new AbortController();
  const waiting = waitOnClock(3_600_000, stop.signal);
  stop.abort();
  await waiting;
  await waitOnClock(3_600_000, stop.signal);
});
