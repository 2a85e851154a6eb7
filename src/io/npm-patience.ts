import type { Settings } from './npm-config-layers.js';

/**
 * How patient npm is configured to be with registries, within this program's own
 * limits. Null where nothing is configured: npm's defaults, minutes for a
 * request and for a wait, are made for installs.
 */
export interface Patience {
  /** `fetch-retries`: attempts after the first; at most 10. */
  readonly retries: number | null;
  /** `fetch-retry-factor`, `-mintimeout` and `-maxtimeout`; milliseconds. */
  readonly factor: number | null;
  readonly minWaitMs: number | null;
  readonly maxWaitMs: number | null;
  /** `fetch-timeout`: for one attempt; at most 10 minutes. */
  readonly timeoutMs: number | null;
  /** `maxsockets`: connections to one registry. */
  readonly maxSockets: number | null;
}

/** npm's names of them. */
export const PATIENCE_KEYS = [
  'fetch-retries',
  'fetch-retry-factor',
  'fetch-retry-maxtimeout',
  'fetch-retry-mintimeout',
  'fetch-timeout',
  'maxsockets',
] as const;

const MINUTE_MS = 60_000;

/**
 * Reads them from settings that somebody has written, npm's defaults left out.
 * What is no number says nothing. Impatience makes evidence unavailable, never
 * absent, so these may come from the audited project too.
 */
export function readPatience(written: Settings): Patience {
  const read = (
    key: (typeof PATIENCE_KEYS)[number],
    least: number,
    most: number,
  ): number | null => {
    const value = toNumber(written[key]);
    return value === null || value < least ? null : Math.min(value, most);
  };
  return {
    retries: read('fetch-retries', 0, 10),
    factor: read('fetch-retry-factor', 1, 10),
    minWaitMs: read('fetch-retry-mintimeout', 0, MINUTE_MS),
    maxWaitMs: read('fetch-retry-maxtimeout', 0, MINUTE_MS),
    // Zero is npm's word for no limit; an audit needs one.
    timeoutMs: read('fetch-timeout', 1, 10 * MINUTE_MS),
    maxSockets: read('maxsockets', 1, 1_000),
  };
}

/** A number as npm's reader gives it, or as a file has it. */
function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) ? value : null;
  return typeof value === 'string' && /^\d{1,9}$/.test(value)
    ? Number(value)
    : null;
}
