import { compareText } from '../package/package-id.js';

/** Something that one place of a graph asks for, and the place that answers it. */
export interface Edge {
  /** The name by which it is asked for, an alias as it may be. */
  readonly name: string;
  readonly type:
    'prod' | 'dev' | 'optional' | 'peer' | 'peerOptional' | 'workspace';
  /** Place of what answers it; null if nothing does. */
  readonly to: string | null;
}

/**
 * Who asks for whom, with the places that everything starts from. A place is
 * any text that is one thing in a lockfile; the root project's is `''`.
 */
export interface Graph<E extends Edge = Edge> {
  /** Sorted by name, then by where they lead, whatever order the file has. */
  readonly edges: ReadonlyMap<string, readonly E[]>;
  /** Where links lead, by their place. */
  readonly targets: ReadonlyMap<string, string>;
  /** The root project and its workspaces. */
  readonly tops: ReadonlySet<string>;
}

/** A workspace of a project. */
export interface Workspace {
  readonly name: string;
  /** The place of its folder. */
  readonly target: string;
}

/** The place an edge leads to, and where that leads if it is a link. */
export function arrivals(graph: Graph, edge: Edge): readonly string[] {
  if (edge.to === null) return [];
  const target = graph.targets.get(edge.to);
  return target === undefined ? [edge.to] : [edge.to, target];
}

/** The order of the edges of one place, by what they lead to. */
export function compareEdges(a: Edge, b: Edge): number {
  return (
    compareText(a.name, b.name) ||
    compareText(a.to ?? '', b.to ?? '') ||
    compareText(a.type, b.type)
  );
}
