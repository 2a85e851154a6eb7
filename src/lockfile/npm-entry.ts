import type { Relations } from './npm-tree.js';

/** One entry of an npm lockfile of any version, as it claims to be. */
export interface NpmEntry {
  readonly location: string;
  /** Folder name in `node_modules`; null for a folder of the project. */
  readonly installedName: string | null;
  /** Location of the package in whose `node_modules` it is; null for folders. */
  readonly owner: string | null;
  /** Real name, not yet held against npm's grammar. */
  readonly name: string;
  /** As written; empty where there is none, or no version but an address. */
  readonly version: string;
  readonly resolved: string | null;
  readonly integrity: string | null;
  readonly isLink: boolean;
  /** Where a link leads, if the lockfile has an entry there. */
  readonly target: string | null;
  /** Lockfile version 1: an address stands where the version would. */
  readonly hasAddressAsVersion: boolean;
  /** Lockfile version 1: nothing but its name is known. */
  readonly isBlank: boolean;
  readonly bundles: readonly string[];
  readonly patched: boolean;
  readonly relations: Relations;
}

/** What an npm lockfile says, before any of it is judged. */
export interface NpmEntries {
  readonly entries: ReadonlyMap<string, NpmEntry>;
  /** The root project as the lockfile has it; version 1 has none. */
  readonly root: {
    readonly relations: Relations;
    readonly workspaces: readonly string[];
  } | null;
}
