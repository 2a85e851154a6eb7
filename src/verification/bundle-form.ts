import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../json/strict-json.js';

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
/** 16 KiB of certificate and 8 KiB of checkpoint (SECURITY limits), as text. */
const MAX_CERTIFICATE_BASE64 = Math.ceil(16_384 / 3) * 4;
const MAX_CHECKPOINT = 8_192;

/**
 * Looks at the JSON of a bundle before the library does, for what the library
 * lets pass: unknown media types, two members of a oneof, too many log entries,
 * entry kinds that do not record an envelope, sizes. Verifies nothing.
 *
 * Checks C10 to C13 as far as form goes. Never throws on any JSON value.
 */
export function findFormProblem(bundle: JsonValue): FormProblem | null {
  if (!isJsonObject(bundle)) return malformed('the bundle is not an object');
  const { mediaType, verificationMaterial: material } = bundle;
  if (typeof mediaType !== 'string' || !MEDIA_TYPES.includes(mediaType)) {
    return malformed('unknown bundle media type', {
      expected: MEDIA_TYPES.join(', '),
      found: describe(mediaType),
    });
  }
  if (!isJsonObject(material)) {
    return malformed('there is no verification material');
  }
  return (
    findOneofProblem(bundle, material) ??
    findEnvelopeProblem(bundle['dsseEnvelope']) ??
    findMaterialProblem(material) ??
    findTimestampProblem(material['timestampVerificationData']) ??
    findEntriesProblem(material['tlogEntries'])
  );
}

/**
 * Compares what the library read with what stands in the JSON: every text it
 * kept must be there letter for letter. Base64 with junk, missing padding or
 * another alphabet, and numbers in place of texts, are thereby refused, since
 * decoders disagree about them. Members that the library does not know are not
 * compared.
 */
export function findRoundTripProblem(
  given: JsonValue,
  read: unknown,
  path = 'bundle',
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

function findEnvelopeProblem(
  envelope: JsonValue | undefined,
): FormProblem | null {
  if (!isJsonObject(envelope)) return malformed('the envelope is no object');
  const { payloadType, signatures } = envelope;
  const [signature, ...others] = isJsonArray(signatures) ? signatures : [];
  if (!isJsonObject(signature) || others.length > 0) {
    return malformed('expected exactly one signature in the envelope');
  }
  if (typeof (signature['keyid'] ?? '') !== 'string') {
    return malformed('the key id of the signature is no text');
  }
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
      certificate['rawBytes'].length > MAX_CERTIFICATE_BASE64,
  );
  return isTooLarge
    ? { code: 'too-large', message: 'a certificate is larger than 16 KiB' }
    : null;
}

function findTimestampProblem(data: JsonValue | undefined): FormProblem | null {
  const timestamps = isJsonObject(data) ? data['rfc3161Timestamps'] : undefined;
  return isPresent(timestamps) && !isJsonArray(timestamps)
    ? malformed('the signed timestamps are not a list')
    : null;
}

function findEntriesProblem(
  entries: JsonValue | undefined,
): FormProblem | null {
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
  const { kind, version } = entry['kindVersion'];
  const found = [kind, version].map(describe).join(' ');
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
  return typeof envelope === 'string' && envelope.length > MAX_CHECKPOINT
    ? { code: 'too-large', message: 'a checkpoint is larger than 8 KiB' }
    : null;
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
