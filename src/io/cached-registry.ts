import { parseAttestationDocument } from '../evidence/attestation-document.js';
import { parseAnswer } from '../evidence/answer-json.js';
import { MAX_TIMES_BYTES } from '../evidence/publish-times.js';
import type {
  Registry,
  RegistryAnswer,
  RegistryRequest,
} from '../evidence/registry.js';
import { parseVersionMetadata } from '../evidence/version-metadata.js';
import { sha256Hex } from './evidence-pack.js';
import type { EvidenceStore, StoredBody } from './evidence-store.js';

/** What decides whether an answer that was kept is used again. */
export interface CacheOptions {
  readonly store: EvidenceStore;
  readonly now: () => Date;
  /** Whether credentials go along with a question. */
  readonly isAuthenticated: (request: RegistryRequest) => boolean;
  /** Use whatever is kept, however old: there is nobody else to ask. */
  readonly anyAge?: boolean;
}

/** A registry that remembers what was answered in earlier runs. */
export interface CachedRegistry extends Registry {
  /** How many answers of this run were kept ones. */
  readonly kept: () => number;
  /** From now on asks for everything anew, and keeps that instead. */
  refresh(): void;
}

/** How long it counts that a version had no attestations, or what else its metadata said. */
export const METADATA_AGE_MS = 24 * 3_600_000;

const ADVERTISED = '"attestations"';

/**
 * `registry` with a memory. What it answers is as untrusted as the registry's
 * own answers, and verified again in every run.
 *
 * - Attestation documents are kept for good: what they prove about a version
 *   does not end. Where its metadata has changed, they are asked for anew.
 * - Metadata and publish times, and with them that a version has no
 *   attestations, count for a day.
 * - Nothing else is kept: no 404, no failure, nothing that cannot be read. The
 *   next run asks again.
 *
 * An answer that was had with credentials is not given to who has none. Metadata
 * without attestations, of a version of which a document is kept, is asked for
 * anew: a cache must not make evidence disappear.
 */
export function createCachedRegistry(
  registry: Registry,
  options: CacheOptions,
): CachedRegistry {
  const { store } = options;
  let isRefreshing = false;
  let kept = 0;
  return {
    async ask(request, signal) {
      const found = isRefreshing ? null : await findUsable(request, options);
      if (found !== null) {
        kept += 1;
        return { status: 'found', body: found.body };
      }
      const answer = await registry.ask(request, signal);
      await keep(request, answer, options);
      return answer;
    },
    kept: () => kept,
    refresh: () => {
      isRefreshing = true;
      kept = 0;
    },
  };

  async function keep(
    request: RegistryRequest,
    answer: RegistryAnswer,
    { isAuthenticated }: CacheOptions,
  ): Promise<void> {
    const withCredentials = isAuthenticated(request);
    const key = cacheKey(request, withCredentials);
    if (answer.status !== 'found' || !isReadable(request, answer.body)) {
      // Gone, or something else than was kept: that must not come back.
      if (answer.status !== 'unavailable') store.forget(key);
      return;
    }
    if (request.kind === 'version') {
      const before = await store.find(key);
      const isChanged = before !== null && !isEqual(before.body, answer.body);
      if (isChanged) store.forget(documentKey(request, withCredentials));
    }
    store.add(key, answer.body);
  }
}

async function findUsable(
  request: RegistryRequest,
  { store, now, isAuthenticated, anyAge = false }: CacheOptions,
): Promise<StoredBody | null> {
  const withCredentials = isAuthenticated(request);
  const found = await store.find(cacheKey(request, withCredentials));
  if (found === null || anyAge || request.kind === 'attestations') return found;
  const age = now().getTime() - found.storedAt;
  if (age < 0 || age >= METADATA_AGE_MS) return null;
  const hidesDocument =
    request.kind === 'version' &&
    store.has(documentKey(request, withCredentials)) &&
    !Buffer.from(found.body).includes(ADVERTISED);
  return hidesDocument ? null : found;
}

function documentKey(
  request: RegistryRequest,
  withCredentials: boolean,
): string {
  return cacheKey({ ...request, kind: 'attestations' }, withCredentials);
}

/** Names, registries and whether there were credentials: none of it readable. */
function cacheKey(
  { kind, id, registry }: RegistryRequest,
  withCredentials: boolean,
): string {
  const version = kind === 'publish-time' ? null : id.version;
  return sha256Hex(
    JSON.stringify([kind, registry, id.name, version, withCredentials]),
  );
}

function isReadable({ kind, id }: RegistryRequest, body: Uint8Array): boolean {
  switch (kind) {
    case 'version':
      return parseVersionMetadata(body, id).status === 'parsed';
    case 'attestations':
      return parseAttestationDocument(body).status === 'parsed';
    case 'publish-time':
      return parseAnswer(body, MAX_TIMES_BYTES).status === 'ok';
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
