import { compareText } from '../package/package-id.js';
import type { Graph } from './graph.js';

/** The place of the root project in every graph. */
const ROOT = '';

/**
 * Who asks for each of the things that places stand for. `keyOf` names the
 * thing at a place; the root project is `''`. A place that is nothing of its own
 * is passed over, a link asks for what it leads to, and nothing asks for itself.
 * Sorted; what nobody asks for is not in it.
 */
export function findRequirers(
  graph: Graph,
  keyOf: (place: string) => string | undefined,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (from: string, to: string | null): void => {
    const source = from === ROOT ? ROOT : keyOf(from);
    const target = to === null || to === ROOT ? undefined : keyOf(to);
    if (source === undefined || target === undefined) return;
    if (source === target) return;
    const known = found.get(target);
    if (known === undefined) found.set(target, [source]);
    else known.push(source);
  };
  for (const [from, edges] of graph.edges) {
    for (const { to } of edges) add(from, to);
  }
  for (const [link, target] of graph.targets) add(link, target);
  return new Map(
    [...found].map(([target, sources]) => [
      target,
      sources.length === 1
        ? sources
        : [...new Set(sources)].toSorted(compareText),
    ]),
  );
}
