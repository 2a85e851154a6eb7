import type { Bundle } from '@sigstore/bundle';
import type { SignedEntity } from '@sigstore/verify';
import { requireCommonJs } from '../commonjs.js';
import { envelopePayload } from '../evidence/envelope-payload.js';
import type { JsonValue } from '../json/strict-json.js';
import { checkCanonicalForm, checkForm } from './bundle-form.js';
import {
  earliestTimestamp,
  readSigner,
  toLogEntry,
  verifiedTimes,
} from './bundle-parts.js';
import type { CheckId } from './check-catalogue.js';
import {
  failed,
  notMade,
  passed,
  rejectionsOf,
  undecided,
  unverifiableOf,
  type Check,
} from './check.js';
import {
  checkLogEntries,
  CLOCK_TOLERANCE_MS,
  provenLogIndex,
} from './log-entry.js';
import { memoizeLeaf } from './memoized-certificates.js';
import { keysMissing } from './registry-keys.js';
import { CERTIFICATE_CHECKS, CertificateError } from './signing-certificate.js';
import { UnknownKeyError, type TrustRoot } from './trust-root.js';
import type { RejectionCode, Signer } from './verification.js';

const { bundleFromJSON, bundleToJSON } = requireCommonJs('@sigstore/bundle');
const { toSignedEntity, VerificationError } =
  requireCommonJs('@sigstore/verify');

/**
 * A bundle of which every check holds: who signed it and when. What was signed is
 * its `envelopePayload`, which nothing holds a copy of.
 */
export interface VerifiedBundle {
  readonly signer: Signer;
  readonly signedAt: Date;
  readonly logIndex: string | null;
}

/** What was checked, up to the first check that failed. */
export type BundleResult = { readonly checks: readonly Check[] } & (
  | { readonly status: 'verified'; readonly verified: VerifiedBundle }
  | { readonly status: 'rejected' | 'unverifiable' }
);

/**
 * What `verifyBundle` returns for that bundle and registry, where it is known
 * already; else null.
 */
export type KnownResults = (
  bundle: JsonValue,
  registry: string,
) => BundleResult | null;

interface BundleContext {
  /** Base URL of the registry whose keys may sign. */
  readonly registry: string;
  readonly now: Date;
}

/** What the library's error codes say: which check failed, and as what. */
const LIBRARY_FAILURES: Readonly<
  Record<string, readonly [CheckId, RejectionCode]>
> = {
  TLOG_ERROR: ['log-inclusion', 'log-entry'],
  TLOG_INCLUSION_PROOF_ERROR: ['log-inclusion', 'log-entry'],
  TLOG_INCLUSION_PROMISE_ERROR: ['log-inclusion', 'log-entry'],
  TLOG_MISSING_INCLUSION_ERROR: ['log-inclusion', 'log-entry'],
  TLOG_BODY_ERROR: ['log-inclusion', 'log-entry'],
  CERTIFICATE_ERROR: ['certificate-chain', 'certificate'],
  PUBLIC_KEY_ERROR: ['signing-key', 'publish-key'],
  SIGNATURE_ERROR: ['signature', 'signature'],
  TIMESTAMP_ERROR: ['timestamp', 'timestamp'],
};

/**
 * Verifies one untrusted Sigstore bundle against `trustRoot`, with the
 * attestation keys of `registry` (base URL) for bundles signed by a key.
 *
 * Checks form (C10 to C13), then everything the library verifies (C14), then
 * what the library leaves out (C13, C15 to C17, key ids of C25 and C35). It
 * does not read the payload and does not judge who signed.
 *
 * Never throws on any JSON value: parsers fed hostile bytes may throw anything,
 * and here, between the bytes and the verified payload, anything thrown is a
 * rejection. The only way to be verified is to return normally.
 */
export function verifyBundle(
  bundle: JsonValue,
  trustRoot: TrustRoot,
  context: BundleContext,
): BundleResult {
  const checks: Check[] = [...checkForm(bundle)];
  let verified: VerifiedBundle | null = null;
  if (isOpen(checks)) {
    try {
      verified = withoutStacks(() =>
        verifyWellFormed(bundle, trustRoot, { ...context, checks }),
      );
    } catch (error) {
      checks.push(toFailure(error));
    }
  }
  if (rejectionsOf(checks).length > 0) return { checks, status: 'rejected' };
  if (unverifiableOf(checks).length > 0) {
    return { checks, status: 'unverifiable' };
  }
  if (verified === null) throw new Error('a bundle without any outcome');
  return { checks, status: 'verified', verified };
}

/**
 * The library finds out by an error whether bytes are nested ASN.1, many times a
 * certificate: to note where each came from took a third of all verification.
 */
