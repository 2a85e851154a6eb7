import { hash } from 'node:crypto';

import type { AttestationDocument } from './attestation-document.js';
import { envelopePayload } from './envelope-payload.js';
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
    const payload = envelopePayload(bundle);
    const sha256 = payload === null ? null : hash('sha256', payload, 'hex');
    return { predicateType, sha256 };
  });
}
