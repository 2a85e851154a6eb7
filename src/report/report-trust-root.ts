import type { TrustRoot } from '../verification/trust-root.js';
import type { ReportTrustRoot } from './report.js';

/** What a report says of the trust root that the audit used. */
export function toReportTrustRoot(trustRoot: TrustRoot): ReportTrustRoot {
  const { tuf } = trustRoot;
  return {
    origin: trustRoot.origin,
    rootVersion: trustRoot.rootVersion,
    expires: trustRoot.expires?.toISOString() ?? null,
    refreshedAt: trustRoot.refreshedAt?.toISOString() ?? null,
    trustedRootSha256: trustRoot.trustedRootSha256,
    npmKeysSha256: trustRoot.npmKeysSha256,
    mirror: tuf?.mirrorUrl ?? null,
    timestampVersion: tuf?.timestampVersion ?? null,
    signedUntil: tuf?.signedUntil.toISOString() ?? null,
    firstRoot:
      tuf === null
        ? null
        : {
            origin: tuf.firstRoot.origin,
            version: tuf.firstRoot.version,
            expires: tuf.firstRoot.expires.toISOString(),
          },
  };
}
