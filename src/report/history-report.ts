import type { ClaimedLevel } from '../evidence/release-history.js';
import type { Report, ReportProvenance, ReportReason } from './report.js';

/** One version of the package, as a point of the timeline. */
export interface HistoryRelease {
  readonly version: string;
  /** ISO 8601, by the registry's unsigned word; null where it does not say. */
  readonly publishedAt: string | null;
  /** The line of releases that it belongs to: `1.x`, `0.4.x beta`. */
  readonly line: string;
  /** Dist-tags that point at it now. */
  readonly tags: readonly string[];
  /** Whether the lockfile pins it. */
  readonly isPinned: boolean;
  readonly isDeprecated: boolean;
  /** How it was published, by the registry's unsigned word. */
  readonly claimed: ClaimedLevel;
  /**
   * What came of its attestations: `not-claimed` where the registry names none,
   * `not-asked` where it does and nobody asked for them.
   */
  readonly verification:
    | 'verified'
    | 'rejected'
    | 'unverifiable'
    | 'unavailable'
    | 'not-claimed'
    | 'not-asked';
  /** Why they prove nothing; null where they do, or nobody asked. */
  readonly reason: ReportReason | null;
  /** Only from verified evidence; null otherwise. */
  readonly provenance: ReportProvenance | null;
}

/** Versions in a row, by date, that were built alike. */
export interface HistoryOrigin {
  readonly sourceRepository: string;
  readonly sourceRepositoryId: string | null;
  readonly workflow: string | null;
  readonly event: string | null;
  /** The first and the last version of the row. */
  readonly first: string;
  readonly last: string;
  readonly versions: number;
}

/** Versions in a row, by date, without provenance after one with it. */
export interface HistoryGap {
  /** The last version before with provenance, by the registry's word. */
  readonly after: string;
  readonly first: string;
  readonly last: string;
  readonly versions: number;
  /** The next version with provenance; null if there is none yet. */
  readonly until: string | null;
}

/**
 * All versions of a package over time, plain and JSON-safe: what
 * `history --json` writes. Contract: schema/history-report.schema.json.
 */
export interface HistoryReport extends Pick<
  Report,
  | 'schemaVersion'
  | 'tool'
  | 'auditedAt'
  | 'lockfile'
  | 'trustRoot'
  | 'result'
  | 'exitCode'
  | 'durations'
> {
  readonly package: {
    readonly name: string;
    /** Base URL of the registry that it belongs to. */
    readonly registry: string;
    /** The registry or mirror that was asked; null if none is configured. */
    readonly askedAt: string | null;
  };
  /** Why there is no timeline; null where there is one. */
  readonly unavailable: ReportReason | null;
  /** Counts of versions. */
  readonly summary: {
    readonly versions: number;
    /** For which the registry claims provenance. */
    readonly claimed: number;
    readonly verified: number;
    readonly rejected: number;
    /** Asked, and not known: unverifiable, or without an answer. */
    readonly unknown: number;
    /** For which it claims provenance, and which nobody asked about. */
    readonly notAsked: number;
  };
  /** Oldest first; those that the registry does not date come before all. */
  readonly releases: readonly HistoryRelease[];
  /** Of verified provenance alone. */
  readonly origins: readonly HistoryOrigin[];
  readonly gaps: readonly HistoryGap[];
}
