import type { Updater } from 'tuf-js';
import { requireCommonJs } from '../commonjs.js';
import type { Downloader } from './tuf-download.js';
import { createTufFetcher, type TufFetcher } from './tuf-fetcher.js';
import { findRepeatedKey } from './tuf-keys.js';
import {
  createStaging,
  readFolder,
  readSigned,
  type TufStaging,
} from './tuf-staging.js';
import {
  findRegistryKeys,
  whyUnverified,
  requireTarget,
  type RegistryKeysAnswer,
} from './tuf-targets.js';

/** Roots that may follow the one to begin with (SECURITY section 4). */
const MAX_ROOT_ROTATIONS = 256;

/** What a walk begins with. Only `root` and `knownRoots` are trusted. */
export interface WalkOptions {
  /** Where the walk begins: bytes of a trusted `root.json`. */
  readonly root: Uint8Array;
  /** Base URL of the repository. */
  readonly mirrorUrl: string;
  readonly download: Downloader;
  /** As of when signatures must not be expired. */
  readonly at: Date;
  /** Registry hosts (with port) whose keys are wanted. */
  readonly hosts: readonly string[];
  /**
   * Files of an earlier walk, untrusted: each is verified before use, and what
   * does not verify is downloaded. They protect against a rollback.
   */
  readonly earlier: ReadonlyMap<string, Uint8Array>;
  /** Roots of an earlier walk that are known to verify. */
  readonly knownRoots: ReadonlyMap<string, Uint8Array>;
}

/**
 * What the repository vouches for as of `WalkOptions.at`. All of it is
 * verified.
 */
export interface VerifiedWalk {
  readonly status: 'verified';
  readonly trustedRoot: Uint8Array;
  readonly keys: ReadonlyMap<string, RegistryKeysAnswer>;
  /** Version and expiry of the final root. */
  readonly rootVersion: number;
  readonly rootExpires: Date;
  readonly timestampVersion: number;
  /** Expiry of the timestamp: until when the state is signed as current. */
  readonly signedUntil: Date;
  /** Everything a later walk needs to come to the same end without a request. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * - `unreachable`: a file could not be had.
 * - `invalid`: the repository answers, but not with what its root vouches for.
 * - `root-invalid`: the root to begin with is none.
 */
export type Walk =
  | VerifiedWalk
  | {
      readonly status: 'unreachable' | 'invalid' | 'root-invalid';
      readonly message: string;
    };

/**
 * Walks a TUF repository from `root` to its targets (TUF 1.0.31 section 5) in
 * a private directory that exists for this walk only. Never throws for what
 * the repository, the network or the earlier files do.
 */
export async function walkRepository(options: WalkOptions): Promise<Walk> {
  const staging = createStaging(options.root, options.earlier);
  try {
    const scratch = staging.path;
    const fetcher = createTufFetcher({ ...options, scratch });
    const updater = createUpdater(staging, fetcher, options);
    if (updater === null) {
      return { status: 'root-invalid', message: 'not a self-signed TUF root' };
    }
    setReferenceTime(updater, options.at);
    const { root, hosts } = options;
    return await walkWith(updater, { fetcher, staging, root, hosts });
  } finally {
    staging.dispose();
  }
}

function createUpdater(
  { metadata, targets }: TufStaging,
  fetcher: TufFetcher,
  { mirrorUrl }: WalkOptions,
): Updater | null {
  const { Updater } = requireCommonJs('tuf-js');
  const base = mirrorUrl.endsWith('/') ? mirrorUrl.slice(0, -1) : mirrorUrl;
  try {
    return new Updater({
      metadataDir: metadata,
      metadataBaseUrl: base,
      targetDir: targets,
      targetBaseUrl: `${base}/targets`,
      fetcher,
      // Where it stops counting it says nothing, and the root it has got to
      // need not be the last: one more shows that there was one more.
      config: { maxRootRotations: MAX_ROOT_ROTATIONS + 1 },
    });
  } catch {
    return null;
  }
}

/**
 * tuf-js notes the time when it starts (TUF 1.0.31, 5.1) and has no parameter
 * for it. A release that keeps it elsewhere must fail loudly, not read a clock
 * of its own.
 */
function setReferenceTime(updater: Updater, at: Date): void {
  const store: unknown = Reflect.get(updater, 'trustedSet');
  const isKnown =
    typeof store === 'object' &&
    store !== null &&
    Reflect.get(store, 'referenceTime') instanceof Date;
  if (!isKnown) throw new TypeError('tuf-js no longer keeps its time here');
  Reflect.set(store, 'referenceTime', at);
}

interface WalkParts {
  readonly fetcher: TufFetcher;
  readonly staging: TufStaging;
  readonly root: Uint8Array;
  readonly hosts: readonly string[];
}

async function walkWith(updater: Updater, parts: WalkParts): Promise<Walk> {
  const { fetcher, staging, root, hosts } = parts;
  try {
    await updater.refresh();
    if (fetcher.roots.size > MAX_ROOT_ROTATIONS) {
      throw new Error(`more than ${MAX_ROOT_ROTATIONS} roots follow`);
    }
    const trustedRoot = await requireTarget(updater, 'trusted_root.json');
    const keys = new Map<string, RegistryKeysAnswer>();
    for (const host of hosts) {
      keys.set(host, await findRegistryKeys(updater, fetcher, host));
    }
    const state = readState(staging, fetcher);
    const targets = state.files.get('targets.json') ?? new Uint8Array();
    refuseRepeatedKeys([root, ...fetcher.roots.values(), targets]);
    return { trustedRoot, keys, ...state };
  } catch (error) {
    // Whatever hostile bytes make tuf-js throw means that they do not verify.
    const problem = fetcher.takeProblem();
    return problem?.status === 'unreachable'
      ? { status: 'unreachable', message: problem.message }
      : {
          status: 'invalid',
          message: problem?.message ?? whyUnverified(error),
        };
  }
}

/** A registry's role that delegates further is not looked at: none does. */
function refuseRepeatedKeys(metadata: readonly Uint8Array[]): void {
  for (const each of metadata) {
    const role = findRepeatedKey(each);
    if (role === null) continue;
    throw new Error(`one key stands for several of the role ${role}`);
  }
}

/** What tuf-js has verified and left in its folders. */
function readState(
  staging: TufStaging,
  fetcher: TufFetcher,
): Omit<VerifiedWalk, 'trustedRoot' | 'keys'> {
  const metadata = readFolder(staging.metadata);
  const targets = readFolder(staging.targets, 'targets/');
  const root = readSigned(metadata.get('root.json'));
  metadata.delete('root.json');
  const timestamp = readSigned(metadata.get('timestamp.json'));
  return {
    status: 'verified',
    rootVersion: root.version,
    rootExpires: root.expires,
    timestampVersion: timestamp.version,
    signedUntil: timestamp.expires,
    files: new Map([...metadata, ...fetcher.roots, ...targets]),
  };
}
