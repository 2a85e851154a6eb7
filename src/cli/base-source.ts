import { dirname, join, resolve } from 'node:path';
import type { DiffSource } from '../diff.js';
import { AuditError } from '../errors.js';
import { readCommitWorkspaces } from '../io/commit-workspaces.js';
import { isMissing, reasonOf } from '../io/files.js';
import { openCommit, readAtCommit, type GitCommit } from '../io/git.js';
import { readRegularFile } from '../io/regular-file.js';
import { readWorkspaceManifests } from '../io/workspace-manifests.js';
import { parseStrictJson } from '../json/strict-json.js';
import type { LockfileInput } from '../lockfile/lockfile-format.js';
import {
  MAX_LOCKFILE_BYTES,
  MAX_MANIFEST_BYTES,
} from '../lockfile/lockfile-limits.js';
import { detectFormat } from '../lockfile/parse-lockfile.js';
import { readReport } from '../report/read-report.js';
import type { PlacedEnvironment } from './environment.js';

const LIMITS = { maxBytes: MAX_LOCKFILE_BYTES, maxDepth: 256 };
const MANIFEST = 'package.json';

/** Whose earlier state is wanted. */
export interface BaseWanted {
  /** As the user named it: a file, or what git takes for a commit. */
  readonly name: string;
  /** The project's folder, absolute. */
  readonly directory: string;
  /** The project's lockfile, as seen from its folder. */
  readonly lockfile: string;
}

/**
 * The earlier state that a user names: a report or a lockfile if there is a
 * file of that name, else the project's lockfile in that commit. Throws
 * `AuditError` with one line: `USAGE`, `GIT_FAILED`, `LOCKFILE_MISSING`.
 */
export async function readBase(
  wanted: BaseWanted,
  { cwd, env }: PlacedEnvironment,
): Promise<DiffSource> {
  const { name, directory } = wanted;
  const path = resolve(cwd, name);
  const bytes = await readIfThere(path, MAX_LOCKFILE_BYTES, name);
  if (bytes !== null) return readBaseFile(wanted, path, bytes);
  const commit = await openCommit({ folder: directory, env }, name);
  return readBaseCommit(commit, wanted);
}

async function readBaseFile(
  { name, directory }: BaseWanted,
  path: string,
  bytes: Buffer,
): Promise<DiffSource> {
  const parsed = parseStrictJson(bytes, LIMITS);
  const value = parsed.status === 'error' ? null : parsed.value;
  // Lockfiles have no such member, whatever format they are.
  if (Object.hasOwn(Object(value) as object, 'schemaVersion')) {
    const report = readReport(value);
    if (report.status === 'error') {
      throw new AuditError('USAGE', `${name}: ${report.message}`);
    }
    const base = { origin: 'report', name, commit: null } as const;
    return { base, dependencies: report.dependencies };
  }
  const folder = dirname(path);
  // What stands in the project itself belongs to its lockfile of today: an
  // earlier one need not cover it.
  const manifest =
    folder === directory
      ? null
      : await readIfThere(join(folder, MANIFEST), MAX_MANIFEST_BYTES, MANIFEST);
  const base = { origin: 'lockfile', name, commit: null } as const;
  const lockfile = await withWorkspaces(
    { path: name, bytes, manifest },
    (root) => readWorkspaceManifests(folder, root),
  );
  return { base, lockfile };
}

/** With those that `read` finds of a manifest, for a format that needs them. */
async function withWorkspaces(
  input: LockfileInput,
  read: (manifest: Uint8Array) => Promise<ReadonlyMap<string, Uint8Array>>,
): Promise<LockfileInput> {
  const { manifest } = input;
  const needsMore = detectFormat(input).needsWorkspaces === true;
  if (manifest === null || !needsMore) return input;
  return { ...input, workspaces: await read(manifest) };
}

async function readBaseCommit(
  commit: GitCommit,
  { name, lockfile }: BaseWanted,
): Promise<DiffSource> {
  const path = `${commit.prefix}${lockfile}`;
  const bytes = await readAtCommit(commit, path, MAX_LOCKFILE_BYTES);
  if (bytes === null) {
    throw new AuditError('LOCKFILE_MISSING', `${name} has no ${path}`);
  }
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const manifest = await readAtCommit(
    commit,
    `${folder}${MANIFEST}`,
    MAX_MANIFEST_BYTES,
  );
  const input = await withWorkspaces(
    { path: lockfile, bytes, manifest },
    (root) => readCommitWorkspaces(commit, folder, root),
  );
  return { base: { origin: 'git', name, commit: commit.id }, lockfile: input };
}

/** Null exactly if there is no such file. */
async function readIfThere(
  path: string,
  maxBytes: number,
  name: string,
): Promise<Buffer | null> {
  try {
    return await readRegularFile(path, { maxBytes, followLink: true });
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw new AuditError('USAGE', `${name}: ${reasonOf(cause)}`, cause);
  }
}
