import { comparePackageIds, compareText } from '../package/package-id.js';
import type { Dependency, OriginKind } from './dependency.js';
import { invalidLockfile, quote, refuseEntry } from './lockfile-source.js';
import type { LockfileSource } from './lockfile-source.js';
import { bundledLocations } from './npm-bundled.js';
import type { NpmEntries, NpmEntry } from './npm-entry.js';
import { isExactVersion, isPackageName } from './npm-grammar.js';
import { buildNpmGraph, edgesByTarget, reachable } from './npm-graph.js';
import type { IncomingEdge, NpmGraph, WorkspaceLink } from './npm-graph.js';
import { originKind } from './npm-origin.js';
import { mergePaths, shortestPaths } from './npm-paths.js';
import type { DependencyPath } from './npm-paths.js';
import type { NpmTree } from './npm-tree.js';
import { findOmissions, kindsOf } from './omission.js';
import { findWorkspaces, type WorkspacesOf } from './npm-workspaces.js';

const MAX_UNAUDITED_TEXT = 512;

/** A lockfile's entries with the tree that npm makes of them. Claimed. */
export interface NpmInput {
  readonly lockfile: NpmEntries;
  readonly tree: NpmTree;
  readonly workspaces: readonly WorkspaceLink[];
  /** Neither manifest nor lockfile says what the root asks for. */
  readonly isRootUnknown: boolean;
  readonly rootName: string;
}

/**
 * Judges each entry and puts those that are the same package version from the
 * same origin together. Each entry is in exactly one dependency.
 *
 * Production, direct, optional and paths come from the graph; the flags `dev`,
 * `optional` and `peer` of the file are not read. What nothing depends on
 * counts as production. Without a word on what the root asks for, what nothing
 * else asks for counts as asked for by the root, and so as production.
 *
 * An entry that cannot be judged is an `AuditError`: `LOCKFILE_INVALID`.
 */
export function npmDependencies(
  input: NpmInput,
  source: LockfileSource,
): readonly Dependency[] {
  const { entries } = input.lockfile;
  const orphans = input.isRootUnknown ? [...entries.keys()] : null;
  const graph = buildNpmGraph(input.tree, input.workspaces, orphans);
  const incoming = edgesByTarget(graph);
  const bundled = bundledLocations(entries, graph);
  const reach = readReach(graph, input.rootName);
  const workspacesOf = findWorkspaces(graph, input.workspaces, (why) => {
    throw invalidLockfile(`${source.path}: ${why}`);
  });
  const groups = new Map<string, Placed[]>();
  for (const entry of entries.values()) {
    const edges = incoming.get(entry.location) ?? [];
    const kind = originKind(entry, edges, bundled.has(entry.location));
    if (kind === null) {
      const found = `resolved ${quote(entry.resolved)}`;
      refuseEntry(source, entry.location, `no known origin: ${found}`);
    }
    refuseGrammar(entry, kind, source);
    const placed = { entry, kind, edges };
    const key = groupKey(placed);
    const group = groups.get(key) ?? [];
    group.push(placed);
    groups.set(key, group);
  }
  return [...groups]
    .map(([key, group]) => ({
      key,
      value: join(group, { ...reach, workspacesOf }, source),
    }))
    .toSorted(
      (a, b) =>
        comparePackageIds(a.value.id, b.value.id) ||
        compareText(a.value.origin.kind, b.value.origin.kind) ||
        compareText(a.key, b.key),
    )
    .map(({ value }) => value);
}

interface Placed {
  readonly entry: NpmEntry;
  readonly kind: OriginKind;
  readonly edges: readonly IncomingEdge[];
}

interface Reach {
  readonly all: ReadonlySet<string>;
  readonly production: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
  readonly omissionsOf: ReturnType<typeof findOmissions>;
  readonly paths: ReadonlyMap<string, readonly DependencyPath[]>;
}

function readReach(graph: NpmGraph, rootName: string): Reach {
  return {
    all: reachable(graph, () => true),
    production: reachable(graph, ({ type }) => type !== 'dev'),
    required: reachable(
      graph,
      ({ type }) => type !== 'optional' && type !== 'peerOptional',
    ),
    omissionsOf: findOmissions((omission) =>
      reachable(
        graph,
        ({ type }) => !kindsOf(type).some((kind) => omission.includes(kind)),
      ),
    ),
    paths: shortestPaths(graph, rootName),
  };
}

function groupKey({ entry, kind }: Placed): string {
  const { name, version, integrity, resolved } = entry;
  return JSON.stringify([name, version, kind, resolved, integrity]);
}

function join(
  group: readonly Placed[],
  reach: Reach & { readonly workspacesOf: WorkspacesOf },
  source: LockfileSource,
): Dependency {
  const sorted = group.toSorted((a, b) =>
    compareText(a.entry.location, b.entry.location),
  );
  const [first] = sorted;
  if (first === undefined) throw new Error('a group without an entry');
  const { entry, kind } = first;
  const locations = sorted.map(({ entry: { location } }) => location);
  const isLoose = (location: string): boolean => !reach.all.has(location);
  return {
    id: { name: entry.name, version: entry.version },
    aliases: aliasesOf(sorted),
    integrity: entry.integrity,
    origin: { kind, resolved: entry.resolved },
    locations,
    production: locations.some(
      (location) => isLoose(location) || reach.production.has(location),
    ),
    direct: group.some(({ edges }) => edges.some(({ isDirect }) => isDirect)),
    optional: locations.every(
      (location) => !isLoose(location) && !reach.required.has(location),
    ),
    omittedBy: reach.omissionsOf(locations),
    paths: mergePaths(
      locations.flatMap((location) => reach.paths.get(location) ?? []),
    ),
    workspaces: reach.workspacesOf(locations),
    patched: sorted.some(({ entry: { patched } }) => patched),
    line: source.lines.get(entry.location) ?? null,
  };
}

function aliasesOf(group: readonly Placed[]): readonly string[] {
  const names = group.flatMap(({ entry: { installedName, name } }) =>
    installedName === null || installedName === name ? [] : [installedName],
  );
  return [...new Set(names)].toSorted(compareText);
}

/**
 * What is asked of a registry must be a name and a version in npm's grammar
 * (SECURITY.md C3), and nothing is installed under another kind of name. The
 * rest is only shown.
 */
function refuseGrammar(
  entry: NpmEntry,
  kind: OriginKind,
  source: LockfileSource,
): void {
  const { location, installedName, name, version } = entry;
  const refuse = (what: string, found: string): never =>
    refuseEntry(source, location, `expected ${what}, found ${quote(found)}`);
  if (installedName !== null && !isPackageName(installedName)) {
    refuse('a package name', installedName);
  }
  if (kind !== 'registry') {
    if (name.length > MAX_UNAUDITED_TEXT) refuse('a package name', name);
    if (version.length > MAX_UNAUDITED_TEXT) refuse('a version', version);
    return;
  }
  if (!isPackageName(name)) refuse('a package name', name);
  // npm 5 wrote peer dependencies that are not installed without any data.
  if (!entry.isBlank && !isExactVersion(version)) {
    refuse('an exact version', version);
  }
}