function withoutStacks<Result>(run: () => Result): Result {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Whether nothing so far speaks against the bundle. */
function isOpen(checks: readonly Check[]): boolean {
  return checks.every(
    ({ outcome }) => outcome === 'passed' || outcome === 'not-made',
  );
}

/** Appends to `checks`; null as soon as one of them does not hold. */
function verifyWellFormed(
  json: JsonValue,
  trustRoot: TrustRoot,
  context: BundleContext & { readonly checks: Check[] },
): VerifiedBundle | null {
  const { registry, now, checks } = context;
  const bundle = bundleFromJSON(json);
  checks.push(checkCanonicalForm(json, bundleToJSON(bundle)));
  if (!isOpen(checks)) return null;
  if (bundle.content.$case !== 'dsseEnvelope') throw new Error('no envelope');
  const envelope = bundle.content.dsseEnvelope;
  // Follows from the canonical form; everything said later rests on it.
  if (envelopePayload(json)?.equals(envelope.payload) !== true) {
    throw new Error('two readings of one payload');
  }
  checks.push(checkKeyId(bundle, envelope.signatures[0]?.keyid ?? ''));
  if (!isOpen(checks)) return null;
  const entity = toSignedEntity(bundle);
  if (entity.key.$case === 'certificate') {
    memoizeLeaf(entity.key.certificate, trustRoot.certificateKeys);
  }
  checks.push(...checkKeysKnown(entity, trustRoot, registry));
  if (!isOpen(checks)) return null;
  trustRoot.verifierFor(registry).verify(entity);
  checks.push(...passedByLibrary(entity), checkTimestamps(entity, now));
  const { signer, der } = readSigner(entity, trustRoot, registry);
  checks.push(...passedCertificate(signer));
  const entries = bundle.verificationMaterial.tlogEntries.map(toLogEntry);
  checks.push(...checkLogEntries(entries, der, now));
  return {
    signer,
    signedAt: earliestTimestamp(entity),
    logIndex: entries[0] === undefined ? null : provenLogIndex(entries[0]),
  };
}

/**
 * `keyid` is not signed, so it may not choose or contradict anything: empty
 * beside a certificate, and beside a key empty or that key's id.
 */
function checkKeyId(bundle: Bundle, keyId: string): Check {
  const { content } = bundle.verificationMaterial;
  const hint = content.$case === 'publicKey' ? content.publicKey.hint : '';
  const sides = {
    expected: hint === '' ? '(none)' : hint,
    found: keyId === '' ? '(none)' : keyId,
  };
  if (keyId === '' || keyId === hint) return passed('key-id', sides);
  return failed('key-id', {
    kind: 'invalid',
    code: hint === '' ? 'bundle-malformed' : 'publish-key',
    message: 'the envelope names another key than the bundle',
    ...sides,
  });
}

/** Without any keys of the registry nothing it signed can be judged. */
function checkKeysKnown(
  { key }: SignedEntity,
  trustRoot: TrustRoot,
  registry: string,
): readonly Check[] {
  return key.$case === 'public-key' && trustRoot.keysFor(registry) === null
    ? [undecided('signing-key', keysMissing(registry), { found: key.hint })]
    : [];
}

/** What the library has verified where it does not throw. C14. */
function passedByLibrary(entity: SignedEntity): readonly Check[] {
  const { key } = entity;
  return [
    key.$case === 'certificate'
      ? passed('certificate-chain', { found: describeValidity(key) })
      : passed('signing-key', { found: key.hint }),
    passed('log-inclusion', { found: describeInclusion(entity) }),
    passed('signature'),
  ];
}

/** Which of the log's words each entry has: old ones only a promise. */
function describeInclusion({ tlogEntries }: SignedEntity): string {
  return tlogEntries
    .map(({ inclusionPromise, inclusionProof }) =>
      [
        ...(inclusionPromise === undefined ? [] : ['promise']),
        ...(inclusionProof === undefined ? [] : ['inclusion proof']),
      ].join(' and '),
    )
    .join('; ');
}

/**
 * A time that is verified, but that no honest clock can have shown. A log's
 * time has a check of its own. C15.
 */
function checkTimestamps(entity: SignedEntity, now: Date): Check {
  const limit = new Date(now.getTime() + CLOCK_TOLERANCE_MS);
  const late = verifiedTimes(entity).byAuthority.find((each) => each > limit);
  if (late === undefined) {
    const found = earliestTimestamp(entity).toISOString();
    return passed('timestamp', { found });
  }
  return failed('timestamp', {
    kind: 'invalid',
    code: 'timestamp',
    message: 'a timestamp authority dates the signature in the future',
    expected: `by ${limit.toISOString()}`,
    found: late.toISOString(),
  });
}

function describeValidity({
  certificate,
}: Extract<SignedEntity['key'], { $case: 'certificate' }>): string {
  const { notBefore, notAfter } = certificate;
  return `valid ${notBefore.toISOString()} to ${notAfter.toISOString()}`;
}

/** Reading the certificate makes all of these, or throws. C17. */
function passedCertificate(signer: Signer): readonly Check[] {
  return signer.kind === 'certificate'
    ? CERTIFICATE_CHECKS.map((id) => passed(id))
    : CERTIFICATE_CHECKS.map((id) => notMade(id, 'signed by a key'));
}

function toFailure(error: unknown): Check {
  const message = error instanceof Error ? error.message : 'unreadable bundle';
  const [check, code] = failureOf(error);
  return failed(check, { kind: 'invalid', code, message });
}

function failureOf(error: unknown): readonly [CheckId, RejectionCode] {
  if (error instanceof VerificationError) {
    return LIBRARY_FAILURES[error.code] ?? ['signature', 'signature'];
  }
  if (error instanceof CertificateError) return [error.check, error.code];
  if (error instanceof UnknownKeyError) return ['signing-key', 'publish-key'];
  return ['bundle-content', 'bundle-malformed'];
}
