import { compareText } from '../package/package-id.js';
import type { NpmEdge, NpmTree } from './npm-tree.js';

/** Who asks for whom, with the places that everything starts from. */
export interface NpmGraph {
  /** Sorted by name, then by where they lead, whatever order the file has. */
  readonly edges: ReadonlyMap<string, readonly NpmEdge[]>;
  /** Where links lead, by their location. */
  readonly targets: ReadonlyMap<string, string>;
  /** The root project and its workspaces. */
  readonly tops: ReadonlySet<string>;
}

/** A workspace, by the locations the lockfile claims for it. */
export interface WorkspaceLink {
  readonly name: string;
  /** The link in `node_modules`. */
  readonly location: string;
  /** The folder. */
  readonly target: string;
}

/**
 * Adds to npm's tree what it may lack: an edge from the root to each workspace
 * and, if nobody knows what the root asks for, one to each entry of `locations`
 * that nothing else asks for. That counts them as production.
 */
export function buildNpmGraph(
  tree: NpmTree,
  workspaces: readonly WorkspaceLink[],
  orphans: readonly string[] | null,
): NpmGraph {
  const edges = new Map(tree.nodes.map((node) => [node.location, node.edges]));
  const rootEdges = edges.get('') ?? [];
  const asked = new Set(
    [...edges.values()].flatMap((list) => list.map(({ to }) => to)),
  );
  const adopted = orphans?.filter((location) => !asked.has(location)) ?? [];
  edges.set('', [
    ...rootEdges,
    ...workspaces.map(({ name, location }) => workspaceEdge(name, location)),
    ...adopted.map((location) => adoptingEdge(location)),
  ]);
  for (const [location, list] of edges) {
    edges.set(location, list.toSorted(compareEdges));
  }
  return {
    edges,
    targets: new Map(
      tree.nodes.flatMap(({ location, target }) =>
        target === null ? [] : [[location, target]],
      ),
    ),
    tops: new Set(['', ...workspaces.map(({ target }) => target)]),
  };
}

/** Edges into each location; those into a link are also into its target. */
export function edgesByTarget(
  graph: NpmGraph,
): ReadonlyMap<string, readonly IncomingEdge[]> {
  const incoming = new Map<string, IncomingEdge[]>();
  for (const [from, edges] of graph.edges) {
    for (const edge of edges) {
      for (const location of arrivals(graph, edge)) {
        const list = incoming.get(location) ?? [];
        list.push({ edge, isDirect: graph.tops.has(from) });
        incoming.set(location, list);
      }
    }
  }
  return incoming;
}

/** An edge, seen from the location it leads to. */
export interface IncomingEdge {
  readonly edge: NpmEdge;
  /** It comes from the root project or one of its workspaces. */
  readonly isDirect: boolean;
}

/** Every location that edges with `follows` lead to from root and workspaces. */
export function reachable(
  graph: NpmGraph,
  follows: (edge: NpmEdge) => boolean,
): ReadonlySet<string> {
  const reached = new Set(['']);
  // A set hands out what is added to it while it is walked through.
  for (const from of reached) {
    for (const edge of graph.edges.get(from) ?? []) {
      if (!follows(edge)) continue;
      for (const location of arrivals(graph, edge)) reached.add(location);
    }
  }
  return reached;
}

/** The location an edge leads to, and where that leads if it is a link. */
export function arrivals(graph: NpmGraph, edge: NpmEdge): readonly string[] {
  if (edge.to === null) return [];
  const target = graph.targets.get(edge.to);
  return target === undefined ? [edge.to] : [edge.to, target];
}

function workspaceEdge(name: string, to: string): NpmEdge {
  return { name, type: 'workspace', asks: 'file', to };
}

function adoptingEdge(to: string): NpmEdge {
  const name = to.slice(to.lastIndexOf('node_modules/') + 13);
  return { name, type: 'prod', asks: 'unknown', to };
}

function compareEdges(a: NpmEdge, b: NpmEdge): number {
  return (
    compareText(a.name, b.name) ||
    compareText(a.to ?? '', b.to ?? '') ||
    compareText(a.type, b.type)
  );
}
