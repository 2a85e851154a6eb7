import type { ClaimedAttestation } from '../evidence/attestation-document.js';
import type { Evidence } from '../evidence/evidence.js';
import { KNOWN_PREDICATE_TYPES } from '../evidence/predicate-types.js';
import type { VersionMetadata } from '../evidence/version-metadata.js';
import type { Dependency } from '../lockfile/dependency.js';
import { parseIntegrity } from '../package/integrity.js';
import { formatPackageId } from '../package/package-id.js';
import { judgeIntegrity, matchResolved } from './lockfile-claims.js';
import { verifyRegistrySignatures } from './registry-signature.js';
import { parseStatement } from './statement.js';
import { matchSubject } from './subject.js';
import type { TrustRoot } from './trust-root.js';
import type {
  Rejection,
  Unverifiable,
  Verification,
  VerifiedAttestation,
} from './verification.js';
import { verifyBundle } from './verify-bundle.js';

/** What one dependency's evidence is verified against. */
export interface VerificationContext {
  readonly trustRoot: TrustRoot;
  /** Base URL of the registry the dependency belongs to. */
  readonly registry: string;
  readonly publicRegistry: string;
  /** From `findConflictingPins` over the whole lockfile. */
  readonly conflictingPins: ReadonlySet<string>;
  readonly now: Date;
}

/** The predicate type of SLSA provenance 1, as npm's registry labels it. */
export const PROVENANCE_V1 = 'https://slsa.dev/provenance/v1';
/** The same of SLSA 0.2. */
export const PROVENANCE_V02 = 'https://slsa.dev/provenance/v0.2';
/** The predicate type of npm's publish attestation. */
export const PUBLISH =
  'https://github.com/npm/attestation/tree/main/specs/publish/v0.1';
/**
 * Verifies everything the registry claimed about one in-scope dependency and
 * binds it to the bytes that the lockfile pins. Whether the signer of an
 * attestation may say what it says is for the facts stage.
 *
 * Checks C4 to C6, C10 to C24, C39. Never throws on what `evidence` holds.
 */
export function verifyEvidence(
  dependency: Dependency,
  evidence: Evidence,
  context: VerificationContext,
): Verification {
  const rejections: Rejection[] = [];
  const unverifiable: Unverifiable[] = [];
  const integrity = parseIntegrity(dependency.integrity);
  const pin = integrity.status === 'sha512' ? integrity : null;
  const judgement = judgeIntegrity(integrity, dependency.integrity);
  if (judgement !== null && 'kind' in judgement) rejections.push(judgement);
  else if (judgement !== null) unverifiable.push(judgement);
  rejections.push(...findLockfileContradictions(dependency, context));
  if (evidence.status !== 'attested' && evidence.status !== 'unattested') {
    return {
      attestations: [],
      rejections,
      unverifiable,
      registrySignature: 'not-checked',
    };
  }
  rejections.push(...matchMetadata(evidence.metadata, pin?.sha512 ?? null));
  const signature = verifyRegistrySignatures(
    evidence.metadata.signatures,
    { id: dependency.id, sri: pin?.sri ?? null },
    {
      registry: context.registry,
      keys: context.trustRoot.keysFor(context.registry),
      now: context.now,
    },
  );
  rejections.push(...signature.rejections);
  unverifiable.push(...signature.unverifiable);
  const verified = verifyDocument(dependency, evidence, {
    ...context,
    sha512: pin?.sha512 ?? null,
  });
  return {
    attestations: verified.attestations,
    rejections: [...rejections, ...verified.rejections],
    unverifiable: [...unverifiable, ...verified.unverifiable],
    registrySignature: signature.state,
  };
}

