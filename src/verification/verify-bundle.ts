import { bundleFromJSON, bundleToJSON, type Bundle } from '@sigstore/bundle';
import {
  toSignedEntity,
  VerificationError,
  type SignedEntity,
} from '@sigstore/verify';
import type { JsonValue } from '../json/strict-json.js';
import {
  findFormProblem,
  findRoundTripProblem,
  type FormProblem,
} from './bundle-form.js';
import { findLogEntryProblem, type LogEntry } from './log-entry.js';
import { findRegistryKey, keysMissing } from './registry-keys.js';
import {
  CertificateError,
  readSigningCertificate,
  type RawExtension,
} from './signing-certificate.js';
import { UnknownKeyError, type TrustRoot } from './trust-root.js';
import type {
  Rejection,
  RejectionCode,
  Signer,
  Unverifiable,
} from './verification.js';

/** What one bundle gave; if `verified`, also who signed it and when. */
export type BundleResult =
  | {
      readonly status: 'verified';
      /** The signed bytes, the only ones that may be parsed. */
      readonly payload: Buffer;
      readonly signer: Signer;
      readonly signedAt: Date;
      readonly logIndex: string | null;
    }
  | {
      readonly status: 'rejected';
      readonly rejection: Omit<Rejection, 'attestation'>;
    }
  | { readonly status: 'unverifiable'; readonly reason: Unverifiable };

/** What the library's error codes say, in ours. */
const LIBRARY_CODES: Readonly<Record<string, RejectionCode>> = {
  TLOG_ERROR: 'log-entry',
  TLOG_INCLUSION_PROOF_ERROR: 'log-entry',
  TLOG_INCLUSION_PROMISE_ERROR: 'log-entry',
  TLOG_MISSING_INCLUSION_ERROR: 'log-entry',
  TLOG_BODY_ERROR: 'log-entry',
  CERTIFICATE_ERROR: 'certificate',
  PUBLIC_KEY_ERROR: 'publish-key',
  SIGNATURE_ERROR: 'signature',
  TIMESTAMP_ERROR: 'timestamp',
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
  context: { readonly registry: string; readonly now: Date },
): BundleResult {
  const formProblem = findFormProblem(bundle);
  if (formProblem !== null) return rejectForm(formProblem);
  try {
    return verifyWellFormed(bundle, trustRoot, context);
  } catch (error) {
    return { status: 'rejected', rejection: toRejection(error) };
  }
}

function verifyWellFormed(
  json: JsonValue,
  trustRoot: TrustRoot,
  { registry, now }: { readonly registry: string; readonly now: Date },
): BundleResult {
  const bundle = bundleFromJSON(json);
  const roundTripProblem = findRoundTripProblem(json, bundleToJSON(bundle));
  if (roundTripProblem !== null) return rejectForm(roundTripProblem);
  if (bundle.content.$case !== 'dsseEnvelope') throw new Error('no envelope');
  const envelope = bundle.content.dsseEnvelope;
  const keyIdProblem = findKeyIdProblem(bundle, envelope.signatures[0]?.keyid);
  if (keyIdProblem !== null) return keyIdProblem;
  const entity = toSignedEntity(bundle);
  if (
    entity.key.$case === 'public-key' &&
    trustRoot.keysFor(registry) === null
  ) {
    return { status: 'unverifiable', reason: keysMissing(registry) };
  }
  trustRoot.verifierFor(registry).verify(entity);
  const { signer, der } = readSigner(entity, trustRoot, registry);
  const entries = bundle.verificationMaterial.tlogEntries.map(toLogEntry);
  const entryProblem = findLogEntryProblem(entries, der, now);
  if (entryProblem !== null) return rejectForm(entryProblem);
  return {
    status: 'verified',
    payload: envelope.payload,
    signer,
    signedAt: earliestTimestamp(entity),
    logIndex: entries[0]?.logIndex ?? null,
  };
}

/**
 * `keyid` is not signed, so it may not choose or contradict anything: empty
 * beside a certificate, and beside a key empty or that key's id.
 */
