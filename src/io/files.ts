import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AuditError } from '../errors.js';

/**
 * Names of the entries of `folder`, sorted. Throws `AuditError` `USAGE` with
 * one line if it cannot be listed.
 */
export async function listFolder(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    throw new AuditError('USAGE', `${folder}: ${reasonOf(cause)}`, cause);
  }
}

/**
 * Writes `text` under `path` so that the whole of it is there or nothing: to a
 * new file beside it, then renamed. Throws `AuditError` `OUTPUT_FAILED`.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new AuditError('OUTPUT_FAILED', `${path}: ${reasonOf(cause)}`, cause);
  }
}

/** Whether a file operation, or what wraps it, failed for want of the file. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** A failed file operation in words, without the path that the caller names. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case null:
      return error instanceof Error ? error.message : 'cannot be used';
    case 'ENOENT':
      return 'no such file or folder';
    case 'ENOTDIR':
      return 'not a folder';
    case 'EISDIR':
      return 'a folder, not a file';
    case 'ELOOP':
      return 'a symbolic link';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOSPC':
      return 'no space left';
    default:
      return `cannot be used (${code})`;
  }
}

/** The system's code, also of the error that another one was caused by. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}
