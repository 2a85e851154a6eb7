import { comparePackageIds, compareText } from '../package/package-id.js';
import type { PackageId } from '../package/package-id.js';
import type { Dependency, Origin } from './dependency.js';
import { edgesByTarget, reachable } from './graph.js';
import type { Edge, Graph, Workspace } from './graph.js';
import { invalidLockfile } from './lockfile-source.js';
import type { LockfileSource } from './lockfile-source.js';
import { findOmissions, kindsOf } from './omission.js';
import { mergePaths, shortestPaths } from './shortest-paths.js';
import type { DependencyPath } from './shortest-paths.js';
import { findRequirers } from './requirers.js';
import { findWorkspaces, type WorkspacesOf } from './workspaces.js';

/** One entry of a lockfile of any format, judged. Claimed. */
export interface Entry {
  /** Its key in the lockfile, or where it is installed. No two share one. */
  readonly location: string;
  /** Its places in the graph: one, or one for each set of peers. */
  readonly nodes: readonly string[];
  readonly id: PackageId;
  /** Names under which it is installed, where they differ from its own. */
  readonly aliases: readonly string[];
  readonly integrity: string | null;
  /** See `Dependency`. */
  readonly archiveChecksum?: string;
  readonly origin: Origin;
  readonly patched: boolean;
}

/** The entries of a lockfile and who asks for whom. */
export interface EntryGraph {
  readonly entries: readonly Entry[];
  readonly graph: Graph;
  readonly workspaces: readonly Workspace[];
  readonly rootName: string;
}

/**
 * Puts entries that are the same package version from the same origin together.
 * Each entry is in exactly one dependency, and their order does not matter.
 *
 * Production, direct, optional, omissions, paths and workspaces come from the
 * graph alone. What nothing depends on counts as production. A graph too large
 * to say it is an `AuditError`: `LOCKFILE_INVALID`.
 */
export function joinEntries(
  { entries, graph, workspaces, rootName }: EntryGraph,
  source: LockfileSource,
): readonly Dependency[] {
  const groups = groupEntries(entries);
  const reach = {
    ...readReach(graph, rootName),
    requirers: findRequirersOf(groups, graph),
    workspacesOf: findWorkspaces(graph, workspaces, (why) => {
      throw invalidLockfile(`${source.path}: ${why}`);
    }),
  };
  return [...groups]
    .map(([key, group]) => ({ key, value: join(group, reach, source) }))
    .toSorted(
      (a, b) =>
        comparePackageIds(a.value.id, b.value.id) ||
        compareText(a.value.origin.kind, b.value.origin.kind) ||
        compareText(a.key, b.key),
    )
    .map(({ value }) => value);
}

/** Those that are one dependency, each group by its first location. */
function groupEntries(
  entries: readonly Entry[],
): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = groupKey(entry);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return new Map(
    [...groups].map(([key, group]) => [
      key,
      group.toSorted((a, b) => compareText(a.location, b.location)),
    ]),
  );
}

/** By the first location of what is asked for, as of who asks. */
function findRequirersOf(
  groups: ReadonlyMap<string, readonly Entry[]>,
  graph: Graph,
): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string>();
  for (const group of groups.values()) {
    const name = group[0]?.location ?? '';
    for (const { nodes } of group) {
      for (const node of nodes) names.set(node, name);
    }
  }
  return findRequirers(graph, (place) => names.get(place));
}

/** What the graph says of its places. */
interface Reach {
  readonly all: ReadonlySet<string>;
  readonly production: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
  readonly direct: ReadonlySet<string>;
  readonly omissionsOf: ReturnType<typeof findOmissions>;
  readonly paths: ReadonlyMap<string, readonly DependencyPath[]>;
}

function readReach(graph: Graph, rootName: string): Reach {
  const without = (left: (edge: Edge) => boolean): ReadonlySet<string> =>
    reachable(graph, (edge) => !left(edge));
  return {
    all: without(() => false),
    production: without(({ type }) => type === 'dev'),
    required: without(
      ({ type }) => type === 'optional' || type === 'peerOptional',
    ),
    direct: directPlaces(graph),
    omissionsOf: findOmissions((omission) =>
      without(({ type }) => kindsOf(type).some((k) => omission.includes(k))),
    ),
    paths: shortestPaths(graph, rootName),
  };
}

function directPlaces(graph: Graph): ReadonlySet<string> {
  const places = [...edgesByTarget(graph)].flatMap(([place, edges]) =>
    edges.some(({ isDirect }) => isDirect) ? [place] : [],
  );
  return new Set(places);
}

function groupKey({ id, origin, integrity, archiveChecksum }: Entry): string {
  const { kind, resolved } = origin;
  const pins = [integrity, archiveChecksum];
  return JSON.stringify([id.name, id.version, kind, resolved, ...pins]);
}

function join(
  sorted: readonly Entry[],
  reach: Reach & {
    readonly requirers: ReadonlyMap<string, readonly string[]>;
    readonly workspacesOf: WorkspacesOf;
  },
  source: LockfileSource,
): Dependency {
  const [first] = sorted;
  if (first === undefined) throw new Error('a group without an entry');
  const { id, integrity, archiveChecksum, origin, location } = first;
  const nodes = sorted.flatMap((entry) => entry.nodes);
  const isLoose = (node: string): boolean => !reach.all.has(node);
  const place = source.places.get(location);
  return {
    id,
    aliases: [...new Set(sorted.flatMap(({ aliases }) => aliases))].toSorted(
      compareText,
    ),
    integrity,
    ...(archiveChecksum !== undefined && { archiveChecksum }),
    origin,
    locations: sorted.map((entry) => entry.location),
    production: nodes.some(
      (node) => isLoose(node) || reach.production.has(node),
    ),
    direct: nodes.some((node) => reach.direct.has(node)),
    optional: nodes.every(
      (node) => !isLoose(node) && !reach.required.has(node),
    ),
    omittedBy: reach.omissionsOf(nodes),
    paths: mergePaths(nodes.flatMap((node) => reach.paths.get(node) ?? [])),
    requiredBy: reach.requirers.get(location) ?? [],
    workspaces: reach.workspacesOf(nodes),
    patched: sorted.some(({ patched }) => patched),
    line: place?.line ?? null,
    column: place?.column ?? null,
  };
}
