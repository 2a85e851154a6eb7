import { isUsable, readAnswer } from '../evidence/read-answer.js';
import {
  isAboutPackage,
  type AnswerNote,
  type FoundAnswer,
  type Registry,
  type RegistryAnswer,
  type RegistryRequest,
} from '../evidence/registry.js';
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
/** What is kept beside an answer; the rest is found out anew. */
const FROM_REGISTRY = ['from-packument'] as const;

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
 * is asked for anew: a cache must not make evidence disappear. If the registry
 * still says so the document stays, and the answer is `attested-before`. What
 * turns out to be unreadable is asked for anew too, and replaced. What is read to
 * find that out comes with the answer.
 */
export function createCachedRegistry(
  registry: Registry,
  options: CacheOptions,
): CachedRegistry {
  const { store, credentialsOf } = options;
  let isRefreshing = false;
  let kept = 0;
  return {
    async ask(request, signal) {
      const keys = new Keys(request, credentialsOf(request));
      const isAnew = isRefreshing || request.anew === true;
      const found = isAnew ? null : await findUsable(request, keys, options);
      if (found !== null) {
        kept += 1;
        const { body, note } = found;
        const notes = FROM_REGISTRY.filter((each) => each === note);
        return withNotes(request, keys, {
          status: 'found',
          body,
          notes,
          isKept: true,
        });
      }
      const answer = await registry.ask(request, signal);
      if (answer.status === 'found') return keep(request, keys, answer);
      // Gone: what was kept must not come back.
      if (answer.status === 'absent') store.forget(keys.own);
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
    keys: Keys,
    answer: FoundAnswer,
  ): Promise<RegistryAnswer> {
    const { body, notes = [] } = answer;
    const reading = readAnswer(request, body);
    const read = { ...answer, reading };
    if (!isUsable(reading)) {
      // Something else than was kept: that must not come back.
      store.forget(keys.own);
      return read;
    }
    if (request.kind === 'version' && advertises(body)) {
      const before = await store.find(keys.own);
      const isChanged = before !== null && !isEqual(before.body, body);
      if (isChanged) store.forget(keys.document);
    }
    const [note] = FROM_REGISTRY.filter((each) => notes.includes(each));
    store.add(keys.own, body, note);
    return withNotes(request, keys, read);
  }

  /** With what is known from earlier runs, and this one cannot say itself. */
  function withNotes(
    request: RegistryRequest,
    keys: Keys,
    answer: FoundAnswer,
  ): FoundAnswer {
    const isAttestedBefore =
      request.kind === 'version' &&
      !advertises(answer.body) &&
      store.has(keys.document);
    const { notes = [], ...rest } = answer;
    const all: readonly AnswerNote[] = isAttestedBefore
      ? ['attested-before', ...notes]
      : notes;
    return all.length === 0 ? rest : { ...rest, notes: all };
  }
}

/** Under which names the answer to a question is kept. */
class Keys {
  readonly #request: RegistryRequest;
  readonly #credentials: string | null;
  #ofDocument: string | null = null;
  /** Of the answer itself. */
  readonly own: string;

  constructor(request: RegistryRequest, credentials: string | null) {
    this.#request = request;
    this.#credentials = credentials;
    this.own = cacheKey(request, credentials);
  }

  /** Of the attestations of the same version. */
  get document(): string {
    this.#ofDocument ??= cacheKey(
      { ...this.#request, kind: 'attestations' },
      this.#credentials,
    );
    return this.#ofDocument;
  }
}

async function findUsable(
  request: RegistryRequest,
  keys: Keys,
  { store, now, anyAge = false }: CacheOptions,
): Promise<StoredBody | null> {
  const found = await store.find(keys.own);
  if (found === null || anyAge || request.kind === 'attestations') return found;
  const age = now().getTime() - found.storedAt;
  if (age < 0 || age >= METADATA_AGE_MS) return null;
  if (request.kind === 'history' && !lists(found.body, request)) return null;
  const isAbsence = request.kind === 'version' && !advertises(found.body);
  return isAbsence && store.has(keys.document) ? null : found;
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

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
