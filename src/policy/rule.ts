import type { Consequence, Subject } from './verdict.js';

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
  readonly defaultLevel: RuleLevel;
  /** What an `error` of it does to the exit code. */
  readonly consequence: Consequence;
  /** Looks at all subjects, in report order; returns what it finds, in order. */
  evaluate(subjects: readonly Subject[]): readonly Observation[];
}
