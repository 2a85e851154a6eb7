import { isAnswered } from '../policy/answered.js';
import { isProvenBuild } from '../policy/history/downgrade.js';
import type { Subject } from '../policy/verdict.js';

/**
 * Why what is known of a package is less than it could be.
 *
 * - `unattested`: there are no attestations.
 * - `no-provenance`: it is attested, as by its registry, but not how it was built.
 * - `weak-integrity`: the lockfile pins too little to hold evidence against.
 * - `limited-identity`: proven, by a certificate from before these named the whole
 *   build. It counts as covered.
 */
export type Weakness =
  'unattested' | 'no-provenance' | 'weak-integrity' | 'limited-identity';

/**
 * What an update might better about `subject`; null where nothing is known to be
 * weak. What was rejected, withheld or not asked is for others to speak of. The
 * levels above provenance are the registry's unsigned word, and none is missed.
 */
export function weaknessOf(subject: Subject): Weakness | null {
  const { facts, evidence } = subject;
  if (isProvenBuild(facts)) {
    return facts?.provenance?.limitedIdentity === true
      ? 'limited-identity'
      : null;
  }
  if (isAnswered(subject)) {
    return evidence.status === 'attested' ? 'no-provenance' : 'unattested';
  }
  const isWeak =
    facts?.verification === 'unverifiable' &&
    facts.unverifiable.every(({ code }) => WEAK_INTEGRITY.has(code));
  return isWeak ? 'weak-integrity' : null;
}

/** Reasons that a lockfile which pins SHA-512 would not give. */
const WEAK_INTEGRITY: ReadonlySet<string> = new Set([
  'weak-integrity',
  'no-sha512',
  'integrity-malformed',
]);
