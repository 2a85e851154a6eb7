import type { PackageId } from '../package/package-id.js';
import type { Unavailable } from './evidence.js';

/** Digests that an SRI string can have, in the order of their worth. */
export const ARCHIVE_ALGORITHMS = [
  'sha512',
  'sha384',
  'sha256',
  'sha1',
  'md5',
] as const;
/** One of them. */
export type ArchiveAlgorithm = (typeof ARCHIVE_ALGORITHMS)[number];

/** Digests of one archive, computed here from the bytes; hexadecimal. */
export type ArchiveDigests = Readonly<Record<ArchiveAlgorithm, string>>;

/** What came of downloading an archive. */
export type ArchiveAnswer =
  | { readonly status: 'downloaded'; readonly digests: ArchiveDigests }
  | Unavailable;

/** A package version's archive, at a registry by its base URL. */
export interface ArchiveRequest {
  readonly id: PackageId;
  readonly registry: string;
}

/**
 * The port through which archives are downloaded, hashed and dropped; nothing is
 * unpacked. Beside the `Registry`, since digests that somebody has noted down
 * are no evidence: an implementation must compute them from the bytes as they
 * come. Never throws for what a registry or the network does, and stops when
 * `signal` fires.
 */
export interface ArchiveSource {
  /** Downloads one archive and hashes it. */
  hash(request: ArchiveRequest, signal: AbortSignal): Promise<ArchiveAnswer>;
}
