import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AuditError } from '../errors.js';
import type {
  TrustRootDocuments,
  TrustRootSource,
} from '../verification/trust-root-documents.js';
import { embeddedTufAnchor, type TufAnchor } from './embedded-tuf-root.js';
import { reasonOf } from './files.js';
import type { NetworkOptions } from './http.js';
import { openPrivateDirectory } from './private-directory.js';
import { readTufCache, type TufCacheEntry } from './tuf-cache.js';
import { toDocuments } from './tuf-documents.js';
import {
  ageOf,
  DEFAULT_MAX_AGE_MS,
  rateAge,
  verifyEarlier,
  type EarlierRefresh,
} from './tuf-earlier.js';
import { failureOf, wordAge, type Instead } from './tuf-failure.js';
import { publishWalk } from './tuf-publish.js';
import { refreshOnline } from './tuf-refresh.js';
import type { VerifiedWalk, Walk } from './tuf-walk.js';

/**
 * Which TUF repository is walked, and what may be kept. All of it is trusted.
 */
export interface TufTrustRootOptions {
  /**
   * Another repository than the public Sigstore one. Comes from the command
   * line or a trusted policy, never from the audited project.
   */
  readonly mirrorUrl?: string;
  /** Bytes of the `root.json` to begin with; required with `mirrorUrl`. */
  readonly rootFile?: Uint8Array;
  /** The program's own cache directory; created if absent. */
  readonly cacheDir: string;
  readonly network: NetworkOptions;
  /** The local clock, which TUF relies on. */
  readonly now: () => Date;
  /** Milliseconds for all requests together; 15 s by default. */
  readonly timeoutMs?: number;
  /**
   * Milliseconds; what was verified longer ago is not used. 30 days by default.
   * Up to 7 days it is used without a warning.
   */
  readonly maxRootAge?: number;
  /**
   * Makes no request: the cache has to do, or in its place `entry`, of which
   * nothing is believed before it is verified either.
   */
  readonly offline?: { readonly entry: TufCacheEntry | null };
  /** Takes one line that a person should see; may quote outside text. */
  readonly warn: (message: string) => void;
}

/** Also loads the trust root anew where the cache would do. */
export interface TufTrustRootSource extends TrustRootSource {
  /**
   * A full refresh over the network, however young the last one is. Unlike
   * `load` it throws where the repository cannot be reached, whatever the cache
   * holds.
   */
  refresh(
    registryHosts: readonly string[],
    signal: AbortSignal,
  ): Promise<TrustRootDocuments>;
}

/** For all requests of a refresh together. */
export const DEFAULT_TIMEOUT_MS = 15_000;

/**
 * The trust root from a TUF repository (SECURITY section 4).
 *
 * Every walk begins at the embedded or given root; nothing in the cache is
 * believed before it is verified from there. One refresh a day suffices: until
 * then `load` makes no request. When the repository cannot be reached, the last
 * refresh is used for 7 days, and with a warning for 30 (`maxRootAge`). A
 * repository that answers with what does not verify is an error, whatever the
 * cache holds, and the targets that the library ships are never used.
 *
 * A host whose keys the repository does not have, or not in a form that
 * verifies, gets none and a warning. What the trusted root says is not looked
 * at.
 */
export function createTufTrustRootSource(
  options: TufTrustRootOptions,
): TufTrustRootSource {
  const run = async (
    load: (session: Session) => Promise<TrustRootDocuments>,
    registryHosts: readonly string[],
    signal: AbortSignal,
  ): Promise<TrustRootDocuments> => {
    const { cacheDir, warn } = options;
    const hosts = [...new Set(registryHosts)].sort();
    const anchor = findAnchor(options);
    const directory = openPrivateDirectory(cacheDir, warn);
    const cacheFile = join(directory.path, cacheFileName(anchor));
    try {
      const now = options.now();
      const maxAge = options.maxRootAge ?? DEFAULT_MAX_AGE_MS;
      return await load({
        ...{ options, anchor, cacheFile, hosts, signal, now, maxAge },
      });
    } finally {
      directory.dispose();
    }
  };
  return {
    load: (hosts, signal) => run(loadDocuments, hosts, signal),
    refresh: (hosts, signal) => run(refreshDocuments, hosts, signal),
  };
}

