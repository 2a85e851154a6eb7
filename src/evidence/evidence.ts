import type { AttestationDocument } from './attestation-document.js';
import type { VersionMetadata } from './version-metadata.js';

/** Why a registry could not be asked, or gave no usable answer. Stable API. */
export type UnavailableCode =
  | 'network'
  | 'timeout'
  | 'tls'
  | 'auth'
  | 'rate-limited'
  | 'server-error'
  | 'unexpected-status'
  | 'redirect-refused'
  | 'too-large'
  | 'truncated'
  | 'not-json'
  | 'metadata-malformed'
  | 'version-not-found'
  | 'attestations-withheld'
  | 'registry-without-evidence'
  | 'registry-not-configured'
  | 'deadline';

/** Evidence that could not be had. Never the same as "there is none". */
export interface Unavailable {
  readonly status: 'unavailable';
  readonly code: UnavailableCode;
  /** One line for people; may quote the registry, so it is escaped on output. */
  readonly message: string;
}

/** Why a dependency is not audited. */
export type ScopeReason =
  | 'git'
  | 'file'
  | 'link'
  | 'workspace'
  | 'remote-tarball'
  | 'bundled'
  | 'omitted'
  | 'private-registry';

/**
 * What the registry answered about one dependency, still only *claimed*:
 * nothing in it has been verified.
 */
export type Evidence =
  | {
      readonly status: 'attested';
      readonly metadata: VersionMetadata;
      readonly document: AttestationDocument;
    }
  | { readonly status: 'unattested'; readonly metadata: VersionMetadata }
  | Unavailable
  | { readonly status: 'not-applicable'; readonly reason: ScopeReason };
