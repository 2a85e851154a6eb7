import type { Check } from './check.js';
import type { Binding } from './compared-digest.js';
import type { SigningCertificate } from './signing-certificate.js';
import type { Statement } from './statement.js';

/**
 * - `invalid`: bytes that no honest producer makes.
 * - `mismatch`: well signed, but about something else, or contradicting the
 *   certificate that signed it.
 */
export type RejectionKind = 'invalid' | 'mismatch';

/**
 * Every reason for a rejection, ordered by how much it tells: a report leads
 * with the first one that applies. Codes are stable API.
 */
export const REJECTION_CODES = [
  // What the lockfile says against itself, or the registry against it.
  'integrity-conflict',
  'integrity-ambiguous',
  'resolved-mismatch',
  'integrity-mismatch',
  // Attested, but something else than what would be installed.
  'subject-digest',
  'subject-name',
  'subject-count',
  // Signed by somebody who may not say this.
  'identity-issuer',
  'identity-san',
  'identity-repository',
  'identity-repository-id',
  'identity-owner-id',
  'identity-commit',
  'identity-ref',
  'identity-workflow',
  'identity-event',
  'identity-runner',
  'identity-invocation',
  'identity-missing',
  'build-type',
  'builder-id',
  'provenance-conflict',
  'publish-predicate',
  'publish-key',
  'registry-signature',
  // Cryptography.
  'signature',
  'certificate',
  'certificate-usage',
  'certificate-malformed',
  'log-entry',
  'timestamp',
  // Form.
  'payload-type',
  'statement-type',
  'predicate-type',
  'predicate-malformed',
  'statement-malformed',
  'bundle-malformed',
  'duplicate-key',
  'too-large',
  'document-malformed',
  'publish-missing',
] as const;
/** One of `REJECTION_CODES`. Stable API. */
export type RejectionCode = (typeof REJECTION_CODES)[number];

/** Why evidence is refused. `expected` and `found` may quote outside text. */
export interface Rejection {
  readonly kind: RejectionKind;
  readonly code: RejectionCode;
  /** Position in the attestation document; null if about none of them. */
  readonly attestation: number | null;
  /** One line for people; may quote outside text, so it is escaped on output. */
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
}

/** Why something is neither verified nor rejected. Codes are stable API. */
export type UnverifiableCode =
  | 'weak-integrity'
  | 'no-sha512'
  | 'integrity-malformed'
  | 'registry-keys-missing'
  | 'provenance-withheld'
  | 'clock-implausible';

/**
 * What could not be decided. `message` is one line, to be escaped on output.
 */
export interface Unverifiable {
  readonly code: UnverifiableCode;
  readonly message: string;
}

/** Who signed, after the signature was verified. */
export type Signer =
  | {
      readonly kind: 'certificate';
      readonly certificate: SigningCertificate;
    }
  | { readonly kind: 'key'; readonly keyId: string };

/** An attestation whose signature, log entry and subject are verified. */
export interface VerifiedAttestation {
  /** Position in the attestation document. */
  readonly index: number;
  readonly statement: Statement;
  readonly signer: Signer;
  /** When the log or a timestamp authority saw the signature. */
  readonly signedAt: Date;
  /** Index of the entry in the transparency log; null without an entry. */
  readonly logIndex: string | null;
}

/**
 * `verified` is proven, `missing` was looked for; `not-checked` says nothing.
 */
export type RegistrySignatureState =
  'verified' | 'rejected' | 'missing' | 'not-checked';

/**
 * What cryptography and binding say about one dependency's evidence. The
 * attestations listed are verified each by itself; whether they may be believed
 * together is decided from all `checks`, and by the facts stage.
 */
export interface Verification {
  readonly attestations: readonly VerifiedAttestation[];
  /** Every check of this stage; rejections are read off them. */
  readonly checks: readonly Check[];
  readonly registrySignature: RegistrySignatureState;
  /** Whose digest evidence was held against; null if against none. */
  readonly binding: Binding | null;
}

/** Sorts rejections by rank, then by position, and drops nothing. */
export function rankRejections(
  rejections: readonly Rejection[],
): readonly Rejection[] {
  if (rejections.length < 2) return rejections;
  const rank = new Map(REJECTION_CODES.map((code, index) => [code, index]));
  const rankOf = (code: RejectionCode): number => rank.get(code) ?? 0;
  return rejections.toSorted(
    (a, b) =>
      rankOf(a.code) - rankOf(b.code) ||
      (a.attestation ?? -1) - (b.attestation ?? -1),
  );
}
