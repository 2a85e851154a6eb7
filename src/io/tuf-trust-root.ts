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
import { readTufCache, writeTufCache } from './tuf-cache.js';
import {
  ageOf,
  rateRefresh,
  verifyEarlier,
  type Refresh,
} from './tuf-earlier.js';
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
  /** Takes one line that a person should see; may quote outside text. */
  readonly warn: (message: string) => void;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const DAY_MS = 86_400_000;

/**
 * The trust root from a TUF repository (SECURITY section 4).
 *
 * Every walk begins at the embedded or given root; nothing in the cache is
 * believed before it is verified from there. One refresh a day suffices: until
 * then `load` makes no request. When the repository cannot be reached, the last
 * refresh is used for 7 days, and with a warning for 30. A repository that
 * answers with what does not verify is an error, whatever the cache holds, and
 * the targets that the library ships are never used.
 *
 * A host whose keys the repository does not have, or not in a form that
 * verifies, gets none and a warning. What the targets say is not looked at.
 */
export function createTufTrustRootSource(
  options: TufTrustRootOptions,
): TrustRootSource {
  return {
    async load(registryHosts, signal) {
      const { cacheDir, warn } = options;
      const hosts = [...new Set(registryHosts)].sort();
      const anchor = await findAnchor(options);
      const directory = await openPrivateDirectory(cacheDir, warn);
      const cacheFile = join(directory.path, cacheFileName(anchor));
      try {
        const now = options.now();
        const session = { options, anchor, cacheFile, hosts, signal, now };
        return await loadDocuments(session);
      } finally {
        await directory.dispose();
      }
    },
  };
}

interface Session {
  readonly options: TufTrustRootOptions;
  readonly anchor: TufAnchor;
  readonly cacheFile: string;
  readonly hosts: readonly string[];
  readonly signal: AbortSignal;
  readonly now: Date;
}

async function loadDocuments(session: Session): Promise<TrustRootDocuments> {
  const { options, anchor, cacheFile, hosts, signal, now } = session;
  const entry = await readTufCache(cacheFile);
  const earlier =
    entry && (await verifyEarlier(entry, { ...anchor, hosts }, now));
  if (earlier !== null && rateRefresh(earlier, now) === 'fresh') {
    return toDocuments('cache', earlier, options.warn);
  }
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const { network } = options;
  const walk = await refreshOnline(
    { ...anchor, hosts, network, signal, timeoutMs, at: now },
    entry?.files ?? new Map(),
    earlier,
  );
  if (walk.status === 'verified') {
    await publish(session, walk);
    return toDocuments('tuf', { refreshedAt: now, walk }, options.warn);
  }
  if (signal.aborted) {
    throw new AuditError('ABORTED', 'stopped while fetching the trust root');
  }
  if (walk.status === 'unreachable' && earlier !== null) {
    const documents = useEarlier(session, earlier, walk.message);
    if (documents !== null) return documents;
  }
  throw failureOf(session, walk);
}

async function findAnchor(options: TufTrustRootOptions): Promise<TufAnchor> {
  const { mirrorUrl, rootFile } = options;
  const embedded = await embeddedTufAnchor();
  if (rootFile !== undefined) {
    return { mirrorUrl: mirrorUrl ?? embedded.mirrorUrl, root: rootFile };
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

async function publish(session: Session, walk: VerifiedWalk): Promise<void> {
  const { cacheFile, now, options } = session;
  try {
    const { files } = walk;
    await writeTufCache(cacheFile, { refreshedAt: now, files });
  } catch (error) {
    // The documents are verified all the same; the next run fetches them again.
    options.warn(`trust root: cannot write the cache: ${reasonOf(error)}`);
  }
}

function useEarlier(
  { options, anchor, now }: Session,
  earlier: Refresh,
  reason: string,
): TrustRootDocuments | null {
  const usability = rateRefresh(earlier, now);
  if (usability === 'too-old') return null;
  if (usability === 'warning') {
    const days = Math.floor(ageOf(earlier.refreshedAt, now) / DAY_MS);
    options.warn(
      `trust root: ${anchor.mirrorUrl} cannot be reached (${reason}); ` +
        `using what was verified ${days} days ago: ` +
        `keys revoked since then are not known`,
    );
  }
  return toDocuments('cache', earlier, options.warn);
}

function toDocuments(
  origin: 'tuf' | 'cache',
  { refreshedAt, walk }: Refresh,
  warn: (message: string) => void,
): TrustRootDocuments {
  const keys = new Map<string, Uint8Array>();
  for (const [host, answer] of walk.keys) {
    if (answer.status === 'found') {
      keys.set(host, answer.keys);
      continue;
    }
    const reason = answer.status === 'none' ? '' : ` (${answer.message})`;
    warn(
      `trust root: no keys for ${host}${reason}; ` +
        `what that registry signed cannot be verified`,
    );
  }
  return {
    origin,
    trustedRoot: walk.trustedRoot,
    registryKeys: { scope: 'by-host', keys },
    rootVersion: walk.rootVersion,
    expires: walk.rootExpires,
    refreshedAt,
  };
}

function failureOf(
  { anchor: { mirrorUrl } }: Session,
  walk: Exclude<Walk, VerifiedWalk>,
): AuditError {
  switch (walk.status) {
    case 'root-invalid':
      return new AuditError(
        'TRUST_ROOT_INVALID',
        `the root to begin with for ${mirrorUrl} (--tuf-root): ${walk.message}`,
      );
    case 'invalid':
      return new AuditError(
        'TRUST_ROOT_UNAVAILABLE',
        `trust root: what ${mirrorUrl} serves does not verify: ${walk.message}`,
      );
    case 'unreachable':
      return new AuditError(
        'TRUST_ROOT_UNAVAILABLE',
        `trust root: ${mirrorUrl} cannot be reached (${walk.message}) and the ` +
          `cache holds nothing verified in the last 30 days; ` +
          `--trusted-root and --npm-keys work without it`,
      );
  }
}
