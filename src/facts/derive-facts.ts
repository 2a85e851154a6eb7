import type { PackageId } from '../package/package-id.js';
import type { ClaimedPublication } from '../evidence/claimed-publication.js';
import { PUBLISH } from '../evidence/predicate-types.js';
import {
  ofAttestation,
  rejectionsOf,
  unverifiableOf,
  type Check,
} from '../verification/check.js';
import {
  rankRejections,
  type Verification,
  type VerifiedAttestation,
} from '../verification/verification.js';
import {
  checkAgreement,
  checkPublishPresent,
  checkServed,
  checkSubjects,
} from './document-checks.js';
import type { Facts, Level, ProvenanceFacts, PublishFacts } from './facts.js';
import { orderChecks } from './order-checks.js';
import type { TrustedIssuer } from './platforms.js';
import { deriveProvenance, isProvenance } from './provenance.js';
import { readPublish } from './publish.js';

/** The dependency that facts are about, and what decides how they are read. */
export interface FactsContext {
  readonly id: PackageId;
  /** Base URL of the registry the dependency belongs to. */
  readonly registry: string;
  readonly publicRegistry: string;
  /** The version's metadata names a provenance. Claimed. */
  readonly advertisesProvenance: boolean;
  /** How it was published, by the version's metadata. Claimed. */
  readonly publication?: ClaimedPublication | null;
  /** Issuers that a policy trusts besides the public ones. */
  readonly issuers?: readonly TrustedIssuer[];
}

/**
 * Draws the conclusion about one in-scope dependency: what its verified
 * attestations establish, if they agree with their certificates and with each
 * other. One failed check anywhere rejects the whole evidence, and then nothing
 * is established by it.
 *
 * Checks C25 to C38.
 */
export function deriveFacts(
  verification: Verification,
  context: FactsContext,
): Facts {
  const read = verification.attestations.map((each) =>
    readAttestation(each, context),
  );
  const provenances = read.flatMap(({ provenance }) => provenance ?? []);
  const publishes = read.flatMap(({ publish }) => publish ?? []);
  const made = [
    ...verification.checks,
    ...read.flatMap(({ checks }) => checks),
    ...checkAgreement(provenances),
    ...checkSubjects(verification.attestations),
    checkPublishPresent(verification, context),
  ];
  const served = checkServed(provenances, context.advertisesProvenance, made);
  return conclude(verification, orderChecks([...made, served]), {
    provenance: provenances[0] ?? null,
    publish: publishes[0] ?? null,
    publication: context.publication ?? null,
  });
}

interface ReadAttestation {
  readonly checks: readonly Check[];
  readonly provenance?: ProvenanceFacts | null;
  readonly publish?: PublishFacts | null;
}

function readAttestation(
  attestation: VerifiedAttestation,
  { id, registry, issuers }: FactsContext,
): ReadAttestation {
  const { index, statement } = attestation;
  if (isProvenance(statement.predicateType)) {
    const { checks, provenance } = deriveProvenance(attestation, issuers);
    return { checks: ofAttestation(checks, index), provenance };
  }
  if (statement.predicateType === PUBLISH) {
    const { checks, publish } = readPublish(attestation, id, registry);
    return { checks: ofAttestation(checks, index), publish };
  }
  return { checks: [] };
}

function conclude(
  { attestations, registrySignature, binding }: Verification,
  checks: readonly Check[],
  {
    publication,
    ...established
  }: {
    readonly provenance: ProvenanceFacts | null;
    readonly publish: PublishFacts | null;
    readonly publication: ClaimedPublication | null;
  },
): Facts {
  const otherPredicateTypes = attestations
    .map(({ statement }) => statement.predicateType)
    .filter((type) => !isProvenance(type) && type !== PUBLISH);
  const rejections = rankRejections(rejectionsOf(checks));
  const unverifiable = unverifiableOf(checks);
  const common = {
    checks,
    registrySignature,
    binding,
    otherPredicateTypes,
    rejections,
    unverifiable,
  };
  if (rejections.length > 0 || unverifiable.length > 0) {
    return {
      ...common,
      provenance: null,
      publish: null,
      verification: rejections.length > 0 ? 'rejected' : 'unverifiable',
      level: 'none',
    };
  }
  const isEstablished =
    established.provenance !== null || established.publish !== null;
  return {
    ...common,
    ...established,
    verification: isEstablished ? 'verified' : 'none',
    level:
      established.provenance === null
        ? levelWithout(registrySignature)
        : (publication ?? 'provenance'),
  };
}

/** Without provenance it says nothing who the registry says has published. */
function levelWithout(registrySignature: Facts['registrySignature']): Level {
  return registrySignature === 'verified' ? 'registry-signature' : 'none';
}
