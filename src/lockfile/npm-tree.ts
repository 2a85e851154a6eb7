import type { JsonObject } from '../json/strict-json.js';
import type { Edge } from './graph.js';

/** Package names with what is asked for under each, as written. Claimed. */
export type DependencyMap = Readonly<Record<string, string>>;

/** What one package says about others: its manifest, cut to what counts. */
export interface Relations {
  readonly dependencies: DependencyMap;
  readonly devDependencies: DependencyMap;
  readonly optionalDependencies: DependencyMap;
  readonly peerDependencies: DependencyMap;
  /** Names in `peerDependencies` that may be missing. */
  readonly optionalPeers: readonly string[];
}

/** Number of packages asked for, those asked for in two ways twice. */
export function countRelations(relations: Relations): number {
  return [
    relations.dependencies,
    relations.devDependencies,
    relations.optionalDependencies,
    relations.peerDependencies,
  ].reduce((sum, map) => sum + Object.keys(map).length, 0);
}

/** One entry of a lockfile as npm's own reader needs it. */
export interface VirtualPackage {
  readonly name: string;
  readonly version: string;
  readonly relations: Relations;
  /** Location of the entry this one is a link to; null if it is no link. */
  readonly link: string | null;
}

/**
 * A lockfile of any version, brought into one form. Locations are relative to
 * the project, with `/`, without `.` and with `..` in front at most; a link's
 * target is the root or a location in `packages`.
 */
export interface VirtualProject {
  readonly root: {
    readonly relations: Relations;
    /** `overrides` of the manifest, of any shape. */
    readonly overrides: JsonObject | null;
    /** Locations in `packages` that are workspaces. */
    readonly workspaces: readonly string[];
  };
  /** By location. */
  readonly packages: ReadonlyMap<string, VirtualPackage>;
}

/** What kind of thing a specification asks for, by npm's reading of it. */
export type Asks = 'registry' | 'git' | 'remote' | 'file' | 'unknown';

/** Something a package asks for, and the location that answers it. */
export interface NpmEdge extends Edge {
  /** After the project's `overrides`. */
  readonly asks: Asks;
}

/** An entry of the lockfile, with its edges. Nothing in it is verified. */
export interface NpmNode {
  /** `''` for the root project. */
  readonly location: string;
  /** Where a link leads; null for what is no link. */
  readonly target: string | null;
  readonly edges: readonly NpmEdge[];
}

/** The dependency graph. Entries may be missing from it: trust no count of it. */
export interface NpmTree {
  readonly nodes: readonly NpmNode[];
}

/**
 * The port through which edges are found, npm's own way. Reads nothing of the
 * project or of any link target and makes no request. Rejects if npm can make
 * no tree of it.
 */
export type LoadVirtualTree = (project: VirtualProject) => Promise<NpmTree>;
