import type { PackageId } from '../package/package-id.js';
import type { Consequence } from '../policy/verdict.js';
import type { HistoryRelease } from './history-report.js';

/**
 * The report, plain and JSON-safe: exactly what `--json` writes. Fields are
 * added within a schema version, never changed. Contract: schema/report.schema.json.
 * Text in it is as claimed or established, unescaped; each renderer escapes.
 */
export interface Report {
  readonly schemaVersion: 1;
  readonly tool: {
    readonly name: 'provenance-audit';
    readonly version: string;
    readonly verifier: string;
  };
  /** ISO 8601, UTC. */
  readonly auditedAt: string;
  readonly lockfile: {
    readonly path: string;
    readonly format: string;
    readonly formatVersion: string;
    readonly sha256: string;
    readonly entries: number;
    /** Name of the root project, as the lockfile or the folder has it. */
    readonly rootName: string;
    /** Of an SBOM, what is no npm package and was not looked at. */
    readonly foreign: number;
  };
  readonly trustRoot: ReportTrustRoot;
  readonly policy: {
    readonly origin: 'default' | 'file' | 'git';
    readonly path: string | null;
    readonly ref: string | null;
    readonly sha256: string | null;
  };
  /** What of the lockfile was audited; null for the whole of it. */
  readonly selection: ReportSelection | null;
  readonly result: 'pass' | 'violated' | 'incomplete' | 'tampered';
  readonly exitCode: 0 | 1 | 3 | 4;
  readonly summary: ReportSummary;
  /** Sorted by name, then version. */
  readonly dependencies: readonly ReportDependency[];
  /** Errors first; within a level in the order of the rule catalogue. */
  readonly findings: readonly ReportFinding[];
  /**
   * What rules that look at histories knew of the packages that they found
   * something about, by name; empty where none did.
   */
  readonly histories: readonly ReportHistory[];
  /** Milliseconds. */
  readonly durations: { readonly total: number };
}

/**
 * The part of a lockfile that was audited: of several members all hold, of
 * several in one any. What is not in it is out of scope, as `omitted`.
 */
export interface ReportSelection {
  readonly omit: readonly ('dev' | 'optional' | 'peer')[];
  readonly workspaces: readonly string[];
  readonly direct: boolean;
  /** Names and patterns. */
  readonly packages: readonly string[];
  /** What of it differs from the lockfile that this names; null: either way. */
  readonly changedSince: string | null;
  /**
   * Thresholds of the policy that nothing was held against, since they are about
   * packages that were left out too.
   */
  readonly coverageNotJudged: readonly ('all' | 'production' | 'direct')[];
}

/**
 * What everything was verified against. Times are ISO 8601 in UTC; hashes are
 * hex.
 */
export interface ReportTrustRoot {
  readonly origin: 'tuf' | 'cache' | 'file';
  readonly rootVersion: number | null;
  readonly expires: string | null;
  readonly refreshedAt: string | null;
  readonly trustedRootSha256: string;
  readonly npmKeysSha256: string | null;
  /** Base URL of the TUF repository; null for files, as are all that follow. */
  readonly mirror: string | null;
  readonly timestampVersion: number | null;
  /** Until when the repository signed that this is its current state. */
  readonly signedUntil: string | null;
  /** The root that the walk began with, and who vouches for it. */
  readonly firstRoot: {
    readonly origin: 'library' | 'release' | 'file';
    readonly version: number;
    /** May be past: only the last root of the walk must not be. */
    readonly expires: string;
  } | null;
}

/** How many of the dependencies that could have verified provenance have it. */
export interface Coverage {
  readonly verified: number;
  readonly eligible: number;
  /**
   * verified ÷ eligible, between 0 and 1, rounded down to four decimals; 0 where
   * nothing is eligible. Decisions compare the two counts instead.
   */
  readonly ratio: number;
}

/** Counts of dependencies, unless a member says otherwise. */
export interface ReportSummary {
  readonly dependencies: number;
  readonly inScope: number;
  /** Counts by scope reason; reasons without a dependency are left out. */
  readonly outOfScope: Readonly<Record<string, number>>;
  readonly evidence: {
    readonly attested: number;
    readonly unattested: number;
    readonly unavailable: number;
  };
  readonly verification: {
    readonly verified: number;
    readonly rejected: number;
    readonly unverifiable: number;
    readonly none: number;
  };
  readonly level: Readonly<Record<string, number>>;
  readonly coverage: {
    readonly all: Coverage;
    readonly production: Coverage;
    readonly direct: Coverage;
  };
  /**
   * Whose digest the evidence of in-scope dependencies was held against. What a
   * lockfile does not pin itself is bound more weakly.
   */
  readonly binding: {
    readonly lockfile: number;
    readonly tarball: number;
    readonly registry: number;
    readonly none: number;
  };
  /**
   * Why in-scope dependencies have no verified provenance. Each one counts under
   * the first reason that applies, so that these and `coverage.all.verified`
   * add up to `inScope`.
   */
  readonly notProven: {
    readonly rejected: number;
    readonly unverifiable: number;
    readonly unavailable: number;
    /** Asked, and there is none; a registry signature there may be. */
    readonly withoutProvenance: number;
  };
  readonly findings: { readonly error: number; readonly warning: number };
  /**
   * Dependencies with at least one finding of level `error`, by consequence.
   * Findings about the audit as a whole are not in it.
   */
  readonly failing: Readonly<Record<Consequence, number>>;
}

