import type { Selection } from '../policy/selection.js';

/** A report in a file. */
export interface ReportFile {
  /** As the user gave it, for messages: `--output`, `--report sarif`. */
  readonly option: string;
  /** Name of a form of the report. */
  readonly format: string;
  /** As the user gave it. */
  readonly path: string;
}

/** Where the trust root comes from. Paths are as the user gave them. */
export interface TrustRootOptions {
  readonly trustedRoot: string | null;
  readonly npmKeys: string | null;
  readonly tufMirror: string | null;
  readonly tufRoot: string | null;
  readonly cache: string | null;
  /** Milliseconds; null for the usual limit. */
  readonly maxRootAgeMs: number | null;
}

/** Where a report goes, and how it looks. */
export interface OutputOptions {
  /** Name of the form in which the report goes to stdout. */
  readonly format: string;
  /** In the order in which they were given. */
  readonly files: readonly ReportFile[];
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Null where the user left it to the terminal and the environment. */
  readonly color: boolean | null;
}

/** What an audit of a project needs to know. */
export interface AuditCommandOptions extends TrustRootOptions, OutputOptions {
  readonly directory: string;
  readonly lockfile: string | null;
  /** A policy file; null for the project's own, if it has one. */
  readonly policy: string | null;
  /** Git ref to read policy and pins from; null for the working tree. */
  readonly policyFrom: string | null;
  readonly registry: string | null;
  /** Whether nobody may be asked over the network. */
  readonly offline: boolean;
  /** An evidence archive that takes everybody’s place, as the user gave it. */
  readonly evidence: string | null;
  /** What may be used of earlier answers, and whether any are kept. */
  readonly cacheUse: 'normal' | 'fresh' | 'none';
  /** Whether archives are downloaded where the lockfile pins too little. */
  readonly fetchTarball: boolean;
  readonly concurrency: number;
  /** Milliseconds for one request; null for npm's setting or the usual limit. */
  readonly timeoutMs: number | null;
  /** Milliseconds for all evidence together. */
  readonly deadlineMs: number;
}

/** What an audit of a whole project, or of a part of it, needs to know. */
export interface SelectiveAuditOptions extends AuditCommandOptions {
  readonly selection: Selection;
}

/** Whether, and by which Sigstore, the verification summary is signed. */
export interface SigningOptions {
  readonly sign: boolean;
  /** A signing config, as the user gave it; null for the public Sigstore. */
  readonly signingConfig: string | null;
}

/** What the audit itself needs to know. */
export interface FullAuditOptions
  extends SelectiveAuditOptions, SigningOptions {
  /** A file, or what git takes for a commit; null: whatever has changed. */
  readonly changedSince: string | null;
}

/** What `pin` needs to know. */
export interface PinOptions extends SelectiveAuditOptions {
  /** Names of packages that may be less, or other, than they are pinned. */
  readonly accept: readonly string[];
  readonly prune: boolean;
}

/** What a comparison with an earlier state needs to know. */
export interface DiffOptions extends AuditCommandOptions {
  /** A file, or what git takes for a commit. */
  readonly base: string;
}

/** What the history of a package needs to know. */
export interface HistoryOptions extends AuditCommandOptions {
  /** Not yet looked at. */
  readonly name: string;
  /** So many attested versions are asked about, the newest ones. */
  readonly maxVersions: number;
}

/** What a closer look at one package needs to know. */
export interface ShowOptions extends AuditCommandOptions {
  /** `NAME` or `NAME@VERSION`, not yet looked at. */
  readonly spec: string;
}

/** What `trust-root` needs to know. */
export interface TrustRootCommandOptions
  extends TrustRootOptions, OutputOptions {
  readonly action: 'show' | 'refresh';
  readonly registry: string | null;
}

/** What `rules` needs to know. */
export interface RulesOptions extends OutputOptions {
  /** Id of a rule, not yet looked at; null for all. */
  readonly id: string | null;
}

/** What `init` needs to know. */
export interface InitOptions extends AuditCommandOptions {
  /** Write over a policy that is there. */
  readonly force: boolean;
}

/** What `cache` needs to know. */
export interface CacheCommandOptions {
  readonly action: 'info' | 'clear';
  readonly cache: string | null;
  readonly isJson: boolean;
}

/** What `evidence save` needs to know. */
export interface EvidenceSaveOptions extends SelectiveAuditOptions {
  /** The archive to write, as the user gave it. */
  readonly file: string;
}

/** What `policy check` needs to know. */
export interface PolicyCheckOptions extends OutputOptions {
  /** The policy file; null for that of the current folder. */
  readonly file: string | null;
}
