import { resolve } from 'node:path';
import { AuditError } from '../errors.js';
import type { ArchivedTrustRoot } from '../io/evidence-archive.js';
import { sha256Hex } from '../io/evidence-pack.js';
import { reasonOf } from '../io/files.js';
import type { NetworkOptions } from '../io/http.js';
import { readRegularFile } from '../io/regular-file.js';
import { createFileTrustRootSource } from '../io/trust-root-files.js';
import {
  createTufTrustRootSource,
  DEFAULT_TIMEOUT_MS,
  type TufTrustRootSource,
} from '../io/tuf-trust-root.js';
import type { TrustRootSource } from '../verification/trust-root-documents.js';
import type { TrustRootOptions } from './options.js';

/** Larger than any root.json; the TUF client has the same limit. */
const MAX_ROOT_BYTES = 512_000;

/** What a run has at hand for its trust root. */
export interface TrustRootWorld {
  readonly cwd: string;
  /** Where verified trust roots are kept. */
  readonly cacheDir: string;
  readonly network: NetworkOptions;
  /** Milliseconds that a refresh has at most, where that is less than usual. */
  readonly deadlineMs?: number;
  /** Set where no request may be made; of an archive its trust root. */
  readonly offline?: { readonly archived: ArchivedTrustRoot | null };
  readonly now: () => Date;
  readonly warn: (message: string) => void;
}

/** A source of the trust root, and how to load it anew. */
export interface ChosenTrustRootSource extends TrustRootSource {
  /** Null for files, which nothing refreshes. */
  readonly refresh: TufTrustRootSource['refresh'] | null;
}

/**
 * The trust root that the user asked for: files, a TUF repository of their own,
 * or the public Sigstore one. Never anything that the audited project says.
 */
export async function createTrustRootSource(
  options: TrustRootOptions,
  { cwd, cacheDir, network, now, warn, offline, deadlineMs }: TrustRootWorld,
): Promise<ChosenTrustRootSource> {
  const { trustedRoot, npmKeys, tufMirror, tufRoot, maxRootAgeMs } = options;
  if (trustedRoot !== null) {
    const files = createFileTrustRootSource({
      trustedRoot: resolve(cwd, trustedRoot),
      npmKeys: npmKeys === null ? null : resolve(cwd, npmKeys),
    });
    return { ...files, refresh: null };
  }
  const archived = offline?.archived ?? null;
  if (archived?.kind === 'file') throw unvouched(archived);
  const rootFile = tufRoot === null ? null : await readRoot(cwd, tufRoot);
  return createTufTrustRootSource({
    cacheDir,
    network,
    now,
    warn,
    ...(offline !== undefined && { offline: { entry: archived } }),
    timeoutMs: Math.min(deadlineMs ?? DEFAULT_TIMEOUT_MS, DEFAULT_TIMEOUT_MS),
    ...(tufMirror !== null && { mirrorUrl: tufMirror }),
    ...(rootFile !== null && { rootFile }),
    ...(maxRootAgeMs !== null && { maxRootAge: maxRootAgeMs }),
  });
}

/** Whoever made an archive could have made up what it is verified against. */
function unvouched({
  trustedRoot,
}: Extract<ArchivedTrustRoot, { kind: 'file' }>): AuditError {
  return new AuditError(
    'TRUST_ROOT_INVALID',
    '--evidence: the audit that saved it was held against files of its user ' +
      `(trusted root with SHA-256 ${sha256Hex(trustedRoot)}); an archive ` +
      'cannot vouch for itself: name them with --trusted-root and --npm-keys',
  );
}

async function readRoot(cwd: string, path: string): Promise<Uint8Array> {
  try {
    const limits = { maxBytes: MAX_ROOT_BYTES, followLink: true };
    return await readRegularFile(resolve(cwd, path), limits);
  } catch (cause) {
    throw new AuditError(
      'TRUST_ROOT_INVALID',
      `--tuf-root ${path}: ${reasonOf(cause)}`,
      cause,
    );
  }
}
