import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ArboristEdge, ArboristNode } from '@npmcli/arborist';
import type NpmPackageArg from 'npm-package-arg';

import { requireCommonJs } from '../commonjs.js';
import { AuditError } from '../errors.js';
import { resolveVirtualTree } from '../lockfile/npm-resolve.js';
import { countRelations } from '../lockfile/npm-tree.js';
import { compareText } from '../package/package-id.js';
import type {
  Asks,
  NpmEdge,
  NpmNode,
  NpmTree,
  Relations,
  VirtualProject,
} from '../lockfile/npm-tree.js';

/**
 * Finds the edges of a project by npm's rules: with npm's own arborist where the
 * project is small or has `overrides`, which only it applies, else by the same
 * rules without it. Both find the same on every lockfile that tests know.
 */
export async function loadVirtualTree(
  project: VirtualProject,
): Promise<NpmTree> {
  return isForArborist(project)
    ? loadWithArborist(project)
    : loadPlainly(project);
}

/** The same without arborist, except for what `overrides` would change. */
export function loadPlainly(project: VirtualProject): NpmTree {
  const npa = requireCommonJs('npm-package-arg');
  return resolveVirtualTree(project, asker(npa));
}

/** Arborist's time grows with the square of the number of entries. */
const MAX_ENTRIES = 300;
const MAX_EDGES = 3_000;
/** With `overrides`: beyond what real projects have. A second or two. */
const MAX_OVERRIDDEN_ENTRIES = 5_000;
const MAX_OVERRIDDEN_EDGES = 50_000;

function isForArborist({ root, packages }: VirtualProject): boolean {
  const [maxEntries, maxEdges] =
    root.overrides === null
      ? [MAX_ENTRIES, MAX_EDGES]
      : [MAX_OVERRIDDEN_ENTRIES, MAX_OVERRIDDEN_EDGES];
  if (packages.size > maxEntries) return false;
  let edges = 0;
  for (const { relations } of packages.values()) {
    edges += countRelations(relations);
  }
  return edges <= maxEdges;
}

/**
 * Loads a project's dependency tree with npm's own arborist, from copies in a
 * fresh private directory that is removed again: nothing of the project, of its
 * `node_modules` or of a link's target is read, and no request is made.
 *
 * The directory is as many levels deep as the project's locations lead out of
 * its root, so that `../../etc` is still within it. Arborist gets names,
 * versions and dependency fields only; what an entry resolves to is not shown
 * to it. It keeps one of several entries whose names differ in case alone.
 */
