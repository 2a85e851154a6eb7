import type { TrustRoot } from '../verification/trust-root.js';
import { parseTrustRoot } from '../verification/trust-root.js';
import {
  verifyBundle,
  type BundleResult,
} from '../verification/verify-bundle.js';
import type { VerifyAgainst, VerifyTask } from '../verify-ahead.js';

/** What a thread is given. */
export interface Work extends VerifyTask {
  /** The same for all that one thread is given: read once. */
  readonly against: VerifyAgainst;
}

let trustRoot: TrustRoot | null = null;

/** Runs in a thread of its own; the same function that runs without one. */
export default function verify({
  bundle,
  registry,
  against: { documents, now },
}: Work): BundleResult {
  trustRoot ??= parseTrustRoot(documents);
  return verifyBundle(bundle, trustRoot, { registry, now });
}
