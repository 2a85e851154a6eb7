import type { TufAnchor } from './embedded-tuf-root.js';
import type { NetworkOptions } from './http.js';
import { startTimeLimit } from './time-limit.js';
import { createNetworkDownloader, isRootFile } from './tuf-download.js';
import type { Refresh } from './tuf-earlier.js';
import { walkRepository, type Walk } from './tuf-walk.js';

/** What one refresh asks for, and within which limits. */
export interface RefreshOptions extends TufAnchor {
  /** Registry hosts (with port) whose keys are wanted. */
  readonly hosts: readonly string[];
  readonly network: NetworkOptions;
  readonly signal: AbortSignal;
  /** Milliseconds for all requests together. */
  readonly timeoutMs: number;
  /** The time that expiry dates are compared with. */
  readonly at: Date;
}

/**
 * One full walk over the network. `cached` are files of the cache, untrusted,
 * for rollback protection; `earlier` is what of them has been verified.
 *
 * `verified` means that for every host it is known whether it has keys.
 */
export async function refreshOnline(
  options: RefreshOptions,
  cached: ReadonlyMap<string, Uint8Array>,
  earlier: Refresh | null,
): Promise<Walk> {
  const { timeoutMs } = options;
  const time = startTimeLimit(options.signal, timeoutMs);
  const stopped = new AbortController();
  time.stopWith(() => {
    stopped.abort();
  });
  try {
    const walk = await walkRepository({
      ...options,
      download: createNetworkDownloader({ ...options, signal: stopped.signal }),
      earlier: cached,
      knownRoots: rootsOf(earlier),
    });
    const complete = withKnownKeys(walk);
    if (complete.status === 'unreachable' && time.isOver) {
      return unreachable(`no complete answer within ${timeoutMs / 1000} s`);
    }
    return complete;
  } finally {
    time.end();
  }
}

/** Keys that could not be fetched are not keys that do not exist. */
function withKnownKeys(walk: Walk): Walk {
  if (walk.status !== 'verified') return walk;
  for (const keys of walk.keys.values()) {
    if (keys.status === 'unreachable') return unreachable(keys.message);
  }
  return walk;
}

function unreachable(message: string): Walk {
  return { status: 'unreachable', message };
}

function rootsOf(earlier: Refresh | null): ReadonlyMap<string, Uint8Array> {
  const files = earlier?.walk.files ?? new Map<string, Uint8Array>();
  return new Map([...files].filter(([name]) => isRootFile(name)));
}
