import type { ReportDependency } from './report.js';

/**
 * Who needs whom, by position in the report's `dependencies`. Made of what the
 * lockfile says: it may have cycles, and things that nobody asks for.
 */
export interface DependencyGraph {
  /** What the root project asks for. */
  readonly root: readonly number[];
  /** What each dependency asks for, all in the order of the report. */
  readonly needs: readonly (readonly number[])[];
}

/** The graph that the members `requiredBy` of `dependencies` come to. */
export function toDependencyGraph(
  dependencies: readonly ReportDependency[],
): DependencyGraph {
  const positions = new Map(
    dependencies.map(({ locations }, index) => [locations[0], index]),
  );
  const root: number[] = [];
  const needs = dependencies.map((): number[] => []);
  for (const [index, { requiredBy }] of dependencies.entries()) {
    for (const place of requiredBy) {
      if (place === '') root.push(index);
      else needs[positions.get(place) ?? -1]?.push(index);
    }
  }
  return { root, needs };
}

/** A dependency at one place of the tree. */
export interface TreeNode {
  readonly index: number;
  /** 0 for what the root project asks for. */
  readonly depth: number;
  /** Whether nothing of the same parent follows it, for each depth up to its own. */
  readonly ends: readonly boolean[];
  /** What it needs is shown where it came first. */
  readonly isRepeated: boolean;
}

/**
 * The tree below `tops`, depth first: each place of each dependency once for
 * every one that asks for it, and what it needs only at the first. What is in
 * `shown` counts as shown, and all that comes up is added to it.
 */
export function* walkTree(
  { needs }: DependencyGraph,
  tops: readonly number[],
  shown: Set<number>,
): Generator<TreeNode, void> {
  // A stack of our own: a chain in a lockfile may have 200,000 links.
  const open = [{ list: tops, next: 0 }];
  const ends: boolean[] = [];
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const index = level.list[level.next];
    if (index === undefined) {
      open.pop();
      ends.pop();
      continue;
    }
    level.next += 1;
    ends[open.length - 1] = level.next === level.list.length;
    const list = needs[index] ?? [];
    const isRepeated = shown.has(index);
    shown.add(index);
    yield {
      index,
      depth: open.length - 1,
      ends,
      isRepeated: isRepeated && list.length > 0,
    };
    if (!isRepeated && list.length > 0) open.push({ list, next: 0 });
  }
}

/**
 * Each dependency below the one that is nearest to the root, so that it is in
 * the tree exactly once: the position of its parent, or null at the top, where
 * what nobody asks for is too.
 */
export function nearestParents({
  root,
  needs,
}: DependencyGraph): readonly (number | null)[] {
  const parents: (number | null)[] = needs.map(() => null);
  const reached = new Set<number>();
  // A set hands out what is added to it while it is walked through.
  const visit = (top: number): void => {
    reached.add(top);
  };
  root.forEach(visit);
  const spread = (): void => {
    for (const from of reached) {
      for (const to of needs[from] ?? []) {
        if (reached.has(to)) continue;
        parents[to] = from;
        reached.add(to);
      }
    }
  };
  spread();
  for (const index of needs.keys()) {
    if (reached.has(index)) continue;
    visit(index);
    spread();
  }
  return parents;
}
