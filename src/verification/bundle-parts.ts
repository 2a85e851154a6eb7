import type { Bundle } from '@sigstore/bundle';
import type { SignedEntity } from '@sigstore/verify';
import type { LogEntry } from './log-entry.js';
import { findRegistryKey } from './registry-keys.js';
import {
  CertificateError,
  readSigningCertificate,
  type RawExtension,
} from './signing-certificate.js';
import { UnknownKeyError, type TrustRoot } from './trust-root.js';
import type { Signer } from './verification.js';

/**
 * Who signed, and the DER that the log entry must name. `entity` must be
 * verified. Throws `CertificateError` and `UnknownKeyError`.
 */
export function readSigner(
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
        'certificate-values',
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

/** An entry of a bundle, as what is looked at here. */
export function toLogEntry(
  entry: Bundle['verificationMaterial']['tlogEntries'][number],
): LogEntry {
  const proof = entry.inclusionProof;
  return {
    logId: entry.logId.keyId,
    logIndex: entry.logIndex,
    integratedTime: entry.integratedTime,
    isPromised: entry.inclusionPromise !== undefined,
    canonicalizedBody: entry.canonicalizedBody,
    proof:
      // The library refuses a proof without a checkpoint.
      proof?.checkpoint === undefined
        ? null
        : {
            logIndex: proof.logIndex,
            rootHash: proof.rootHash,
            treeSize: proof.treeSize,
            checkpoint: proof.checkpoint.envelope,
          },
  };
}

/**
 * When the signature was seen, by each word that counts. The library must have
 * verified each of these times, and that there is one.
 */
export function verifiedTimes({ timestamps }: SignedEntity): {
  readonly byLog: readonly Date[];
  readonly byAuthority: readonly Date[];
} {
  return {
    byLog: timestamps.flatMap((each) => {
      if (each.$case !== 'transparency-log') return [];
      // Without a promise the log's time is not signed, hence no timestamp.
      const { inclusionPromise, integratedTime } = each.tlogEntry;
      return inclusionPromise === undefined
        ? []
        : [new Date(Number(integratedTime) * 1000)];
    }),
    byAuthority: timestamps.flatMap((each) =>
      each.$case === 'timestamp-authority' ? [each.timestamp.signingTime] : [],
    ),
  };
}

/** The first of them; throws an `Error` where there is none. */
export function earliestTimestamp(entity: SignedEntity): Date {
  const { byLog, byAuthority } = verifiedTimes(entity);
  const times = [...byLog, ...byAuthority].map((each) => each.getTime());
  if (times.length === 0) throw new Error('no verified timestamp');
  return new Date(Math.min(...times));
}
