import { arrivals, type Graph } from './graph.js';
import { bitsOf, EVERY_COMBINATION } from './omission.js';

/**
 * A graph in numbers, for what walks through all of it: places by their index,
 * the root's is 0. An edge into a link makes two arrows, one to its target.
 */
export interface Arrows {
  readonly indexOf: ReadonlyMap<string, number>;
  /** Those of a place are from its start up to that of the next place. */
  readonly starts: Uint32Array;
  /** Of each arrow, in the order of the edges. */
  readonly targets: Uint32Array;
  /** What leaves it out, as bits: see `bitsOf`. */
  readonly omissions: Uint8Array;
  readonly names: readonly string[];
}

/** Counts through the places of `graph`, the order of its edges kept. */
export function toArrows(graph: Graph): Arrows {
  const indexOf = new Map([['', 0]]);
  for (const place of graph.edges.keys()) {
    if (!indexOf.has(place)) indexOf.set(place, indexOf.size);
  }
  const targets: number[] = [];
  const omissions: number[] = [];
  const names: string[] = [];
  const starts: number[] = [];
  // A map hands out what is added to it while it is walked through.
  for (const from of indexOf.keys()) {
    starts.push(targets.length);
    for (const edge of graph.edges.get(from) ?? []) {
      for (const place of arrivals(graph, edge)) {
        const known = indexOf.get(place);
        if (known === undefined) indexOf.set(place, indexOf.size);
        targets.push(known ?? indexOf.size - 1);
        omissions.push(bitsOf(edge.type));
        names.push(edge.name);
      }
    }
  }
  return {
    ...{ indexOf, names },
    starts: Uint32Array.from([...starts, targets.length]),
    targets: Uint32Array.from(targets),
    omissions: Uint8Array.from(omissions),
  };
}

/**
 * For each place under which combinations it is reached from the root: bit `n`
 * of its number says it of the one whose bits are `n`, bit 0 so of leaving out
 * nothing.
 */
export function reachedUnder(arrows: Arrows): Uint8Array {
  const reached = new Uint8Array(arrows.starts.length - 1);
  for (const omission of EVERY_COMBINATION) {
    markReached(arrows, omission, reached);
  }
  return reached;
}

function markReached(
  { starts, targets, omissions }: Arrows,
  omission: number,
  reached: Uint8Array,
): void {
  const mark = 1 << omission;
  reached[0] = (reached[0] ?? 0) | mark;
  const open = [0];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    const end = starts[from + 1] ?? 0;
    for (let arrow = starts[from] ?? end; arrow < end; arrow += 1) {
      const to = targets[arrow] ?? 0;
      const before = reached[to] ?? 0;
      const isLeftOut = ((omissions[arrow] ?? 0) & omission) !== 0;
      if (isLeftOut || (before & mark) !== 0) continue;
      reached[to] = before | mark;
      open.push(to);
    }
  }
}

/** Marks each place to which one of `tops` has an arrow. */
export function askedForBy(
  { indexOf, starts, targets }: Arrows,
  tops: ReadonlySet<string>,
): Uint8Array {
  const asked = new Uint8Array(starts.length - 1);
  for (const top of tops) {
    const from = indexOf.get(top);
    if (from === undefined) continue;
    for (const to of targets.subarray(starts[from], starts[from + 1])) {
      asked[to] = 1;
    }
  }
  return asked;
}
