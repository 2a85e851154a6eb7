import type { NpmEntry } from './npm-entry.js';
import type { NpmGraph } from './npm-graph.js';

/**
 * Locations that come within the tarball of the package around them: what an
 * installed package lists as bundled, what that needs from the same folder,
 * and all beneath. From lists and edges, not from the flag `inBundle`, which
 * npm does not go by either. What the root project, a workspace or another
 * folder bundles is downloaded from the registry and so is none of these.
 *
 * Whether the tarball really has them is not checked: npm ci (11) installs
 * nothing from elsewhere in their place.
 *
 * Source: npm documentation, package.json, `bundleDependencies`.
 */
export function bundledLocations(
  entries: ReadonlyMap<string, NpmEntry>,
  graph: NpmGraph,
): ReadonlySet<string> {
  const inside = entriesByOwner(entries);
  const bundled = new Set<string>();
  for (const bundler of entries.values()) {
    if (bundler.installedName === null || bundler.isLink) continue;
    const siblings = new Set(inside.get(bundler.location));
    const listed = bundler.bundles
      .map((name) => `${bundler.location}/node_modules/${name}`)
      .filter((location) => siblings.has(location));
    addWithNeeds(listed, siblings, { graph, inside, bundled });
  }
  return bundled;
}

interface Context {
  readonly graph: NpmGraph;
  readonly inside: ReadonlyMap<string, readonly string[]>;
  readonly bundled: Set<string>;
}

function addWithNeeds(
  listed: readonly string[],
  siblings: ReadonlySet<string>,
  { graph, inside, bundled }: Context,
): void {
  const open = [...listed];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (bundled.has(at)) continue;
    bundled.add(at);
    for (const location of inside.get(at) ?? []) open.push(location);
    for (const { to } of graph.edges.get(at) ?? []) {
      if (to !== null && siblings.has(to)) open.push(to);
    }
  }
}

function entriesByOwner(
  entries: ReadonlyMap<string, NpmEntry>,
): ReadonlyMap<string, readonly string[]> {
  const inside = new Map<string, string[]>();
  for (const { location, owner } of entries.values()) {
    if (owner === null) continue;
    const list = inside.get(owner) ?? [];
    list.push(location);
    inside.set(owner, list);
  }
  return inside;
}