/**
 * One dependency: what the lockfile claims of it, from `aliases` to `patched`,
 * then what was found out. `provenance` and `publish` are verified, or null.
 */
export interface ReportDependency extends PackageId {
  readonly purl: string;
  readonly aliases: readonly string[];
  readonly registry: string | null;
  /** The registry or mirror that was asked; null if none was. */
  readonly askedAt: string | null;
  readonly integrity: string | null;
  readonly resolved: string | null;
  readonly locations: readonly string[];
  /**
   * What asks for it: the first of the `locations` of each; `''` is the root
   * project. Sorted.
   */
  readonly requiredBy: readonly string[];
  readonly production: boolean;
  readonly direct: boolean;
  readonly optional: boolean;
  readonly patched: boolean;
  readonly scope: 'in-scope' | 'out-of-scope';
  readonly scopeReason: string | null;
  readonly evidence:
    'attested' | 'unattested' | 'unavailable' | 'not-applicable';
  readonly verification: 'verified' | 'rejected' | 'unverifiable' | 'none';
  readonly level: string;
  /**
   * Whether `level` is a verified provenance and the registry's unsigned word:
   * `trusted-publisher`, `staged`.
   */
  readonly claimed: boolean;
  readonly rejections: readonly ReportRejection[];
  readonly unavailable: ReportReason | null;
  readonly unverifiable: ReportReason | null;
  readonly provenance: ReportProvenance | null;
  /** What the registry served as signed; proven only if `verified`. */
  readonly statements: readonly ReportStatement[];
  readonly publish: {
    readonly registry: string;
    readonly keyId: string;
    readonly signedAt: string;
  } | null;
  readonly registrySignature:
    'verified' | 'rejected' | 'missing' | 'not-checked';
  /** Every check, in the order of the catalogue; those about one thing together. */
  readonly checked: readonly ReportChecked[];
  /** Whose digest evidence was held against; null if against none. */
  readonly binding: 'lockfile' | 'tarball' | 'registry' | null;
}

/** A signed statement, by what the transparency log knows it as. */
export interface ReportStatement {
  /** As the registry labels it. */
  readonly predicateType: string;
  /** SHA-256 of the envelope's payload, hexadecimal. */
  readonly sha256: string;
}

/** A stable code, and one line for people that may quote outside text. */
export interface ReportReason {
  readonly code: string;
  readonly message: string;
}

/** As `Rejection` of the verification: texts may quote what was refused. */
export interface ReportRejection {
  readonly kind: 'invalid' | 'mismatch';
  readonly code: string;
  readonly attestation: number | null;
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
}

/**
 * Who built it from what: signed, and what the certificate covers agrees with
 * it. `signedAt` is ISO 8601 in UTC.
 */
export interface ReportProvenance {
  readonly sourceRepository: string;
  readonly sourceRepositoryId: string | null;
  readonly sourceOwnerId: string | null;
  readonly sourceRevision: string | null;
  readonly sourceRef: string | null;
  readonly workflow: string | null;
  readonly workflowRef: string | null;
  readonly signer: string;
  readonly issuer: string;
  readonly builder: string;
  readonly buildType: string;
  readonly runner: string | null;
  readonly event: string | null;
  readonly runUrl: string | null;
  readonly signedAt: string;
  readonly logIndex: string | null;
  readonly predicateType: string;
  readonly limitedIdentity: boolean;
}

/** What a rule found. Each of `paths` leads from the root to the package. */
export interface ReportFinding {
  readonly rule: string;
  readonly level: 'error' | 'warning';
  /** What it does to the exit code if its level is `error`. */
  readonly consequence: Consequence;
  /** `name@version`; null for findings about the audit as a whole. */
  readonly package: string | null;
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly remedy: string;
  readonly paths: readonly (readonly string[])[];
  readonly location: {
    readonly file: string;
    /** 1-based; null if unknown. */
    readonly line: number | null;
    /** 1-based and in UTF-16 units, of that line; null if unknown. */
    readonly column: number | null;
  } | null;
  /** Reason of the exemption that applies; null without one. */
  readonly exempted: string | null;
  /** The entry of the policy that exempts or acknowledges it; else null. */
  readonly exemption: {
    readonly by: 'exemption' | 'acknowledged';
    readonly owner: string | null;
    /** Last day on which it holds, in UTC: `2027-03-01`. */
    readonly expires: string;
    /** 1-based line in the policy file; null if unknown. */
    readonly line: number | null;
  } | null;
}

/** The versions of one package over time, as far as they were looked at. */
export interface ReportHistory {
  readonly name: string;
  /** Base URL of the registry that it belongs to. */
  readonly registry: string;
  /** Oldest first; those without a date come before all. */
  readonly releases: readonly HistoryRelease[];
  /** Older ones that are left out for want of room. */
  readonly omitted: number;
}

/** Ids of the checks about one attestation, or about none, by what came of them. */
export interface ReportChecked {
  /** Position in the attestation document; null if about none of them. */
  readonly attestation: number | null;
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly undecided: readonly string[];
  readonly notMade: readonly string[];
}
