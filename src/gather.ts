import type { AuditOptions, AuditPorts } from './audit-ports.js';
import { AuditError } from './errors.js';
import {
  collectEvidence,
  type CollectedEvidence,
} from './evidence/collect-evidence.js';
import { askPublishTimes } from './evidence/publish-times.js';
import { registryHosts } from './evidence/registry-identity.js';
import type { Dependency } from './lockfile/dependency.js';
import { createVerifyAhead } from './verify-ahead.js';
import { findRegistryKey } from './verification/registry-keys.js';
import { parseTrustRoot, type TrustRoot } from './verification/trust-root.js';
import type { KnownResults } from './verification/verify-bundle.js';

/** Everything that an audit has to ask the world for. */
export interface Gathered {
  readonly trustRoot: TrustRoot;
  /** In the order of the dependencies. */
  readonly collected: readonly CollectedEvidence[];
  /** Of bundles that were verified while others were on their way. */
  readonly knownResults: KnownResults;
}

/**
 * Trust root and evidence at the same time: neither waits for the other. Then,
 * for versions signed by a registry key that has ended, when they were
 * published. Throws `AuditError` where there is no trust root, or the user has
 * ended the audit. `now` is the time that everything is held against.
 */
export async function gather(
  dependencies: readonly Dependency[],
  ports: AuditPorts,
  options: AuditOptions & { readonly now: Date },
): Promise<Gathered> {
  const { now } = options;
  const ahead = createVerifyAhead(now);
  const failed = new AbortController();
  const asking = {
    registry: ports.registry,
    concurrency: options.concurrency,
    signal: AbortSignal.any([options.signal, options.deadline, failed.signal]),
  };
  const [trustRoot, answers] = await Promise.all([
    loadTrustRoot(dependencies, ports, options).then(
      (loaded) => {
        ahead.start(loaded);
        return loaded;
      },
      (error: unknown) => {
        // Without a trust root no answer is of use: stop asking.
        failed.abort();
        throw error;
      },
    ),
    collectEvidence(dependencies, {
      ...asking,
      config: options.registries,
      onEvidence: (evidence, registry) => {
        ahead.add(evidence, registry);
      },
      ...(options.onProgress && { onProgress: options.onProgress }),
    }),
  ]).finally(() => {
    ahead.stop();
  });
  const collected = await askPublishTimes(answers, {
    ...asking,
    isEnded: (registry, keyId) => hasEnded(trustRoot, registry, keyId, now),
  });
  if (options.signal.aborted) {
    throw new AuditError('ABORTED', 'stopped before the audit was complete');
  }
  return { trustRoot, collected, knownResults: ahead.results };
}

async function loadTrustRoot(
  dependencies: readonly Dependency[],
  ports: AuditPorts,
  { registries, signal }: AuditOptions,
): Promise<TrustRoot> {
  const hosts = registryHosts(dependencies, registries);
  return parseTrustRoot(await ports.trustRoot.load(hosts, signal));
}

function hasEnded(
  trustRoot: TrustRoot,
  registry: string,
  keyId: string,
  now: Date,
): boolean {
  const keys = trustRoot.keysFor(registry) ?? [];
  const validUntil = findRegistryKey(keys, keyId, 'npm:signatures')?.validUntil;
  return validUntil instanceof Date && validUntil < now;
}
