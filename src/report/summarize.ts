import { LEVELS } from '../facts/facts.js';
import { compareText } from '../package/package-id.js';
import {
  countCoverage,
  hasVerifiedProvenance,
  shareOf,
  type CoverageCount,
} from '../policy/coverage.js';
import type { Consequence, Finding } from '../policy/verdict.js';
import type {
  Coverage,
  Report,
  ReportDependency,
  ReportSummary,
} from './report.js';

const CONSEQUENCES: readonly Consequence[] = [
  'tampered',
  'violated',
  'incomplete',
];

/**
 * Every number of a report, counted once for all formats. Each row adds up: the
 * scope row to all `dependencies`, the others to those in scope.
 */
export function summarize(
  dependencies: readonly ReportDependency[],
  findings: readonly Finding[],
): ReportSummary {
  const inScope = dependencies.filter(({ scope }) => scope === 'in-scope');
  const coverage = countCoverage(inScope);
  return {
    dependencies: dependencies.length,
    inScope: inScope.length,
    outOfScope: countReasons(dependencies),
    evidence: tally(
      ['attested', 'unattested', 'unavailable'],
      inScope.map(({ evidence }) => evidence),
    ),
    verification: tally(
      ['verified', 'rejected', 'unverifiable', 'none'],
      inScope.map(({ verification }) => verification),
    ),
    level: tally(
      LEVELS,
      inScope.map(({ level }) => level),
    ),
    binding: tally(
      ['lockfile', 'tarball', 'registry', 'none'],
      inScope.map(({ binding }) => binding ?? 'none'),
    ),
    coverage: {
      all: toCoverage(coverage.all),
      production: toCoverage(coverage.production),
      direct: toCoverage(coverage.direct),
    },
    notProven: countNotProven(inScope),
    findings: tally(
      ['error', 'warning'],
      findings
        .filter(({ exempted }) => exempted === null)
        .map(({ level }) => level),
    ),
    failing: countFailing(findings),
  };
}

/** The counts with their share, rounded down. */
export function toCoverage(count: CoverageCount): Coverage {
  return { ...count, ratio: shareOf(count) / 10_000 };
}

function countNotProven(
  inScope: readonly ReportDependency[],
): Report['summary']['notProven'] {
  return tally(
    ['rejected', 'unverifiable', 'unavailable', 'withoutProvenance'],
    inScope.filter((one) => !hasVerifiedProvenance(one)).map(whyNotProven),
  );
}

function whyNotProven(
  dependency: ReportDependency,
): keyof Report['summary']['notProven'] {
  const { verification, evidence } = dependency;
  if (verification === 'rejected' || verification === 'unverifiable') {
    return verification;
  }
  return evidence === 'unavailable' ? 'unavailable' : 'withoutProvenance';
}

function countReasons(
  dependencies: readonly ReportDependency[],
): Record<string, number> {
  const reasons = dependencies.flatMap(({ scopeReason }) => scopeReason ?? []);
  return tally([...new Set(reasons)].sort(compareText), reasons);
}

function countFailing(
  findings: readonly Finding[],
): Record<Consequence, number> {
  const failing = CONSEQUENCES.flatMap((consequence) => {
    const subjects = findings
      .filter((one) => one.level === 'error' && one.exempted === null)
      .filter((one) => one.consequence === consequence)
      .flatMap(({ subject }) => subject?.dependency ?? []);
    return [...new Set(subjects)].map(() => consequence);
  });
  return tally(CONSEQUENCES, failing);
}

/** How often each of `keys` occurs, keys in the order given, zeros included. */
function tally<Key extends string>(
  keys: readonly Key[],
  values: readonly string[],
): Record<Key, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  // The keys are exactly `keys`; Object.fromEntries cannot say so by itself.
  return Object.fromEntries(
    keys.map((key) => [key, counts.get(key) ?? 0]),
  ) as Record<Key, number>;
}
