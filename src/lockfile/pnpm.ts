import { createHash } from 'node:crypto';

import type { Lockfile } from './dependency.js';
import { joinEntries } from './join-entries.js';
import type { LockfileInput } from './lockfile-format.js';
import { MAX_EDGES, MAX_ENTRIES } from './lockfile-limits.js';
import { invalidLockfile } from './lockfile-source.js';
import { placesIn, type Place } from './place.js';
import { readPnpmDocument } from './pnpm-document.js';
import {
  judgeImporters,
  judgeLinks,
  judgePackages,
  listPackages,
  type ListedPackage,
} from './pnpm-entries.js';
import { PnpmGraphBuilder } from './pnpm-graph.js';
import { refuseContradictions, refuseUnpinnedByPnpm } from './pnpm-manifest.js';
import type { Refuse } from './read-fields.js';
import { readYamlFile } from './read-yaml-file.js';
import { readRootManifest } from './root-manifest.js';

/**
 * Reads an untrusted pnpm-lock.yaml completely. All its documents count: newer
 * ones have one for pnpm itself and for what configures it.
 *
 * A package is in production if the lockfile or the root manifest leads to it
 * so; the flags `dev` and `optional` of entries are not read. Projects of a
 * workspace are entries, as they are in lockfiles of npm.
 */
export function readPnpmLockfile({
  path,
  bytes,
  manifest,
}: LockfileInput): Lockfile {
  const refuse: Refuse = (message) => {
    throw invalidLockfile(`${path}: ${message}`);
  };
  const { documents: maps, text } = readYamlFile(path, bytes);
  const documents = maps.map((map) => readPnpmDocument(path, map));
  const listed = listPackages(documents);
  if (listed.length > MAX_ENTRIES) refuse(`more than ${MAX_ENTRIES} entries`);
  const root = readRootManifest(manifest);
  for (const document of documents) refuseContradictions(path, document);
  if (root !== null) refuseUnpinnedByPnpm(path, documents, root);
  const asked = root?.relations.dependencies ?? {};
  const importers = documents.flatMap((each) => each.importers);
  const folders = new Set(importers.map((each) => each.path));
  const builder = new PnpmGraphBuilder(folders, refuse);
  documents.forEach((document, number) => {
    builder.add(document, number, (name) => Object.hasOwn(asked, name));
  });
  const { graph, size } = builder.build();
  if (size > MAX_EDGES) refuse(`more than ${MAX_EDGES} dependencies`);
  const projects = judgeImporters(importers, builder.links);
  const source = {
    path,
    places: locate(text, [
      ...listed,
      ...importers.map((each) => ({ ...each, location: each.path })),
    ]),
  };
  const entries = [
    ...judgePackages(documents, listed, { graph, source }),
    ...projects,
    ...judgeLinks(folders, builder.links),
  ];
  const rootName = root?.name ?? 'root';
  const workspaces = projects.map(({ id, nodes: [target = ''] }) => ({
    name: id.name,
    target,
  }));
  const versions = documents.map(({ formatVersion }) => formatVersion);
  return {
    path,
    format: 'pnpm-lock',
    formatVersion: [...new Set(versions)].join(', '),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    entries: entries.length,
    rootName,
    dependencies: joinEntries({ entries, graph, workspaces, rootName }, source),
  };
}

function locate(
  text: string,
  entries: readonly Pick<ListedPackage, 'location' | 'offset'>[],
): ReadonlyMap<string, Place> {
  const placeOf = placesIn(text);
  const inOrder = entries.toSorted((a, b) => a.offset - b.offset);
  return new Map(
    inOrder.map(({ location, offset }) => [location, placeOf(offset)]),
  );
}
