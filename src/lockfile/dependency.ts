import type { PackageId } from '../package/package-id.js';
import type { Omission } from './omission.js';

/**
 * Where the lockfile says the bytes come from. `registry` alone is in scope of
 * an audit; every other kind is counted with its own reason.
 */
export type OriginKind =
  | 'registry'
  | 'git'
  | 'file'
  | 'link'
  | 'workspace'
  | 'remote-tarball'
  | 'bundled';

/** Where an entry comes from, as the lockfile claims. */
export interface Origin {
  readonly kind: OriginKind;
  /**
   * The entry's `resolved` as written: a tarball URL, a git URL, a path from
   * the project. Null where the lockfile has none. Claimed, never followed.
   */
  readonly resolved: string | null;
}

/** One distinct name, version, integrity and origin of a lockfile. */
export interface Dependency {
  readonly id: PackageId;
  /** Names under which it is installed, where they differ from its own. */
  readonly aliases: readonly string[];
  /**
   * The integrity string of its tarball, as written or as the same in SRI form;
   * null where the lockfile has none.
   */
  readonly integrity: string | null;
  /**
   * The checksum of an archive that the package manager makes itself, which the
   * entry pins in the place of the registry's (Yarn Berry). Nothing here can be
   * compared with it; absent where the lockfile pins the registry's or nothing.
   */
  readonly archiveChecksum?: string;
  /**
   * The systems that the entry limits it to, as written (Yarn Berry, which does
   * not download it on others and pins nothing then). Absent where it says none.
   * Claimed.
   */
  readonly conditions?: string;
  readonly origin: Origin;
  /** Keys of its entries, sorted: for npm where it is installed. */
  readonly locations: readonly string[];
  /** Reached from the root by other than development edges. From the graph. */
  readonly production: boolean;
  /** The root project or one of its workspaces names it. From the graph. */
  readonly direct: boolean;
  /** Every way to it passes an optional edge, so it may not get installed. */
  readonly optional: boolean;
  /**
   * What has to be left out of an installation for it not to be needed, as
   * smallest combinations; empty if it always is. From the graph: see
   * `omissionsOf`.
   */
  readonly omittedBy: readonly Omission[];
  /**
   * Shortest ways from the root, as names: `['my-app', 'a', 'b']`. At most
   * five; empty where nothing depends on it.
   */
  readonly paths: readonly (readonly string[])[];
  /**
   * What asks for it, by the first of its `locations`; `''` is the root project.
   * Sorted; empty where nothing depends on it. From the graph.
   */
  readonly requiredBy: readonly string[];
  /** Workspaces from which it is reached; empty where there are none. */
  readonly workspaces: readonly string[];
  /** The package manager changes its files after download. */
  readonly patched: boolean;
  /** 1-based line of its first location in the lockfile; null if unknown. */
  readonly line: number | null;
  /** 1-based column in that line, in UTF-16 units; null if unknown. */
  readonly column: number | null;
}

/** A lockfile read completely: each entry is in one of the dependencies. */
export interface Lockfile {
  /** File name as given by the user, for reports. */
  readonly path: string;
  /** Name of its format, such as `package-lock` or `yarn-berry`. */
  readonly format: string;
  readonly formatVersion: string;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly sha256: string;
  /** Number of entries, the root project left out. */
  readonly entries: number;
  /**
   * Entries beside these that are about no npm packages, of SBOMs; none where it
   * is not said. Nobody looked at them.
   */
  readonly foreign?: number;
  /** Name of the root project, as the first step of every path. */
  readonly rootName: string;
  /** Sorted by name, version, origin and integrity. */
  readonly dependencies: readonly Dependency[];
}
