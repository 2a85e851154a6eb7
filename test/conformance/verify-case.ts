import { AuditError } from '../../src/errors.js';
import { MAX_DOCUMENT_BYTES } from '../../src/evidence/attestation-document.js';
import { isJsonObject, parseStrictJson } from '../../src/json/strict-json.js';
import type { TrustRootDocuments } from '../../src/verification/trust-root-documents.js';
import {
  parseTrustRoot,
  type TrustRoot,
} from '../../src/verification/trust-root.js';
import { envelopePayload } from '../../src/evidence/envelope-payload.js';
import { verifyBundle } from '../../src/verification/verify-bundle.js';
import type { ConformanceCase } from './cases.js';
import {
  findArtifactProblem,
  findSignerProblem,
  firstFailure,
  type Refusal,
} from './expectations.js';

/**
 * What our loader and verifier say of a case. `undecided` is neither: it stands
 * for no expectation of the suite.
 */
export type CaseOutcome =
  | { readonly status: 'verified' }
  | ({ readonly status: 'refused' } & Refusal)
  | ({ readonly status: 'undecided' } & Refusal);

/** What all cases are verified with. */
export interface ConformanceContext {
  /** `trusted_root.json` for cases without one of their own. */
  readonly defaultRoot: Uint8Array;
  readonly now: Date;
}

/** Has no keys: a case's key is none of a registry. */
export const REGISTRY = 'https://registry.example/';
/** As for an answer of the registry. */
export const LIMITS = { maxBytes: MAX_DOCUMENT_BYTES, maxDepth: 64 };

/**
 * Verifies one case as the program verifies a bundle: trust root, strict JSON,
 * bundle, and the payload as a statement. Then compares what the suite has its
 * clients compare, and the program does differently (it knows no artifact, and
 * takes the signer from the provenance): the signer and the artifact's SHA-256.
 *
 * Whatever the case holds is an outcome; anything thrown is a bug.
 */
export function verifyCase(
  conformanceCase: ConformanceCase,
  { defaultRoot, now }: ConformanceContext,
): CaseOutcome {
  const root = readTrustRoot(conformanceCase.trustedRoot ?? defaultRoot);
  if (root.status === 'refused') return root;
  const json = parseStrictJson(conformanceCase.bundle, LIMITS);
  if (json.status === 'error') return refused(json.problem);
  const result = verifyBundle(json.value, root.trustRoot, {
    registry: REGISTRY,
    now,
  });
  switch (result.status) {
    case 'rejected':
      return refused(firstFailure(result.checks));
    case 'unverifiable':
      return { ...refused(firstFailure(result.checks)), status: 'undecided' };
    case 'verified': {
      const { signer } = result.verified;
      const problem =
        findSignerProblem(signer, conformanceCase.signer) ??
        findArtifactProblem(
          envelopePayload(json.value) ?? new Uint8Array(),
          conformanceCase.artifactSha256,
        );
      return problem === null ? { status: 'verified' } : refused(problem);
    }
  }
}

/**
 * Whether the bundle signs an artifact directly, with no DSSE envelope. False
 * for what is no JSON.
 */
export function holdsMessageSignature({ bundle }: ConformanceCase): boolean {
  const json = parseStrictJson(bundle, LIMITS);
  return (
    json.status === 'ok' &&
    isJsonObject(json.value) &&
    Object.hasOwn(json.value, 'messageSignature') &&
    !Object.hasOwn(json.value, 'dsseEnvelope')
  );
}

/** A trust root without keys of any registry. */
export function documentsWith(trustedRoot: Uint8Array): TrustRootDocuments {
  return {
    origin: 'file',
    trustedRoot,
    registryKeys: { scope: 'by-host', keys: new Map() },
    rootVersion: null,
    expires: null,
    refreshedAt: null,
    tuf: null,
  };
}

export function readTrustRoot(
  trustedRoot: Uint8Array,
):
  | { readonly status: 'ok'; readonly trustRoot: TrustRoot }
  | Extract<CaseOutcome, { status: 'refused' }> {
  try {
    return {
      status: 'ok',
      trustRoot: parseTrustRoot(documentsWith(trustedRoot)),
    };
  } catch (error) {
    if (error instanceof AuditError) return refused(error);
    throw error;
  }
}

function refused({ code, message, check }: Refusal) {
  const refusal = { status: 'refused', code, message } as const;
  return check === undefined ? refusal : { ...refusal, check };
}
