import type { Evidence } from './evidence/evidence.js';
import { isJsonObject, type JsonObject } from './json/strict-json.js';
import type { TrustRootDocuments } from './verification/trust-root-documents.js';
import type { TrustRoot } from './verification/trust-root.js';
import {
  verifyBundle,
  type BundleResult,
  type KnownResults,
} from './verification/verify-bundle.js';

/** One bundle to be verified with the keys of one registry (base URL). */
export interface VerifyTask {
  readonly bundle: JsonObject;
  readonly registry: string;
}

/** What the bundles of an audit are verified against, and as of when. */
export interface VerifyAgainst {
  readonly documents: TrustRootDocuments;
  readonly now: Date;
}

/** Other threads that verify bundles, all against the same. */
export interface VerifyPool {
  readonly threads: number;
  /**
   * What `verifyBundle` returns for each of the tasks, in their order; `against` is
   * the same object for all of them. Rejects where there is no thread for them; then
   * they are verified here.
   */
  verify(
    tasks: readonly VerifyTask[],
    against: VerifyAgainst,
  ): Promise<readonly BundleResult[]>;
  close(): Promise<void>;
}

/** The port through which threads are had; null where there are none. */
export type OpenVerifyPool = () => VerifyPool | null;

/** Verifies bundles as they come in, while others are still on their way. */
export interface VerifyAhead {
  /** Says, before anything else, how many dependencies will be asked about. */
  expect(count: number): void;
  /** Takes what was answered for a dependency of `registry` (base URL). */
  add(evidence: Evidence, registry: string): void;
  /** Begins; what was added before waits for this. */
  start(trustRoot: TrustRoot, documents: TrustRootDocuments): void;
  /** Resolves when everything that was added is verified, or `signal` fires. */
  finish(signal: AbortSignal): Promise<void>;
  /**
   * Forgets what waits, and lets the threads go. They end while results are judged:
   * that takes longer than anybody should wait for it.
   */
  stop(): void;
  readonly results: KnownResults;
}

/**
 * So many bundles have to wait before threads are asked for help: starting one
 * takes about as long as verifying thirty.
 */
const MANY = 32;
/**
 * Of so many dependencies enough will be attested, so that threads are started
 * at once and load what they need while answers are on their way.
 */
const MANY_EXPECTED = 200;
/** So few bundles for each thread are left to them while answers come in. */
const LEFT_TO_EACH = 256;
/** Bundles that a thread is given as one: handing over takes time as well. */
const MAX_BATCH = 8;
/**
 * Batches that each thread is given before it has answered the first. While answers
 * come in the program's own thread takes its time to hand out more; in the end what
 * has been given away cannot be shared any more.
 */
const AHEAD = { incoming: 8, last: 2 };

interface Started {
  readonly trustRoot: TrustRoot;
  readonly against: VerifyAgainst;
}

/**
 * Spreads verification over the time that is spent waiting for answers, one
 * bundle a turn of the event loop, so that answers are still taken, and over
 * other threads where many bundles wait.
 *
 * `now` is the time that log entries are held against, as in `verifyBundle`.
 * Where and when a result was computed changes nothing about it.
 */
export function createVerifyAhead(
  now: Date,
  openPool: OpenVerifyPool = () => null,
): VerifyAhead {
  const waiting: VerifyTask[] = [];
  const elsewhere = new Set<Promise<void>>();
  const known = new WeakMap<JsonObject, Map<string, BundleResult>>();
  let started: Started | null = null;
  let turn: Promise<void> | null = null;
  let pool: VerifyPool | null = null;
  let isPoolWanted = true;
  let expected = 0;
  let isComplete = false;

  const keep = (
    { bundle, registry }: VerifyTask,
    result: BundleResult,
  ): void => {
    const results = known.get(bundle) ?? new Map<string, BundleResult>();
    results.set(registry, result);
    known.set(bundle, results);
  };
  const isKnown = ({ bundle, registry }: VerifyTask): boolean =>
    known.get(bundle)?.has(registry) ?? false;

  const verifyHere = ({ trustRoot }: Started): void => {
    const task = waiting.shift();
    if (task === undefined || isKnown(task)) return;
    const { bundle, registry } = task;
    try {
      keep(task, verifyBundle(bundle, trustRoot, { registry, now }));
    } catch {
      // A defect. It shows again, and is thrown, where the result is needed.
      waiting.length = 0;
    }
  };
  const letThreadsGo = (): void => {
    // Nothing more is wanted of them, however they end.
    pool?.close().catch(() => undefined);
    pool = null;
  };
  const verifyThere = async (
    by: VerifyPool,
    tasks: readonly VerifyTask[],
    { against }: Started,
  ): Promise<void> => {
    try {
      const results = await by.verify(tasks, against);
      for (const [index, result] of results.entries()) {
        const task = tasks[index];
        if (task !== undefined) keep(task, result);
      }
    } catch {
      // No thread, no answer: they are verified here, and no other is tried.
      letThreadsGo();
      waiting.push(...tasks);
    }
  };
  const openIfWanted = (): void => {
    if (!isPoolWanted) return;
    if (waiting.length < MANY && expected < MANY_EXPECTED) return;
    isPoolWanted = false;
    pool = openPool();
  };
  const isLeftToThreads = (): boolean =>
    !isComplete &&
    pool !== null &&
    waiting.length <= pool.threads * LEFT_TO_EACH;
  /** So few that all threads, this one too, will end at about the same time. */
  const takeBatch = (threads: number): readonly VerifyTask[] => {
    const share = isComplete
      ? waiting.length / (threads + 1) / AHEAD.last
      : MAX_BATCH;
    const size = Math.min(Math.ceil(share), MAX_BATCH);
    return waiting.splice(-size).filter((task) => !isKnown(task));
  };
  const handOut = (current: Started): void => {
    openIfWanted();
    const ahead = isComplete ? AHEAD.last : AHEAD.incoming;
    while (
      pool !== null &&
      waiting.length > 0 &&
      elsewhere.size < pool.threads * ahead
    ) {
      const batch = takeBatch(pool.threads);
      if (batch.length === 0) continue;
      const done = verifyThere(pool, batch, current).finally(() => {
        elsewhere.delete(done);
        schedule();
      });
      elsewhere.add(done);
    }
  };
  const schedule = (): void => {
    if (started === null || turn !== null || waiting.length === 0) return;
    const current = started;
    turn = nextTurn().then(() => {
      turn = null;
      handOut(current);
      if (isLeftToThreads()) return;
      verifyHere(current);
      schedule();
    });
  };
  return {
    expect(count) {
      expected = count;
      openIfWanted();
    },
    add(evidence, registry) {
      for (const bundle of bundlesOf(evidence)) {
        waiting.push({ bundle, registry });
      }
      schedule();
    },
    start(trustRoot, documents) {
      started = { trustRoot, against: { documents, now } };
      schedule();
    },
    async finish(signal) {
      isComplete = true;
      schedule();
      while (!signal.aborted && (turn !== null || elsewhere.size > 0)) {
        await Promise.race(
          [turn, ...elsewhere].filter((each) => each !== null),
        );
      }
    },
    stop() {
      waiting.length = 0;
      started = null;
      letThreadsGo();
    },
    results: (bundle, registry) =>
      (isJsonObject(bundle) ? known.get(bundle)?.get(registry) : null) ?? null,
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function bundlesOf(evidence: Evidence): readonly JsonObject[] {
  return evidence.status === 'attested' && evidence.document.status === 'parsed'
    ? evidence.document.attestations.flatMap(({ bundle }) =>
        isJsonObject(bundle) ? [bundle] : [],
      )
    : [];
}
