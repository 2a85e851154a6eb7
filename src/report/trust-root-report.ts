import type { KeyUsage } from '../verification/registry-keys.js';
import type { Report, ReportTrustRoot } from './report.js';

/**
 * What everything would be verified against: what `trust-root` prints. Plain and
 * JSON-safe, with the stability of a `Report`. Times are ISO 8601 in UTC.
 */
export interface TrustRootReport {
  readonly schemaVersion: 1;
  readonly tool: Report['tool'];
  /** What TUF and the verification are done with. */
  readonly libraries: readonly LibraryVersion[];
  readonly checkedAt: string;
  readonly trustRoot: ReportTrustRoot;
  /** Since TUF last verified it; null for files, whose age is not known. */
  readonly ageSeconds: number | null;
  readonly registryKeys: readonly ReportRegistryKeys[];
  /** Where verified trust roots are kept; null where files are used instead. */
  readonly cacheFolder: string | null;
}

/** An installed library. */
export interface LibraryVersion {
  readonly name: string;
  readonly version: string;
}

/** The keys of one registry, or of every one. */
export interface ReportRegistryKeys {
  /** Host, with port; null for a file that speaks for every registry. */
  readonly registry: string | null;
  /** Null where the trust root has no keys for it. */
  readonly sha256: string | null;
  readonly keys: readonly {
    readonly keyId: string;
    readonly usage: KeyUsage;
    readonly validFrom: string;
    readonly validUntil: string | null;
  }[];
}
