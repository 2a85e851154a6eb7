import type { ClaimedAttestation } from '../evidence/attestation-document.js';
import { envelopePayload } from '../evidence/envelope-payload.js';
import type { Evidence } from '../evidence/evidence.js';
import { KNOWN_PREDICATE_TYPES } from '../evidence/predicate-types.js';
import type { Dependency } from '../lockfile/dependency.js';
import { sriOfSha512 } from '../package/integrity.js';
import {
  notMade,
  ofAttestation,
  passed,
  rejectionsOf,
  undecided,
  type Check,
} from './check.js';
import { chooseDigest, type ComparedDigest } from './compared-digest.js';
import { matchEntry, matchPins, matchResolved } from './lockfile-claims.js';
import { matchAnswer, matchRegistryIntegrity } from './registry-claims.js';
import { verifyRegistrySignatures } from './registry-signature.js';
import { parseStatement, type Statement } from './statement.js';
import { matchSubject } from './subject.js';
import type { TrustRoot } from './trust-root.js';
import type { Verification, VerifiedAttestation } from './verification.js';
import { verifyBundle, type KnownResults } from './verify-bundle.js';

/** What one dependency's evidence is verified against. */
export interface VerificationContext {
  readonly trustRoot: TrustRoot;
  /** Base URL of the registry the dependency belongs to. */
  readonly registry: string;
  /** Base URL of the registry that was asked; null if none was. */
  readonly askedAt: string | null;
  readonly publicRegistry: string;
  /** From `findConflictingPins` over the whole lockfile. */
  readonly conflictingPins: ReadonlySet<string>;
  readonly now: Date;
  /** Why `now` cannot be right, one line each; empty where nothing speaks against it. */
  readonly clockDoubts: readonly string[];
  /** Computed with the same trust root and the same `now`. */
  readonly knownResults?: KnownResults;
}

/**
 * Verifies everything the registry claimed about one in-scope dependency and
 * binds it to the bytes that the lockfile pins or, where it pins too little and
 * the user wants more, to what `chooseDigest` says. Whether the signer of an
 * attestation may say what it says is for the facts stage.
 *
 * Checks C1 to C24, C39, C40, and the clock. Never throws on what `evidence` holds; throws an
 * `Error` for a dependency that is not in scope.
 */
export function verifyEvidence(
  dependency: Dependency,
  evidence: Evidence,
  context: VerificationContext,
): Verification {
  const { digest, checks: ofDigest } = chooseDigest(dependency, evidence);
  const { registry, publicRegistry, conflictingPins } = context;
  const checks: Check[] = [
    ...matchEntry(dependency),
    matchResolved(dependency, registry, publicRegistry),
    ...ofDigest,
    matchPins(dependency, conflictingPins),
    ...matchAnswer(evidence, context),
    judgeClock(context),
  ];
  if (evidence.status !== 'attested' && evidence.status !== 'unattested') {
    return {
      ...{ attestations: [], checks, binding: null },
      registrySignature: 'not-checked',
    };
  }
  const { metadata } = evidence;
  const signature = verifyRegistrySignatures(
    metadata.isNotAsked === true ? null : metadata.signatures,
    {
      id: dependency.id,
      sri: digest === null ? null : sriOfSha512(digest.sha512),
      publishedAt: metadata.publishedAt,
    },
    { registry, keys: context.trustRoot.keysFor(registry), now: context.now },
  );
  const results = attestationsOf(evidence).map((attestation, index) =>
    verifyAttestation(
      dependency,
      { ...attestation, index },
      { ...context, digest },
    ),
  );
  return {
    attestations: results.flatMap(({ attestation }) => attestation ?? []),
    checks: [
      ...checks,
      matchRegistryIntegrity(metadata, digest),
      ...signature.checks,
      ...results.flatMap((each) => each.checks),
    ],
    registrySignature: signature.state,
    binding: digest?.binding ?? null,
  };
}

/** What is valid at a wrong time is not known to be valid (SECURITY section 4). */
function judgeClock({ clockDoubts }: VerificationContext): Check {
  return clockDoubts.length === 0
    ? passed('clock')
    : undecided('clock', {
        code: 'clock-implausible',
        message: clockDoubts.join('; '),
      });
}

/** A malformed document has none; that it is one is a failed check already. */
function attestationsOf(
  evidence: Extract<Evidence, { status: 'attested' | 'unattested' }>,
): readonly ClaimedAttestation[] {
  return evidence.status === 'attested' && evidence.document.status === 'parsed'
    ? evidence.document.attestations
    : [];
}

interface AttestationResult {
  readonly checks: readonly Check[];
  /** Null unless every check holds. */
  readonly attestation: VerifiedAttestation | null;
}

function verifyAttestation(
  dependency: Dependency,
  claimed: ClaimedAttestation & { readonly index: number },
  context: VerificationContext & { readonly digest: ComparedDigest | null },
): AttestationResult {
  const { index } = claimed;
  const bundle =
    context.knownResults?.(claimed.bundle, context.registry) ??
    verifyBundle(claimed.bundle, context.trustRoot, context);
  if (bundle.status !== 'verified') {
    return { checks: ofAttestation(bundle.checks, index), attestation: null };
  }
  const { statement, checks } = parseStatement(
    envelopePayload(claimed.bundle) ?? new Uint8Array(),
    claimed.predicateType,
  );
  const all = [...bundle.checks, ...checks];
  if (statement === null) {
    return { checks: ofAttestation(all, index), attestation: null };
  }
  all.push(...checkSubject(statement, dependency, context.digest));
  return {
    checks: ofAttestation(all, index),
    attestation:
      rejectionsOf(all).length > 0
        ? null
        : { index, statement, ...bundle.verified },
  };
}

/** Other types may have subjects of their own kind; they count for nothing. */
function checkSubject(
  { predicateType, subjects }: Statement,
  { id }: Dependency,
  digest: ComparedDigest | null,
): readonly Check[] {
  return KNOWN_PREDICATE_TYPES.includes(predicateType)
    ? [
        passed('known-type', { found: predicateType }),
        ...matchSubject(subjects, id, digest),
      ]
    : [notMade('known-type', `${predicateType} is listed, but proves nothing`)];
}
