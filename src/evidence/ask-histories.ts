import pLimit from 'p-limit';

import type { PackageId } from '../package/package-id.js';
import type { CollectedEvidence } from './collect-evidence.js';
import { parseHistory, type HistoryAnswer } from './history-answer.js';
import type { Registry } from './registry.js';

/** Who is asked, and how many at once. */
export interface AskHistoryOptions {
  readonly registry: Registry;
  /** Ends the questions: what is not there yet is unavailable. */
  readonly signal: AbortSignal;
}

/**
 * `collected`, in its order, with the history of the package for those that are
 * wanted: asked where their evidence came from, once a package. Of what nobody
 * can be asked about there is none.
 */
export async function askHistories<
  One extends Pick<CollectedEvidence, 'dependency' | 'askedAt' | 'history'>,
>(
  collected: readonly One[],
  options: AskHistoryOptions & {
    readonly concurrency: number;
    readonly isWanted: (one: One) => boolean;
  },
): Promise<readonly One[]> {
  const limit = pLimit(options.concurrency);
  const asked = new Map<string, Promise<HistoryAnswer>>();
  const ask = (id: PackageId, askedAt: string): Promise<HistoryAnswer> => {
    const key = JSON.stringify([askedAt, id.name]);
    const answer =
      asked.get(key) ?? limit(() => askHistory(id, askedAt, options));
    asked.set(key, answer);
    return answer;
  };
  try {
    return await Promise.all(
      collected.map(async (one) => {
        const { dependency, askedAt } = one;
        if (askedAt === null || !options.isWanted(one)) return one;
        return { ...one, history: await ask(dependency.id, askedAt) };
      }),
    );
  } finally {
    limit.clearQueue();
  }
}

/**
 * Asks the registry at the base URL `askAt` about all versions of the package,
 * whatever version `id` names. Rejects only if the port throws.
 */
export async function askHistory(
  id: PackageId,
  askAt: string,
  { registry, signal }: AskHistoryOptions,
): Promise<HistoryAnswer> {
  const { name } = id;
  if (signal.aborted) {
    const message = `the audit ended before ${name} was answered for`;
    return { status: 'unavailable', code: 'deadline', message };
  }
  const request = { kind: 'history', id, registry: askAt } as const;
  const answer = await registry.ask(request, signal);
  if (answer.status === 'unavailable') return answer;
  if (answer.status === 'absent') {
    const message = `${askAt} lists no versions of ${name}`;
    return { status: 'unavailable', code: 'version-not-found', message };
  }
  return answer.reading?.history ?? parseHistory(answer.body, name);
}
