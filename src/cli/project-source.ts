import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { AuditError } from '../errors.js';
import { isMissing, listFolder, reasonOf } from '../io/files.js';
import { readRegularFile } from '../io/regular-file.js';
import { readWorkspaceManifests } from '../io/workspace-manifests.js';
import { chooseLockfile } from '../lockfile/choose-lockfile.js';
import type { LockfileInput } from '../lockfile/lockfile-format.js';
import {
  MAX_LOCKFILE_BYTES,
  MAX_MANIFEST_BYTES,
} from '../lockfile/lockfile-limits.js';
import { detectFormat } from '../lockfile/parse-lockfile.js';

const MIB = 1024 * 1024;

/** A project's lockfile, and a remark on the choice of it. */
export interface ProjectSource {
  readonly input: LockfileInput;
  readonly note: string | null;
}

/**
 * Reads the lockfile of the project in `directory`, and the manifest beside it,
 * with those of its workspaces where its format needs them.
 * `lockfile` is the one the user named, relative to the project; null to choose
 * by what is there. Throws `AuditError` with one line.
 */
export async function readProject(
  directory: string,
  lockfile: string | null,
): Promise<ProjectSource> {
  const names = await listFolder(directory);
  const { file, note } =
    lockfile === null ? chooseLockfile(names) : { file: lockfile, note: null };
  const path = resolve(directory, file);
  const bytes = await readRegularFile(path, {
    maxBytes: MAX_LOCKFILE_BYTES,
    followLink: true,
  }).catch((cause: unknown) => {
    const code = isMissing(cause) ? 'LOCKFILE_MISSING' : 'LOCKFILE_INVALID';
    throw new AuditError(code, `${file}: ${reasonOf(cause)}`, cause);
  });
  requireMemory(file, bytes.length);
  const project = projectFolder(path);
  const manifest = await readManifest(join(project, 'package.json'));
  const input = { path: file, bytes, manifest };
  const needsMore = detectFormat(input).needsWorkspaces === true;
  if (manifest === null || !needsMore) return { input, note };
  const workspaces = await readWorkspaceManifests(project, manifest);
  return { input: { ...input, workspaces }, note };
}

/** What npm keeps in `node_modules` is of the project around it. */
function projectFolder(lockfile: string): string {
  const folder = dirname(lockfile);
  const isInstalled =
    basename(lockfile) === '.package-lock.json' &&
    basename(folder) === 'node_modules';
  return isInstalled ? dirname(folder) : folder;
}

/** What reading a lockfile takes at most, as a multiple of its size. */
const MEMORY_FACTOR = 12;

/**
 * Running out of memory ends Node.js with a dump and an exit code that says
 * nothing, so that is foreseen. Throws `AuditError` `LOCKFILE_INVALID`.
 */
function requireMemory(file: string, size: number): void {
  const { heap_size_limit: limit } = getHeapStatistics();
  const needed = size * MEMORY_FACTOR;
  if (needed <= limit) return;
  throw new AuditError(
    'LOCKFILE_INVALID',
    `${file}: too large for the memory that Node.js may use here; run it with NODE_OPTIONS=--max-old-space-size=${Math.ceil(needed / MIB)}`,
  );
}

/**
 * `dir` may name a file, a lockfile or an SBOM: that is the one to audit, in its
 * folder. What is not there is left for whoever reads it to say.
 */
export async function splitFileOperand<Options extends ProjectPlace>(
  options: Options,
  cwd: string,
): Promise<Options> {
  const path = resolve(cwd, options.directory);
  if (!(await isFile(path))) return options;
  if (options.lockfile === null) {
    return { ...options, directory: dirname(path), lockfile: basename(path) };
  }
  throw new AuditError(
    'USAGE',
    `${options.directory}: a file, and --lockfile names one too`,
  );
}

/** What says which project, and which lockfile of it. */
interface ProjectPlace {
  readonly directory: string;
  readonly lockfile: string | null;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function readManifest(path: string): Promise<Uint8Array | null> {
  try {
    const limits = { maxBytes: MAX_MANIFEST_BYTES, followLink: true };
    return await readRegularFile(path, limits);
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw new AuditError(
      'LOCKFILE_INVALID',
      `package.json: ${reasonOf(cause)}`,
      cause,
    );
  }
}
