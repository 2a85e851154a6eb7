import { parseAttestationDocument } from '../evidence/attestation-document.js';
import { parseAnswer } from '../evidence/answer-json.js';
import { parseHistory } from '../evidence/ask-histories.js';
import { MAX_TIMES_BYTES } from '../evidence/publish-times.js';
import {
  isAboutPackage,
  type Registry,
  type RegistryAnswer,
  type RegistryRequest,
} from '../evidence/registry.js';
import { parseVersionMetadata } from '../evidence/version-metadata.js';
import { sha256Hex } from './evidence-pack.js';
import type { EvidenceStore, StoredBody } from './evidence-store.js';
import type { CredentialsOf } from './request-credentials.js';

/** What decides whether an answer that was kept is used again. */
export interface CacheOptions {
  readonly store: EvidenceStore;
  readonly now: () => Date;
  readonly credentialsOf: CredentialsOf;
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

/**
 * How long it counts what a version's metadata said, also that the version has
 * no attestations, and when it was published.
 */
export const METADATA_AGE_MS = 24 * 3_600_000;

const ADVERTISED = '"attestations"';

/**
 * `registry` with a memory. What it answers is as untrusted as the registry's
 * own answers, and verified again in every run.
 *
 * - Attestation documents are kept for good: what they prove about a version
 *   does not end. Where its metadata has changed, they are asked for anew.
 * - Metadata, publish times and histories count for a day, and so does that a
 *   version has no attestations; a history only for versions that it lists.
 * - Nothing else is kept: no 404, no failure, nothing that cannot be read. Each
 *   of these leaves an audit incomplete, so the next run asks again.
 *
 * An answer that was had with some credentials is not given to who has others, or
 * none. Metadata without attestations, of a version of which a document is kept,
 * is asked for anew: a cache must not make evidence disappear. What turns out to
 * be unreadable is asked for anew too, and replaced.
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
      const isAnew = isRefreshing || request.anew === true;
      const found = isAnew ? null : await findUsable(request, options);
      if (found !== null) {
        kept += 1;
        return { status: 'found', body: found.body, isKept: true };
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
    { credentialsOf }: CacheOptions,
  ): Promise<void> {
    const credentials = credentialsOf(request);
    const key = cacheKey(request, credentials);
    if (answer.status !== 'found' || !isReadable(request, answer.body)) {
      // Gone, or something else than was kept: that must not come back.
      if (answer.status !== 'unavailable') store.forget(key);
      return;
    }
    if (request.kind === 'version') {
      const before = await store.find(key);
      const isChanged = before !== null && !isEqual(before.body, answer.body);
      if (isChanged) store.forget(documentKey(request, credentials));
    }
    store.add(key, answer.body);
  }
}

async function findUsable(
  request: RegistryRequest,
  { store, now, credentialsOf, anyAge = false }: CacheOptions,
): Promise<StoredBody | null> {
  const credentials = credentialsOf(request);
  const found = await store.find(cacheKey(request, credentials));
  if (found === null || anyAge || request.kind === 'attestations') return found;
  const age = now().getTime() - found.storedAt;
  if (age < 0 || age >= METADATA_AGE_MS) return null;
  if (request.kind === 'history' && !lists(found.body, request)) return null;
  const isAbsence = request.kind === 'version' && !advertises(found.body);
  const hidesDocument =
    isAbsence && store.has(documentKey(request, credentials));
  return hidesDocument ? null : found;
}

/** Whether a history is from after the version's publication, by the bytes. */
function lists(
  { buffer, byteOffset, byteLength }: Uint8Array,
  { id }: RegistryRequest,
): boolean {
  const member = `${JSON.stringify(id.version)}:`;
  return Buffer.from(buffer, byteOffset, byteLength).includes(member);
}

/** By the bytes: true of some that do not, and then kept for longer. */
function advertises({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  return Buffer.from(buffer, byteOffset, byteLength).includes(ADVERTISED);
}

function documentKey(
  request: RegistryRequest,
  credentials: string | null,
): string {
  return cacheKey({ ...request, kind: 'attestations' }, credentials);
}

/** Names, registries and whose credentials these were: none of it readable. */
function cacheKey(
  { kind, id, registry }: RegistryRequest,
  credentials: string | null,
): string {
  const version = isAboutPackage(kind) ? null : id.version;
  return sha256Hex(
    JSON.stringify([kind, registry, id.name, version, credentials]),
  );
}

function isReadable({ kind, id }: RegistryRequest, body: Uint8Array): boolean {
  switch (kind) {
    case 'history':
      return parseHistory(body, id.name).status === 'known';
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
