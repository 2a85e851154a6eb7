import type { NpmRegistryOptions } from '../io/npm-registry.js';
import type { NpmSettings } from '../io/npm-config.js';
import { DEFAULT_BACKOFF } from '../io/retry.js';
import type { AuditCommandOptions } from './options.js';

/** Of a request, after the first attempt. */
const RETRIES = 2;
const TIMEOUT_MS = 30_000;

/**
 * How long registries are waited for: by the command line, else as npm is
 * configured, else as suits an audit.
 */
export function patienceOf(
  { timeoutMs }: Pick<AuditCommandOptions, 'timeoutMs'>,
  { patience }: NpmSettings,
): Pick<NpmRegistryOptions, 'timeoutMs' | 'retries' | 'backoff'> {
  return {
    timeoutMs: timeoutMs ?? patience?.timeoutMs ?? TIMEOUT_MS,
    retries: patience?.retries ?? RETRIES,
    backoff: {
      factor: patience?.factor ?? DEFAULT_BACKOFF.factor,
      minWaitMs: patience?.minWaitMs ?? DEFAULT_BACKOFF.minWaitMs,
      maxWaitMs: patience?.maxWaitMs ?? DEFAULT_BACKOFF.maxWaitMs,
    },
  };
}

/**
 * How many packages are asked about at once: no more than npm may have
 * connections, for the rest would wait for one at the cost of their time limit.
 */
export function concurrencyOf(
  { concurrency }: Pick<AuditCommandOptions, 'concurrency'>,
  { patience }: NpmSettings,
): number {
  return Math.min(concurrency, patience?.maxSockets ?? concurrency);
}
