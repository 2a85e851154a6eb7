import { PROVENANCE_V02, PROVENANCE_V1 } from '../evidence/predicate-types.js';
import type { VerifiedAttestation } from '../verification/verification.js';
import {
  readBuildIdentity,
  type BuildIdentity,
  type Contradiction,
} from './build-identity.js';
import { matchClaims, PredicateError, type ClaimsResult } from './claims.js';
import type { ProvenanceFacts } from './facts.js';
import { readProvenanceV02 } from './provenance-v02.js';
import { readProvenanceV1 } from './provenance-v1.js';

export type ProvenanceResult =
  | { readonly status: 'ok'; readonly provenance: ProvenanceFacts }
  | {
      readonly status: 'rejected';
      readonly contradictions: readonly Contradiction[];
    };

/** Whether the predicate type is one of SLSA provenance that is read here. */
export function isProvenance(predicateType: string): boolean {
  return predicateType === PROVENANCE_V1 || predicateType === PROVENANCE_V02;
}

/**
 * Derives where and how a package was built from a verified provenance
 * attestation, believing the certificate and requiring the predicate to agree.
 *
 * Checks C25 to C33.
 */
export function deriveProvenance(
  attestation: VerifiedAttestation,
): ProvenanceResult {
  const { signer, statement } = attestation;
  if (signer.kind !== 'certificate') {
    return rejectedBy([
      {
        kind: 'mismatch',
        code: 'identity-issuer',
        message:
          'the provenance is signed by a key, not by a build’s certificate',
        expected: 'a certificate',
        found: signer.keyId,
      },
    ]);
  }
  const { identity, contradictions } = readBuildIdentity(signer.certificate);
  const claims = readClaims(attestation);
  if (identity === null) return rejectedBy(contradictions);
  if (claims.status === 'rejected') {
    return rejectedBy([...contradictions, claims.contradiction]);
  }
  const all = [...contradictions, ...matchClaims(claims.claims, identity)];
  if (all.length > 0) return rejectedBy(all);
  return {
    status: 'ok',
    provenance: {
      ...pickFacts(identity),
      builder: claims.claims.builder,
      buildType: claims.claims.buildType,
      signedAt: attestation.signedAt,
      logIndex: attestation.logIndex,
      predicateType: statement.predicateType,
    },
  };
}

function readClaims({ statement }: VerifiedAttestation): ClaimsResult {
  try {
    return statement.predicateType === PROVENANCE_V1
      ? readProvenanceV1(statement.predicate)
      : readProvenanceV02(statement.predicate);
  } catch (error) {
    if (!(error instanceof PredicateError)) throw error;
    return {
      status: 'rejected',
      contradiction: {
        kind: 'mismatch',
        code: 'predicate-malformed',
        message: `the provenance is not of its build type’s form: ${error.message}`,
        expected: null,
        found: null,
      },
    };
  }
}

function pickFacts(
  identity: BuildIdentity,
): Omit<
  ProvenanceFacts,
  'builder' | 'buildType' | 'signedAt' | 'logIndex' | 'predicateType'
> {
  return {
    sourceRepository: identity.sourceRepository,
    sourceRepositoryId: identity.sourceRepositoryId,
    sourceOwnerId: identity.sourceOwnerId,
    sourceRevision: identity.sourceRevision,
    sourceRef: identity.sourceRef,
    workflow: identity.workflow,
    workflowRef: identity.workflowRef,
    signer: identity.signer,
    issuer: identity.issuer,
    runner: identity.runner,
    event: identity.event,
    runUrl: identity.runUrl,
    limitedIdentity: identity.limited,
  };
}

function rejectedBy(
  contradictions: readonly Contradiction[],
): ProvenanceResult {
  return { status: 'rejected', contradictions };
}
