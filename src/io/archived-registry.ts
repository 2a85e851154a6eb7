import {
  isAboutPackage,
  type Registry,
  type RegistryAnswer,
  type RegistryRequest,
} from '../evidence/registry.js';
import { formatPackageId } from '../package/package-id.js';
import type { ArchivedAnswer } from './evidence-archive.js';

/** A registry that remembers every answer it gave. */
export interface RecordingRegistry extends Registry {
  /** One for each question: the last. */
  readonly answers: () => readonly ArchivedAnswer[];
}

/** `registry`, with what it answered kept for an archive. */
export function createRecordingRegistry(registry: Registry): RecordingRegistry {
  const answers = new Map<string, ArchivedAnswer>();
  return {
    async ask(request, signal) {
      const answer = await registry.ask(request, signal);
      const { kind, id } = request;
      // Without whatever else the id is made of.
      const { name, version } = id;
      const asked = { kind, id: { name, version }, registry: request.registry };
      answers.set(keyOf(request), { request: asked, answer });
      return answer;
    },
    answers: () => [...answers.values()],
  };
}

/**
 * The registry that answers what an archive says, untrusted as it is, and has
 * nothing to say about the rest. No request is made.
 */
export function createArchivedRegistry(
  answers: readonly ArchivedAnswer[],
): Registry {
  const known = new Map(
    answers.map(({ request, answer }) => [keyOf(request), answer]),
  );
  return {
    ask: (request) =>
      Promise.resolve(
        known.get(keyOf(request)) ?? offline(request, 'the evidence file has'),
      ),
  };
}

/** The registry of a run that must not ask any. */
export const OFFLINE_REGISTRY: Registry = {
  ask: (request) => Promise.resolve(offline(request, 'the cache has')),
};

function offline(
  { id, registry }: RegistryRequest,
  who: string,
): RegistryAnswer {
  return {
    status: 'unavailable',
    code: 'offline',
    message: `${who} no answer of ${registry} about ${formatPackageId(id)}`,
  };
}

function keyOf({ kind, registry, id }: RegistryRequest): string {
  const version = isAboutPackage(kind) ? null : id.version;
  return JSON.stringify([kind, registry, id.name, version]);
}
