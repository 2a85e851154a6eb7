import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AuditError } from '../errors.js';
import { findOutputTarget, type OutputTarget } from './output-target.js';

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
 * Writes `text` under `path`. A file appears whole or not at all: it is written
 * beside its name and renamed, through a link onto what that leads to. A pipe
 * or a device is written to as it is. No link within `root` leads out of it: see
 * findOutputTarget. Throws `AuditError` `OUTPUT_FAILED`.
 */
export async function writeWhole(
  path: string,
  text: string | Iterable<string>,
  root: string,
): Promise<void> {
  try {
    const target = await findOutputTarget(path, root);
    const isReplaceable = target.status?.isFile() ?? true;
    if (isReplaceable) await replaceFile(target.path, text);
    else await writeFile(target.path, text);
  } catch (cause) {
    throw new AuditError('OUTPUT_FAILED', `${path}: ${reasonOf(cause)}`, cause);
  }
}

/**
 * Where a file would be written under `path`, without links: its folder is
 * there, it is no folder itself, and it is not out of `root` through a link
 * within. Throws `AuditError` `USAGE` with one line that names `option`.
 */
export async function checkOutput(
  option: string,
  path: string,
  root: string,
): Promise<OutputTarget> {
  try {
    const folder = await stat(dirname(path));
    if (!folder.isDirectory()) throw systemError('ENOTDIR');
    const target = await findOutputTarget(path, root);
    if (target.status?.isDirectory() === true) throw systemError('EISDIR');
    return target;
  } catch (cause) {
    throw new AuditError(
      'USAGE',
      `${option} ${path}: ${reasonOf(cause)}`,
      cause,
    );
  }
}

async function replaceFile(
  path: string,
  text: string | Iterable<string>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
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
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}
