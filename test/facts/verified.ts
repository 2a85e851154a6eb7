import type { CertificateIdentity } from '../../fixtures/certificate.js';
import type { StatementJson } from '../../fixtures/statements.js';
import {
  isJsonArray,
  type JsonObject,
  type JsonValue,
} from '../../src/json/strict-json.js';
import { rejectionsOf, type Check } from '../../src/verification/check.js';
import type { SigningCertificate } from '../../src/verification/signing-certificate.js';
import type {
  RejectionCode,
  Signer,
  VerifiedAttestation,
} from '../../src/verification/verification.js';

/** Codes of the checks that failed, in their order. */
export function codesOfChecks(
  checks: readonly Check[],
): readonly RejectionCode[] {
  return rejectionsOf(checks).map(({ code }) => code);
}

/** When every attestation here was signed. */
export const SIGNED_AT = new Date('2026-06-01T12:00:00Z');

/** What is read from the certificate that `identity` gets. */
export function certificateOf({
  san,
  extensions,
}: CertificateIdentity): SigningCertificate {
  const name =
    'uri' in san
      ? ({ type: 'uri', value: san.uri } as const)
      : ({ type: 'email', value: san.email } as const);
  const values = Object.entries(extensions).flatMap(([number, value]) =>
    typeof value === 'string' ? [[Number(number), value] as const] : [],
  );
  return { names: [name], extensions: new Map(values) };
}

export function signedBy(identity: CertificateIdentity): Signer {
  return { kind: 'certificate', certificate: certificateOf(identity) };
}

/** As if the signature over `statement` had been verified. */
export function verified(
  statement: StatementJson,
  signer: Signer,
  index = 0,
): VerifiedAttestation {
  return {
    index,
    statement: {
      predicateType: statement.predicateType,
      subjects: statement.subject.map(({ name, digest }) => ({
        name,
        digest: new Map(Object.entries(digest)),
      })),
      predicate: toJson(statement.predicate) as JsonObject,
    },
    signer,
    signedAt: SIGNED_AT,
    logIndex: String(1000 + index),
  };
}

/** The statement with the value at `path` replaced; `undefined` removes it. */
export function withValue(
  statement: StatementJson,
  path: string,
  value: JsonValue | undefined,
): StatementJson {
  const predicate = change(toJson(statement.predicate), path.split('.'), value);
  return { ...statement, predicate };
}

function change(
  target: JsonValue,
  [key = '', ...rest]: readonly string[],
  value: JsonValue | undefined,
): JsonValue {
  if (typeof target !== 'object' || target === null) {
    throw new TypeError(`no member ${key}`);
  }
  const own = Object.entries(target).find(([name]) => name === key)?.[1];
  const changed = rest.length > 0 ? change(own ?? {}, rest, value) : value;
  if (isJsonArray(target)) {
    return target.map((each, index) =>
      String(index) === key ? (changed ?? null) : each,
    );
  }
  return toJson({ ...target, [key]: changed });
}

/** Members that are undefined are gone, as in any JSON. */
function toJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
