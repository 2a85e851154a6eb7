import { describe, expect, it, vi } from 'vitest';

import { startTimeLimit } from '../../src/io/time-limit.js';

const LONG_MS = 600_000;

describe('a time limit', () => {
  it('stops what it was given last when its time is up', async () => {
    const earlier = vi.fn();
    const time = startTimeLimit(new AbortController().signal, 0);
    time.stopWith(earlier);
    await new Promise<void>((resolve) => {
      time.stopWith(resolve);
    });
    expect(time.isOver).toBe(true);
    expect(earlier).not.toHaveBeenCalled();
  });

  it('is over with the signal of the caller, each of those under way', () => {
    const outer = new AbortController();
    const stops = [vi.fn(), vi.fn()];
    const limits = stops.map((stop) => {
      const time = startTimeLimit(outer.signal, LONG_MS);
      time.stopWith(stop);
      return time;
    });
    outer.abort();
    expect(limits.map(({ isOver }) => isOver)).toEqual([true, true]);
    for (const stop of stops) expect(stop).toHaveBeenCalledTimes(1);
  });

  it('is over at once under a signal that has fired', () => {
    const stop = vi.fn();
    const time = startTimeLimit(AbortSignal.abort(), LONG_MS);
    time.stopWith(stop);
    expect(stop).toHaveBeenCalledTimes(1);
    time.end();
  });

  it('leaves the signal of the caller room for many that wait', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    const { signal } = new AbortController();
    startTimeLimit(signal, LONG_MS).end();
    for (let count = 0; count < 20; count += 1) {
      signal.addEventListener('abort', () => undefined);
    }
    await new Promise(setImmediate);
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it('stops nothing once it has ended', () => {
    const outer = new AbortController();
    const stop = vi.fn();
    const time = startTimeLimit(outer.signal, LONG_MS);
    time.stopWith(stop);
    time.end();
    outer.abort();
    expect(stop).not.toHaveBeenCalled();
    expect(time.isOver).toBe(false);
  });
});
