import {
  CHECKS,
  type CheckGroup,
  type CheckId,
} from '../verification/check-catalogue.js';
import type { Check } from '../verification/check.js';

const POSITIONS: ReadonlyMap<string, number> = new Map(
  Object.keys(CHECKS).map((id, index) => [id, index]),
);
/** Behind every attestation, of which a document has 32 at most. */
const LAST_BLOCK = 1000;
/** What is known before any attestation is looked at. */
const FIRST_GROUPS: readonly CheckGroup[] = ['lockfile', 'registry'];

/**
 * Sorts checks as people read them: the lockfile and the registry, then one
 * attestation after the other, then what is about several of them; within each
 * in the order of the catalogue, and otherwise as they were made.
 */
export function orderChecks(checks: readonly Check[]): readonly Check[] {
  return checks.toSorted(
    (a, b) => blockOf(a) - blockOf(b) || positionOf(a) - positionOf(b),
  );
}

function blockOf({ check, attestation }: Check): number {
  if (attestation !== null) return attestation;
  return FIRST_GROUPS.includes(groupOf(check)) ? -1 : LAST_BLOCK;
}

function groupOf(check: CheckId): CheckGroup {
  return CHECKS[check].group;
}

function positionOf({ check }: Check): number {
  return POSITIONS.get(check) ?? POSITIONS.size;
}
