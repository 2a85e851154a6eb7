import type { Check } from '../verification/check.js';
import type { Binding } from '../verification/compared-digest.js';
import type {
  RegistrySignatureState,
  Rejection,
  Unverifiable,
} from '../verification/verification.js';

/**
 * How much is proven, from least to most. The last two add to `provenance` what
 * the registry says without signing it: `isClaimed`.
 */
export const LEVELS = [
  'none',
  'registry-signature',
  'provenance',
  'trusted-publisher',
  'staged',
] as const;
/** One of them. */
export type Level = (typeof LEVELS)[number];

/**
 * Whether a level is a verified provenance and, above that, nothing but the
 * registry's unsigned word (basis: registry), which anybody in between can add or
 * take away.
 */
export function isClaimed(level: string): boolean {
  return level === 'trusted-publisher' || level === 'staged';
}

/** The part of a level that is proven. */
export function provenPart<Value extends string>(
  level: Value,
): Value | 'provenance' {
  return isClaimed(level) ? 'provenance' : level;
}

/**
 * Where and how the package was built. Every field is the certificate's word
 * (basis: certificate) except `builder`, `buildType` and `predicateType`, which
 * are the signed predicate's. Null where the certificate does not say.
 */
export interface ProvenanceFacts {
  /** `https://github.com/acme/widget` */
  readonly sourceRepository: string;
  readonly sourceRepositoryId: string | null;
  readonly sourceOwnerId: string | null;
  /** Commit, as the certificate names it. */
  readonly sourceRevision: string | null;
  /** `refs/tags/v1.2.3` */
  readonly sourceRef: string | null;
  /** Path of the calling workflow in its repository. */
  readonly workflow: string | null;
  readonly workflowRef: string | null;
  /** URI of the workflow that signed; a reusable one is not the caller. */
  readonly signer: string;
  readonly issuer: string;
  readonly builder: string;
  readonly buildType: string;
  readonly runner: 'github-hosted' | 'gitlab-hosted' | 'self-hosted' | null;
  readonly event: string | null;
  readonly runUrl: string | null;
  readonly signedAt: Date;
  readonly logIndex: string | null;
  readonly predicateType: string;
  /**
   * The certificate is from before the extensions that carry the full build
   * identity existed, so part of the provenance has no other word for it.
   */
  readonly limitedIdentity: boolean;
}

/** What the registry attested about the publication. */
export interface PublishFacts {
  /** URL of the registry that accepted the publication. */
  readonly registry: string;
  readonly keyId: string;
  readonly signedAt: Date;
}

/** Everything established about one in-scope dependency. */
export interface Facts {
  readonly verification: 'verified' | 'rejected' | 'unverifiable' | 'none';
  readonly level: Level;
  /**
   * Everything that was checked, in the order in which people read it. What is
   * rejected or cannot be verified is read off these and nowhere else.
   */
  readonly checks: readonly Check[];
  /** Not empty exactly if `verification` is `rejected`; most telling first. */
  readonly rejections: readonly Rejection[];
  /** Not empty if `verification` is `unverifiable`. */
  readonly unverifiable: readonly Unverifiable[];
  /** Only from verified evidence. */
  readonly provenance: ProvenanceFacts | null;
  /** Only from verified evidence. */
  readonly publish: PublishFacts | null;
  readonly registrySignature: RegistrySignatureState;
  /**
   * Whose digest everything was held against; null if nothing was. Of anything
   * but `lockfile` an install enforces other bytes, or none.
   */
  readonly binding: Binding | null;
  /** Predicate types of verified attestations that nothing here interprets. */
  readonly otherPredicateTypes: readonly string[];
}
