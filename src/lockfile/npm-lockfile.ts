import { createHash } from 'node:crypto';

import { AuditError } from '../errors.js';
import { isJsonObject } from '../json/strict-json.js';
import type { JsonObject } from '../json/strict-json.js';
import type { Lockfile } from './dependency.js';
import { locateNpmEntries, type NpmVersion } from './locate.js';
import type { LockfileInput } from './lockfile-format.js';
import { MAX_EDGES, MAX_ENTRIES } from './lockfile-limits.js';
import { invalidLockfile, quote } from './lockfile-source.js';
import type { LockfileSource } from './lockfile-source.js';
import { readNpmDependencies } from './npm-dependencies.js';
import type { NpmEntries } from './npm-entry.js';
import { readNpmPackages } from './npm-packages.js';
import { virtualProject, workspaceLinks } from './npm-project.js';
import type { NpmManifest } from './npm-project.js';
import { countRelations } from './npm-tree.js';
import type { LoadVirtualTree, NpmTree, VirtualProject } from './npm-tree.js';
import { refuseUnpinned } from './npm-unpinned.js';
import { npmDependencies } from './npm.js';
import { own, readText } from './read-fields.js';
import { readRootManifest } from './root-manifest.js';

/**
 * Reads an untrusted npm lockfile of version 1 to 4 completely; `document` is
 * what `input` holds. `loadTree` is asked for edges alone: what the entries are
 * is read here. Throws an `AuditError` for what cannot be used.
 *
 * Not checked here: whether `resolved` belongs to the name, and the integrity.
 */
export async function readNpmLockfile(
  { path, bytes, manifest }: LockfileInput,
  { record, text }: { readonly record: JsonObject; readonly text: string },
  loadTree: LoadVirtualTree,
): Promise<Lockfile> {
  const formatVersion = readFormatVersion(path, record);
  const places = locateNpmEntries(text, formatVersion);
  const source: LockfileSource = { path, places };
  const lockfile = readEntries(record, formatVersion, source);
  const rootManifest = readRootManifest(manifest);
  const root = rootManifest ?? withoutOverrides(lockfile);
  const workspaces = workspaceLinks(lockfile.entries, root);
  const project = virtualProject(lockfile, root, workspaces);
  const tree = await load(path, project, loadTree);
  const tops = new Set(['', ...workspaces.map(({ target }) => target)]);
  refuseUnpinned(path, tree, tops);
  const rootName = nameOf(path, record, rootManifest);
  const isRootUnknown = root === null;
  return {
    path,
    format: /(?:^|[\\/])npm-shrinkwrap\.json$/.test(path)
      ? 'npm-shrinkwrap'
      : 'package-lock',
    formatVersion: String(formatVersion),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    entries: lockfile.entries.size,
    rootName,
    dependencies: npmDependencies(
      { lockfile, tree, workspaces, isRootUnknown, rootName },
      source,
    ),
  };
}

/**
 * Version 4 is version 3 where something of the project's own changes packages
 * or what they ask for. Source: npm 12, arborist's `shrinkwrap.js`.
 */
function readFormatVersion(path: string, record: JsonObject): NpmVersion {
  const found = own(record, 'lockfileVersion');
  if (found === 1 || found === 2 || found === 3 || found === 4) return found;
  const what = found === undefined ? 'none' : quote(found);
  throw invalidLockfile(
    `${path}: expected lockfileVersion 1 to 4, found ${what}`,
  );
}

function readEntries(
  record: JsonObject,
  formatVersion: NpmVersion,
  source: LockfileSource,
): NpmEntries {
  const { path } = source;
  const section = formatVersion === 1 ? 'dependencies' : 'packages';
  // npm goes by `packages` wherever it finds it, whatever the version says.
  if (formatVersion === 1 && own(record, 'packages') !== undefined) {
    throw invalidLockfile(`${path}: lockfileVersion 1 cannot have packages`);
  }
  // npm 6 leaves the section out where there is nothing to list.
  const entries = own(record, section) ?? (formatVersion === 1 ? {} : null);
  if (!isJsonObject(entries)) {
    throw invalidLockfile(`${path}: ${section}: expected an object`);
  }
  const rootRecords = source.places.has('') ? 1 : 0;
  if (source.places.size - rootRecords > MAX_ENTRIES) {
    throw invalidLockfile(`${path}: more than ${MAX_ENTRIES} entries`);
  }
  // npm 6 would install what npm 7 and later do not see.
  const older = formatVersion === 2 ? own(record, 'dependencies') : undefined;
  const hasEntries = Object.keys(entries).some((location) => location !== '');
  if (isJsonObject(older) && Object.keys(older).length > 0 && !hasEntries) {
    throw invalidLockfile(`${path}: dependencies, but no packages`);
  }
  const lockfile =
    formatVersion === 1
      ? readNpmDependencies(entries, source)
      : readNpmPackages(entries, source);
  if (countEdges(lockfile) <= MAX_EDGES) return lockfile;
  throw invalidLockfile(`${path}: more than ${MAX_EDGES} dependencies`);
}

function countEdges({ entries }: NpmEntries): number {
  return [...entries.values()].reduce(
    (sum, { relations }) => sum + countRelations(relations),
    0,
  );
}

/** A lockfile's record of the root does not have the root's overrides. */
function withoutOverrides({
  root,
}: NpmEntries): Omit<NpmManifest, 'name'> | null {
  return root === null ? null : { ...root, overrides: null };
}

async function load(
  path: string,
  project: VirtualProject,
  loadTree: LoadVirtualTree,
): Promise<NpmTree> {
  try {
    return await loadTree(project);
  } catch (error) {
    // npm's reader may throw anything at a hostile lockfile.
    if (error instanceof AuditError) throw error;
    const reason = error instanceof Error ? error.message : 'unknown error';
    const [line = ''] = reason.split('\n');
    throw invalidLockfile(`${path}: npm cannot read it: ${line}`, error);
  }
}

function nameOf(
  path: string,
  record: JsonObject,
  manifest: NpmManifest | null,
): string {
  const refuse = (message: string): never => {
    throw invalidLockfile(`${path}: ${message}`);
  };
  return manifest?.name ?? readText(record, 'name', refuse) ?? 'root';
}
