import type { Evidence } from '../evidence/evidence.js';
import type { Dependency } from '../lockfile/dependency.js';
import {
  verifyEvidence,
  type VerificationContext,
} from '../verification/verify-evidence.js';
import { deriveFacts } from './derive-facts.js';
import type { Facts } from './facts.js';
import type { TrustedIssuer } from './platforms.js';
import { requireChecks } from './required-checks.js';

/** What one dependency's evidence is judged against. */
export interface EstablishContext extends VerificationContext {
  /** Issuers that a policy trusts besides the public ones. */
  readonly issuers?: readonly TrustedIssuer[];
}

/**
 * Verifies the evidence of one in-scope dependency and derives what it
 * establishes. Never throws on what `evidence` holds; throws an `Error` if
 * something would be established although a check was never made.
 */
export function establishFacts(
  dependency: Dependency,
  evidence: Evidence,
  context: EstablishContext,
): Facts {
  const verification = verifyEvidence(dependency, evidence, context);
  const { registry, publicRegistry, issuers = [] } = context;
  const metadata = evidence.status === 'attested' ? evidence.metadata : null;
  const facts = deriveFacts(verification, {
    id: dependency.id,
    registry,
    publicRegistry,
    issuers,
    advertisesProvenance: metadata?.advertisesProvenance ?? false,
    publication: metadata?.publication ?? null,
  });
  requireChecks(facts, verification.attestations);
  return facts;
}
