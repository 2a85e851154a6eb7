import type { Arrows } from './arrows.js';
import { compareText } from '../package/package-id.js';

/** Paths kept for one dependency. */
const MAX_PATHS = 5;
/** Longest path kept: a chain of many thousand entries costs no memory. */
const MAX_STEPS = 100;

/** A way from the root, as installed names: `['my-app', 'a', 'b']`. */
export type DependencyPath = readonly string[];

/** Says which are the shortest ways to places that are one package. */
export type PathsTo = (places: readonly number[]) => readonly DependencyPath[];

/** Steps of ways, by number; step 0 is the root's. */
interface Steps {
  readonly place: Uint32Array;
  /** The arrow that it goes along, and the step before. */
  readonly arrow: Uint32Array;
  readonly previous: Uint32Array;
  readonly length: Uint8Array;
  /** Those that end at a place: at most five each. */
  readonly endsAt: Uint32Array;
  readonly count: Uint8Array;
}

/**
 * The shortest ways to each place, at most five, none through the same
 * place twice, none longer than 100 steps. The same for the same graph.
 */
export function shortestPaths(arrows: Arrows, rootName: string): PathsTo {
  const steps = findSteps(arrows);
  const { arrow, previous, length, endsAt, count } = steps;
  const namesOf = (step: number): DependencyPath => {
    const names = new Array<string>(length[step] ?? 0).fill(rootName);
    let at = step;
    for (let index = names.length - 1; index > 0; index -= 1) {
      names[index] = arrows.names[arrow[at] ?? 0] ?? '';
      at = previous[at] ?? 0;
    }
    return names;
  };
  return (places) =>
    mergePaths(
      places.flatMap((place) => {
        const first = place * MAX_PATHS;
        const ends = endsAt.subarray(first, first + (count[place] ?? 0));
        return Array.from(ends, namesOf);
      }),
    );
}

/** Breadth first, so that each place fills up with the shortest ways first. */
function findSteps({ starts, targets }: Arrows): Steps {
  const places = starts.length - 1;
  const most = places * MAX_PATHS + 1;
  const steps = {
    place: new Uint32Array(most),
    arrow: new Uint32Array(most),
    previous: new Uint32Array(most),
    length: new Uint8Array(most),
    endsAt: new Uint32Array(most),
    count: new Uint8Array(places),
  };
  steps.length[0] = 1;
  let made = 1;
  for (let step = 0; step < made; step += 1) {
    const length = steps.length[step] ?? 0;
    if (length === MAX_STEPS) break;
    const from = steps.place[step] ?? 0;
    const end = starts[from + 1] ?? 0;
    for (let arrow = starts[from] ?? end; arrow < end; arrow += 1) {
      const to = targets[arrow] ?? 0;
      const known = steps.count[to] ?? 0;
      if (known === MAX_PATHS || passes(steps, step, to)) continue;
      steps.place[made] = to;
      steps.arrow[made] = arrow;
      steps.previous[made] = step;
      steps.length[made] = length + 1;
      steps.endsAt[to * MAX_PATHS + known] = made;
      steps.count[to] = known + 1;
      made += 1;
    }
  }
  return steps;
}

function passes(
  { place, previous }: Steps,
  step: number,
  sought: number,
): boolean {
  let at = step;
  while (place[at] !== sought) {
    if (at === 0) return false;
    at = previous[at] ?? 0;
  }
  return true;
}

/** The shortest of several, without repetition. */
function mergePaths(
  paths: readonly DependencyPath[],
): readonly DependencyPath[] {
  if (paths.length < 2) return paths;
  const sorted = paths.toSorted(comparePaths);
  return sorted
    .filter((path, index) => {
      const before = sorted[index - 1];
      return before === undefined || comparePaths(before, path) !== 0;
    })
    .slice(0, MAX_PATHS);
}

function comparePaths(a: DependencyPath, b: DependencyPath): number {
  if (a.length !== b.length) return a.length - b.length;
  const differs = a.findIndex((name, index) => name !== b[index]);
  return differs === -1 ? 0 : compareText(a[differs] ?? '', b[differs] ?? '');
}
