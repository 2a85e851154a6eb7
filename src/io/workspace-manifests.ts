import { realpath } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { glob } from 'glob';

import { AuditError } from '../errors.js';
import { isJsonObject, parseStrictJson } from '../json/strict-json.js';
import { MAX_MANIFEST_BYTES } from '../lockfile/lockfile-limits.js';
import { readWorkspaces } from '../lockfile/read-fields.js';
import { MAX_WORKSPACES } from '../lockfile/workspaces.js';
import { reasonOf } from './files.js';
import { readRegularFile } from './regular-file.js';

const MANIFEST = 'package.json';
const MAX_PATTERNS = 1000;
/** Folders below the project: deeper ones are no workspaces of anybody. */
const MAX_DEPTH = 16;

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
  const found = new Map<string, Uint8Array>();
  const inside = `${await realpath(root)}${sep}`;
  const open: [string, Uint8Array][] = [['', manifest]];
  for (const [parent, bytes] of open) {
    for (const folder of await matchFolders(root, parent, patternsOf(bytes))) {
      if (found.has(folder)) continue;
      if (found.size === MAX_WORKSPACES) {
        throw unusable(`more than ${MAX_WORKSPACES} workspaces`);
      }
      const own = await readManifest(join(root, folder, MANIFEST), inside);
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
  root: string,
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
  const files = await glob(
    patterns.filter((one) => !isNegated(one)).map(toFile),
    {
      cwd: join(root, parent),
      ignore: [
        '**/node_modules/**',
        '**/.git/**',
        ...patterns.filter(isNegated).map((one) => toFile(one.slice(1))),
      ],
      maxDepth: MAX_DEPTH,
      braceExpandMax: 256,
      posix: true,
    },
  );
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
