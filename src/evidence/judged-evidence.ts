import { hash } from 'node:crypto';

import { isJsonObject } from '../json/strict-json.js';
import type { AttestationDocument } from './attestation-document.js';
import type { Evidence } from './evidence.js';

/** What was claimed to be an attestation, by its position in the document. */
export interface ClaimedStatement {
  readonly predicateType: string;
  /**
   * SHA-256, lower-case hex, of the payload that the registry gave out as the
   * statement; null without one. Nothing is verified by it.
   */
  readonly sha256: string | null;
}

/**
 * Evidence of which facts were established: without the documents, which nothing
 * reads again and which take most of the memory of an audit.
 */
export type JudgedEvidence =
  | (Omit<Extract<Evidence, { readonly status: 'attested' }>, 'document'> & {
      /** Empty where the document was malformed. */
      readonly statements: readonly ClaimedStatement[];
    })
  | Exclude<Evidence, { readonly status: 'attested' }>;

/** Lets the documents of `evidence` go. */
export function letDocumentsGo(evidence: Evidence): JudgedEvidence {
  if (evidence.status !== 'attested') return evidence;
  const { document, ...rest } = evidence;
  return { ...rest, statements: statementsOf(document) };
}

function statementsOf(
  document: AttestationDocument,
): readonly ClaimedStatement[] {
  if (document.status === 'malformed') return [];
  return document.attestations.map(({ predicateType, bundle }) => {
    const envelope = isJsonObject(bundle) ? bundle['dsseEnvelope'] : undefined;
    const payload = isJsonObject(envelope) ? envelope['payload'] : undefined;
    if (typeof payload !== 'string') return { predicateType, sha256: null };
    const sha256 = hash('sha256', Buffer.from(payload, 'base64'), 'hex');
    return { predicateType, sha256 };
  });
}
