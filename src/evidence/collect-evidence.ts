import pLimit from 'p-limit';

import type { Dependency } from '../lockfile/dependency.js';
import type { AnswerManner } from './answer-manner.js';
import { askEvidence, type AskedEvidence } from './ask-evidence.js';
import type { Evidence, Unavailable } from './evidence.js';
import type { HistoryAnswer } from './history-answer.js';
import { recognizeRegistries } from './recognize-registries.js';
import type { RegistryConfig } from './registry-config.js';
import { hasNoEvidence, registryOf } from './registry-identity.js';
import type { Registry } from './registry.js';

/** One dependency with what its registry answered. Claimed. */
export interface CollectedEvidence {
  readonly dependency: Dependency;
  /** Base URL of the registry it belongs to; null when out of scope. */
  readonly registry: string | null;
  /** The registry that was asked; null if none was. */
  readonly askedAt: string | null;
  /** Whether only the audited project names the registry that was asked. */
  readonly askedByProject: boolean;
  /**
   * Base URL of the registry for which only the audited project says that its
   * packages are out of scope, this one among them.
   */
  readonly excludedByProject?: string;
  readonly evidence: Evidence;
  /** Left out where no metadata was had. */
  readonly manner?: AnswerManner;
  /** Of all versions of the package; left out where that was not asked for. */
  readonly history?: HistoryAnswer;
}

/**
 * Who is asked, and how many at once. `config` is the user's, not the
 * project's.
 */
export interface CollectOptions {
  readonly registry: Registry;
  readonly config: RegistryConfig;
  /** Package versions asked about at the same time; at least 1. */
  readonly concurrency: number;
  /** As the question about a single version has it. */
  readonly attestationsFirst?: boolean;
  /** Ends the collection: what is not there yet becomes `deadline`. */
  readonly signal: AbortSignal;
  /** Called before anybody is asked, with how many are in scope. */
  readonly onPlanned?: (total: number) => void;
  /** Called after each dependency in scope; `done` counts up to `total`. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called with each answer as it comes in, for a dependency of `registry`. */
  readonly onEvidence?: (evidence: Evidence, registry: string) => void;
}

/** A dependency, the registry it belongs to, and the one that is asked. */
interface Planned {
  readonly dependency: Dependency;
  readonly registry: string | null;
  readonly askAt: string | null;
  /** Set for what a policy takes out of scope with its registry. */
  readonly privateRegistry?: string;
}

/**
 * Asks for the evidence of all `dependencies`, whatever becomes of single ones,
 * and returns it in their order. Entries for the same version at the same
 * registry are asked about once. Answers do not depend on `concurrency`.
 *
 * Rejects only if the registry port throws, which its contract forbids.
 */
export async function collectEvidence(
  dependencies: readonly Dependency[],
  options: CollectOptions,
): Promise<readonly CollectedEvidence[]> {
  const planned = dependencies.map((dependency) =>
    plan(dependency, options.config),
  );
  const limit = pLimit(options.concurrency);
  const report = progress(planned, options);
  const asked = new Map<string, Promise<AskedEvidence>>();
  const ask = (one: Planned): Promise<AskedEvidence> => {
    const { askAt } = one;
    if (askAt === null) return Promise.resolve(notAsked(one));
    const { id } = one.dependency;
    const key = JSON.stringify([askAt, id.name, id.version]);
    const answer =
      asked.get(key) ?? limit(() => askEvidence(id, askAt, options));
    asked.set(key, answer);
    return answer;
  };
  try {
    const answers = await Promise.all(
      planned.map(async (one) => {
        const answer = await ask(one);
        report(one);
        if (one.registry !== null) {
          options.onEvidence?.(answer.evidence, one.registry);
        }
        return { ...one, ...answer };
      }),
    );
    return toCollected(answers, options.config);
  } finally {
    limit.clearQueue();
  }
}

function plan(dependency: Dependency, config: RegistryConfig): Planned {
  if (dependency.origin.kind !== 'registry') {
    return { dependency, registry: null, askAt: null };
  }
  const { identity, askAt } = registryOf(dependency, config);
  if (hasNoEvidence(identity, config)) {
    return {
      dependency,
      registry: null,
      askAt: null,
      privateRegistry: identity,
    };
  }
  const hasVersion = dependency.id.version !== '';
  return { dependency, registry: identity, askAt: hasVersion ? askAt : null };
}

function progress(
  planned: readonly Planned[],
  { onPlanned, onProgress }: CollectOptions,
): (one: Planned) => void {
  const total = planned.filter(({ registry }) => registry !== null).length;
  onPlanned?.(total);
  let done = 0;
  return ({ registry }) => {
    if (registry === null) return;
    done += 1;
    onProgress?.(done, total);
  };
}

/** For a dependency that nobody is asked about: why. */
function notAsked(planned: Planned): AskedEvidence {
  const { dependency, registry, privateRegistry } = planned;
  if (privateRegistry !== undefined) {
    return {
      evidence: { status: 'not-applicable', reason: 'private-registry' },
      claimsProof: false,
    };
  }
  const { kind } = dependency.origin;
  const evidence: Evidence =
    kind === 'registry'
      ? whyNobody(dependency, registry ?? '')
      : { status: 'not-applicable', reason: kind };
  return { evidence, claimsProof: false };
}

function whyNobody({ id }: Dependency, registry: string): Unavailable {
  return id.version === ''
    ? {
        status: 'unavailable',
        code: 'version-not-pinned',
        message: `the lockfile has an entry for ${id.name}, but no version in it`,
      }
    : {
        status: 'unavailable',
        code: 'registry-not-configured',
        message: `its address in the lockfile is not below any registry of your npm configuration (${registry}); if it should be asked, configure it for the package's scope`,
      };
}

/** With what all answers of a registry together show. */
function toCollected(
  answers: readonly (Planned & AskedEvidence)[],
  config: RegistryConfig,
): readonly CollectedEvidence[] {
  const recognized = recognizeRegistries(
    answers.map((each) => ({ ...each, id: each.dependency.id })),
  );
  return answers.map((answer, index) => ({
    dependency: answer.dependency,
    registry: answer.registry,
    askedAt: answer.askAt,
    ...byProject(answer, config),
    evidence: recognized[index] ?? answer.evidence,
    ...(answer.manner !== undefined && { manner: answer.manner }),
  }));
}

/** What only the audited project says about the registry. */
function byProject(
  { askAt, privateRegistry }: Planned,
  { namedByProject, roles }: RegistryConfig,
): Pick<CollectedEvidence, 'askedByProject' | 'excludedByProject'> {
  const askedByProject = askAt !== null && namedByProject.has(askAt);
  return privateRegistry !== undefined &&
    roles?.get(privateRegistry)?.isProjectsWord === true
    ? { askedByProject, excludedByProject: privateRegistry }
    : { askedByProject };
}
