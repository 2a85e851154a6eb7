import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditError } from '../errors.js';
import { isLockfileName } from '../lockfile/choose-lockfile.js';
import { compareText } from '../package/package-id.js';
import { reasonOf } from './files.js';
import { findIgnored } from './git-ignored.js';

/** A folder with at least one lockfile. */
export interface ProjectFolder {
  /** From the folder that was searched, with `/`; empty for itself. */
  readonly path: string;
  /** Names of the lockfiles in it that git does not ignore. */
  readonly lockfiles: readonly string[];
}

/** What a search found. */
export interface FoundLockfiles {
  /** Sorted by path. */
  readonly projects: readonly ProjectFolder[];
  /** Lockfiles that git ignores, by their paths, sorted. */
  readonly ignored: readonly string[];
  /** Why git could not be asked which it ignores; null if it could. */
  readonly gitProblem: string | null;
}

/** Installed packages bring lockfiles of their own, which nobody installs from. */
const SKIPPED = ['node_modules', '.git'];
const MAX_FOLDERS = 500_000;
const MAX_LOCKFILES = 5_000;

/**
 * Finds every lockfile in `folder` and below it. Symbolic links are not
 * followed, `node_modules` is passed over. What git ignores is left out and
 * listed; a file that git tracks is never ignored, whatever `.gitignore` says.
 * Where git cannot be asked nothing counts as ignored.
 *
 * Throws `AuditError` `USAGE` for a folder that cannot be listed: what is in it
 * would else be passed over unsaid.
 */
export async function findLockfiles(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FoundLockfiles> {
  const found = await searchFolders(folder);
  const { ignored, problem } = await findIgnored({ folder, env }, found);
  const projects = new Map<string, string[]>();
  for (const path of found) {
    if (ignored.has(path)) continue;
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const at = path.slice(0, Math.max(slash, 0));
    const known = projects.get(at);
    if (known === undefined) projects.set(at, [name]);
    else known.push(name);
  }
  return {
    projects: [...projects]
      .map(([path, lockfiles]) => ({ path, lockfiles }))
      .toSorted((a, b) => compareText(a.path, b.path)),
    ignored: [...ignored].toSorted(compareText),
    gitProblem: problem,
  };
}

/** Paths of all lockfiles, in the order of the folders. */
async function searchFolders(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const open = [''];
  for (const at of open) {
    for (const entry of await list(join(folder, at))) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      // A link is neither: what it leads to is found at its own place.
      if (entry.isDirectory()) {
        if (!SKIPPED.includes(entry.name)) open.push(path);
      } else if (entry.isFile() && isLockfileName(entry.name)) {
        found.push(path);
      }
    }
    if (open.length > MAX_FOLDERS)
      throw tooMany(folder, MAX_FOLDERS, 'folders');
    if (found.length > MAX_LOCKFILES) {
      throw tooMany(folder, MAX_LOCKFILES, 'lockfiles');
    }
  }
  return found;
}

async function list(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.toSorted((a, b) => compareText(a.name, b.name));
  } catch (cause) {
    throw new AuditError('USAGE', `${folder}: ${reasonOf(cause)}`, cause);
  }
}

function tooMany(folder: string, limit: number, what: string): AuditError {
  return new AuditError(
    'USAGE',
    `${folder}: more than ${limit} ${what} below it`,
  );
}
