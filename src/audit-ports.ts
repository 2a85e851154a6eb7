import type { ArchiveSource } from './evidence/archive-source.js';
import type { RegistryConfig } from './evidence/registry-config.js';
import type { Registry } from './evidence/registry.js';
import type { Dependency } from './lockfile/dependency.js';
import type { LoadVirtualTree } from './lockfile/npm-tree.js';
import type { Pins } from './policy/pins/pins.js';
import type { Policy } from './policy/policy.js';
import type { Proposed } from './policy/rule.js';
import type { Selection } from './policy/selection.js';
import type { OpenVerifyPool } from './verify-ahead.js';
import type { TrustRootSource } from './verification/trust-root-documents.js';

/** The world, as far as an audit needs it. */
export interface AuditPorts {
  /** Who is asked for evidence. */
  readonly registry: Registry;
  /** Archives of what a lockfile pins too weakly; without it none is fetched. */
  readonly archives?: ArchiveSource;
  /** What everything is verified against. */
  readonly trustRoot: TrustRootSource;
  /** Finds the edges of npm lockfiles; `loadVirtualTree` does. */
  readonly loadTree: LoadVirtualTree;
  /** Without it everything is verified in this thread. */
  readonly openVerifyPool?: OpenVerifyPool;
  /** All time comes from here. */
  readonly clock: {
    /** The time of day, which log entries are held against. */
    now(): Date;
    /** Milliseconds of a clock that is never set back. */
    elapsed(): number;
    /**
     * Why the time of day cannot be right, one line each, by all that the
     * registries have said until now; then nothing is verified.
     */
    doubts(): readonly string[];
  };
}

/** What is asked of an audit, and how long it may take. */
export interface AuditOptions {
  /** Which registry a package belongs to, and who is asked; of `loadNpmConfig`. */
  readonly registries: RegistryConfig;
  /** `DEFAULT_POLICY`, or that of a project: `readProjectPolicy`. */
  readonly policy: Policy;
  /** What was proven before (`readPins`); left out for a project without pins. */
  readonly pins?: Pins;
  /** What the working tree says, where policy and pins are another commit's. */
  readonly proposed?: Proposed;
  /** What is audited; without one the whole lockfile. */
  readonly selection?: Selection;
  /**
   * An earlier lockfile (`readDependencies`), and its name: only what differs is
   * audited.
   */
  readonly changedFrom?: {
    readonly name: string;
    readonly dependencies: readonly Dependency[];
  };
  /** Package versions asked about at the same time; at least 1. */
  readonly concurrency: number;
  /**
   * Whether a registry signature beside provenance is of no interest, which
   * saves a request for each attested version.
   */
  readonly attestationsFirst?: boolean;
  /**
   * Ends the collection of evidence: what is missing is then unavailable, and the
   * audit incomplete.
   */
  readonly deadline: AbortSignal;
  /** Ends the audit, which then rejects with an `AuditError` `ABORTED`. */
  readonly signal: AbortSignal;
  /** Versions of this program and of what verifies signatures for it. */
  readonly tool: { readonly version: string; readonly verifier: string };
  /** Called whenever a package version is answered for; what it throws ends the audit. */
  readonly onProgress?: (done: number, total: number) => void;
}
