import {
  withCheckpointName,
  withCheckpointSize,
  withContradictedCheckpoint,
  withFlippedPayloadByte,
  withJunkAfterPayload,
  withLogEntryOf,
  withMediaType,
  withoutLogEntry,
  withoutPromise,
  withRepeatedLogEntry,
  withSecondSignature,
  withShiftedIntegratedTime,
  withTruncatedCertificate,
} from '../../../fixtures/mutations.js';
import {
  attest,
  document,
  row,
  sigstore,
  type HostileRow,
} from '../hostile-scene.js';

const TLS_SERVER = '1.3.6.1.5.5.7.3.1';
const HOUR_MS = 3_600_000;

function before(milliseconds: number): Date {
  return new Date(sigstore.now.getTime() - milliseconds);
}

/** Envelopes and bundles that are not what an honest signer makes. */
export const ENVELOPE_ROWS: readonly HostileRow[] = [
  row('H059 payload changed after signing', 'invalid', 'log-entry', () =>
    withFlippedPayloadByte(document),
  ),
  row('H060 two envelope signatures', 'invalid', 'bundle-malformed', () =>
    attest({ signing: { signatures: 2 } }),
  ),
  row(
    'H060 the envelope signature stands there twice',
    'invalid',
    'bundle-malformed',
    () => withSecondSignature(document),
  ),
  row('H061 media type unknown', 'invalid', 'bundle-malformed', () =>
    withMediaType(document, 'application/vnd.dev.sigstore.bundle.v9.9+json'),
  ),
  row('H071 certificate bytes truncated', 'invalid', 'bundle-malformed', () =>
    withTruncatedCertificate(document),
  ),
  row(
    'H111 payload base64 is followed by junk that lenient decoders skip',
    'invalid',
    'bundle-malformed',
    () => withJunkAfterPayload(document),
  ),
];

/** Certificates that are not what Fulcio issues, or not for that time. */
export const CERTIFICATE_ROWS: readonly HostileRow[] = [
  row(
    'H063 log time after the certificate expired',
    'invalid',
    'certificate',
    () =>
      attest({ signing: { at: before(HOUR_MS), log: { time: before(0) } } }),
  ),
  row(
    'H064 log time before the certificate was valid',
    'invalid',
    'certificate',
    () => attest({ signing: { log: { time: before(HOUR_MS) } } }),
  ),
  row(
    'H065 issued by another CA of the same name',
    'invalid',
    'certificate',
    () => attest({ signing: { authority: 'rogue' } }),
  ),
  row('H067 SCT of an unknown CT log', 'invalid', 'certificate', () =>
    attest({ signing: { certificateLog: 'rogue' } }),
  ),
  row(
    'H068 certificate without the code-signing key usage',
    'invalid',
    'certificate-usage',
    () =>
      attest({ signing: { certificate: { extendedKeyUsage: [TLS_SERVER] } } }),
  ),
  row(
    'H068 certificate without any extended key usage',
    'invalid',
    'certificate-usage',
    () => attest({ signing: { certificate: { extendedKeyUsage: null } } }),
  ),
  row('H069 leaf certificate is a CA', 'invalid', 'certificate-usage', () =>
    attest({ signing: { certificate: { isAuthority: true } } }),
  ),
];

/** Log entries that record nothing, something else, or for somebody else. */
export const LOG_ROWS: readonly HostileRow[] = [
  row('H072 no log entry', 'invalid', 'log-entry', () =>
    withoutLogEntry(document),
  ),
  row('H073 inclusion promise removed', 'invalid', 'timestamp', () =>
    withoutPromise(document),
  ),
  row(
    'H075 integrated time altered by one second',
    'invalid',
    'log-entry',
    () => withShiftedIntegratedTime(document, 1),
  ),
  row('H076 log entry of another bundle', 'invalid', 'log-entry', () =>
    withLogEntryOf(document, attest()),
  ),
  row('H077 log key unknown to the trusted root', 'invalid', 'log-entry', () =>
    attest({ signing: { log: { standing: 'rogue' } } }),
  ),
  row('H079 checkpoint size is not a number', 'invalid', 'log-entry', () =>
    withCheckpointSize(document, 'many'),
  ),
  row(
    'H080 checkpoint signer name is a catastrophic regular expression',
    'invalid',
    'log-entry',
    () => withCheckpointName(document),
  ),
  row('H081 same log entry twice', 'invalid', 'timestamp', () =>
    withRepeatedLogEntry(document),
  ),
  row(
    'H109 log entry names another certificate than the bundle',
    'invalid',
    'log-entry',
    () => attest({ signing: { log: { verifier: 'another' } } }),
  ),
  row(
    'H112 inclusion proof root hash and size contradict the checkpoint',
    'invalid',
    'log-entry',
    () => withContradictedCheckpoint(document),
  ),
];
