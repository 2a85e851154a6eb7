import { lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditError } from '../errors.js';
import { codeOf, reasonOf } from './files.js';

/** A directory into which nobody but this user can write. */
export interface PrivateDirectory {
  readonly path: string;
  /** Removes it again if it is a temporary one. */
  dispose(): void;
}

/** Permission bits that let the group or everybody write. */
const OTHERS_WRITE = 0o022;

/**
 * Opens `path` as a private directory, creating it with mode 0700.
 *
 * A symbolic link, a directory of somebody else or one that others can write
 * to is refused (SECURITY section 4): whoever shares it could exchange files.
 * Then, and where it cannot be created, `warn` says why and an empty temporary
 * directory takes its place. Directories above `path` are not looked at. Where
 * the platform has no user ids, only the link is.
 */
export function openPrivateDirectory(
  path: string,
  warn: (message: string) => void,
): PrivateDirectory {
  const reason = makePrivate(path);
  if (reason === null) return { path, dispose: () => undefined };
  warn(`cache directory ${path} is not used: ${reason}`);
  return createTemporaryDirectory();
}

/**
 * An empty directory with mode 0700 that `dispose` removes with its content.
 * Throws `TRUST_ROOT_UNAVAILABLE` where none can be made: without a place that
 * is its own, nothing can be verified.
 */
export function createTemporaryDirectory(): PrivateDirectory {
  const parent = tmpdir();
  try {
    const path = mkdtempSync(join(parent, 'provenance-audit-'));
    return {
      path,
      dispose() {
        rmSync(path, { recursive: true, force: true });
      },
    };
  } catch (error) {
    throw new AuditError(
      'TRUST_ROOT_UNAVAILABLE',
      `no temporary directory can be made in ${parent}: ${reasonOf(error)}`,
      error,
    );
  }
}

/**
 * Creates `path` with mode 0700 unless it is there. Says why it is no private
 * directory (`it is a symbolic link`), or null where it is one.
 */
export function makePrivate(path: string): string | null {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const status = lstatSync(path);
    if (status.isSymbolicLink()) return 'it is a symbolic link';
    if (!status.isDirectory()) return 'it is not a directory';
    const user = process.getuid?.();
    if (user === undefined) return null;
    if (status.uid !== user) return 'it belongs to another user';
    const isShared = (status.mode & OTHERS_WRITE) !== 0;
    return isShared ? 'other users can write to it' : null;
  } catch (error) {
    return `it cannot be created (${codeOf(error) ?? 'unknown reason'})`;
  }
}
