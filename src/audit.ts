import type { AuditOptions, AuditPorts } from './audit-ports.js';
import { AuditError } from './errors.js';
import {
  collectEvidence,
  type CollectedEvidence,
} from './evidence/collect-evidence.js';
import {
  recognizeRegistryTarball,
  registryHosts,
} from './evidence/registry-identity.js';
import { establishFacts } from './facts/establish-facts.js';
import type { Dependency } from './lockfile/dependency.js';
import {
  parseLockfile,
  type LockfileInput,
} from './lockfile/parse-lockfile.js';
import { evaluatePolicy } from './policy/evaluate-policy.js';
import { RULES } from './policy/rules/index.js';
import type { Subject } from './policy/verdict.js';
import { buildReport } from './report/build-report.js';
import { toReportTrustRoot } from './report/report-trust-root.js';
import type { Report } from './report/report.js';
import { findConflictingPins } from './verification/lockfile-claims.js';
import { parseTrustRoot, type TrustRoot } from './verification/trust-root.js';

/**
 * Audits one lockfile: reads its dependencies, asks for their evidence,
 * verifies it, derives facts, evaluates policy, and returns the report.
 *
 * Prints nothing and makes no request but through `ports`. Throws `AuditError`
 * where no audit is possible; whatever is wrong with one dependency is in the
 * report.
 */
export async function audit(
  source: LockfileInput,
  ports: AuditPorts,
  options: AuditOptions,
): Promise<Report> {
  const startedAt = ports.clock.elapsed();
  const lockfile = await parseLockfile(source, ports.loadTree);
  const dependencies = lockfile.dependencies.map((each) =>
    recognizeRegistryTarball(each, options.registries),
  );
  const { trustRoot, collected } = await gather(dependencies, ports, options);
  const auditedAt = ports.clock.now();
  const context = {
    trustRoot,
    publicRegistry: options.registries.publicRegistry,
    conflictingPins: findConflictingPins(dependencies),
    now: auditedAt,
  };
  const subjects = collected.map((each): Subject => {
    const { dependency, registry, evidence } = each;
    if (registry === null) return { ...each, facts: null };
    const facts = establishFacts(dependency, evidence, {
      ...context,
      registry,
    });
    return { ...each, facts };
  });
  return buildReport({
    tool: options.tool,
    auditedAt,
    lockfile,
    trustRoot: toReportTrustRoot(trustRoot),
    policy: options.policy,
    verdict: evaluatePolicy(subjects, options.policy, RULES),
    durations: { total: Math.round(ports.clock.elapsed() - startedAt) },
  });
}

/** Trust root and evidence at the same time: neither waits for the other. */
async function gather(
  dependencies: readonly Dependency[],
  ports: AuditPorts,
  options: AuditOptions,
): Promise<{
  readonly trustRoot: TrustRoot;
  readonly collected: readonly CollectedEvidence[];
}> {
  const failed = new AbortController();
  const signal = AbortSignal.any([
    options.signal,
    options.deadline,
    failed.signal,
  ]);
  const [trustRoot, collected] = await Promise.all([
    loadTrustRoot(dependencies, ports, options).catch((error: unknown) => {
      // Without a trust root no answer is of use: stop asking.
      failed.abort();
      throw error;
    }),
    collectEvidence(dependencies, {
      registry: ports.registry,
      config: options.registries,
      concurrency: options.concurrency,
      signal,
      ...(options.onProgress && { onProgress: options.onProgress }),
    }),
  ]);
  if (options.signal.aborted) {
    throw new AuditError('ABORTED', 'stopped before the audit was complete');
  }
  return { trustRoot, collected };
}

async function loadTrustRoot(
  dependencies: readonly Dependency[],
  ports: AuditPorts,
  { registries, signal }: AuditOptions,
): Promise<TrustRoot> {
  const hosts = registryHosts(dependencies, registries);
  return parseTrustRoot(await ports.trustRoot.load(hosts, signal));
}
