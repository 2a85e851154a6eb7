import { compareText } from '../package/package-id.js';
import { arrivals, type Graph, type Workspace } from './graph.js';
import type { Refuse } from './read-fields.js';

/** Projects have some thousands at most; sets of them take memory per entry. */
export const MAX_WORKSPACES = 4096;
/** Names in all lists together: none but a contrived graph has so many. */
const MAX_NAMES = 10_000_000;

/** The workspaces from which any of `places` is reached, sorted by name. */
export type WorkspacesOf = (places: readonly string[]) => readonly string[];

/**
 * Finds from which workspaces each place is reached, over any kind of edge;
 * a workspace is reached from itself. What only the root project asks for is
 * reached from none. What cannot be said in bounded memory is refused, here or
 * by the function returned: a list cut off would let packages escape rules.
 *
 * Every edge is followed a fixed number of times: sets of workspaces are passed
 * on from each component of the graph to the next.
 */
export function findWorkspaces(
  graph: Graph,
  workspaces: readonly Workspace[],
  refuse: Refuse,
): WorkspacesOf {
  if (workspaces.length === 0) return () => [];
  if (workspaces.length > MAX_WORKSPACES) {
    return refuse(`more than ${MAX_WORKSPACES} workspaces`);
  }
  const sorted = workspaces.toSorted((a, b) => compareText(a.name, b.name));
  // Each workspace is one bit.
  const own = new Map(
    sorted.map(({ target }, index) => [target, 1n << BigInt(index)]),
  );
  const reached = passOn(neighbours(graph), own);
  const names = sorted.map(({ name }) => name);
  // By text: bigints are hashed by their lowest digits only, so that sets which
  // agree in them would make a map of them slow.
  const lists = new Map<string, readonly string[]>();
  let total = 0;
  return (places) => {
    const bits = places.reduce((sum, at) => sum | (reached.get(at) ?? 0n), 0n);
    const key = bits.toString(16);
    const known = lists.get(key);
    if (known !== undefined) return known;
    const list = readBits(bits, names);
    total += list.length;
    if (total > MAX_NAMES) return refuse('too many workspaces share too much');
    lists.set(key, list);
    return list;
  };
}

/** The places before and behind each one. */
interface Neighbours {
  readonly next: ReadonlyMap<string, readonly string[]>;
  readonly previous: ReadonlyMap<string, readonly string[]>;
}

function neighbours(graph: Graph): Neighbours {
  const next = new Map<string, readonly string[]>();
  const previous = new Map<string, string[]>();
  for (const [from, edges] of graph.edges) {
    const list = edges.flatMap((edge) => arrivals(graph, edge));
    next.set(from, list);
    for (const to of list) {
      const known = previous.get(to);
      if (known === undefined) previous.set(to, [from]);
      else known.push(from);
    }
  }
  return { next, previous };
}

/**
 * For each place the bits of all from which it is reached. Source: the
 * strongly connected components of Kosaraju and Sharir, which come in an order
 * in which none is reached from a later one.
 */
function passOn(
  { next, previous }: Neighbours,
  own: ReadonlyMap<string, bigint>,
): ReadonlyMap<string, bigint> {
  const reached = new Map<string, bigint>();
  for (const start of finishOrder(next).toReversed()) {
    if (reached.has(start)) continue;
    const component = new Set([start]);
    let bits = 0n;
    // A set hands out what is added to it while it is walked through.
    for (const member of component) {
      bits |= own.get(member) ?? 0n;
      for (const before of previous.get(member) ?? []) {
        const earlier = reached.get(before);
        if (earlier === undefined) component.add(before);
        else bits |= earlier;
      }
    }
    for (const member of component) reached.set(member, bits);
  }
  return reached;
}

/** Every place, after all that it leads to but by way of a cycle. */
function finishOrder(
  next: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  for (const start of next.keys()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const open = [{ place: start, at: 0 }];
    // No recursion: a chain may be as long as the lockfile.
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const to = next.get(top.place)?.[top.at];
      top.at += 1;
      if (to === undefined) {
        order.push(top.place);
        open.pop();
      } else if (!seen.has(to)) {
        seen.add(to);
        open.push({ place: to, at: 0 });
      }
    }
  }
  return order;
}

function readBits(bits: bigint, names: readonly string[]): readonly string[] {
  const digits = bits.toString(2);
  return names.filter((_, index) => digits.at(-1 - index) === '1');
}
