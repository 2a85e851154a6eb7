import { arrivals } from './graph.js';
import type { NpmGraph } from './npm-graph.js';
import type { Asks } from './npm-tree.js';

/**
 * What all who ask for an entry ask for, as bits: each kind but `unknown`, and
 * whether the project itself asks for a version of a registry.
 */
export type Asked = number;

const BITS = { registry: 1, git: 2, remote: 4, file: 8, unknown: 0 } as const;
const BY_PROJECT = 16;

/** Says it of each location that is asked for; of a link's target too. */
export function askedByLocation(graph: NpmGraph): ReadonlyMap<string, Asked> {
  const byLocation = new Map<string, Asked>();
  for (const [from, edges] of graph.edges) {
    const isProject = graph.tops.has(from);
    for (const edge of edges) {
      const isDirect = isProject && edge.asks === 'registry';
      const asked = BITS[edge.asks] | (isDirect ? BY_PROJECT : 0);
      for (const place of arrivals(graph, edge)) {
        byLocation.set(place, (byLocation.get(place) ?? 0) | asked);
      }
    }
  }
  return byLocation;
}

/** Whether the project itself asks for a version of a registry. */
export function isRegistryByProject(asked: Asked): boolean {
  return (asked & BY_PROJECT) !== 0;
}

/** Whether somebody asks for it, and all for that, as far as it is known. */
export function isOnly(asked: Asked, kind: Exclude<Asks, 'unknown'>): boolean {
  return (asked & ~BY_PROJECT) === BITS[kind];
}

/** Whether it is not known of anybody what it asks for. */
export function isUnknown(asked: Asked): boolean {
  return asked === 0;
}
