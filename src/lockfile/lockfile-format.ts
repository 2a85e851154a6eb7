import type { Lockfile } from './dependency.js';
import type { LoadVirtualTree } from './npm-tree.js';

/** A lockfile as found, untrusted, with the manifest it belongs to. */
export interface LockfileInput {
  /** File name as given by the user. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The root package.json beside it; null if there is none. */
  readonly manifest: Uint8Array | null;
  /**
   * The package.json of each workspace, by its folder: with `/` and without
   * `..`. Left out where nobody looked for them.
   */
  readonly workspaces?: ReadonlyMap<string, Uint8Array>;
}

/** One format that lockfiles have. */
export interface LockfileFormat {
  /** Whose it is, for messages. */
  readonly manager: string;
  /**
   * Names that its files have by default, the one that the package manager
   * prefers first.
   */
  readonly fileNames: readonly string[];
  /** Whether it takes the manifests of workspaces to read its files. */
  readonly needsWorkspaces?: boolean;
  /**
   * Whether a file under another name is of this format, by how it begins: some
   * thousand characters at most, untrusted.
   */
  readonly matches: (beginning: string) => boolean;
  /**
   * Reads an untrusted file completely, or throws an `AuditError` with one line
   * that names the file and, where it can, the line in it. `loadTree` finds the
   * edges of npm lockfiles, and nothing else.
   */
  readonly read: (
    input: LockfileInput,
    loadTree: LoadVirtualTree,
  ) => Lockfile | Promise<Lockfile>;
}
