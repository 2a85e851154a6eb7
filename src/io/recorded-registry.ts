import type {
  Registry,
  RegistryAnswer,
  RegistryRequest,
} from '../evidence/registry.js';
import { formatPackageId } from '../package/package-id.js';

/** Answers by `recordedKey` of the request they answer. */
export type RecordedAnswers = ReadonlyMap<string, RegistryAnswer>;

/** The key of an answer: the same package of another registry differs. */
export function recordedKey({ kind, id, registry }: RegistryRequest): string {
  return `${kind} ${registry} ${formatPackageId(id)}`;
}

/**
 * A `Registry` that gives answers captured earlier, and makes no request. What
 * was not captured is `unavailable`, not absent. Answers stay untrusted.
 */
export function createRecordedRegistry(answers: RecordedAnswers): Registry {
  return {
    ask: (request) =>
      Promise.resolve(
        answers.get(recordedKey(request)) ?? {
          status: 'unavailable',
          code: 'network',
          message: `no answer was recorded for ${recordedKey(request)}`,
        },
      ),
  };
}
