import type { CheckGroup } from '../verification/check-catalogue.js';
import type { Report, ReportDependency } from './report.js';

/** One check of one package, as the report states it. */
export interface ReportCheck {
  /** Its id, stable: `subject-digest`. */
  readonly check: string;
  /** Where the threat model has it: `C24`. */
  readonly number: string;
  readonly group: CheckGroup;
  readonly title: string;
  /** Position in the attestation document; null if about none of them. */
  readonly attestation: number | null;
  readonly outcome: 'passed' | 'failed' | 'undecided' | 'not-made';
  /** Rejection or unverifiable code; null unless failed or undecided. */
  readonly code: string | null;
  /** Why, unless passed. */
  readonly message: string | null;
  /** The value that it was compared with, or what holds where it passes. */
  readonly expected: string;
  readonly found: string | null;
}

/** One attestation of a package, by its position in the registry's document. */
export interface ReportAttestation {
  /** As the registry labels it; signed too where `outcome` is `verified`. */
  readonly predicateType: string;
  /** Of this one by itself: one that is rejected rejects all of them. */
  readonly outcome: 'verified' | 'rejected' | 'undecided';
}

/** A package with every check, in the order of the catalogue. */
export interface InspectedPackage extends ReportDependency {
  /** Predicate types of attestations that are verified but prove nothing. */
  readonly otherPredicateTypes: readonly string[];
  /** Where each dependency path begins: `['my-app', 'a', 'b']`. */
  readonly paths: readonly (readonly string[])[];
  /** 1-based line in the lockfile; null if unknown. */
  readonly line: number | null;
  /** 1-based column in that line, in UTF-16 units; null if unknown. */
  readonly column: number | null;
  /**
   * The entry of the policy's `packages` that counts for it, and why that one;
   * null where none is about it.
   */
  readonly policyEntry: {
    readonly pattern: string;
    readonly reason: string;
    /** 1-based line in the policy file; null if unknown. */
    readonly line: number | null;
  } | null;
  readonly attestations: readonly ReportAttestation[];
  readonly checks: readonly ReportCheck[];
}

/**
 * Everything known about some packages of a lockfile: what `show` prints.
 * Plain and JSON-safe, with the stability of a `Report`.
 */
export interface PackageReport extends Pick<
  Report,
  | 'schemaVersion'
  | 'tool'
  | 'auditedAt'
  | 'lockfile'
  | 'trustRoot'
  | 'policy'
  | 'result'
  | 'exitCode'
  | 'findings'
  | 'durations'
> {
  readonly packages: readonly InspectedPackage[];
}
