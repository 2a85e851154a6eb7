import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../json/strict-json.js';
import type { CheckId } from './check-catalogue.js';
import { failed, passed, type Check } from './check.js';

/** Why a bundle is not one that an honest producer writes. */
export interface FormProblem {
  readonly code:
    'bundle-malformed' | 'payload-type' | 'log-entry' | 'too-large';
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
}

/**
 * The one accepted DSSE payload type (in-toto attestation framework,
 * envelope).
 */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** Source: sigstore protobuf-specs, `sigstore_bundle.proto`, `media_type`. */
const MEDIA_TYPES: readonly string[] = [
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
];
/** Kind and version of the log entries that record a DSSE envelope. */
const ENTRY_KINDS: readonly string[] = [
  'intoto 0.0.2',
  'dsse 0.0.1',
  'hashedrekord 0.0.2',
];
const CONTENTS = ['dsseEnvelope', 'messageSignature'];
const MATERIALS = ['certificate', 'x509CertificateChain', 'publicKey'];
const MAX_LOG_ENTRIES = 4;
const MAX_TIMESTAMPS = 4;
/** In bytes: 16 KiB and 8 KiB (SECURITY.md section 6). */
const MAX_CERTIFICATE = 16_384;
const MAX_CHECKPOINT = 8_192;

/**
 * Looks at the JSON of a bundle before the library does, for what the library
 * lets pass: unknown media types, two members of a oneof, too many log entries,
 * entry kinds that do not record an envelope, sizes. Verifies nothing.
 *
 * Checks C10 to C13 as far as form goes, up to the first that fails. Never
 * throws on any JSON value.
 */
export function checkForm(bundle: JsonValue): readonly Check[] {
  if (!isJsonObject(bundle)) {
    return [
      failedForm('bundle-content', malformed('the bundle is not an object')),
    ];
  }
  const checks: Check[] = [];
  for (const [id, find, describeFound] of FORM_CHECKS) {
    const problem = find(bundle);
    if (problem !== null) return [...checks, failedForm(id, problem)];
    checks.push(passed(id, { found: describeFound(bundle) }));
  }
  return checks;
}

/** A failed check of the `invalid` kind. */
function failedForm(id: CheckId, problem: FormProblem): Check {
  return failed(id, { kind: 'invalid', ...problem });
}

/** In the order in which they are made, each with what was found if it holds. */
const FORM_CHECKS: readonly (readonly [
  CheckId,
  (bundle: JsonObject) => FormProblem | null,
  (bundle: JsonObject) => string,
])[] = [
  ['media-type', findMediaTypeProblem, ({ mediaType }) => describe(mediaType)],
  ['bundle-content', findContentProblem, describeSigner],
  ['payload-type', findPayloadTypeProblem, () => PAYLOAD_TYPE],
  ['log-entry-form', findEntriesProblem, describeEntries],
];

function findMediaTypeProblem({ mediaType }: JsonObject): FormProblem | null {
  return typeof mediaType === 'string' && MEDIA_TYPES.includes(mediaType)
    ? null
    : malformed('unknown bundle media type', {
        expected: MEDIA_TYPES.join(', '),
        found: describe(mediaType),
      });
}

function findContentProblem(bundle: JsonObject): FormProblem | null {
  const material = bundle['verificationMaterial'];
  if (!isJsonObject(material)) {
    return malformed('there is no verification material');
  }
  return (
    findOneofProblem(bundle, material) ??
    findSignaturesProblem(bundle['dsseEnvelope']) ??
    findMaterialProblem(material) ??
    findTimestampProblem(material['timestampVerificationData'])
  );
}

function describeSigner({
  verificationMaterial: material,
}: JsonObject): string {
  const isKey = isJsonObject(material) && isPresent(material['publicKey']);
  return `one signature by a ${isKey ? 'key' : 'certificate'}`;
}

/**
 * Compares what the library read with what stands in the JSON: every text it
 * kept must be there letter for letter. Base64 with junk, missing padding or
 * another alphabet, and numbers in place of texts, are thereby refused, since
 * decoders disagree about them. Members that the library does not know are not
 * compared. Check C11.
 */
export function checkCanonicalForm(given: JsonValue, read: unknown): Check {
  const problem = findRoundTripProblem(given, read, 'bundle');
  return problem === null
    ? passed('canonical-form')
    : failedForm('canonical-form', problem);
}

function findRoundTripProblem(
  given: JsonValue,
  read: unknown,
  path: string,
): FormProblem | null {
  if (Array.isArray(read)) {
    if (!isJsonArray(given) || given.length !== read.length) {
      return malformed(`${path} is not a list of ${read.length}`);
    }
    return firstProblem(read, (value, index) =>
      findRoundTripProblem(given[index] ?? null, value, `${path}[${index}]`),
    );
  }
  if (typeof read === 'object' && read !== null) {
    if (!isJsonObject(given)) return malformed(`${path} is not an object`);
    return firstProblem(Object.entries(read), ([key, value]) =>
      findRoundTripProblem(given[key] ?? null, value, `${path}.${key}`),
    );
  }
  return given === read ? null : malformed(`${path} is not in canonical form`);
}

function firstProblem<T>(
  items: readonly T[],
  find: (item: T, index: number) => FormProblem | null,
): FormProblem | null {
  for (const [index, item] of items.entries()) {
    const problem = find(item, index);
    if (problem !== null) return problem;
  }
  return null;
}

