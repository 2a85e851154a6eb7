import { realpath } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';

import { AuditError } from '../errors.js';
import { isJsonObject, parseStrictJson } from '../json/strict-json.js';
import { MAX_MANIFEST_BYTES } from '../lockfile/lockfile-limits.js';
import { readWorkspaces } from '../lockfile/read-fields.js';
import { MAX_WORKSPACES } from '../lockfile/workspaces.js';
import { reasonOf } from './files.js';
import { readRegularFile } from './regular-file.js';

/** The file that makes a folder a workspace. */
export const MANIFEST = 'package.json';
const MAX_PATTERNS = 1000;
/** Folders below the project: deeper ones are no workspaces of anybody. */
export const MAX_DEPTH = 16;
/** How patterns of workspaces are matched, wherever the files are. */
export const MATCHING = { braceExpandMax: 256 } as const;

/** Where the manifests of a project are. All paths have `/`. */
interface ManifestTree {
  /** Those that patterns match, as paths from the folder `parent` on. */
  readonly match: (asked: {
    readonly parent: string;
    readonly wanted: readonly string[];
    readonly ignored: readonly string[];
  }) => Promise<readonly string[]>;
  /** One of them, by its path from the project on. */
  readonly read: (path: string) => Promise<Uint8Array>;
}

/**
 * Reads the package.json of each workspace of the project in `root`, by its
 * folder: those that the patterns of `manifest`, untrusted, match, and theirs.
 * Throws an `AuditError` for what lies outside the project or cannot be read.
 * What a manifest says otherwise is not looked at.
 */
export async function readWorkspaceManifests(
  root: string,
  manifest: Uint8Array,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const inside = `${await realpath(root)}${sep}`;
  return collectWorkspaces(manifest, {
    match: async ({ parent, wanted, ignored }) => {
      const { glob } = await import('glob');
      return glob([...wanted], {
        ...MATCHING,
        cwd: join(root, parent),
        ignore: [...ignored],
        maxDepth: MAX_DEPTH,
        posix: true,
      });
    },
    read: (path) => readManifest(join(root, path), inside),
  });
}

/**
 * Reads the package.json of those of `folders` that are workspaces of the project
 * in `root`, as a lockfile names them, untrusted. What is not there, lies outside
 * or cannot be read is left out: nothing is known of it then.
 */
export async function readManifestsOf(
  root: string,
  folders: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const inside = `${await realpath(root)}${sep}`;
  const found = new Map<string, Uint8Array>();
  for (const folder of folders.slice(0, MAX_WORKSPACES)) {
    const path = join(root, folder, MANIFEST);
    const manifest = await readManifest(path, inside).catch(() => null);
    if (manifest !== null) found.set(folder, manifest);
  }
  return found;
}

/** The same wherever the manifests are, by their folders. */
export async function collectWorkspaces(
  manifest: Uint8Array,
  tree: ManifestTree,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const open: [string, Uint8Array][] = [['', manifest]];
  for (const [parent, bytes] of open) {
    for (const folder of await matchFolders(tree, parent, patternsOf(bytes))) {
      if (found.has(folder)) continue;
      if (found.size === MAX_WORKSPACES) {
        throw unusable(`more than ${MAX_WORKSPACES} workspaces`);
      }
      const own = await tree.read(posix.join(folder, MANIFEST));
      found.set(folder, own);
      // Yarn Berry lets workspaces have workspaces.
      open.push([folder, own]);
    }
  }
  return found;
}

function patternsOf(bytes: Uint8Array): readonly string[] {
  const limits = { maxBytes: MAX_MANIFEST_BYTES, maxDepth: 64 };
  const parsed = parseStrictJson(bytes, limits);
  // Whoever reads the manifest for what is in it says what is wrong with it.
  if (parsed.status === 'error' || !isJsonObject(parsed.value)) return [];
  const patterns = readWorkspaces(parsed.value);
  if (patterns.length > MAX_PATTERNS) {
    throw unusable(`more than ${MAX_PATTERNS} patterns of workspaces`);
  }
  return patterns.map((pattern) => pattern.replaceAll('\\', '/'));
}

async function matchFolders(
  tree: ManifestTree,
  parent: string,
  patterns: readonly string[],
): Promise<readonly string[]> {
  if (patterns.length === 0) return [];
  const isNegated = (pattern: string): boolean => pattern.startsWith('!');
  const toFile = (pattern: string): string => {
    const isOutside = /^\/|^[a-z]:|(?:^|\/)\.\.(?:\/|$)/i.test(pattern);
    if (!isOutside) return posix.join(pattern, MANIFEST);
    throw unusable('workspaces outside the project');
  };
  const files = await tree.match({
    parent,
    wanted: patterns.filter((one) => !isNegated(one)).map(toFile),
    ignored: [
      '**/node_modules/**',
      '**/.git/**',
      ...patterns.filter(isNegated).map((one) => toFile(one.slice(1))),
    ],
  });
  return files
    .map((file) => posix.join(parent, posix.dirname(file)))
    .filter((folder) => folder !== '.')
    .toSorted();
}

async function readManifest(path: string, inside: string): Promise<Uint8Array> {
  try {
    // A link may lead anywhere.
    if (!(await realpath(path)).startsWith(inside)) {
      throw new Error('a workspace outside the project');
    }
    const limits = { maxBytes: MAX_MANIFEST_BYTES, followLink: true };
    return await readRegularFile(path, limits);
  } catch (cause) {
    throw unusable(`a workspace: ${reasonOf(cause)}`, cause);
  }
}

function unusable(what: string, cause?: unknown): AuditError {
  return new AuditError('LOCKFILE_INVALID', `${MANIFEST}: ${what}`, cause);
}
