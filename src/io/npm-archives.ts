import { createHash } from 'node:crypto';

import type {
  ArchiveAnswer,
  ArchiveDigests,
  ArchiveRequest,
  ArchiveSource,
} from '../evidence/archive-source.js';
import { formatPackageId } from '../package/package-id.js';
import { fetchBounded, type FetchOptions } from './http.js';
import type { NpmSettings } from './npm-config.js';
import {
  accessTo,
  impossibleName,
  noCredentials,
  toRegistryAnswer,
  type NpmRegistryOptions,
} from './npm-registry.js';
import { archiveUrl } from './registry-url.js';
import { waitOnClock, withRetries } from './retry.js';

/** Largest archive that is hashed: several times what the largest packages take. */
export const MAX_ARCHIVE_BYTES = 512 * 1024 * 1024;

/** Patience as with a registry; the size is for tests. */
export interface NpmArchivesOptions extends NpmRegistryOptions {
  readonly maxBytes?: number;
}

/**
 * The `ArchiveSource` over HTTP, with the user's credentials and network
 * settings. An archive is asked for below the registry's base, at npm's own
 * address of it, never where a manifest or a lockfile points; it is hashed as it
 * comes and never held as a whole.
 *
 * Not pacote, which would read it into memory whatever its size, and follow
 * redirects to other hosts.
 */
export function createNpmArchives(
  settings: NpmSettings,
  options: NpmArchivesOptions,
): ArchiveSource {
  return {
    hash: (request, signal) => hash(request, { settings, options, signal }),
  };
}

interface Context {
  readonly settings: NpmSettings;
  readonly options: NpmArchivesOptions;
  readonly signal: AbortSignal;
}

async function hash(
  { id, registry }: ArchiveRequest,
  { settings, options, signal }: Context,
): Promise<ArchiveAnswer> {
  const url = archiveUrl(id, registry);
  if (url === null) return impossibleName(id);
  const access = accessTo(url, id.name, settings);
  const { timeoutMs, retries, wait = waitOnClock, backoff } = options;
  let hashes = startHashes();
  const answer =
    access === null
      ? noCredentials(url)
      : await withRetries(
          () => {
            // What an attempt that broke off has sent is forgotten.
            hashes = startHashes();
            const { maxBytes = MAX_ARCHIVE_BYTES } = options;
            const limits = { maxBytes, timeoutMs, signal };
            const take: FetchOptions['onChunk'] = (chunk) => {
              for (const each of Object.values(hashes)) each.update(chunk);
            };
            return fetchBounded(url, { ...limits, ...access, onChunk: take });
          },
          { retries, signal, wait, ...(backoff !== undefined && { backoff }) },
        );
  const found = toRegistryAnswer(answer, url);
  if (found.status === 'unavailable') return found;
  if (found.status === 'found') {
    return { status: 'downloaded', digests: endHashes(hashes) };
  }
  const { host } = new URL(url);
  return {
    status: 'unavailable',
    code: 'version-not-found',
    message: `${host} has no archive of ${formatPackageId(id)}`,
  };
}

type Hashes = Readonly<
  Record<keyof ArchiveDigests, ReturnType<typeof createHash>>
>;

function startHashes(): Hashes {
  return {
    sha512: createHash('sha512'),
    sha384: createHash('sha384'),
    sha256: createHash('sha256'),
    sha1: createHash('sha1'),
    md5: createHash('md5'),
  };
}

function endHashes(hashes: Hashes): ArchiveDigests {
  return {
    sha512: hashes.sha512.digest('hex'),
    sha384: hashes.sha384.digest('hex'),
    sha256: hashes.sha256.digest('hex'),
    sha1: hashes.sha1.digest('hex'),
    md5: hashes.md5.digest('hex'),
  };
}