export async function loadWithArborist(
  project: VirtualProject,
): Promise<NpmTree> {
  const directory = await privateDirectory();
  try {
    const root = join(directory, ...levelsOut(project), 'root');
    await writeProject(root, project);
    const Arborist = requireCommonJs('@npmcli/arborist');
    const npa = requireCommonJs('npm-package-arg');
    const tree = await new Arborist({ path: root }).loadVirtual();
    const nodes = [...tree.inventory.values()];
    const asks = asker(npa);
    return { nodes: nodes.map((node) => readNode(node, asks)) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function privateDirectory(): Promise<string> {
  try {
    // Arborist compares paths as text; the common folder may be a link.
    return await realpath(
      await mkdtemp(join(tmpdir(), 'provenance-audit-tree-')),
    );
  } catch (error) {
    const message = `no temporary directory in ${tmpdir()}: needed to read the lockfile`;
    throw new AuditError('CONFIG_INVALID', message, error);
  }
}

function levelsOut({ packages }: VirtualProject): readonly string[] {
  let levels = 0;
  for (const location of packages.keys()) {
    const out = location.split('/').findIndex((part) => part !== '..');
    levels = Math.max(levels, out);
  }
  return Array.from({ length: levels }, () => 'up');
}

/** A workspace folder that can safely be made, and found again by its name. */
const PLAIN_FOLDER =
  /^(?!.*(?:^|\/)(?:\.\.?|package[\w-]*\.json)(?:\/|$))[\w@.+~/-]{1,200}$/i;

async function writeProject(
  root: string,
  { root: record, packages }: VirtualProject,
): Promise<void> {
  await mkdir(root, { recursive: true });
  const workspaces = record.workspaces.filter((folder) =>
    PLAIN_FOLDER.test(folder),
  );
  const manifest = {
    ...manifestFields(record.relations),
    ...(record.overrides === null ? {} : { overrides: record.overrides }),
    workspaces,
  };
  // Arborist loses entries that come before the one they are installed in.
  const sorted = [...packages].toSorted(([a], [b]) => compareText(a, b));
  const entries = sorted.map(([location, entry]) => {
    const { name, version, relations, link } = entry;
    const fields = { name, version, ...manifestFields(relations) };
    return [
      location,
      link === null ? fields : { resolved: link, link: true },
    ] as const;
  });
  const lockfile = {
    lockfileVersion: 3,
    packages: { '': manifest, ...Object.fromEntries(entries) },
  };
  await writeJson(root, 'package.json', manifest);
  await writeJson(root, 'package-lock.json', lockfile);
  const written = new Map(entries);
  // Arborist takes only folders with a manifest for workspaces.
  for (const folder of workspaces) {
    await mkdir(join(root, folder), { recursive: true });
    await writeJson(join(root, folder), 'package.json', written.get(folder));
  }
}

async function writeJson(
  directory: string,
  name: string,
  content: unknown,
): Promise<void> {
  await writeFile(join(directory, name), JSON.stringify(content));
}

function manifestFields({ optionalPeers, ...maps }: Relations): object {
  const meta = optionalPeers.map((name) => [name, { optional: true }] as const);
  return {
    ...maps,
    peerDependenciesMeta: Object.fromEntries(meta),
    acceptDependencies: Object.fromEntries(inheritedNames(maps)),
  };
}

/**
 * Arborist looks each name up here and takes what the object inherits for an
 * answer, for a package called `constructor` say; own members come first.
 */
function inheritedNames(
  maps: Omit<Relations, 'optionalPeers'>,
): readonly (readonly [string, string])[] {
  return Object.values(maps)
    .flatMap((map) => Object.keys(map))
    .filter((name) => name in Object.prototype)
    .map((name) => [name, '*']);
}

function readNode(node: ArboristNode, asks: (spec: string) => Asks): NpmNode {
  return {
    location: node.location,
    target: node.isLink ? (node.target?.location ?? null) : null,
    // A link's are those of its target.
    edges: node.isLink
      ? []
      : [...node.edgesOut.values()].map((edge) => readEdge(edge, asks)),
  };
}

function readEdge(edge: ArboristEdge, asks: (spec: string) => Asks): NpmEdge {
  return {
    name: edge.name,
    type: edgeType(edge.type),
    asks: asks(edge.spec),
    to: edge.to?.location ?? null,
  };
}

function edgeType(type: string): NpmEdge['type'] {
  switch (type) {
    case 'dev':
    case 'optional':
    case 'peer':
    case 'peerOptional':
    case 'workspace':
      return type;
    // A kind unknown here must not take anything out of production.
    default:
      return 'prod';
  }
}

/** What most ask for, which takes npm's own parser a tenth of a millisecond. */
const PLAIN_RANGE = /^[~^]?\d{1,9}\.\d{1,9}\.\d{1,9}$/;

/** Classifies each specification once. */
function asker(npa: typeof NpmPackageArg): (spec: string) => Asks {
  const known = new Map<string, Asks>();
  return (spec) => {
    if (PLAIN_RANGE.test(spec)) return 'registry';
    const found = known.get(spec) ?? whatIsAsked(spec, npa);
    known.set(spec, found);
    return found;
  };
}

/** The name and the place it is asked from do not matter to the kind. */
function whatIsAsked(spec: string, npa: typeof NpmPackageArg): Asks {
  try {
    const { registry, type } = npa.resolve('package', spec, '/');
    if (registry === true) return 'registry';
    switch (type) {
      case 'git':
      case 'remote':
        return type;
      case 'file':
      case 'directory':
        return 'file';
      default:
        return 'unknown';
    }
  } catch {
    return 'unknown';
  }
}
