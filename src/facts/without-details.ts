import type { CheckId } from '../verification/check-catalogue.js';
import { passed, type Check } from '../verification/check.js';
import type { Facts } from './facts.js';

/** By position of the attestation, of which a document has 32 at most. */
const plainChecks = new Map<number | null, Map<CheckId, Check>>();

/**
 * The same facts without what the checks that passed have compared. Only a closer
 * look at a package tells that, and of thousands of packages it is most of what
 * is remembered. What did not pass stays as it is.
 */
export function withoutDetails(facts: Facts): Facts {
  return { ...facts, checks: facts.checks.map(toPlain) };
}

/** One object for all packages. */
function toPlain(made: Check): Check {
  if (made.outcome !== 'passed') return made;
  const { check, attestation } = made;
  const ofPosition = plainChecks.get(attestation) ?? new Map<CheckId, Check>();
  plainChecks.set(attestation, ofPosition);
  const plain = ofPosition.get(check) ?? makePlain(check, attestation);
  ofPosition.set(check, plain);
  return plain;
}

function makePlain(check: CheckId, attestation: number | null): Check {
  return { ...passed(check), attestation };
}
