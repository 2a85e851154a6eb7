import type { Facts } from '../facts/facts.js';

/** Groups of packages that a threshold can be about. */
export const COVERAGE_GROUPS = ['all', 'production', 'direct'] as const;
/** One of them; `direct` and `production` may overlap. */
export type CoverageGroup = (typeof COVERAGE_GROUPS)[number];

/**
 * The groups of which a selection has left something out: any of `leftOut`
 * belongs to them. What is counted of them is not what a threshold is about.
 */
export function partialGroups(
  leftOut: readonly Pick<Countable, 'production' | 'direct'>[],
): readonly CoverageGroup[] {
  return COVERAGE_GROUPS.filter((group) =>
    leftOut.some((each) => group === 'all' || each[group]),
  );
}

/**
 * The thresholds of a policy that are not judged, since a selection has left
 * something of their groups out.
 */
export function unjudgedThresholds(
  thresholds: Readonly<Record<CoverageGroup, object | null>>,
  leftOut: readonly Pick<Countable, 'production' | 'direct'>[],
): readonly CoverageGroup[] {
  return partialGroups(leftOut).filter((group) => thresholds[group] !== null);
}

/** Packages with verified provenance, of those that could have it. */
export interface CoverageCount {
  readonly verified: number;
  readonly eligible: number;
}

/** What of a package in scope decides whether and where it counts. */
export interface Countable {
  readonly production: boolean;
  readonly direct: boolean;
  readonly verification: Facts['verification'];
  /** Only whether there is one counts. */
  readonly provenance: object | null;
}

/**
 * Counts packages in scope, for policy and report alike. What could not be
 * asked or verified is eligible and not verified, and so is rejected evidence
 * that somebody has acknowledged.
 */
export function countCoverage(
  inScope: readonly Countable[],
): Readonly<Record<CoverageGroup, CoverageCount>> {
  return {
    all: countOf(inScope),
    production: countOf(inScope.filter(({ production }) => production)),
    direct: countOf(inScope.filter(({ direct }) => direct)),
  };
}

/**
 * Whether where it was built is proven: provenance that is verified, with no
 * evidence of the same dependency rejected.
 */
export function hasVerifiedProvenance({
  verification,
  provenance,
}: Pick<Countable, 'verification' | 'provenance'>): boolean {
  return verification === 'verified' && provenance !== null;
}

function countOf(eligible: readonly Countable[]): CoverageCount {
  return {
    verified: eligible.filter(hasVerifiedProvenance).length,
    eligible: eligible.length,
  };
}

/**
 * The share in hundredths of a percent, cut off and never rounded up: 2 of 3
 * are 6666. None of none is 0, for nothing is proven then.
 */
export function shareOf({ verified, eligible }: CoverageCount): number {
  // Division first may round up: 2 ÷ 3 is more than two thirds as a double.
  return eligible === 0 ? 0 : Math.floor((verified * 10_000) / eligible);
}
