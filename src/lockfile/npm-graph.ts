import { compareEdges, type Graph, type Workspace } from './graph.js';
import { parseNpmLocation } from './npm-location.js';
import type { NpmEdge, NpmTree } from './npm-tree.js';

/** A graph with npm's reading of what each edge asks for. */
export type NpmGraph = Graph<NpmEdge>;

/** A workspace, by the locations the lockfile claims for it. */
export interface WorkspaceLink extends Workspace {
  /** The link in `node_modules`. */
  readonly location: string;
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
  const targets = new Map(
    tree.nodes.flatMap(({ location, target }) =>
      target === null ? [] : [[location, target]],
    ),
  );
  const asked = new Set([
    ...targets.values(),
    ...[...edges.values()].flatMap((list) => list.map(({ to }) => to)),
  ]);
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
    targets,
    tops: new Set(['', ...workspaces.map(({ target }) => target)]),
  };
}

function workspaceEdge(name: string, to: string): NpmEdge {
  return { name, type: 'workspace', asks: 'file', to };
}

function adoptingEdge(to: string): NpmEdge {
  const name = parseNpmLocation(to)?.installedName ?? to;
  return { name, type: 'prod', asks: 'unknown', to };
}