interface Session {
  readonly options: TufTrustRootOptions;
  readonly anchor: TufAnchor;
  readonly cacheFile: string;
  readonly hosts: readonly string[];
  readonly signal: AbortSignal;
  readonly now: Date;
  /** Milliseconds. */
  readonly maxAge: number;
}

/** The cache as it is, and what of it verifies. */
interface Cached {
  readonly entry: TufCacheEntry | null;
  readonly earlier: EarlierRefresh | null;
}

async function loadDocuments(session: Session): Promise<TrustRootDocuments> {
  const { options, anchor, now, maxAge } = session;
  const cached = await readCached(session);
  const { earlier } = cached;
  if (earlier?.isFresh === true) {
    return toDocuments(anchor, { origin: 'cache', ...earlier }, options.warn);
  }
  const walk = await walkOnline(session, cached);
  if (walk.status === 'verified') return publish(session, walk, cached);
  if (walk.status === 'unreachable' && earlier !== null) {
    const age = ageOf(earlier.refreshedAt, now);
    const usability = rateAge(age, maxAge);
    if (usability === 'warning') {
      options.warn(
        `trust root: ${anchor.mirrorUrl} cannot be reached (${walk.message}); ` +
          `using what was verified ${wordAge(age)} ago: ` +
          `keys revoked since then are not known`,
      );
    }
    if (usability !== 'too-old') {
      return toDocuments(anchor, { origin: 'cache', ...earlier }, options.warn);
    }
  }
  const instead: Instead = { kind: 'cache-useless', maxAgeMs: maxAge };
  throw failureOf(anchor.mirrorUrl, walk, instead);
}

async function refreshDocuments(session: Session): Promise<TrustRootDocuments> {
  const cached = await readCached(session);
  const walk = await walkOnline(session, cached);
  if (walk.status === 'verified') return publish(session, walk, cached);
  const instead: Instead = { kind: 'nothing-allowed' };
  throw failureOf(session.anchor.mirrorUrl, walk, instead);
}

async function readCached(session: Session): Promise<Cached> {
  const { anchor, cacheFile, hosts, now, maxAge } = session;
  const entry =
    session.options.offline?.entry ?? (await readTufCache(cacheFile));
  const earlier =
    entry && (await verifyEarlier(entry, { ...anchor, hosts, now, maxAge }));
  return { entry, earlier };
}

async function walkOnline(session: Session, cached: Cached): Promise<Walk> {
  const { options, anchor, hosts, signal, now } = session;
  if (options.offline !== undefined) {
    return { status: 'unreachable', message: 'no request may be made' };
  }
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const { network } = options;
  const walk = await refreshOnline(
    { ...anchor, hosts, network, signal, timeoutMs, at: now },
    cached.entry?.files ?? new Map(),
    cached.earlier,
  );
  if (walk.status !== 'verified' && signal.aborted) {
    throw new AuditError('ABORTED', 'stopped while fetching the trust root');
  }
  return walk;
}

function findAnchor(options: TufTrustRootOptions): TufAnchor {
  const { mirrorUrl, rootFile } = options;
  const embedded = embeddedTufAnchor();
  if (rootFile !== undefined) {
    return {
      mirrorUrl: mirrorUrl ?? embedded.mirrorUrl,
      root: rootFile,
      origin: 'file',
    };
  }
  // The embedded root says nothing about another repository.
  if (mirrorUrl === undefined || mirrorUrl === embedded.mirrorUrl) {
    return embedded;
  }
  throw new AuditError(
    'TRUST_ROOT_INVALID',
    `--tuf-mirror ${mirrorUrl}: needs the repository's root.json as --tuf-root`,
  );
}

/** Another repository or another first root never sees this one's files. */
function cacheFileName({ mirrorUrl, root }: TufAnchor): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(mirrorUrl))
    .update(root);
  return `trust-root-${hash.digest('hex').slice(0, 32)}.json`;
}

/** Keeps what a refresh of this run has verified, and hands it over. */
async function publish(
  session: Session,
  walk: VerifiedWalk,
  { entry }: Cached,
): Promise<TrustRootDocuments> {
  const { anchor, now, options } = session;
  try {
    await publishWalk(walk, entry, session);
  } catch (error) {
    // The documents are verified all the same; the next run fetches them again.
    options.warn(`trust root: cannot write the cache: ${reasonOf(error)}`);
  }
  const refresh = { origin: 'tuf', refreshedAt: now, walk } as const;
  return toDocuments(anchor, refresh, options.warn);
}
