import type { Evidence } from './evidence/evidence.js';
import { isJsonObject, type JsonObject } from './json/strict-json.js';
import type { TrustRoot } from './verification/trust-root.js';
import {
  verifyBundle,
  type BundleResult,
  type KnownResults,
} from './verification/verify-bundle.js';

/** Verifies bundles as they come in, while others are still on their way. */
export interface VerifyAhead {
  /** Takes what was answered for a dependency of `registry` (base URL). */
  add(evidence: Evidence, registry: string): void;
  /** Begins; what was added before waits for this. */
  start(trustRoot: TrustRoot): void;
  /** Forgets what waits; it is verified when somebody asks for it. */
  stop(): void;
  readonly results: KnownResults;
}

interface Task {
  readonly bundle: JsonObject;
  readonly registry: string;
}

/**
 * Spreads verification over the time that is spent waiting for answers, one
 * bundle a turn of the event loop, so that answers are still taken. `now` is the
 * time that log entries are held against, as in `verifyBundle`: whether a result
 * was known ahead changes nothing but when it was computed.
 */
export function createVerifyAhead(now: Date): VerifyAhead {
  const waiting: Task[] = [];
  const known = new WeakMap<JsonObject, Map<string, BundleResult>>();
  let trustRoot: TrustRoot | null = null;
  let turn: NodeJS.Immediate | null = null;

  const next = (): void => {
    turn = null;
    const task = waiting.shift();
    if (task === undefined || trustRoot === null) return;
    const { bundle, registry } = task;
    const results = known.get(bundle) ?? new Map<string, BundleResult>();
    if (!results.has(registry)) {
      results.set(registry, verifyBundle(bundle, trustRoot, { registry, now }));
      known.set(bundle, results);
    }
    schedule();
  };
  const schedule = (): void => {
    if (trustRoot !== null && waiting.length > 0) turn ??= setImmediate(next);
  };
  return {
    add(evidence, registry) {
      for (const bundle of bundlesOf(evidence)) {
        waiting.push({ bundle, registry });
      }
      schedule();
    },
    start(loaded) {
      trustRoot = loaded;
      schedule();
    },
    stop() {
      waiting.length = 0;
    },
    results: (bundle, registry) =>
      (isJsonObject(bundle) ? known.get(bundle)?.get(registry) : null) ?? null,
  };
}

function bundlesOf(evidence: Evidence): readonly JsonObject[] {
  return evidence.status === 'attested' && evidence.document.status === 'parsed'
    ? evidence.document.attestations.flatMap(({ bundle }) =>
        isJsonObject(bundle) ? [bundle] : [],
      )
    : [];
}
