import { join } from 'node:path';
import type { Registry } from '../evidence/registry.js';
import {
  createArchivedRegistry,
  OFFLINE_REGISTRY,
} from '../io/archived-registry.js';
import {
  createCachedRegistry,
  type CachedRegistry,
} from '../io/cached-registry.js';
import type { EvidenceArchive } from '../io/evidence-archive.js';
import { openEvidenceStore, type EvidenceStore } from '../io/evidence-store.js';
import { reasonOf } from '../io/files.js';
import { makePrivate } from '../io/private-directory.js';
import type { CredentialsOf } from '../io/request-credentials.js';
import type { AuditCommandOptions } from './options.js';

/** Who is asked for evidence, with what earlier runs have kept. */
export interface EvidenceSource {
  readonly registry: Registry;
  /**
   * From now on uses nothing that was kept. False where nothing has been used,
   * so that asking again would be in vain.
   */
  refresh(): boolean;
  /** Keeps what is new for later runs; never rejects. */
  close(): Promise<void>;
}

/** What a run has at hand for its evidence. */
export interface EvidenceWorld {
  /** Who is asked where nothing is kept. */
  readonly registry: Registry;
  /** Answers in place of everybody; null where there is no archive. */
  readonly archive: EvidenceArchive | null;
  readonly credentialsOf: CredentialsOf;
  /** The program's cache folder. */
  readonly cacheDir: string;
  readonly now: () => Date;
  readonly warn: (message: string) => void;
}

/** Folder of the evidence in the program's cache folder. */
export const EVIDENCE_FOLDER = 'evidence';

/**
 * `world.registry` with the cache that `options` allow. A cache that cannot be
 * used is a warning: the audit then asks for everything.
 */
export async function openEvidenceSource(
  { cacheUse, offline }: Pick<AuditCommandOptions, 'cacheUse' | 'offline'>,
  world: EvidenceWorld,
): Promise<EvidenceSource> {
  const { archive, credentialsOf, now, warn } = world;
  const registry = offline ? OFFLINE_REGISTRY : world.registry;
  if (archive !== null)
    return fixedSource(createArchivedRegistry(archive.answers));
  const store = cacheUse === 'none' ? null : await openStore(world);
  if (store === null) return fixedSource(registry);
  const cached = createCachedRegistry(registry, {
    ...{ store, now, credentialsOf, anyAge: offline },
  });
  if (cacheUse === 'fresh') cached.refresh();
  return {
    registry: cached,
    // Offline there is nobody else to ask.
    refresh: () => !offline && refreshIfUsed(cached),
    close: () =>
      store.close().catch((error: unknown) => {
        warn(`evidence cache: cannot be written: ${reasonOf(error)}`);
      }),
  };
}

function fixedSource(registry: Registry): EvidenceSource {
  return { registry, refresh: () => false, close: () => Promise.resolve() };
}

function refreshIfUsed(cached: CachedRegistry): boolean {
  if (cached.kept() === 0) return false;
  cached.refresh();
  return true;
}

async function openStore({
  cacheDir,
  now,
  warn,
}: EvidenceWorld): Promise<EvidenceStore | null> {
  // Whoever can write to the folder above could exchange the one below.
  for (const folder of [cacheDir, join(cacheDir, EVIDENCE_FOLDER)]) {
    const reason = makePrivate(folder);
    if (reason === null) continue;
    warn(`cache directory ${folder} is not used: ${reason}`);
    return null;
  }
  try {
    return await openEvidenceStore(join(cacheDir, EVIDENCE_FOLDER), { now });
  } catch (error) {
    warn(`evidence cache: cannot be read: ${reasonOf(error)}`);
    return null;
  }
}
