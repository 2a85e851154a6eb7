/** One element of the attestations endpoint's answer. Claimed. */
export interface ClaimedAttestation {
  readonly predicateType: string;
  /** A Sigstore bundle as JSON, not yet looked at. */
  readonly bundle: unknown;
}

/**
 * The attestations endpoint's answer. `malformed` is a document that no honest
 * registry serves; it counts as attested evidence that is rejected.
 */
export type AttestationDocument =
  | {
      readonly status: 'parsed';
      readonly attestations: readonly ClaimedAttestation[];
    }
  | {
      readonly status: 'malformed';
      readonly code: 'document-malformed' | 'duplicate-key' | 'too-large';
      readonly message: string;
    };
