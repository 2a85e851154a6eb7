import { arrivals, type Graph } from './graph.js';
import { compareText } from '../package/package-id.js';

/** Paths kept for one dependency. */
const MAX_PATHS = 5;
/** Longest path kept: a chain of many thousand entries costs no memory. */
const MAX_STEPS = 100;

/** A way from the root, as installed names: `['my-app', 'a', 'b']`. */
export type DependencyPath = readonly string[];

interface Step {
  readonly place: string;
  readonly name: string;
  readonly length: number;
  readonly previous: Step | null;
}

/**
 * The shortest ways to each place, at most five, none through the same
 * place twice, none longer than 100 steps. The same for the same graph.
 */
export function shortestPaths(
  graph: Graph,
  rootName: string,
): ReadonlyMap<string, readonly DependencyPath[]> {
  const found = new Map<string, Step[]>();
  const queue: Step[] = [
    { place: '', name: rootName, length: 1, previous: null },
  ];
  // Breadth first, so that each list fills up with the shortest ways first.
  for (const step of queue) {
    if (step.length === MAX_STEPS) continue;
    for (const edge of graph.edges.get(step.place) ?? []) {
      for (const place of arrivals(graph, edge)) {
        const known = found.get(place) ?? [];
        if (known.length === MAX_PATHS || passes(step, place)) continue;
        const next = {
          place,
          name: edge.name,
          length: step.length + 1,
          previous: step,
        };
        found.set(place, [...known, next]);
        queue.push(next);
      }
    }
  }
  return new Map(
    [...found].map(([place, steps]) => [place, steps.map(namesOf)]),
  );
}

/** The shortest of several lists together, without repetition. */
export function mergePaths(
  paths: readonly DependencyPath[],
): readonly DependencyPath[] {
  const distinct = new Map(paths.map((path) => [JSON.stringify(path), path]));
  return [...distinct]
    .toSorted(
      ([textA, a], [textB, b]) =>
        a.length - b.length || compareText(textA, textB),
    )
    .slice(0, MAX_PATHS)
    .map(([, path]) => path);
}

function passes(step: Step, place: string): boolean {
  for (let at: Step | null = step; at !== null; at = at.previous) {
    if (at.place === place) return true;
  }
  return false;
}

function namesOf(step: Step): DependencyPath {
  const names: string[] = [];
  for (let at: Step | null = step; at !== null; at = at.previous) {
    names.push(at.name);
  }
  return names.toReversed();
}
