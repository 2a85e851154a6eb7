import { compareText } from '../package/package-id.js';
import {
  COVERAGE_GROUPS,
  countCoverage,
  shareOf,
  type CoverageCount,
  type CoverageGroup,
} from './coverage.js';
import type { Finding, Subject } from './verdict.js';

/** What a first policy says beside the format, for people and for its text. */
export interface InitialPolicy {
  /** Thresholds: what is proven now. Groups without anything proven have none. */
  readonly coverage: readonly {
    readonly group: CoverageGroup;
    readonly count: CoverageCount;
    readonly threshold: string;
  }[];
  /** Rules that fail today because of what the lockfile has, turned down. */
  readonly lowered: readonly {
    readonly rule: string;
    readonly packages: readonly string[];
  }[];
}

/**
 * Rules about what stands in a lockfile: it is known in full, was so before, and
 * ends when somebody mends the entry. Everything else that fails is left to
 * fail: what could not be asked today may be asked tomorrow, and of what was
 * rejected, or lost against pins, nothing is taken for granted.
 */
const OF_THE_LOCKFILE: readonly string[] = [
  'insecure-source',
  'resolved-host-not-allowed',
  'weak-integrity',
];

/**
 * A policy that demands what is true now and no more: nothing in it can fail
 * by the passing of time, nor because more becomes known. `findings` are those of
 * the default policy.
 */
export function draftInitialPolicy(
  subjects: readonly Subject[],
  findings: readonly Finding[],
): InitialPolicy {
  const counts = countCoverage(
    subjects.flatMap(({ dependency, facts }) =>
      facts === null
        ? []
        : {
            production: dependency.production,
            direct: dependency.direct,
            verification: facts.verification,
            provenance: facts.provenance,
          },
    ),
  );
  return {
    // Of a group without any package 0 % would fail: none of none is not met.
    coverage: COVERAGE_GROUPS.filter((group) => counts[group].verified > 0).map(
      (group) => ({
        group,
        count: counts[group],
        threshold: wordShare(shareOf(counts[group])),
      }),
    ),
    lowered: OF_THE_LOCKFILE.map((rule) => ({
      rule,
      packages: namesWith(rule, findings),
    })).filter(({ packages }) => packages.length > 0),
  };
}

function namesWith(
  rule: string,
  findings: readonly Finding[],
): readonly string[] {
  const names = findings
    .filter((each) => each.rule === rule && each.level === 'error')
    .flatMap(({ subject }) => subject?.dependency.id.name ?? []);
  return [...new Set(names)].toSorted(compareText);
}

/** `58.82%`, cut off as it was counted. */
function wordShare(hundredths: number): string {
  const whole = Math.floor(hundredths / 100);
  const rest = String(hundredths % 100).padStart(2, '0');
  return rest === '00' ? `${whole}%` : `${whole}.${rest}%`;
}

/** The policy file, YAML, of the day `date` (`2026-11-28`). */
export function renderInitialPolicy(
  { coverage, lowered }: InitialPolicy,
  date: string,
): string {
  return [
    head(date),
    ...(coverage.length === 0 ? [NO_COVERAGE] : [coverageText(coverage)]),
    ...(lowered.length === 0 ? [] : [loweredText(lowered)]),
    MORE,
  ].join('\n');
}

const head = (date: string): string => `\
# yaml-language-server: $schema=./node_modules/provenance-audit/schema/policy.schema.json
#
# Written by provenance-audit init on ${date}. What is proven on that day has to stay
# so: the share of packages below, and each package in provenance.lock.json.
# Rejected and withheld evidence and what cannot be asked fail anyway.
# provenance-audit rules lists all that can be found.
version: 1
`;

const NO_COVERAGE = `\
# No package has verified provenance yet. Once some have:
# coverage: { production: 10% }
`;

function coverageText(coverage: InitialPolicy['coverage']): string {
  const lines = coverage.map(({ group, threshold, count }) => {
    const { verified, eligible } = count;
    return `  ${`${group}: ${threshold}`.padEnd(22)}# ${verified} of ${eligible}`;
  });
  return [
    '# Least share of packages with verified provenance. Raise it as it grows.',
    'coverage:',
    ...lines,
    '',
  ].join('\n');
}

function loweredText(lowered: InitialPolicy['lowered']): string {
  const lines = lowered.flatMap(({ rule, packages }) => [
    `  ${rule}:`,
    '    - level: warning',
    '      for:',
    '        packages:',
    // JSON strings are YAML strings, whatever is in them.
    ...packages.map((name) => `          - ${JSON.stringify(name)}`),
  ]);
  return [
    '# What the lockfile had on that day, and would fail. It is warned of for these',
    '# packages, and fails for any other. Mend them, then remove them here.',
    'rules:',
    ...lines,
    '',
  ].join('\n');
}

const MORE = `\
# What to demand next, in this order perhaps:
#
# packages:                          # the most specific entry counts, alone
#   '@acme/*':
#     source: https://github.com/acme/*
#     runner: hosted
# minimumReleaseAge: 3d              # most malicious versions are found within days
# events: { deny: [pull_request_target, issue_comment] }
# exemptions:                        # for a finding to live with, for a time
#   - package: left-pad@1.3.0
#     rules: [level-downgrade]
#     reason: why, for whoever reads the report
#     expires: YYYY-MM-DD
`;
