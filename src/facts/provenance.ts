import { PROVENANCE_V02, PROVENANCE_V1 } from '../evidence/predicate-types.js';
import {
  failed,
  passed,
  rejectionsOf,
  type Check,
} from '../verification/check.js';
import type { VerifiedAttestation } from '../verification/verification.js';
import { readBuildIdentity, type BuildIdentity } from './build-identity.js';
import {
  matchClaims,
  PredicateError,
  type ClaimsResult,
  type ProvenanceClaims,
} from './claims.js';
import type { ProvenanceFacts } from './facts.js';
import { PUBLIC_SERVERS, type TrustedIssuer } from './platforms.js';
import { readProvenanceV02 } from './provenance-v02.js';
import { readProvenanceV1 } from './provenance-v1.js';
import { checkDelegator } from './slsa-generator.js';

/** What was checked, and what is established if all of it holds. */
export interface ProvenanceResult {
  readonly checks: readonly Check[];
  /** Null exactly if one of the checks failed. */
  readonly provenance: ProvenanceFacts | null;
}

/** Whether the predicate type is one of SLSA provenance that is read here. */
export function isProvenance(predicateType: string): boolean {
  return predicateType === PROVENANCE_V1 || predicateType === PROVENANCE_V02;
}

/**
 * Derives where and how a package was built from a verified provenance
 * attestation, believing the certificate and requiring the predicate to agree.
 * `issuers` are those that a policy adds to the public ones.
 *
 * Checks C25 to C33.
 */
export function deriveProvenance(
  attestation: VerifiedAttestation,
  issuers: readonly TrustedIssuer[] = [],
): ProvenanceResult {
  const { signer } = attestation;
  if (signer.kind !== 'certificate') {
    const bySigner = failed('signed-by-certificate', {
      kind: 'mismatch',
      code: 'identity-issuer',
      message:
        'the provenance is signed by a key, not by a build’s certificate',
      expected: 'a certificate',
      found: signer.keyId,
    });
    return { checks: [bySigner], provenance: null };
  }
  const made: Check[] = [
    passed('signed-by-certificate', { found: 'a certificate' }),
  ];
  const { identity, checks } = readBuildIdentity(signer.certificate, issuers);
  made.push(...checks);
  if (identity === null) return { checks: made, provenance: null };
  const result = readClaims(attestation, identity);
  if (result.status === 'rejected') {
    made.push(...result.checks);
    return { checks: settle(made), provenance: null };
  }
  const { claims } = result;
  made.push(
    passed('build-type', { found: claims.buildType }),
    passed('builder', { found: claims.builder }),
    passed('predicate-form'),
    ...checkDelegator(claims.buildType, identity.signer),
    ...matchClaims(claims, identity),
  );
  return {
    checks: settle(made),
    provenance:
      rejectionsOf(made).length > 0
        ? null
        : toFacts(attestation, identity, claims),
  };
}

function readClaims(
  { statement }: VerifiedAttestation,
  identity: BuildIdentity,
): ClaimsResult {
  const servers = { ...PUBLIC_SERVERS, [identity.platform]: identity.server };
  try {
    return statement.predicateType === PROVENANCE_V1
      ? readProvenanceV1(statement.predicate, servers.github)
      : readProvenanceV02(statement.predicate, servers);
  } catch (error) {
    if (!(error instanceof PredicateError)) throw error;
    const malformed = failed('predicate-form', {
      kind: 'mismatch',
      code: 'predicate-malformed',
      message: `the provenance is not of its build type’s form: ${error.message}`,
    });
    return { status: 'rejected', checks: [malformed] };
  }
}

/**
 * One property is compared in several places, and holds if it does in each:
 * beside a failure of the same check nothing else is said of it, and otherwise
 * only the last.
 */
function settle(checks: readonly Check[]): readonly Check[] {
  const failing = new Set(
    checks.flatMap(({ check, outcome }) =>
      outcome === 'failed' ? [check] : [],
    ),
  );
  const last = new Map(checks.map((each) => [each.check, each]));
  return checks.filter((each) =>
    failing.has(each.check)
      ? each.outcome === 'failed'
      : last.get(each.check) === each,
  );
}

function toFacts(
  { statement, signedAt, logIndex }: VerifiedAttestation,
  identity: BuildIdentity,
  { builder, buildType }: ProvenanceClaims,
): ProvenanceFacts {
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
    builder,
    buildType,
    runner: identity.runner,
    event: identity.event,
    runUrl: identity.runUrl,
    signedAt,
    logIndex,
    predicateType: statement.predicateType,
    limitedIdentity: identity.limited,
  };
}
