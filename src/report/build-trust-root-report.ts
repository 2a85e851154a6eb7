import { createHash } from 'node:crypto';
import { readRegistryKeys } from '../verification/registry-keys.js';
import type { TrustRootDocuments } from '../verification/trust-root-documents.js';
import { parseTrustRoot } from '../verification/trust-root.js';
import { toReportTrustRoot } from './report-trust-root.js';
import type {
  LibraryVersion,
  ReportRegistryKeys,
  TrustRootReport,
} from './trust-root-report.js';

/** Everything that a report on the trust root is made of. */
export interface TrustRootInput {
  readonly tool: { readonly version: string; readonly verifier: string };
  readonly libraries: readonly LibraryVersion[];
  /** The time now, given by whoever asks. */
  readonly checkedAt: Date;
  readonly documents: TrustRootDocuments;
  /** Hosts whose keys were wanted. */
  readonly registryHosts: readonly string[];
  readonly cacheFolder: string | null;
}

/**
 * Describes a trust root, after everything has been done to it that an audit
 * would do. Throws `AuditError` `TRUST_ROOT_INVALID` where an audit would.
 */
export function buildTrustRootReport(input: TrustRootInput): TrustRootReport {
  const { tool, checkedAt, documents } = input;
  const { refreshedAt } = documents;
  return {
    schemaVersion: 1,
    tool: {
      name: 'provenance-audit',
      version: tool.version,
      verifier: tool.verifier,
    },
    libraries: input.libraries.map(({ name, version }) => ({ name, version })),
    checkedAt: checkedAt.toISOString(),
    trustRoot: toReportTrustRoot(parseTrustRoot(documents)),
    ageSeconds: refreshedAt && ageInSeconds(refreshedAt, checkedAt),
    registryKeys: listKeys(input),
    cacheFolder: input.cacheFolder,
  };
}

/** A refresh of just now may lie slightly ahead of the clock. */
function ageInSeconds(then: Date, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - then.getTime()) / 1000));
}

function listKeys({
  documents: { registryKeys },
  registryHosts,
}: TrustRootInput): readonly ReportRegistryKeys[] {
  if (registryKeys.scope === 'every-registry') {
    return [describeKeys(null, registryKeys.keys)];
  }
  const hosts = new Set([...registryHosts, ...registryKeys.keys.keys()]);
  return [...hosts].sort().map((host) => {
    const bytes = registryKeys.keys.get(host);
    return bytes === undefined
      ? { registry: host, sha256: null, keys: [] }
      : describeKeys(host, bytes);
  });
}

function describeKeys(
  registry: string | null,
  bytes: Uint8Array,
): ReportRegistryKeys {
  return {
    registry,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    keys: readRegistryKeys(bytes).keys.map((key) => ({
      keyId: key.keyId,
      usage: key.usage,
      validFrom: key.validFrom.toISOString(),
      validUntil: key.validUntil?.toISOString() ?? null,
    })),
  };
}
