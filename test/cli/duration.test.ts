import { describe, expect, it } from 'vitest';
import { MAX_TIMER_MS, parseDuration } from '../../src/cli/duration.js';

describe('a duration', () => {
  it.each([
    ['1ms', 1],
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
  ])('%s is understood', (text, milliseconds) => {
    expect(parseDuration(text, Infinity)).toBe(milliseconds);
  });

  it.each([
    ['no unit', '30'],
    ['no number', 's'],
    ['nothing', ''],
    ['zero', '0s'],
    ['a negative one', '-1s'],
    ['a fraction', '1.5h'],
    ['two at once', '1h30m'],
    ['another unit', '1w'],
    ['a blank between', '1 d'],
    ['more digits than any', '9999999999s'],
  ])('is not %s', (_what, text) => {
    expect(parseDuration(text, Infinity)).toBeNull();
  });

  it('is at most what is allowed', () => {
    expect(parseDuration('24d', MAX_TIMER_MS)).toBe(2_073_600_000);
    expect(parseDuration('25d', MAX_TIMER_MS)).toBeNull();
  });
});
