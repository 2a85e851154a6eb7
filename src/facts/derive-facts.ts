import type { PackageId } from '../package/package-id.js';
import { PUBLISH } from '../evidence/predicate-types.js';
import {
  rankRejections,
  type Rejection,
  type Unverifiable,
  type Verification,
} from '../verification/verification.js';
import type { Facts, Level, ProvenanceFacts, PublishFacts } from './facts.js';
import { deriveProvenance, isProvenance } from './provenance.js';
import { readPublish } from './publish.js';

export interface FactsContext {
  readonly id: PackageId;
  /** Base URL of the registry the dependency belongs to. */
  readonly registry: string;
  readonly publicRegistry: string;
  /** The version's metadata names a provenance. Claimed. */
  readonly advertisesProvenance: boolean;
}

const PROVENANCE_WITHHELD: Unverifiable = {
  code: 'provenance-withheld',
  message: 'the registry says that there is provenance, but serves none',
};

/**
 * Draws the conclusion about one in-scope dependency: what its verified
 * attestations establish, if they agree with their certificates and with each
 * other. One rejection anywhere rejects the whole evidence, and then nothing
 * is established by it.
 *
 * Checks C25 to C38.
 */
export function deriveFacts(
  verification: Verification,
  context: FactsContext,
): Facts {
  const provenances: ProvenanceFacts[] = [];
  const publishes: PublishFacts[] = [];
  const rejections: Rejection[] = [...verification.rejections];
  for (const attestation of verification.attestations) {
    const { predicateType } = attestation.statement;
    const tie = (contradictions: readonly Omit<Rejection, 'attestation'>[]) =>
      contradictions.map((each) => ({
        ...each,
        attestation: attestation.index,
      }));
    if (isProvenance(predicateType)) {
      const result = deriveProvenance(attestation);
      if (result.status === 'ok') provenances.push(result.provenance);
      else rejections.push(...tie(result.contradictions));
    } else if (predicateType === PUBLISH) {
      const result = readPublish(attestation, context.id, context.registry);
      if (result.status === 'ok') publishes.push(result.publish);
      else rejections.push(...tie(result.contradictions));
    }
  }
  rejections.push(...findConflicts(provenances));
  rejections.push(...findMissingPublish(verification, context));
  const withheld =
    context.advertisesProvenance &&
    provenances.length === 0 &&
    rejections.length === 0
      ? [PROVENANCE_WITHHELD]
      : [];
  const unverifiable = [...verification.unverifiable, ...withheld];
  const outcome = { ...verification, unverifiable };
  return conclude(outcome, rankRejections(rejections), {
    provenance: provenances[0] ?? null,
    publish: publishes[0] ?? null,
  });
}

/** Two genuine provenances cannot both be how these bytes came about. C34. */
function findConflicts(
  provenances: readonly ProvenanceFacts[],
): readonly Rejection[] {
  const [first, ...others] = provenances;
  if (first === undefined) return [];
  const describe = (each: ProvenanceFacts): string =>
    `${each.sourceRepository} ${each.sourceRevision ?? ''} ${each.builder}`;
  return others
    .filter((other) => describe(other) !== describe(first))
    .map((other) => ({
      kind: 'mismatch',
      code: 'provenance-conflict',
      attestation: null,
      message: 'two provenances disagree about where the package was built',
      expected: describe(first),
      found: describe(other),
    }));
}

/**
 * The public registry attests each publication that it accepted with
 * provenance; without that, nobody says that these bytes were ever published.
 * One that was rejected, or whose keys are missing, has its own reason. C38.
 */
function findMissingPublish(
  { attestations, rejections, unverifiable }: Verification,
  { registry, publicRegistry }: FactsContext,
): readonly Rejection[] {
  const types = attestations.map(({ statement }) => statement.predicateType);
  const isMissing =
    registry === publicRegistry &&
    types.some(isProvenance) &&
    !types.includes(PUBLISH) &&
    !unverifiable.some(({ code }) => code === 'registry-keys-missing') &&
    !rejections.some(({ attestation }) => attestation !== null);
  return isMissing
    ? [
        {
          kind: 'mismatch',
          code: 'publish-missing',
          attestation: null,
          message: 'provenance without the registry’s publish attestation',
          expected: 'a publish attestation',
          found: null,
        },
      ]
    : [];
}

function conclude(
  { unverifiable, attestations, registrySignature }: Verification,
  rejections: readonly Rejection[],
  established: {
    readonly provenance: ProvenanceFacts | null;
    readonly publish: PublishFacts | null;
  },
): Facts {
  const otherPredicateTypes = attestations
    .map(({ statement }) => statement.predicateType)
    .filter((type) => !isProvenance(type) && type !== PUBLISH);
  const common = {
    registrySignature,
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
    level: levelOf(established.provenance, registrySignature),
  };
}

function levelOf(
  provenance: ProvenanceFacts | null,
  registrySignature: Facts['registrySignature'],
): Level {
  if (provenance !== null) return 'provenance';
  return registrySignature === 'verified' ? 'registry-signature' : 'none';
}
