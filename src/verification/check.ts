import type { CheckId } from './check-catalogue.js';
import type {
  Rejection,
  RejectionCode,
  RejectionKind,
  Unverifiable,
  UnverifiableCode,
} from './verification.js';

/** What came of a check. Only `passed` speaks for the evidence. */
export type CheckOutcome =
  | { readonly outcome: 'passed' }
  | {
      readonly outcome: 'failed';
      readonly kind: RejectionKind;
      readonly code: RejectionCode;
      readonly message: string;
    }
  /** It could not be decided: neither good nor bad. */
  | {
      readonly outcome: 'undecided';
      readonly code: UnverifiableCode;
      readonly message: string;
    }
  /** There was nothing to compare, or an earlier check ended the matter. */
  | { readonly outcome: 'not-made'; readonly message: string };

/**
 * One check that was made, or why it was not. Rejections are read off these
 * and nowhere else, so that what is shown and what decides cannot differ.
 * `expected` and `found` may quote outside text.
 */
export type Check = CheckOutcome & {
  readonly check: CheckId;
  /** Position in the attestation document; null if about none of them. */
  readonly attestation: number | null;
  readonly expected: string | null;
  readonly found: string | null;
};

/** The two sides of a comparison. */
export interface Sides {
  readonly expected?: string | null | undefined;
  readonly found?: string | null | undefined;
}

const NO_SIDES: Sides = {};

/** A failure in a few words: code, line for people, and both sides. */
export interface Failure extends Sides {
  readonly kind: RejectionKind;
  readonly code: RejectionCode;
  readonly message: string;
}

/** The check was made and holds. */
export function passed(check: CheckId, sides: Sides = NO_SIDES): Check {
  // There are more of these than of anything else: a spread takes its time.
  const { expected = null, found = null } = sides;
  return { check, outcome: 'passed', attestation: null, expected, found };
}

/** The check was made and speaks against the evidence. */
export function failed(
  check: CheckId,
  { kind, code, message, ...sides }: Failure,
): Check {
  return { check, outcome: 'failed', kind, code, message, ...untied(sides) };
}

/** The check cannot be decided. */
export function undecided(
  check: CheckId,
  { code, message }: Unverifiable,
  sides: Sides = NO_SIDES,
): Check {
  return { check, outcome: 'undecided', code, message, ...untied(sides) };
}

/** The check was not made, which is no word in favour of anything. */
export function notMade(check: CheckId, message: string): Check {
  return { check, outcome: 'not-made', message, ...untied(NO_SIDES) };
}

/** The same checks as ones about the attestation at `index`. */
export function ofAttestation(
  checks: readonly Check[],
  index: number,
): readonly Check[] {
  return checks.map((each) => ({ ...each, attestation: index }));
}

/** Every failed check as a rejection, in the order in which they were made. */
export function rejectionsOf(checks: readonly Check[]): readonly Rejection[] {
  const rejections: Rejection[] = [];
  for (const each of checks) {
    if (each.outcome !== 'failed') continue;
    const { kind, code, attestation, message, expected, found } = each;
    rejections.push({ kind, code, attestation, message, expected, found });
  }
  return rejections;
}

/** Everything that could not be decided, in the order of the checks. */
export function unverifiableOf(
  checks: readonly Check[],
): readonly Unverifiable[] {
  const unverifiable: Unverifiable[] = [];
  for (const each of checks) {
    if (each.outcome !== 'undecided') continue;
    unverifiable.push({ code: each.code, message: each.message });
  }
  return unverifiable;
}

/** Whether every one of them passed. Of no checks at all, none has. */
export function allPassed(checks: readonly Check[]): boolean {
  return (
    checks.length > 0 && checks.every(({ outcome }) => outcome === 'passed')
  );
}

function untied({ expected, found }: Sides) {
  return {
    attestation: null,
    expected: expected ?? null,
    found: found ?? null,
  };
}
