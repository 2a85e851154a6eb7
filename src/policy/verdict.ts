import type { AnswerManner } from '../evidence/answer-manner.js';
import type { HistoryAnswer } from '../evidence/history-answer.js';
import type { JudgedEvidence } from '../evidence/judged-evidence.js';
import type { Facts } from '../facts/facts.js';
import type { Dependency } from '../lockfile/dependency.js';

/** Everything known about one dependency before policy looks at it. */
export interface Subject {
  readonly dependency: Dependency;
  /** Base URL of the registry it belongs to; null when out of scope. */
  readonly registry: string | null;
  /** Base URL of the registry that was asked; null if none was. */
  readonly askedAt: string | null;
  /** Whether only the audited project's .npmrc names the registry asked. */
  readonly askedByProject: boolean;
  /**
   * Base URL of the registry for which only the audited project's policy says
   * that its packages are out of scope, this one among them.
   */
  readonly excludedByProject?: string;
  readonly evidence: JudgedEvidence;
  /** Left out where no metadata was had. */
  readonly manner?: AnswerManner;
  /**
   * What its registry says of all versions of the package, unsigned; left out
   * where no rule needs it, and out of scope.
   */
  readonly history?: HistoryAnswer;
  /** What is established about earlier versions that a rule compares it with. */
  readonly earlier?: ReadonlyMap<string, EarlierBuild>;
  /** Null exactly for dependencies that are out of scope. */
  readonly facts: Facts | null;
}

/** What is known of a version that no lockfile pins. */
export interface EarlierBuild {
  readonly evidence: JudgedEvidence;
  readonly facts: Facts;
}

/** What a finding means for the exit code, if its level is `error`. */
export type Consequence = 'tampered' | 'violated' | 'incomplete';

/** What a rule says about one dependency, or about the audit as a whole. */
export interface Finding {
  /** Id of a rule of the catalogue. */
  readonly rule: string;
  readonly level: 'error' | 'warning';
  readonly consequence: Consequence;
  /** Null for findings about the audit as a whole. */
  readonly subject: Subject | null;
  /** One line for people; may quote outside text. */
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly remedy: string;
  /** 1-based line in the policy file, if it is about that; else null. */
  readonly policyLine: number | null;
  /** Why it does not fail the audit, though it stays in sight; else null. */
  readonly exempted: Exempted | null;
}

/** An entry of the policy that takes a finding's weight away. */
export interface Exempted {
  /** `acknowledged` alone can be about rejected evidence. */
  readonly by: 'exemption' | 'acknowledged';
  readonly reason: string;
  readonly owner: string | null;
  /** Last day on which it holds, in UTC. */
  readonly expires: string;
  readonly policyLine: number | null;
}

/** The sum of policy for an audit. Findings are sorted for the report. */
export interface Verdict {
  readonly subjects: readonly Subject[];
  readonly findings: readonly Finding[];
}
