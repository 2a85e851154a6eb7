import { AuditError } from '../errors.js';
import { readRegistryKeys } from '../verification/registry-keys.js';
import type {
  TrustRootDocuments,
  TrustRootSource,
} from '../verification/trust-root-documents.js';
import { parseTrustRoot } from '../verification/trust-root.js';
import { reasonOf } from './files.js';
import { readRegularFile } from './regular-file.js';

/** Largest accepted trusted root or key file. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Paths as the user gave them; relative ones from the working directory. */
export interface TrustRootFiles {
  /** Path given with `--trusted-root`. */
  readonly trustedRoot: string;
  /** Path given with `--npm-keys`; null leaves every registry without keys. */
  readonly npmKeys: string | null;
}

/**
 * The trust root from files that the user named: no TUF and no request. Whoever
 * names a file vouches for it, and nothing is known about its age.
 *
 * `load` throws `TRUST_ROOT_INVALID`, naming option and file, for one that is
 * missing, unreadable, not a regular file, larger than 4 MiB or not what the
 * option asks for. A key that another source would leave out is an error here:
 * somebody can mend the file.
 */
export function createFileTrustRootSource(
  files: TrustRootFiles,
): TrustRootSource {
  return {
    async load() {
      const trustedRoot = await readTrustedRoot(files.trustedRoot);
      return files.npmKeys === null
        ? trustedRoot
        : { ...trustedRoot, registryKeys: await readKeys(files.npmKeys) };
    },
  };
}

async function readTrustedRoot(path: string): Promise<TrustRootDocuments> {
  const option = '--trusted-root';
  const documents: TrustRootDocuments = {
    origin: 'file',
    trustedRoot: await readOption(option, path),
    registryKeys: { scope: 'by-host', keys: new Map() },
    rootVersion: null,
    expires: null,
    refreshedAt: null,
    tuf: null,
  };
  // Read here only to name the file; the audit reads it again with the keys.
  naming(option, path, () => parseTrustRoot(documents));
  return documents;
}

async function readKeys(
  path: string,
): Promise<TrustRootDocuments['registryKeys']> {
  const option = '--npm-keys';
  const keys = await readOption(option, path);
  naming(option, path, () => {
    const [reason] = readRegistryKeys(keys).refused;
    if (reason !== undefined) throw new Error(reason);
  });
  return { scope: 'every-registry', keys };
}

function naming(option: string, path: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'not readable';
    throw invalid(option, path, reason, error);
  }
}

async function readOption(option: string, path: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(path, {
      maxBytes: MAX_BYTES,
      followLink: true,
    });
  } catch (error) {
    throw invalid(option, path, reasonOf(error), error);
  }
}

function invalid(
  option: string,
  path: string,
  reason: string,
  cause: unknown,
): AuditError {
  return new AuditError(
    'TRUST_ROOT_INVALID',
    `${option} ${path}: ${reason}`,
    cause,
  );
}
