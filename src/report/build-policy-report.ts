import { daysLeft } from '../policy/expiry.js';
import { orderBySpecificity, requiredLevel } from '../policy/package-entry.js';
import type { PolicyProblem } from '../policy/policy-problem.js';
import type { Policy } from '../policy/policy.js';
import type { Rule } from '../policy/rule.js';
import { selectsEverything } from '../policy/select.js';
import type {
  EffectivePolicy,
  EffectiveRule,
  PolicyReport,
} from './policy-report.js';

/** What a check of a policy is told from. */
export interface PolicyCheck {
  /** Of this program. */
  readonly version: string;
  readonly now: Date;
  /** The catalogue. */
  readonly rules: readonly Rule[];
  /** What was read, or what is wrong with it. */
  readonly outcome: Policy | readonly PolicyProblem[];
}

/** What a policy comes to, or all that is wrong with it. */
export function buildPolicyReport(check: PolicyCheck): PolicyReport {
  const { version, now, outcome } = check;
  const problems = isPolicy(outcome) ? [] : outcome;
  return {
    schemaVersion: 1,
    tool: { name: 'provenance-audit', version },
    checkedAt: now.toISOString(),
    valid: problems.length === 0,
    problems,
    policy: isPolicy(outcome) ? toEffective(outcome, check) : null,
  };
}

function isPolicy(outcome: PolicyCheck['outcome']): outcome is Policy {
  return 'origin' in outcome;
}

function toEffective(
  policy: Policy,
  { now, rules }: PolicyCheck,
): EffectivePolicy {
  const { path, coverage } = policy;
  return {
    origin: policy.origin,
    path,
    sha256: policy.sha256,
    files: policy.files ?? (path === null ? [] : [path]),
    rules: rules.map((rule) => toEffectiveRule(rule, policy)),
    coverage: {
      all: coverage.all?.text ?? null,
      production: coverage.production?.text ?? null,
      direct: coverage.direct?.text ?? null,
    },
    packages: orderBySpecificity(policy.packages).map((entry) => ({
      ...entry,
      require: requiredLevel(entry),
    })),
    deniedEvents: policy.deniedEvents,
    minimumReleaseAge: policy.minimumReleaseAge,
    history: policy.history,
    exemptions: policy.exemptions.map((entry) => ({
      ...entry,
      daysLeft: daysLeft(entry, now),
    })),
    acknowledged: policy.acknowledged.map((entry) => ({
      ...entry,
      daysLeft: daysLeft(entry, now),
    })),
    registries: policy.registries,
    issuers: policy.issuers,
  };
}

/** Settings behind one that selects everything are never looked at. */
function toEffectiveRule(
  { id, defaultLevel }: Rule,
  policy: Policy,
): EffectiveRule {
  const all = policy.rules.get(id) ?? [];
  const last = all.findIndex((each) => selectsEverything(each.for));
  return {
    id,
    settings: last === -1 ? all : all.slice(0, last + 1),
    otherwise: last === -1 ? defaultLevel : null,
  };
}
