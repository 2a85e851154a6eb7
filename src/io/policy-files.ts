import { lstat, realpath } from 'node:fs/promises';
import {
  basename,
  dirname,
  isAbsolute,
  join,
  relative,
  resolve,
  sep,
} from 'node:path';
import { MAX_MANIFEST_BYTES } from '../lockfile/lockfile-limits.js';
import type { LoadPolicyFile } from '../policy/extend-policy.js';
import { MAX_POLICY_BYTES } from '../policy/policy-file.js';
import type { Policy } from '../policy/policy.js';
import { isMissing, listFolder, reasonOf } from './files.js';
import {
  holdsPolicy,
  invalidPolicy,
  limitOf,
  onlyPolicyFile,
  PACKAGE_JSON,
  POLICY_FILES,
} from './policy-file-names.js';
import { readRegularFile } from './regular-file.js';

/**
 * Which file in `folder` holds its policy; null if none does. Throws
 * `POLICY_INVALID` if two do: one of them would be without effect.
 */
export async function findPolicyFile(folder: string): Promise<string | null> {
  const names = await listFolder(folder);
  const found = POLICY_FILES.filter((name) => names.includes(name));
  if (names.includes(PACKAGE_JSON) && (await isPolicyInManifest(folder))) {
    found.push(PACKAGE_JSON);
  }
  const name = onlyPolicyFile(found);
  return name === null ? null : join(folder, name);
}

/**
 * The policy of the project in `folder` with all it extends; null if the
 * project has none. Every file is an author's of the project, so none is
 * followed out of the repository. Throws `AuditError` `POLICY_INVALID`, all
 * problems in its message, one a line.
 */
export async function readProjectPolicy(
  folder: string,
): Promise<Policy | null> {
  const path = await findPolicyFile(folder);
  if (path === null) return null;
  const root = await findRepository(folder);
  const limit = limitOf(basename(path));
  const read = (): Promise<Uint8Array> => readInside(root, path, limit);
  return { ...(await readPolicy(path, read, root)), ofProject: true };
}

/**
 * The policy in a file that the user named, with all it extends. That file may
 * be anywhere and a link; what it extends has to be in its repository. In the
 * repository of the audited project in `folder`, null if none is audited, it is
 * that project's all the same.
 * Throws as `readProjectPolicy`.
 */
export async function readPolicyFile(
  path: string,
  folder: string | null = null,
): Promise<Policy> {
  const maxBytes = limitOf(basename(path));
  const limits = { maxBytes, followLink: true };
  const root = await findRepository(dirname(resolve(path)));
  const policy = await readPolicy(
    path,
    () => readRegularFile(path, limits),
    root,
  );
  const isOfProject =
    folder !== null && (await leadsInto(await findRepository(folder), path));
  return isOfProject ? { ...policy, ofProject: true } : policy;
}

/** Whether `path` is in `root`, all links followed. */
async function leadsInto(root: string, path: string): Promise<boolean> {
  const [realRoot, real] = await Promise.all([realpath(root), realpath(path)]);
  return relative(realRoot, real).split(sep)[0] !== '..';
}

/**
 * The folder whose files a policy in `folder` may extend: that of the git
 * repository it is in, else `folder` itself. Nothing in it is read.
 */
export async function findRepository(folder: string): Promise<string> {
  const start = resolve(folder);
  for (let at = start; ; at = dirname(at)) {
    const isRoot = await lstat(join(at, '.git')).then(
      () => true,
      () => false,
    );
    if (isRoot) return at;
    if (at === dirname(at)) return start;
  }
}

async function readPolicy(
  path: string,
  read: () => Promise<Uint8Array>,
  root: string,
): Promise<Policy> {
  const shown = toSlashes(relative(root, resolve(path)));
  const bytes = await read().catch((cause: unknown) => {
    throw invalidPolicy(`${shown}: ${reasonOf(cause)}`, cause);
  });
  // Not loaded for projects without one: its libraries take long to.
  const { composePolicy } = await import('./compose-policy.js');
  return composePolicy({ path: shown, bytes }, loadFrom(root), {
    origin: 'file',
    ref: null,
  });
}

function loadFrom(root: string): LoadPolicyFile {
  return async (path) => {
    try {
      const bytes = await readInside(root, join(root, path), MAX_POLICY_BYTES);
      return { status: 'ok', bytes };
    } catch (error) {
      return { status: 'error', reason: reasonOf(error) };
    }
  };
}

/** Reads a regular file that is in `root` even when all links are followed. */
async function readInside(
  root: string,
  path: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const [realRoot, real] = await Promise.all([realpath(root), realpath(path)]);
  const inside = relative(realRoot, real);
  const segments = inside.split(sep);
  if (isAbsolute(inside) || segments[0] === '..') {
    throw new Error('a link that leads out of the repository');
  }
  if (segments.includes('node_modules')) {
    throw new Error('a link that leads into node_modules');
  }
  return readRegularFile(real, { maxBytes, followLink: false });
}

async function isPolicyInManifest(folder: string): Promise<boolean> {
  const path = join(folder, PACKAGE_JSON);
  try {
    const limits = { maxBytes: MAX_MANIFEST_BYTES, followLink: true };
    return holdsPolicy(await readRegularFile(path, limits));
  } catch (cause) {
    if (isMissing(cause)) return false;
    throw invalidPolicy(`${PACKAGE_JSON}: ${reasonOf(cause)}`, cause);
  }
}

function toSlashes(path: string): string {
  return path.split(sep).join('/');
}
