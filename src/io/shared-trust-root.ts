import { AuditError } from '../errors.js';
import type {
  TrustRootDocuments,
  TrustRootSource,
} from '../verification/trust-root-documents.js';

/** Makes a source that loads nothing which another one of the run has loaded. */
export type ShareTrustRoot = (source: TrustRootSource) => TrustRootSource;

/**
 * For several audits in one run, one after the other: what is verified against
 * is loaded once for the same registries, and where it could not be had nobody
 * waits for it again. The sources must be alike.
 */
export function createSharedTrustRoot(): ShareTrustRoot {
  const loaded = new Map<string, TrustRootDocuments>();
  let failure: AuditError | null = null;
  return (source) => ({
    async load(hosts, signal): Promise<TrustRootDocuments> {
      if (failure !== null) throw failure;
      const key = JSON.stringify(hosts.toSorted());
      const known = loaded.get(key);
      if (known !== undefined) return known;
      try {
        const documents = await source.load(hosts, signal);
        loaded.set(key, documents);
        return documents;
      } catch (error) {
        const isLasting =
          error instanceof AuditError && error.code !== 'ABORTED';
        if (isLasting) failure = error;
        throw error;
      }
    },
  });
}
