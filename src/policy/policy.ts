import type { RuleLevel } from './rule.js';

/** A valid policy: what each rule's findings mean for this project. */
export interface Policy {
  readonly origin: 'default' | 'file' | 'git';
  /** File it was read from; null for the default policy. */
  readonly path: string | null;
  /** Git ref it was read from; null unless `origin` is `git`. */
  readonly ref: string | null;
  /** SHA-256 of the file, hexadecimal; null for the default policy. */
  readonly sha256: string | null;
  /** Levels by rule id; a rule that is not named has its default level. */
  readonly levels: ReadonlyMap<string, RuleLevel>;
}

/**
 * Without a policy of its own a project gets the rules' default levels:
 * rejected and withheld evidence and incomplete audits fail, missing provenance
 * is counted but not failed.
 */
export const DEFAULT_POLICY: Policy = {
  origin: 'default',
  path: null,
  ref: null,
  sha256: null,
  levels: new Map(),
};