function findOneofProblem(
  bundle: JsonObject,
  material: JsonObject,
): FormProblem | null {
  const contents = CONTENTS.filter((key) => isPresent(bundle[key]));
  if (contents.length !== 1 || contents[0] !== 'dsseEnvelope') {
    return malformed('expected exactly one content, a DSSE envelope');
  }
  const materials = MATERIALS.filter((key) => isPresent(material[key]));
  return materials.length === 1
    ? null
    : malformed('expected exactly one of certificate, chain and public key');
}

function findSignaturesProblem(
  envelope: JsonValue | undefined,
): FormProblem | null {
  if (!isJsonObject(envelope)) return malformed('the envelope is no object');
  const { signatures } = envelope;
  const [signature, ...others] = isJsonArray(signatures) ? signatures : [];
  if (!isJsonObject(signature) || others.length > 0) {
    return malformed('expected exactly one signature in the envelope');
  }
  return typeof (signature['keyid'] ?? '') === 'string'
    ? null
    : malformed('the key id of the signature is no text');
}

function findPayloadTypeProblem(bundle: JsonObject): FormProblem | null {
  const envelope = bundle['dsseEnvelope'];
  const payloadType = isJsonObject(envelope) ? envelope['payloadType'] : null;
  return payloadType === PAYLOAD_TYPE
    ? null
    : {
        code: 'payload-type',
        message: 'the envelope does not hold an in-toto statement',
        expected: PAYLOAD_TYPE,
        found: describe(payloadType),
      };
}

function findMaterialProblem(material: JsonObject): FormProblem | null {
  const chain = material['x509CertificateChain'];
  const certificates = isJsonObject(chain)
    ? chain['certificates']
    : [material['certificate'] ?? null];
  if (!isJsonArray(certificates)) {
    return malformed('the certificate chain is not a list');
  }
  const isTooLarge = certificates.some(
    (certificate) =>
      isJsonObject(certificate) &&
      typeof certificate['rawBytes'] === 'string' &&
      Buffer.byteLength(certificate['rawBytes'], 'base64') > MAX_CERTIFICATE,
  );
  return isTooLarge
    ? { code: 'too-large', message: 'a certificate is larger than 16 KiB' }
    : null;
}

function findTimestampProblem(data: JsonValue | undefined): FormProblem | null {
  const timestamps = isJsonObject(data) ? data['rfc3161Timestamps'] : undefined;
  if (!isPresent(timestamps)) return null;
  if (!isJsonArray(timestamps)) {
    return malformed('the signed timestamps are not a list');
  }
  if (timestamps.length <= MAX_TIMESTAMPS) return null;
  // Each costs the library milliseconds before it looks for repetitions.
  return {
    code: 'too-large',
    message: 'too many signed timestamps',
    expected: `at most ${MAX_TIMESTAMPS}`,
    found: String(timestamps.length),
  };
}

function entriesOf({ verificationMaterial: material }: JsonObject) {
  return isJsonObject(material) ? material['tlogEntries'] : undefined;
}

function describeEntries(bundle: JsonObject): string {
  const entries = entriesOf(bundle);
  const kinds = (isJsonArray(entries) ? entries : []).map(describeKind);
  return kinds.join(', ');
}

function findEntriesProblem(bundle: JsonObject): FormProblem | null {
  const entries = entriesOf(bundle);
  if (!isJsonArray(entries) || entries.length === 0) {
    return {
      code: 'log-entry',
      message: 'the bundle has no transparency log entry',
    };
  }
  if (entries.length > MAX_LOG_ENTRIES) {
    return {
      code: 'too-large',
      message: 'too many transparency log entries',
      expected: `at most ${MAX_LOG_ENTRIES}`,
      found: String(entries.length),
    };
  }
  return firstProblem(entries, findEntryProblem);
}

function findEntryProblem(entry: JsonValue): FormProblem | null {
  if (!isJsonObject(entry) || !isJsonObject(entry['kindVersion'])) {
    return malformed('a log entry has no kind');
  }
  const found = describeKind(entry);
  if (!ENTRY_KINDS.includes(found)) {
    return {
      code: 'log-entry',
      message: 'a log entry is of a kind that does not record an envelope',
      expected: ENTRY_KINDS.join(', '),
      found,
    };
  }
  const proof = entry['inclusionProof'];
  const numbers = [
    entry['logIndex'],
    entry['integratedTime'],
    ...(isJsonObject(proof) ? [proof['logIndex'], proof['treeSize']] : []),
  ];
  if (!numbers.every((each) => each === undefined || isDecimal(each))) {
    return malformed('a number of a log entry is not in canonical form');
  }
  const checkpoint = isJsonObject(proof) ? proof['checkpoint'] : null;
  const envelope = isJsonObject(checkpoint) ? checkpoint['envelope'] : null;
  return typeof envelope === 'string' &&
    Buffer.byteLength(envelope) > MAX_CHECKPOINT
    ? { code: 'too-large', message: 'a checkpoint is larger than 8 KiB' }
    : null;
}

function describeKind(entry: JsonValue): string {
  const kindVersion = isJsonObject(entry) ? entry['kindVersion'] : null;
  if (!isJsonObject(kindVersion)) return '';
  return [kindVersion['kind'], kindVersion['version']].map(describe).join(' ');
}

/** Readers of numbers differ about blanks, signs and exponents. */
function isDecimal(value: JsonValue): boolean {
  return typeof value === 'string' && /^(?:0|[1-9]\d{0,18})$/.test(value);
}

function describe(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function isPresent(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function malformed(
  message: string,
  details: Pick<FormProblem, 'expected' | 'found'> = {},
): FormProblem {
  return { code: 'bundle-malformed', message, ...details };
}
