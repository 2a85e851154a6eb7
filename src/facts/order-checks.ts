import { CHECKS, type CheckGroup } from '../verification/check-catalogue.js';
import type { Check } from '../verification/check.js';

/** More than there are kinds of checks. */
const BLOCK = 1000;
/** Behind every attestation, of which a document has 32 at most. */
const LAST_BLOCK = 1000;
/** What is known before any attestation is looked at. */
const FIRST_GROUPS: readonly CheckGroup[] = ['lockfile', 'registry'];
/** For each kind where it stands in the catalogue, and the block of those about none. */
const PLACES: ReadonlyMap<string, Place> = new Map(
  Object.entries(CHECKS).map(([id, { group }], position) => [
    id,
    { position, block: FIRST_GROUPS.includes(group) ? -1 : LAST_BLOCK },
  ]),
);
const NOWHERE: Place = { position: PLACES.size, block: LAST_BLOCK };

interface Place {
  readonly position: number;
  readonly block: number;
}

/**
 * Sorts checks as people read them: the lockfile and the registry, then one
 * attestation after the other, then what is about several of them; within each
 * in the order of the catalogue, and otherwise as they were made.
 */
export function orderChecks(checks: readonly Check[]): readonly Check[] {
  return checks.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function placeOf({ check, attestation }: Check): number {
  const { position, block } = PLACES.get(check) ?? NOWHERE;
  return (attestation ?? block) * BLOCK + position;
}
