import { comparePackageIds, compareText } from '../package/package-id.js';
import type { PackageId } from '../package/package-id.js';
import type { Dependency, Origin } from './dependency.js';
import { askedForBy, reachedUnder, toArrows, type Arrows } from './arrows.js';
import type { Graph, Workspace } from './graph.js';
import { invalidLockfile } from './lockfile-source.js';
import type { LockfileSource } from './lockfile-source.js';
import { isReached, isReachedWithout, omissionsOf } from './omission.js';
import { findRequirers } from './requirers.js';
import { shortestPaths, type PathsTo } from './shortest-paths.js';
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
  /** See `Dependency`. */
  readonly conditions?: string;
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
      group.length === 1
        ? group
        : group.toSorted((a, b) => compareText(a.location, b.location)),
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
  readonly arrows: Arrows;
  readonly reached: Uint8Array;
  readonly direct: Uint8Array;
  readonly pathsTo: PathsTo;
}

function readReach(graph: Graph, rootName: string): Reach {
  const arrows = toArrows(graph);
  return {
    arrows,
    reached: reachedUnder(arrows),
    direct: askedForBy(arrows, graph.tops),
    pathsTo: shortestPaths(arrows, rootName),
  };
}

function groupKey({ id, origin, integrity, archiveChecksum }: Entry): string {
  const { kind, resolved } = origin;
  const pins = [integrity, archiveChecksum];
  return JSON.stringify([id.name, id.version, kind, resolved, ...pins]);
}

/** Of the package, if all its entries are limited so. */
function conditionsOf(
  entries: readonly Entry[],
): Pick<Dependency, 'conditions'> {
  const all = entries.flatMap(({ conditions }) => conditions ?? []);
  const [conditions] = all;
  const isLimited = conditions !== undefined && all.length === entries.length;
  return isLimited ? { conditions } : {};
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
  const places = nodes.flatMap((node) => reach.arrows.indexOf.get(node) ?? []);
  const isLoose =
    places.length < nodes.length ||
    places.some((at) => !isReached(reach.reached[at] ?? 0));
  const reached = places.reduce((sum, at) => sum | (reach.reached[at] ?? 0), 0);
  const place = source.places.get(location);
  return {
    id,
    aliases: sortedOnce(sorted.flatMap(({ aliases }) => aliases)),
    integrity,
    ...(archiveChecksum !== undefined && { archiveChecksum }),
    ...conditionsOf(sorted),
    origin,
    locations: sorted.map((entry) => entry.location),
    production: isLoose || isReachedWithout(reached, 'dev'),
    direct: places.some((at) => reach.direct[at] === 1),
    optional: !isLoose && !isReachedWithout(reached, 'optional'),
    omittedBy: isLoose ? [] : omissionsOf(reached),
    paths: reach.pathsTo(places),
    requiredBy: reach.requirers.get(location) ?? [],
    workspaces: reach.workspacesOf(nodes),
    patched: sorted.some(({ patched }) => patched),
    line: place?.line ?? null,
    column: place?.column ?? null,
  };
}

function sortedOnce(texts: readonly string[]): readonly string[] {
  return texts.length < 2 ? texts : [...new Set(texts)].toSorted(compareText);
}
