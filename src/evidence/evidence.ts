import type { ArchiveAnswer } from './archive-source.js';
import type { AttestationDocument } from './attestation-document.js';
import type { VersionMetadata } from './version-metadata.js';

/** Why a registry could not be asked, or gave no usable answer. Stable API. */
export const UNAVAILABLE_CODES = [
  'network',
  'timeout',
  'tls',
  'auth',
  'rate-limited',
  'server-error',
  'unexpected-status',
  'redirect-refused',
  'too-large',
  'truncated',
  'not-json',
  'metadata-malformed',
  'version-not-found',
  'version-not-pinned',
  'attestations-withheld',
  'registry-without-evidence',
  'registry-not-configured',
  'offline',
  'deadline',
] as const;

/** One of them. Stable API. */
export type UnavailableCode = (typeof UNAVAILABLE_CODES)[number];

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

/** What there is of any version that a registry answered for. */
interface Answered {
  readonly metadata: VersionMetadata;
  /** Its archive, where the user asked for it and the lockfile pins too little. */
  readonly archive?: ArchiveAnswer;
}

/**
 * What the registry answered about one dependency, still only *claimed*:
 * nothing in it has been verified.
 */
export type Evidence =
  | (Answered & {
      readonly status: 'attested';
      readonly document: AttestationDocument;
    })
  | (Answered & { readonly status: 'unattested' })
  | Unavailable
  | { readonly status: 'not-applicable'; readonly reason: ScopeReason };
