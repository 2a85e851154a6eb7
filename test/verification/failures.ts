import type { CheckId } from '../../src/verification/check-catalogue.js';
import {
  rejectionsOf,
  unverifiableOf,
  type Check,
} from '../../src/verification/check.js';
import type {
  Rejection,
  RejectionCode,
  UnverifiableCode,
} from '../../src/verification/verification.js';

/** The code of every failed check, in order. */
export function codesOf(checks: readonly Check[]): readonly RejectionCode[] {
  return rejectionsOf(checks).map(({ code }) => code);
}

/** The code of every check that could not be decided, in order. */
export function undecidedCodesOf(
  checks: readonly Check[],
): readonly UnverifiableCode[] {
  return unverifiableOf(checks).map(({ code }) => code);
}

/** The first rejection; null where nothing failed. */
export function failureOf(...checks: readonly Check[]): Rejection | null {
  return rejectionsOf(checks)[0] ?? null;
}

/** `id: outcome` of every check, in order. */
export function outcomesOf(checks: readonly Check[]): readonly string[] {
  return checks.map(({ check, outcome }) => `${check}: ${outcome}`);
}

/** The only check of that id; throws where there are none or several. */
export function checkOf(checks: readonly Check[], id: CheckId): Check {
  const [found, ...others] = checks.filter(({ check }) => check === id);
  if (found === undefined || others.length > 0) {
    throw new Error(`expected one check ${id}`);
  }
  return found;
}
