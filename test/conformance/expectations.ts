import { isJsonObject, parseStrictJson } from '../../src/json/strict-json.js';
import type { Check } from '../../src/verification/check.js';
import { parseStatement } from '../../src/verification/statement.js';
import type { Signer } from '../../src/verification/verification.js';
import type { ExpectedSigner } from './cases.js';

/** Why a case is not verified: a code of the program, and one line on it. */
export interface Refusal {
  readonly code: string;
  /** May quote the bundle, so it is escaped on output. */
  readonly message: string;
  /** The check of the program that failed; none for a comparison made here. */
  readonly check?: Check['check'];
}

/** The first of `checks` that does not hold. One that lacks is a bug. */
export function firstFailure(checks: readonly Check[]): Refusal {
  for (const each of checks) {
    if (each.outcome === 'failed' || each.outcome === 'undecided') {
      return each;
    }
  }
  throw new Error('every check holds');
}

/** Extensions that name the issuer, the newer first (Fulcio `docs/oid-info.md`). */
const ISSUER_EXTENSIONS = [8, 1];

/**
 * Compares a verified signer with the one that the case wants, as a client
 * does that is given a certificate identity and an OIDC issuer. Both must be
 * equal; where a certificate has both issuer extensions, each must be.
 */
export function findSignerProblem(
  signer: Signer,
  expected: ExpectedSigner,
): Refusal | null {
  // No case's key is ever given to the verifier, so that none can have signed.
  if (expected.kind === 'key') {
    return refusal('publish-key', 'not signed by the key of the case');
  }
  if (signer.kind === 'key') {
    return refusal(
      'identity-missing',
      'signed by a key, which has no identity',
    );
  }
  const { names, extensions } = signer.certificate;
  const [name, ...others] = names;
  if (name?.value !== expected.identity || others.length > 0) {
    const found = names.map(({ value }) => value).join(', ');
    return refusal('identity-san', `signed by ${found || '(no name)'}`);
  }
  const issuers = ISSUER_EXTENSIONS.flatMap(
    (number) => extensions.get(number) ?? [],
  );
  return issuers.length > 0 && issuers.every((each) => each === expected.issuer)
    ? null
    : refusal('identity-issuer', `issuer ${issuers.join(', ') || '(none)'}`);
}

/**
 * Reads the payload of a verified envelope as an in-toto statement, and looks
 * for a subject with the artifact's SHA-256 (hexadecimal).
 *
 * No registry labels the statement of a case, so that it is read as being of
 * the type that it says itself.
 */
export function findArtifactProblem(
  payload: Uint8Array,
  sha256: string,
): Refusal | null {
  const { checks, statement } = parseStatement(
    payload,
    ownPredicateType(payload),
  );
  if (statement === null) return firstFailure(checks);
  return statement.subjects.some(
    ({ digest }) => digest.get('sha256') === sha256,
  )
    ? null
    : refusal('subject-digest', 'the statement is about another artifact');
}

function ownPredicateType(payload: Uint8Array): string {
  const limits = { maxBytes: payload.byteLength, maxDepth: 64 };
  const json = parseStrictJson(payload, limits);
  const type =
    json.status === 'ok' && isJsonObject(json.value)
      ? json.value['predicateType']
      : undefined;
  return typeof type === 'string' ? type : '';
}

function refusal(code: string, message: string): Refusal {
  return { code, message };
}