function findLockfileContradictions(
  dependency: Dependency,
  { registry, publicRegistry, conflictingPins }: VerificationContext,
): readonly Rejection[] {
  const rejections: Rejection[] = [];
  if (conflictingPins.has(formatPackageId(dependency.id))) {
    rejections.push({
      kind: 'mismatch',
      code: 'integrity-conflict',
      attestation: null,
      message: 'the lockfile pins this version to different bytes elsewhere',
      expected: 'one SHA-512 for one version',
      found: dependency.integrity,
    });
  }
  const resolved = matchResolved(dependency, registry, publicRegistry);
  if (resolved !== null) rejections.push(resolved);
  return rejections;
}

/** A registry that states other bytes than the lockfile pins. Check C39. */
function matchMetadata(
  { integrity: claimed }: VersionMetadata,
  sha512: string | null,
): readonly Rejection[] {
  const stated = parseIntegrity(claimed);
  if (sha512 === null || stated.status === 'missing') return [];
  if (stated.status === 'sha512' && stated.sha512 === sha512) return [];
  // Only weaker hashes: old versions on some registries. Nothing is compared.
  if (stated.status === 'weak' || stated.status === 'no-sha512') return [];
  return [
    {
      kind: 'mismatch',
      code: 'integrity-mismatch',
      attestation: null,
      message: 'the registry has other bytes than this lockfile would install',
      expected: `sha512-${Buffer.from(sha512, 'hex').toString('base64')}`,
      found: claimed,
    },
  ];
}

interface DocumentResult {
  readonly attestations: readonly VerifiedAttestation[];
  readonly rejections: readonly Rejection[];
  readonly unverifiable: readonly Unverifiable[];
}

function verifyDocument(
  dependency: Dependency,
  evidence: Extract<Evidence, { status: 'attested' | 'unattested' }>,
  context: AttestationContext,
): DocumentResult {
  if (evidence.status === 'unattested') {
    return { attestations: [], rejections: [], unverifiable: [] };
  }
  const { document } = evidence;
  if (document.status === 'malformed') {
    const { code, message } = document;
    const rejection: Rejection = {
      kind: 'invalid',
      code,
      attestation: null,
      message,
      expected: null,
      found: null,
    };
    return { attestations: [], rejections: [rejection], unverifiable: [] };
  }
  const results = document.attestations.map((attestation, index) =>
    verifyAttestation(dependency, { ...attestation, index }, context),
  );
  return {
    attestations: results.flatMap((each) => each.attestations),
    rejections: results.flatMap((each) => each.rejections),
    unverifiable: results.flatMap((each) => each.unverifiable),
  };
}

type AttestationContext = VerificationContext & {
  readonly sha512: string | null;
};

function verifyAttestation(
  dependency: Dependency,
  claimed: ClaimedAttestation & { readonly index: number },
  { trustRoot, registry, now, sha512 }: AttestationContext,
): DocumentResult {
  const { index } = claimed;
  const rejected = (
    rejections: readonly Omit<Rejection, 'attestation'>[],
  ): DocumentResult => ({
    attestations: [],
    rejections: rejections.map((each) => ({ ...each, attestation: index })),
    unverifiable: [],
  });
  const bundle = verifyBundle(claimed.bundle, trustRoot, { registry, now });
  if (bundle.status === 'rejected') return rejected([bundle.rejection]);
  if (bundle.status === 'unverifiable') {
    return { attestations: [], rejections: [], unverifiable: [bundle.reason] };
  }
  const parsed = parseStatement(bundle.payload, claimed.predicateType);
  if (parsed.status === 'rejected') return rejected([parsed.rejection]);
  const { statement } = parsed;
  // Others may have subjects of their own kind; they never count for anything.
  if (KNOWN_PREDICATE_TYPES.includes(statement.predicateType)) {
    const mismatches = matchSubject(statement.subjects, dependency.id, sha512);
    if (mismatches.length > 0) return rejected(mismatches);
  }
  const { signer, signedAt, logIndex } = bundle;
  return {
    attestations: [{ index, statement, signer, signedAt, logIndex }],
    rejections: [],
    unverifiable: [],
  };
}