function findKeyIdProblem(
  bundle: Bundle,
  keyId: string | undefined,
): BundleResult | null {
  const { content } = bundle.verificationMaterial;
  const expected = content.$case === 'publicKey' ? content.publicKey.hint : '';
  if (keyId === undefined || keyId === '' || keyId === expected) return null;
  return {
    status: 'rejected',
    rejection: {
      kind: 'invalid',
      code: expected === '' ? 'bundle-malformed' : 'publish-key',
      message: 'the envelope names another key than the bundle',
      expected: expected === '' ? '(none)' : expected,
      found: keyId,
    },
  };
}

/** Who signed, and the DER that the log entry must name. */
function readSigner(
  { key }: SignedEntity,
  trustRoot: TrustRoot,
  registry: string,
): { readonly signer: Signer; readonly der: Buffer } {
  if (key.$case === 'certificate') {
    const certificate = readSigningCertificate(toExtensions(key));
    return {
      signer: { kind: 'certificate', certificate },
      der: key.certificate.root.toDER(),
    };
  }
  const keys = trustRoot.keysFor(registry) ?? [];
  const known = findRegistryKey(keys, key.hint, 'npm:attestations');
  if (known === null) throw new UnknownKeyError(key.hint);
  return { signer: { kind: 'key', keyId: key.hint }, der: known.spki };
}

function toExtensions({
  certificate,
}: Extract<
  SignedEntity['key'],
  { $case: 'certificate' }
>): readonly RawExtension[] {
  return certificate.extensions.map((extension) => {
    const [oid, ...rest] = extension.subs;
    const value = rest.at(-1);
    if (oid === undefined || value === undefined || rest.length > 2) {
      throw new CertificateError(
        'certificate-malformed',
        'an extension is not valid DER',
      );
    }
    return {
      oid: oid.toOID(),
      critical: rest.length === 2 && rest[0]?.toBoolean() === true,
      value: value.value,
    };
  });
}

function toLogEntry(
  entry: Bundle['verificationMaterial']['tlogEntries'][number],
): LogEntry {
  const proof = entry.inclusionProof;
  return {
    logId: entry.logId.keyId,
    logIndex: entry.logIndex,
    integratedTime: entry.integratedTime,
    canonicalizedBody: entry.canonicalizedBody,
    proof:
      // The library refuses a proof without a checkpoint.
      proof?.checkpoint === undefined
        ? null
        : {
            rootHash: proof.rootHash,
            treeSize: proof.treeSize,
            checkpoint: proof.checkpoint.envelope,
          },
  };
}

/** The library has verified each of these times, and that there is one. */
function earliestTimestamp({ timestamps }: SignedEntity): Date {
  const times = timestamps.flatMap((each) => {
    if (each.$case === 'timestamp-authority') {
      return [each.timestamp.signingTime.getTime()];
    }
    // Without a promise the log's time is not signed, hence no timestamp.
    const { inclusionPromise, integratedTime } = each.tlogEntry;
    return inclusionPromise === undefined
      ? []
      : [Number(integratedTime) * 1000];
  });
  if (times.length === 0) throw new Error('no verified timestamp');
  return new Date(Math.min(...times));
}

function toRejection(error: unknown): Omit<Rejection, 'attestation'> {
  const message = error instanceof Error ? error.message : 'unreadable bundle';
  const code = rejectionCode(error);
  return { kind: 'invalid', code, message, expected: null, found: null };
}

function rejectionCode(error: unknown): RejectionCode {
  if (error instanceof VerificationError) {
    return LIBRARY_CODES[error.code] ?? 'signature';
  }
  if (error instanceof CertificateError) return error.code;
  if (error instanceof UnknownKeyError) return 'publish-key';
  return 'bundle-malformed';
}

function rejectForm(problem: FormProblem): BundleResult {
  return {
    status: 'rejected',
    rejection: {
      kind: 'invalid',
      code: problem.code,
      message: problem.message,
      expected: problem.expected ?? null,
      found: problem.found ?? null,
    },
  };
}
