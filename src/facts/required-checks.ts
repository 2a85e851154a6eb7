import { PROVENANCE_V1, PUBLISH } from '../evidence/predicate-types.js';
import type { CheckId } from '../verification/check-catalogue.js';
import type { Check } from '../verification/check.js';
import type { VerifiedAttestation } from '../verification/verification.js';
import { isLimited } from './build-identity.js';
import type { Facts } from './facts.js';
import { isProvenance } from './provenance.js';
import { GITLAB_BUILD_TYPE } from './provenance-v02.js';

/** Of every bundle, whoever signed it. */
const BUNDLE: readonly CheckId[] = [
  'media-type',
  'bundle-content',
  'payload-type',
  'log-entry-form',
  'canonical-form',
  'key-id',
  'timestamp',
  'log-inclusion',
  'signature',
  'log-entry-distinct',
  'log-time',
  'log-proof',
  'log-signer',
];
const BY_CERTIFICATE: readonly CheckId[] = [
  'certificate-chain',
  'certificate-extensions',
  'certificate-usage',
  'certificate-values',
];
const BY_KEY: readonly CheckId[] = ['signing-key'];
const STATEMENT: readonly CheckId[] = [
  'statement-form',
  'statement-type',
  'predicate-type',
  'known-type',
  'subject-count',
  'subject-name',
  'subject-digest',
];
const PROVENANCE: readonly CheckId[] = [
  'signed-by-certificate',
  'issuer',
  'signer',
  'build-type',
  'builder',
  'predicate-form',
  'source-repository',
  'source-repository-id',
  'source-owner-id',
  'source-revision',
  'source-ref',
  'workflow',
  'workflow-ref',
  'workflow-revision',
  'event',
  'runner',
  'run',
];
const PUBLICATION: readonly CheckId[] = [
  'signed-by-key',
  'publish-name',
  'publish-version',
  'publish-registry',
];
/** About the version as a whole, whatever it has. */
const VERSION: readonly CheckId[] = [
  'entry-kind',
  'real-name',
  'name-and-version',
  'tarball-url',
  'integrity',
  'digest',
  'one-pin',
  'registry-asked',
  'answer',
  'clock',
  'document',
  'registry-integrity',
  'provenance-served',
  'provenance-agreement',
  'subjects-agree',
  'publish-present',
];
const NOT_ALWAYS_OF_VERSION: readonly CheckId[] = [
  'tarball-url',
  'registry-integrity',
  'provenance-served',
  'provenance-agreement',
  'subjects-agree',
  'publish-present',
];
/** Rekor v2 states no time, and v0.1 bundles have no proof. */
const NOT_ALWAYS_IN_BUNDLE: readonly CheckId[] = ['log-time', 'log-proof'];
/** What predicates of each kind need not claim. */
const UNCLAIMED_V1: readonly CheckId[] = ['workflow-revision'];
const UNCLAIMED_V02: readonly CheckId[] = [
  ...UNCLAIMED_V1,
  'source-repository-id',
  'source-owner-id',
  'workflow-ref',
  'runner',
];
const UNCLAIMED_GITLAB: readonly CheckId[] = [
  ...UNCLAIMED_V02,
  'source-ref',
  'workflow',
  'event',
];
/** What certificates from before 2023 cannot, or might not, say. */
const UNPROVEN_BY_LIMITED: readonly CheckId[] = [
  ...UNCLAIMED_GITLAB,
  'source-revision',
  'run',
];

/**
 * Throws unless every check that these facts rest on was recorded, as passed or
 * where that is legitimate as not made. `attestations` are those that the facts
 * were derived from. Facts that establish nothing rest on nothing.
 *
 * A defect of this program is what it finds, never one of the evidence: a check
 * that somebody forgot to make must not become a yes.
 */
export function requireChecks(
  facts: Facts,
  attestations: readonly VerifiedAttestation[],
): void {
  if (facts.verification !== 'verified') return;
  // A weak pin decides nothing, and then the digest is said to be another's.
  const isOthersDigest =
    facts.binding === 'tarball' || facts.binding === 'registry';
  requireEach(facts, null, VERSION, [
    NOT_ALWAYS_OF_VERSION,
    isOthersDigest ? ['integrity'] : [],
  ]);
  for (const attestation of attestations) {
    const { index, signer, statement } = attestation;
    const isProof = isProvenance(statement.predicateType);
    if (!isProof && statement.predicateType !== PUBLISH) continue;
    const notAlways = [
      NOT_ALWAYS_IN_BUNDLE,
      isProof ? notAlwaysProven(attestation) : [],
    ];
    const required = [
      BUNDLE,
      signer.kind === 'certificate' ? BY_CERTIFICATE : BY_KEY,
      STATEMENT,
      isProof ? PROVENANCE : PUBLICATION,
    ];
    for (const ids of required) requireEach(facts, index, ids, notAlways);
  }
}

function requireEach(
  { checks }: Facts,
  index: number | null,
  required: readonly CheckId[],
  notAlways: readonly (readonly CheckId[])[],
): void {
  for (const id of required) {
    const mayBeOpen = notAlways.some((ids) => ids.includes(id));
    if (!isMade(checks, { id, index, mayBeOpen })) {
      const where = index === null ? 'this version' : `attestation ${index}`;
      throw new Error(`verified without the check ${id} of ${where}`);
    }
  }
}

/** Whether it was recorded, each time as passed or, where it may be, as not made. */
function isMade(
  checks: readonly Check[],
  wanted: {
    readonly id: CheckId;
    readonly index: number | null;
    readonly mayBeOpen: boolean;
  },
): boolean {
  const { id, index, mayBeOpen } = wanted;
  let isRecorded = false;
  for (const { check, attestation, outcome } of checks) {
    if (check !== id || attestation !== index) continue;
    const isGood =
      outcome === 'passed' || (outcome === 'not-made' && mayBeOpen);
    if (!isGood) return false;
    isRecorded = true;
  }
  return isRecorded;
}

function notAlwaysProven({
  signer,
  statement,
}: VerifiedAttestation): readonly CheckId[] {
  if (signer.kind === 'certificate' && isLimited(signer.certificate)) {
    return UNPROVEN_BY_LIMITED;
  }
  if (statement.predicateType === PROVENANCE_V1) return UNCLAIMED_V1;
  return statement.predicate['buildType'] === GITLAB_BUILD_TYPE
    ? UNCLAIMED_GITLAB
    : UNCLAIMED_V02;
}
