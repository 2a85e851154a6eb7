import pLimit from 'p-limit';

import type { Dependency } from '../lockfile/dependency.js';
import { parseIntegrity } from '../package/integrity.js';
import type { ArchiveAnswer, ArchiveSource } from './archive-source.js';
import type { CollectedEvidence } from './collect-evidence.js';

/** Who is asked, and how many at once. */
export interface AskArchivesOptions {
  readonly archives: ArchiveSource;
  /** Package versions asked about at the same time; at least 1. */
  readonly concurrency: number;
  /** Ends the downloads: what is not there yet is unavailable. */
  readonly signal: AbortSignal;
}

/** Archives are large, and all of one comes through. */
const MAX_DOWNLOADS = 4;

/**
 * `collected`, in its order, with the digests of the archive for what the
 * lockfile pins too weakly, as far as evidence was answered for. Nothing is
 * downloaded for a dependency with a SHA-512: what its lockfile pins decides,
 * whatever a registry serves. Each version is downloaded once.
 */
export async function askArchives(
  collected: readonly CollectedEvidence[],
  { archives, concurrency, signal }: AskArchivesOptions,
): Promise<readonly CollectedEvidence[]> {
  const limit = pLimit(Math.min(concurrency, MAX_DOWNLOADS));
  const asked = new Map<string, Promise<ArchiveAnswer>>();
  try {
    return await Promise.all(
      collected.map(async (each): Promise<CollectedEvidence> => {
        const { evidence, dependency, askedAt } = each;
        const isAnswered =
          evidence.status === 'attested' || evidence.status === 'unattested';
        if (!isAnswered || askedAt === null) return each;
        if (!isPinnedTooWeakly(dependency)) return each;
        const request = { id: dependency.id, registry: askedAt };
        const key = JSON.stringify([
          request.id.name,
          request.id.version,
          askedAt,
        ]);
        const answer =
          asked.get(key) ?? limit(() => archives.hash(request, signal));
        asked.set(key, answer);
        return { ...each, evidence: { ...evidence, archive: await answer } };
      }),
    );
  } finally {
    limit.clearQueue();
  }
}

/**
 * Text that is no SRI string is nobody's weak pin, and stays undecided. Where the
 * package manager pins an archive of its own the registry's word is taken.
 */
function isPinnedTooWeakly({
  integrity,
  archiveChecksum,
}: Dependency): boolean {
  if (archiveChecksum !== undefined) return false;
  const { status } = parseIntegrity(integrity);
  return status === 'weak' || status === 'missing' || status === 'no-sha512';
}
