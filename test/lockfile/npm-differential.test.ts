import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

import Arborist, { type ArboristNode } from '@npmcli/arborist';
import { describe, expect, it } from 'vitest';

import { loadVirtualTree } from '../../src/io/arborist-tree.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';
import { sharedArchive } from '../shared-data.js';

/** What is said of one entry, by us or by npm's own reader. */
interface Entry {
  readonly name: string;
  readonly version: string;
  readonly resolved: string | null;
  readonly integrity: string | null;
  readonly kind: string;
}
type Entries = ReadonlyMap<string, Entry>;

/** What npm's reader knows of an entry, beside what the program asks it for. */
interface FullNode extends ArboristNode {
  readonly isProjectRoot: boolean;
  readonly packageName: string | null;
  readonly name: string;
  readonly version: string | null;
  readonly resolved: string | null;
  readonly integrity: string | null;
  readonly inDepBundle: boolean;
  readonly isRegistryDependency: boolean;
  readonly edgesIn: ReadonlySet<unknown>;
}

/** A difference that is meant, with the number of entries it is found at. */
interface Intended {
  readonly what: string;
  readonly fits: (
    location: string,
    ours: Entry | undefined,
    theirs: Entry | undefined,
  ) => boolean;
  readonly count: number;
}

/**
 * Where an entry of version 1 has an address for its version, npm's reader takes
 * the version from the address's file name. Whoever writes an address can call
 * the file what they like: here it has none.
 */
const VERSION_OF_FILE_NAME = (count: number): Intended => ({
  what: 'a version that is taken from the name of an archive',
  fits: (_, ours, theirs) =>
    ours?.version === '' &&
    (ours.resolved ?? '').endsWith(`-${theirs?.version ?? ''}.tgz`) &&
    differences(ours, theirs).join() === 'version',
  count,
});

/**
 * Version 1 has one entry for a folder, and npm's reader makes two of it: the
 * link, named as the folder is, and the folder. Here what the file has is one.
 */
const FOLDER_OF_VERSION_1: readonly Intended[] = [
  {
    what: 'the name of a linked folder, and its path as of a link of version 2',
    fits: (location, ours, theirs) =>
      location === 'node_modules/from-folder' &&
      ours?.name === 'from-folder' &&
      theirs?.name === 'folder' &&
      ours.resolved === `file:${theirs.resolved ?? ''}` &&
      differences(ours, theirs).join() === 'name,resolved',
    count: 1,
  },
  {
    what: 'an entry for a linked folder',
    fits: (location, ours) =>
      location === 'vendor/folder' && ours === undefined,
    count: 1,
  },
];

const SHARED = await sharedArchive('real-lockfiles');
const FIXTURES = fileURLToPath(
  new URL('../../fixtures/lockfiles/', import.meta.url),
);
const FILES: readonly (readonly [
  file: string,
  folder: string | null,
  intended: readonly Intended[],
])[] = [
  [
    'npm-6/package-lock.json',
    FIXTURES,
    [VERSION_OF_FILE_NAME(1), ...FOLDER_OF_VERSION_1],
  ],
  ['npm-8/package-lock.json', FIXTURES, []],
  ['npm-12/package-lock.json', FIXTURES, []],
  ['npm-cli-package-lock-v3/package-lock.json', SHARED, []],
  ['axios-axios-package-lock-v2/package-lock.json', SHARED, []],
  ['mochajs-mocha-package-lock-v1/package-lock.json', SHARED, []],
  [
    'yarnpkg-yarn-npm-shrinkwrap-v1/npm-shrinkwrap.json',
    SHARED,
    [VERSION_OF_FILE_NAME(119)],
  ],
];

describe.each(FILES)('%s', (file, folder, intended) => {
  // Skipped where the folder of shared material is not beside the repository.
  it.skipIf(folder === null)(
    'has the entries that npm’s own reader has, but for what is meant',
    async () => {
      const path = join(folder ?? '', file);
      const bytes = await readFile(path);
      const manifest = await readFile(
        join(dirname(path), 'package.json'),
      ).catch(() => null);
      const ours = await readOurs(basename(path), bytes, manifest);
      const theirs = await readTheirs(bytes, manifest);
      expect(ours.size).toBeGreaterThan(10);
      const counts = intended.map(() => 0);
      for (const location of new Set([...ours.keys(), ...theirs.keys()])) {
        const [mine, other] = [ours.get(location), theirs.get(location)];
        if (differences(mine, other).length === 0) continue;
        const index = intended.findIndex(({ fits }) =>
          fits(location, mine, other),
        );
        if (index === -1) expect(mine, location).toEqual(other);
        else counts[index] = (counts[index] ?? 0) + 1;
      }
      expect(counts).toEqual(intended.map(({ count }) => count));
    },
  );
});

function differences(
  ours: Entry | undefined,
  theirs: Entry | undefined,
): readonly string[] {
  if (ours === undefined || theirs === undefined) return ['entry'];
  return (['name', 'version', 'resolved', 'integrity', 'kind'] as const).filter(
    (field) => ours[field] !== theirs[field],
  );
}

async function readOurs(
  path: string,
  bytes: Uint8Array,
  manifest: Uint8Array | null,
): Promise<Entries> {
  const input = { path, bytes, manifest };
  const { dependencies } = await parseLockfile(input, loadVirtualTree);
  return new Map(
    dependencies.flatMap(({ id, origin, integrity, locations }) =>
      locations.map((location) => [location, { ...id, ...origin, integrity }]),
    ),
  );
}

/** npm 12's reader knows one file name only. */
async function readTheirs(
  bytes: Uint8Array,
  manifest: Uint8Array | null,
): Promise<Entries> {
  const made = await mkdtemp(join(tmpdir(), 'provenance-audit-npm-'));
  const path = await realpath(made);
  try {
    await writeFile(join(path, 'package-lock.json'), bytes);
    if (manifest !== null)
      await writeFile(join(path, 'package.json'), manifest);
    const tree = await new Arborist({ path }).loadVirtual();
    const inventory: unknown = tree.inventory;
    const nodes = [...(inventory as ReadonlyMap<string, FullNode>).values()];
    return new Map(
      nodes
        .filter(({ isProjectRoot }) => !isProjectRoot)
        .map((node) => [node.location, entryOf(node, path)]),
    );
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

function entryOf(node: FullNode, root: string): Entry {
  return {
    name: node.packageName ?? node.name,
    version: node.version ?? '',
    resolved: asWritten(node, root),
    integrity: node.integrity,
    kind: kindOf(node),
  };
}

/** npm's reader makes paths absolute, and those of links relative to the link. */
function asWritten(
  { resolved, location, isLink }: FullNode,
  root: string,
): string | null {
  if (resolved?.startsWith('file:') !== true) return resolved;
  const path = resolved.slice('file:'.length);
  if (isLink) return posix.join(posix.dirname(location), path);
  return `file:${path.startsWith(root) ? posix.relative(root, path) : path}`;
}

/** By what npm's reader says of it, and who asks for it. */
function kindOf(node: FullNode): string {
  const { location, isLink, inDepBundle, edgesIn } = node;
  if (isLink) return 'link';
  if (!/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/.test(location)) {
    return 'workspace';
  }
  if (inDepBundle) return 'bundled';
  const [scheme = ''] = /^(?:git|file)/.exec(node.resolved ?? '') ?? [];
  if (scheme !== '') return scheme;
  const isAsked = edgesIn.size > 0;
  return isAsked && !node.isRegistryDependency ? 'remote-tarball' : 'registry';
}
