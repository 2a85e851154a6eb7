import type { Pins } from './pins/pins.js';
import type { LockfileChange } from '../lockfile/compare-lockfiles.js';
import type { Policy } from './policy.js';
import type { Consequence, Finding, Subject } from './verdict.js';

/** How a finding counts; `off` looks for none. */
export type RuleLevel = 'error' | 'warning' | 'off';

/** What a rule found; the catalogue adds its id, level and consequence. */
export interface Observation {
  /** Null for an observation about the audit as a whole. */
  readonly subject: Subject | null;
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
  /** Replaces the rule's general remedy where a better one is known. */
  readonly remedy?: string;
  /** Replaces the rule's consequence where this is about something unknown. */
  readonly consequence?: 'incomplete';
  /** 1-based line in the policy file, if the observation is about that. */
  readonly policyLine?: number;
}

/** What would govern if the working tree were merged. */
export interface Proposed {
  readonly policy: Policy;
  /** Empty where it has none. */
  readonly pins: Pins;
}

/** What a rule may look at besides the subjects. */
export interface RuleContext {
  readonly policy: Policy;
  /** What is pinned; empty where there are no pins. */
  readonly pins: Pins;
  /**
   * What the working tree says, where policy and pins are those of another
   * commit; else null.
   */
  readonly proposed: Proposed | null;
  /** The time of the audit. */
  readonly now: Date;
  /** The catalogue. */
  readonly rules: readonly Rule[];
  /**
   * What the other rules have found, exemptions applied; empty for a rule that
   * is not `about: 'policy'`.
   */
  readonly findings: readonly Finding[];
  /** How the lockfile differs from an earlier one; left out if there is none. */
  readonly changes?: readonly LockfileChange[];
}

/**
 * One rule of the catalogue. It documents itself: text, SARIF, HTML and the
 * documents read `title`, `meaning` and `remedy` from here.
 */
export interface Rule {
  /** Stable API. */
  readonly id: string;
  readonly title: string;
  /** What it says about the dependency, and what it does not. */
  readonly meaning: string;
  /** What to do about a finding. */
  readonly remedy: string;
  /** A finding as it might read, for the catalogue. */
  readonly example: string;
  /**
   * What of a policy it is about, as YAML without the version, where that is
   * more than its level.
   */
  readonly setting?: string;
  readonly defaultLevel: RuleLevel;
  /** What an `error` of it does to the exit code. */
  readonly consequence: Consequence;
  /**
   * Rules about the policy itself come last and see what the others found.
   * Nothing exempts from them.
   */
  readonly about: 'packages' | 'policy';
  /**
   * What it takes beyond the evidence of the subjects themselves, and costs
   * requests wherever it is not off: the history of the package; with `compared`
   * the attestations of the version that a downgrade is held against, with
   * `builds` those of a few earlier versions.
   */
  readonly needs?: 'history' | 'compared' | 'builds';
  /**
   * Looks at all subjects, in report order; returns what it finds, in order.
   *
   * @internal What it takes is no part of the library's API.
   */
  evaluate(
    subjects: readonly Subject[],
    context: RuleContext,
  ): readonly Observation[];
}
