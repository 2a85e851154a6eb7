import { createHash } from 'node:crypto';

import { isJsonObject, type JsonObject } from '../json/strict-json.js';
import { visitKeys } from '../json/visit-keys.js';
import { judgeBunEntries } from './bun-entries.js';
import { BINARY_BUN } from './bun-format.js';
import { BunGraphBuilder, readBunWorkspaces } from './bun-graph.js';
import { readBunPackages } from './bun-packages.js';
import type { Lockfile } from './dependency.js';
import { joinEntries } from './join-entries.js';
import { blankComments } from './jsonc.js';
import type { LockfileInput } from './lockfile-format.js';
import {
  MAX_EDGES,
  MAX_ENTRIES,
  MAX_LOCKFILE_BYTES,
} from './lockfile-limits.js';
import { invalidLockfile, quote, refuseEntry } from './lockfile-source.js';
import { placesIn, type Place } from './place.js';
import type { Refuse } from './read-fields.js';
import { own } from './read-fields.js';
import { readJsonFile } from './read-json-file.js';
import { readLockfileText } from './read-yaml-file.js';
import { readRootManifest } from './root-manifest.js';

const LIMITS = { maxBytes: MAX_LOCKFILE_BYTES, maxDepth: 64 };

/**
 * Reads an untrusted bun.lock of version 0, 1 or 2 completely. Where it leaves
 * out the address of a tarball, that is of the registry Bun is configured for.
 *
 * A package is in production if the lockfile or the root manifest leads to it
 * so. Entries that are marked as bundled have a digest of their own and are
 * audited like any other.
 */
export function readBunLockfile({
  path,
  bytes,
  manifest,
}: LockfileInput): Lockfile {
  const refuse: Refuse = (message) => {
    throw invalidLockfile(`${path}: ${message}`);
  };
  const { record, text } = readDocument({ path, bytes }, refuse);
  const formatVersion = readFormatVersion(record, refuse);
  const source = { path, places: locate(text) };
  const listed = own(record, 'packages') ?? {};
  if (!isJsonObject(listed)) return refuse('packages: expected an object');
  const packages = readBunPackages(
    listed,
    (key) => (message) => refuseEntry(source, key, message),
  );
  if (packages.size > MAX_ENTRIES) refuse(`more than ${MAX_ENTRIES} entries`);
  const root = readRootManifest(manifest);
  const workspaces = readBunWorkspaces(record, refuse);
  const builder = new BunGraphBuilder(packages, refuse);
  builder.addWorkspaces(workspaces, { record, root });
  builder.addPackages();
  const { graph, size } = builder.build();
  if (size > MAX_EDGES) refuse(`more than ${MAX_EDGES} dependencies`);
  const entries = judgeBunEntries(packages, record, source);
  const rootName =
    root?.name ??
    workspaces.find(({ folder }) => folder === '')?.name ??
    'root';
  return {
    path,
    format: 'bun-lock',
    formatVersion: String(formatVersion),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    entries: entries.length,
    rootName,
    dependencies: joinEntries(
      { entries, graph, workspaces: builder.workspaces, rootName },
      source,
    ),
  };
}

function readDocument(
  { path, bytes }: Pick<LockfileInput, 'path' | 'bytes'>,
  refuse: Refuse,
): { readonly record: JsonObject; readonly text: string } {
  const beginning = new TextDecoder().decode(bytes.subarray(0, 64));
  if (path.endsWith('.lockb') || BINARY_BUN.test(beginning)) {
    refuse(
      'a binary lockfile; bun install --save-text-lockfile --frozen-lockfile --lockfile-only writes bun.lock of it',
    );
  }
  const text = blankComments(readLockfileText(path, bytes));
  return readJsonFile(path, new TextEncoder().encode(text), LIMITS);
}

function readFormatVersion(record: JsonObject, refuse: Refuse): 0 | 1 | 2 {
  const found = own(record, 'lockfileVersion');
  if (found === 0 || found === 1 || found === 2) return found;
  const what = found === undefined ? 'none' : quote(found);
  return refuse(`expected lockfileVersion 0, 1 or 2, found ${what}`);
}

/** Where each entry of `packages` begins. */
function locate(text: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const placeOf = placesIn(text);
  visitKeys(text, 2, ([section, key], offset) => {
    if (section !== 'packages' || key === undefined) return;
    places.set(key, placeOf(offset));
  });
  return places;
}
