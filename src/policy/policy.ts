import type { Level } from '../facts/facts.js';
import type { TrustedIssuer } from '../facts/platforms.js';
import type { RejectionCode } from '../verification/verification.js';
import type { RuleLevel } from './rule.js';

/** Which dependencies a setting is about. Every member that is there must hold. */
export interface Selector {
  /** `production`: reached from the root by other than development edges. */
  readonly scope: 'all' | 'production';
  /** Only what the root project or a workspace names; null: either. */
  readonly direct: boolean | null;
  /** Reached from one of these workspaces; empty: from any. */
  readonly workspaces: readonly string[];
  /** Names and globs, one of which must match; empty: any package. */
  readonly packages: readonly string[];
  /** Base URLs of registries, one of which it belongs to; empty: any. */
  readonly registries: readonly string[];
}

/** What a rule's findings mean, for the dependencies that `for` selects. */
export interface RuleSetting {
  readonly level: RuleLevel;
  readonly for: Selector;
}

/**
 * What is demanded of the packages that `pattern` matches; of several entries
 * the most specific one counts, alone. Empty lists demand nothing.
 */
export interface PackagePolicy {
  /** A name or a glob; `*` does not cross a `/`. */
  readonly pattern: string;
  /**
   * Least level; null: `provenance` if anything about identity is demanded,
   * else none.
   */
  readonly require: Level | null;
  /** Repository URLs; `*` stands for the last segment or a part of it. */
  readonly source: readonly string[];
  /** Paths of the calling workflow. */
  readonly workflow: readonly string[];
  /** URIs of the signing workflow, with or without `@ref`. */
  readonly signer: readonly string[];
  /** Source refs; `*` does not cross a `/`. */
  readonly ref: readonly string[];
  readonly runner: readonly ('hosted' | 'self-hosted')[];
  /** Builder ids, compared exactly. */
  readonly builder: readonly string[];
  /** OIDC issuers, compared exactly. */
  readonly issuer: readonly string[];
  /** Triggers that may have started the build. */
  readonly events: readonly string[];
  readonly line: number | null;
}

/** A share of packages as written, in hundredths of a percent: 60% is 6000. */
export interface Threshold {
  readonly text: string;
  readonly hundredths: number;
}

/** Findings that somebody has decided to live with, for a time. */
export interface Exemption {
  readonly name: string;
  /** A semver range; null: any version, said explicitly (`anyVersion`). */
  readonly range: string | null;
  /** Rule ids; never `evidence-rejected`. */
  readonly rules: readonly string[];
  readonly reason: string;
  readonly owner: string | null;
  /** Last day on which it holds, in UTC: `2027-03-01`. */
  readonly expires: string;
  readonly line: number | null;
}

/** Rejected evidence that somebody has looked into. Void if a byte changes. */
export interface Acknowledgement {
  readonly name: string;
  /** Exact. */
  readonly version: string;
  /** The lockfile's integrity string, compared as parsed. */
  readonly integrity: string;
  /** These rejections and no others. */
  readonly codes: readonly RejectionCode[];
  readonly reason: string;
  readonly owner: string | null;
  /** Last day on which it holds, in UTC. */
  readonly expires: string;
  readonly line: number | null;
}

/** What is known about a registry that npm's configuration does not say. */
export interface RegistryPolicy {
  /** Base URL, normalised as npm does, ending in `/`. */
  readonly url: string;
  /** Base URL of the registry whose packages it serves; null: its own. */
  readonly mirrorOf: string | null;
  /** Its packages are out of scope: `private-registry`. */
  readonly hasNoEvidence: boolean;
  /** Base URL of the registry that is asked for evidence; null: itself. */
  readonly evidenceFrom: string | null;
}

/** Spans of time by which rules compare versions; milliseconds. */
export interface HistoryWindows {
  /** What was published longer before a version is not compared with it. */
  readonly compareWithin: number;
  /** So long a release must have stood for its line to be one done by hand. */
  readonly byHandAfter: number;
  /** Releases that are no further apart are at once. */
  readonly atOnceWithin: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What counts where a policy says nothing else. */
export const DEFAULT_WINDOWS: HistoryWindows = {
  compareWithin: 730 * DAY,
  byHandAfter: 30 * DAY,
  atOnceWithin: 10 * MINUTE,
};

/** A valid policy. */
export interface Policy {
  readonly origin: 'default' | 'file' | 'git';
  /** File it was read from; null for the default policy. */
  readonly path: string | null;
  /** Git ref it was read from; null unless `origin` is `git`. */
  readonly ref: string | null;
  /** All files that it was made of, `path` first, if there are several. */
  readonly files?: readonly string[];
  /**
   * Present for a file of the audited project as it lies there, whose author
   * may be who is to be guarded against.
   */
  readonly ofProject?: true;
  /** SHA-256 of the file, hexadecimal; null for the default policy. */
  readonly sha256: string | null;
  /**
   * Settings by rule id; of several the first whose selector holds counts. A
   * rule that is not named, or of which none holds, has its default level.
   */
  readonly rules: ReadonlyMap<string, readonly RuleSetting[]>;
  readonly coverage: Readonly<
    Record<'all' | 'production' | 'direct', Threshold | null>
  >;
  readonly packages: readonly PackagePolicy[];
  /** Triggers that no build may have been started by. */
  readonly deniedEvents: readonly string[];
  /** Milliseconds; null: any age. */
  readonly minimumReleaseAge: number | null;
  /** How far rules about the history of packages look. */
  readonly history: HistoryWindows;
  readonly exemptions: readonly Exemption[];
  readonly acknowledged: readonly Acknowledgement[];
  readonly registries: readonly RegistryPolicy[];
  /** OIDC issuers beyond the public ones. */
  readonly issuers: readonly TrustedIssuer[];
}

/** Every dependency. */
export const EVERYTHING: Selector = {
  scope: 'all',
  direct: null,
  workspaces: [],
  packages: [],
  registries: [],
};

/** Rules that look for what a policy says in vain. */
const ABOUT_UNUSED = ['exemption-unused', 'setting-without-effect'];

/**
 * The same policy for several lockfiles: what one of them has no use for may be
 * meant for another one, so nothing is said about it.
 */
export function withoutUnusedFindings(policy: Policy): Policy {
  const off = [{ level: 'off', for: EVERYTHING }] as const;
  return {
    ...policy,
    rules: new Map([
      ...policy.rules,
      ...ABOUT_UNUSED.map((rule) => [rule, off] as const),
    ]),
  };
}

/**
 * Without a policy of its own a project gets the rules' default levels:
 * rejected and withheld evidence and incomplete audits fail, missing provenance
 * is counted but not failed, no event is denied.
 */
export const DEFAULT_POLICY: Policy = {
  origin: 'default',
  path: null,
  ref: null,
  sha256: null,
  rules: new Map(),
  coverage: { all: null, production: null, direct: null },
  packages: [],
  deniedEvents: [],
  minimumReleaseAge: null,
  history: DEFAULT_WINDOWS,
  exemptions: [],
  acknowledged: [],
  registries: [],
  issuers: [],
};
