import { AuditError } from '../errors.js';
import type { TrustRootSource } from '../verification/trust-root-documents.js';
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
 * names a file vouches for it; its content is neither parsed nor validated
 * here, and nothing is known about its age.
 *
 * `load` throws `TRUST_ROOT_INVALID`, naming option and file, for one that is
 * missing, unreadable, not a regular file or larger than 4 MiB.
 */
export function createFileTrustRootSource(
  files: TrustRootFiles,
): TrustRootSource {
  return {
    async load() {
      return {
        origin: 'file',
        trustedRoot: await readOption('--trusted-root', files.trustedRoot),
        registryKeys:
          files.npmKeys === null
            ? { scope: 'by-host', keys: new Map() }
            : {
                scope: 'every-registry',
                keys: await readOption('--npm-keys', files.npmKeys),
              },
        rootVersion: null,
        expires: null,
        refreshedAt: null,
      };
    },
  };
}

async function readOption(option: string, path: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(path, {
      maxBytes: MAX_BYTES,
      followLink: true,
    });
  } catch (error) {
    throw new AuditError(
      'TRUST_ROOT_INVALID',
      `${option} ${path}: ${reasonOf(error)}`,
      error,
    );
  }
}
