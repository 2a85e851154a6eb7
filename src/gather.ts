import type { AuditOptions, AuditPorts } from './audit-ports.js';
import { AuditError } from './errors.js';
import { askArchives } from './evidence/ask-archives.js';
import { askHistories } from './evidence/ask-histories.js';
import {
  collectEvidence,
  type CollectedEvidence,
} from './evidence/collect-evidence.js';
import { askPublishTimes } from './evidence/publish-times.js';
import { registryHosts } from './evidence/registry-identity.js';
import type { Dependency } from './lockfile/dependency.js';
import { historyNeeds } from './policy/history/history-needs.js';
import { RULES } from './policy/rules/index.js';
import { createVerifyAhead, type VerifyAhead } from './verify-ahead.js';
import { findRegistryKey } from './verification/registry-keys.js';
import type { TrustRootDocuments } from './verification/trust-root-documents.js';
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

type GatherOptions = AuditOptions & { readonly now: Date };

/** How far the audit is, for when it is stopped. */
interface Count {
  asked: number;
  total: number;
}

/**
 * Trust root and evidence at the same time: neither waits for the other. Then,
 * for versions signed by a registry key that has ended, when they were
 * published, if the user wants that, the archives of what the lockfile pins too
 * weakly, and if a rule needs it, what was published before. Throws `AuditError`
 * where there is no trust root, or the user has ended the audit. `now` is the time
 * that everything is held against.
 */
export async function gather(
  dependencies: readonly Dependency[],
  ports: AuditPorts,
  options: GatherOptions,
): Promise<Gathered> {
  const ahead = createVerifyAhead(options.now, ports.openVerifyPool);
  const count = { asked: 0, total: 0 };
  try {
    return await gatherWith(ahead, dependencies, { ...options, ports, count });
  } catch (error) {
    const isStop = error instanceof AuditError && error.code === 'ABORTED';
    throw isStop && options.signal.aborted ? stopped(count) : error;
  } finally {
    ahead.stop();
  }
}

async function gatherWith(
  ahead: VerifyAhead,
  dependencies: readonly Dependency[],
  {
    ports,
    count,
    ...options
  }: GatherOptions & { readonly ports: AuditPorts; readonly count: Count },
): Promise<Gathered> {
  const { now } = options;
  const failed = new AbortController();
  const asking = {
    registry: ports.registry,
    concurrency: options.concurrency,
    signal: AbortSignal.any([options.signal, options.deadline, failed.signal]),
  };
  const [trustRoot, answers] = await Promise.all([
    loadTrustRoot(dependencies, ports, options).then(
      ({ loaded, documents }) => {
        ahead.start(loaded, documents);
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
      attestationsFirst: options.attestationsFirst ?? false,
      onEvidence: (evidence, registry) => {
        ahead.add(evidence, registry);
      },
      onPlanned: (total) => {
        count.total = total;
        ahead.expect(total);
      },
      onProgress: (done, total) => {
        // From then on they are finished without an answer.
        if (!options.signal.aborted) count.asked = done;
        options.onProgress?.(done, total);
      },
    }),
  ]);
  const dated = await askPublishTimes(answers, {
    ...asking,
    isEnded: (registry, keyId) => hasEnded(trustRoot, registry, keyId, now),
  });
  const { archives } = ports;
  const pinned =
    archives === undefined
      ? dated
      : await askArchives(dated, { ...asking, archives });
  const collected = await askHistories(pinned, {
    ...asking,
    isWanted: (one) => historyNeeds(one, options.policy, RULES).history,
  });
  await ahead.finish(options.signal);
  if (options.signal.aborted) throw stopped(count);
  return { trustRoot, collected, knownResults: ahead.results };
}

function stopped({ asked, total }: Count): AuditError {
  return new AuditError(
    'ABORTED',
    `stopped before the audit was complete: ${asked} of ${total} packages were asked about, no report was written`,
  );
}

async function loadTrustRoot(
  dependencies: readonly Dependency[],
  ports: AuditPorts,
  { registries, signal }: AuditOptions,
): Promise<{
  readonly loaded: TrustRoot;
  readonly documents: TrustRootDocuments;
}> {
  const hosts = registryHosts(dependencies, registries);
  const documents = await ports.trustRoot.load(hosts, signal);
  return { loaded: parseTrustRoot(documents), documents };
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
