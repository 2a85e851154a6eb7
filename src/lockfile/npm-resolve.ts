import type { JsonObject, JsonValue } from '../json/strict-json.js';
import { isJsonObject } from '../json/strict-json.js';
import type {
  Asks,
  NpmEdge,
  NpmNode,
  NpmTree,
  Relations,
  VirtualProject,
} from './npm-tree.js';

/**
 * Finds the edges of a tree by npm's rules in time that grows with its size,
 * where npm's own reader grows with its square: that takes over an hour for the
 * 200,000 entries a lockfile may have. `asks` classifies a specification.
 *
 * Differs from npm's reader in two ways: names differing in case are different,
 * and what is asked for under a name that `overrides` has is `unknown`.
 *
 * Source: Node.js documentation, Modules, "Loading from node_modules folders";
 * npm documentation, package.json, for the precedence of the kinds.
 */
export function resolveVirtualTree(
  project: VirtualProject,
  asks: (spec: string) => Asks,
): NpmTree {
  const { root, packages } = project;
  const overridden = namesIn(root.overrides);
  // The edges share the text of the locations with the entries.
  const known = new Map([...packages.keys()].map((each) => [each, each]));
  const context: Context = {
    find: (location) => known.get(location) ?? null,
    asks: (name, spec) => (overridden.has(name) ? 'unknown' : asks(spec)),
  };
  const nodes: NpmNode[] = [rootNode(project, context)];
  for (const [location, { relations, link }] of packages) {
    const edges =
      link === null ? readEdges(location, relations, context).values() : [];
    nodes.push({ location, target: link, edges: [...edges] });
  }
  return { nodes };
}

interface Context {
  readonly find: (location: string) => string | null;
  readonly asks: (name: string, spec: string) => Asks;
}

function rootNode(project: VirtualProject, context: Context): NpmNode {
  const edges = readEdges('', project.root.relations, context);
  for (const folder of project.root.workspaces) {
    const name = project.packages.get(folder)?.name ?? '';
    const to = resolve('', name, context);
    edges.set(name, { name, type: 'workspace', asks: 'file', to });
  }
  return { location: '', target: null, edges: [...edges.values()] };
}

function readEdges(
  from: string,
  relations: Relations,
  context: Context,
): Map<string, NpmEdge> {
  const optionalPeers = new Set(relations.optionalPeers);
  const edges = new Map<string, NpmEdge>();
  const add = (type: NpmEdge['type'], name: string, spec: string): void => {
    const to = resolve(from, name, context);
    edges.set(name, { name, type, asks: context.asks(name, spec), to });
  };
  // The later of two kinds wins.
  for (const [name, spec] of Object.entries(relations.peerDependencies)) {
    add(optionalPeers.has(name) ? 'peerOptional' : 'peer', name, spec);
  }
  for (const [name, spec] of Object.entries(relations.dependencies)) {
    add('prod', name, spec);
  }
  for (const [name, spec] of Object.entries(relations.optionalDependencies)) {
    add('optional', name, spec);
  }
  if (!isInstalled(from)) {
    for (const [name, spec] of Object.entries(relations.devDependencies)) {
      add('dev', name, spec);
    }
  }
  return edges;
}

/** The nearest `node_modules` upwards that has `name`. */
function resolve(from: string, name: string, { find }: Context): string | null {
  for (let folder: string | null = from; folder !== null;) {
    const location = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    const found = find(location);
    if (found !== null) return found;
    folder = parentFolder(folder);
  }
  return null;
}

/** One folder up; null above the root, and above what lies outside of it. */
function parentFolder(folder: string): string | null {
  if (folder === '' || folder.endsWith('..')) return null;
  const slash = folder.lastIndexOf('/');
  const parent = slash === -1 ? '' : folder.slice(0, slash);
  const isNodeModules = /(?:^|\/)node_modules$/.test(parent);
  return isNodeModules ? parentFolder(parent) : parent;
}

function isInstalled(location: string): boolean {
  return /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/.test(location);
}

/** Every key of `overrides` at any depth, without the range behind it. */
function namesIn(overrides: JsonObject | null): ReadonlySet<string> {
  const names = new Set<string>();
  const open: JsonValue[] = overrides === null ? [] : [overrides];
  for (const value of open) {
    if (!isJsonObject(value)) continue;
    for (const [key, inner] of Object.entries(value)) {
      const at = key.indexOf('@', 1);
      names.add(at === -1 ? key : key.slice(0, at));
      open.push(inner);
    }
  }
  return names;
}
