import type { CoverageGroup } from '../policy/coverage.js';
import type { PolicyProblem } from '../policy/policy-problem.js';
import type {
  Acknowledgement,
  Exemption,
  PackagePolicy,
  Policy,
  RuleSetting,
} from '../policy/policy.js';
import type { RuleLevel } from '../policy/rule.js';
import type { Report } from './report.js';

/** What a policy comes to: what `policy check` prints. Plain and JSON-safe. */
export interface PolicyReport {
  readonly schemaVersion: 1;
  readonly tool: Pick<Report['tool'], 'name' | 'version'>;
  readonly checkedAt: string;
  readonly valid: boolean;
  /** Everything that is wrong; empty where it is valid. */
  readonly problems: readonly PolicyProblem[];
  /** What is in force; null where it is not valid. */
  readonly policy: EffectivePolicy | null;
}

/** A policy with the defaults of what it does not say. */
export interface EffectivePolicy {
  readonly origin: Policy['origin'];
  readonly path: string | null;
  readonly sha256: string | null;
  /** Every file that was read, the named one first; none for the default. */
  readonly files: readonly string[];
  /** Every rule of the catalogue, in its order. */
  readonly rules: readonly EffectiveRule[];
  /** Least shares, as written; null where none is demanded. */
  readonly coverage: Readonly<Record<CoverageGroup, string | null>>;
  /** The most specific first: of those that match a name, the first counts. */
  readonly packages: readonly EffectiveEntry[];
  readonly deniedEvents: readonly string[];
  /** Milliseconds; null: any age. */
  readonly minimumReleaseAge: number | null;
  /** Milliseconds. */
  readonly history: Policy['history'];
  readonly exemptions: readonly (Omit<Exemption, 'line'> & Lasting)[];
  readonly acknowledged: readonly (Omit<Acknowledgement, 'line'> & Lasting)[];
  readonly registries: Policy['registries'];
  readonly issuers: Policy['issuers'];
}

/** A rule with its settings: the first that selects a package counts. */
export interface EffectiveRule {
  readonly id: string;
  readonly settings: readonly RuleSetting[];
  /** The level where no setting selects a package; null where one always does. */
  readonly otherwise: RuleLevel | null;
}

/** An entry of `packages` with the level that follows from it. */
export interface EffectiveEntry extends Omit<PackagePolicy, 'require'> {
  readonly require: NonNullable<PackagePolicy['require']>;
}

/** Whether a decision holds still. */
export interface Lasting {
  /** Days after today on which it holds, by UTC; less than 0: it is over. */
  readonly daysLeft: number;
  /** Line of the named file; null where another file says it. */
  readonly line: number | null;
}
