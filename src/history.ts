import { assessVersions } from './assess-versions.js';
import { readDependencies } from './read-dependencies.js';
import type { AuditOptions, AuditPorts } from './audit-ports.js';
import { AuditError } from './errors.js';
import { askHistory } from './evidence/ask-histories.js';
import type { HistoryAnswer } from './evidence/history-answer.js';
import { registryOf } from './evidence/registry-identity.js';
import type { ReleaseHistory } from './evidence/release-history.js';
import { parseLockfile } from './lockfile/parse-lockfile.js';
import type { LockfileInput } from './lockfile/lockfile-format.js';
import { withPolicyRegistries } from './policy/registry-roles.js';
import { buildHistoryReport } from './report/build-history-report.js';
import type { HistoryReport } from './report/history-report.js';
import { toReportTrustRoot } from './report/report-trust-root.js';
import { unpinnedDependency } from './unpinned-dependency.js';
import { parseTrustRoot } from './verification/trust-root.js';

/**
 * All versions of the package `name` over time: how its registry claims that they
 * were published, and of the newest `maxVersions` attested ones what is proven.
 * The package need not be in the lockfile; if it is, the registry is that of its
 * entry. At most two requests and a repetition for each of these, and one beside.
 *
 * Not looked at is whether `name` is the name of a package: check it before, as it
 * becomes a part of an address. As `audit` otherwise.
 */
export async function packageHistory(
  source: LockfileInput,
  ports: AuditPorts,
  options: AuditOptions & {
    readonly name: string;
    readonly maxVersions: number;
  },
): Promise<HistoryReport> {
  const startedAt = ports.clock.elapsed();
  const now = ports.clock.now();
  const { name, policy } = options;
  const registries = withPolicyRegistries(options.registries, policy);
  const lockfile = await parseLockfile(source, ports.loadTree);
  const own = (await readDependencies(source, ports, options)).filter(
    ({ id, origin }) => id.name === name && origin.kind === 'registry',
  );
  const sample = own[0] ?? unpinnedDependency({ name, version: '' }, null);
  const { identity, askAt } = registryOf(sample, registries);
  const { signal, deadline } = options;
  const ends = AbortSignal.any([signal, deadline]);
  const asking = { registry: ports.registry, signal: ends };
  const [trustRoot, answer] = await Promise.all([
    ports.trustRoot
      .load([new URL(identity).host], signal)
      .then((documents) => parseTrustRoot(documents)),
    askAt === null
      ? Promise.resolve(notConfigured(identity))
      : askHistory(sample.id, askAt, asking),
  ]);
  const history = answer.status === 'known' ? answer.history : null;
  const wanted = newestAttested(history, options.maxVersions);
  const versions =
    askAt === null
      ? []
      : wanted.map(({ version, integrity }) => ({
          ...{ id: { name, version }, integrity },
          ...{ registry: identity, askedAt: askAt },
        }));
  const assessed = await assessVersions(versions, {
    ...asking,
    concurrency: options.concurrency,
    context: {
      trustRoot,
      publicRegistry: registries.publicRegistry,
      issuers: policy.issuers,
      now,
      clockDoubts: ports.clock.doubts(),
    },
  });
  if (signal.aborted) {
    throw new AuditError('ABORTED', 'stopped: no report was written');
  }
  const { path, format, formatVersion, sha256, entries } = lockfile;
  const { rootName, foreign = 0 } = lockfile;
  return buildHistoryReport({
    head: {
      schemaVersion: 1,
      tool: { name: 'provenance-audit', ...options.tool },
      auditedAt: now.toISOString(),
      lockfile: {
        ...{ path, format, formatVersion, sha256, entries },
        ...{ rootName, foreign },
      },
      trustRoot: toReportTrustRoot(trustRoot),
      package: { name, registry: identity, askedAt: askAt },
      unavailable:
        answer.status === 'known'
          ? null
          : { code: answer.code, message: answer.message },
      durations: { total: Math.round(ports.clock.elapsed() - startedAt) },
    },
    history,
    assessed: new Map(
      versions.flatMap(({ id }, index) => {
        const found = assessed[index];
        return found === undefined ? [] : [[id.version, found] as const];
      }),
    ),
    pinned: new Set(own.map(({ id }) => id.version)),
  });
}

function newestAttested(
  history: ReleaseHistory | null,
  count: number,
): ReleaseHistory['versions'] {
  const attested = (history?.versions ?? []).filter(
    ({ level }) => level !== 'none',
  );
  return count === 0 ? [] : attested.slice(-count);
}

function notConfigured(identity: string): HistoryAnswer {
  return {
    status: 'unavailable',
    code: 'registry-not-configured',
    message: `its address in the lockfile is not below any registry of your npm configuration (${identity})`,
  };
}
