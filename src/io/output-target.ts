import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { codeOf } from './files.js';

/** Where a file goes that is written under some path. */
export interface OutputTarget {
  /** Without links; a link at the end is followed if it leads somewhere. */
  readonly path: string;
  /** Null if nothing is there yet. */
  readonly status: Stats | null;
}

/**
 * Finds out where `path` leads. Both paths are absolute. What lies within
 * `root`, which somebody else may have filled, must not lead out of it: throws
 * there, and where the system does. SECURITY.md T6.
 */
export async function findOutputTarget(
  path: string,
  root: string,
): Promise<OutputTarget> {
  const plain = join(await realpath(dirname(path)), basename(path));
  const status = await stat(plain).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  const target = status === null ? plain : await realpath(plain);
  const realRoot = await realpath(root);
  const isInside = isWithin(path, root) || isWithin(path, realRoot);
  if (isInside && !isWithin(target, realRoot)) {
    throw new Error('a link in the project leads out of it');
  }
  return { path: target, status };
}

function isWithin(path: string, root: string): boolean {
  return (
    path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
  );
}
