/** A registry's signature over `name@version:integrity`. Claimed. */
export interface ClaimedSignature {
  readonly keyid: string;
  /** Base64 of a DER ECDSA signature, as served. */
  readonly sig: string;
}

/** What a version's manifest says that an audit uses. Claimed. */
export interface VersionMetadata {
  /** `dist.integrity` as served; null where there is none. */
  readonly integrity: string | null;
  readonly signatures: readonly ClaimedSignature[];
  /** Whether `dist.attestations` is present. */
  readonly advertisesAttestations: boolean;
}
