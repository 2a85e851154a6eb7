import type { Coverage, Report, ReportReason } from './report.js';

/** A version that is attested and verifies. */
export interface BetterVersion {
  readonly version: string;
  /** What its provenance names, verified. */
  readonly sourceRepository: string;
  readonly level: string;
}

/** One package of the lockfile with weak evidence, and what could be had. */
export interface Improvement {
  readonly name: string;
  readonly version: string;
  readonly direct: boolean;
  readonly production: boolean;
  /**
   * What is weak about it: `unattested`; `no-provenance` (attested, but not how it
   * was built); `weak-integrity` (the lockfile pins too little); and
   * `limited-identity`, which counts as covered (an old certificate, that does not
   * name the whole build).
   */
  readonly weakness:
    'unattested' | 'no-provenance' | 'weak-integrity' | 'limited-identity';
  /** The ranges that lead to it, each once; empty where none is known. */
  readonly ranges: readonly string[];
  /** The nearest one that every range allows; null if there is none. */
  readonly inRange: BetterVersion | null;
  /** The nearest one at all, in or out of the ranges; null if there is none. */
  readonly nearest: BetterVersion | null;
  /** The version that `command` of its group leads to; null if it leaves it. */
  readonly updatesTo: string | null;
  /**
   * How: as the project or a workspace asks for it, within the `ranges` of what
   * asks for it, or by an `override`; null if they leave it.
   */
  readonly by: 'request' | 'ranges' | 'override' | null;
  /** Why nothing better is named, or why no command leads to it; else null. */
  readonly reason: ReportReason | null;
}

/** What one direct dependency brings along, and how to update it. */
export interface ImprovementGroup {
  /** Name of the direct dependency. */
  readonly direct: string;
  /** Dependencies of the lockfile that become covered. */
  readonly gained: number;
  /**
   * For a shell, lines in their order, comments among them; empty where nothing
   * can be done.
   */
  readonly commands: readonly string[];
  /** Sorted by name, then version. */
  readonly packages: readonly Improvement[];
}

/**
 * Which updates would raise coverage, plain and JSON-safe: what `improve --json`
 * writes. Contract: schema/improve-report.schema.json.
 */
export interface ImproveReport extends Pick<
  Report,
  | 'schemaVersion'
  | 'tool'
  | 'auditedAt'
  | 'lockfile'
  | 'trustRoot'
  | 'policy'
  | 'result'
  | 'exitCode'
  | 'durations'
> {
  readonly coverage: {
    readonly before: Coverage;
    /** If all commands are run and the rest of the lockfile stays as it is. */
    readonly after: Coverage;
  };
  readonly summary: {
    /** Packages without provenance that were looked at. */
    readonly unproven: number;
    /** Packages of which a certificate does not name the whole build. */
    readonly limitedIdentity: number;
    /** Updates that the commands make, of all of these. */
    readonly updates: number;
    /** For which there is a better version that no command leads to. */
    readonly outOfReach: number;
    /** For which there is none. */
    readonly without: number;
    /** For which it is not known whether there is one. */
    readonly unknown: number;
    /** Packages that the audit could not ask about or verify. */
    readonly undecided: number;
    /** Packages whose evidence the audit rejected, acknowledged or not. */
    readonly rejected: number;
  };
  /** The most gained first, then by name. */
  readonly groups: readonly ImprovementGroup[];
}
