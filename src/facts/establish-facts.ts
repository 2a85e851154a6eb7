import type { Evidence } from '../evidence/evidence.js';
import type { Dependency } from '../lockfile/dependency.js';
import {
  verifyEvidence,
  type VerificationContext,
} from '../verification/verify-evidence.js';
import { deriveFacts } from './derive-facts.js';
import type { Facts } from './facts.js';

/**
 * Verifies the evidence of one in-scope dependency and derives what it
 * establishes. Never throws on what `evidence` holds.
 */
export function establishFacts(
  dependency: Dependency,
  evidence: Evidence,
  context: VerificationContext,
): Facts {
  const verification = verifyEvidence(dependency, evidence, context);
  const { registry, publicRegistry } = context;
  return deriveFacts(verification, {
    id: dependency.id,
    registry,
    publicRegistry,
    advertisesProvenance:
      evidence.status === 'attested' && evidence.metadata.advertisesProvenance,
  });
}
