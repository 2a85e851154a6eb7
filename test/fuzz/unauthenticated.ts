import { twinOfBase64, twinOfCheckpoint } from './ecdsa-twin.js';
import { entriesOf, valueAt, type Path } from './json.js';

/** A value that stands in one of two documents only, or differs. */
export interface Difference {
  readonly path: Path;
  /** JSON text; undefined where the document has nothing. */
  readonly honest: string | undefined;
  readonly found: string | undefined;
}

interface Documents {
  readonly honest: unknown;
  readonly found: unknown;
}

/** A place that nobody signs and that decides nothing. */
export interface UnauthenticatedPlace {
  readonly title: string;
  /** Why a change there need not be a reason to reject. */
  readonly because: string;
  readonly explains: (difference: Difference, documents: Documents) => boolean;
}

/** The members that are read, each part of a path; `*` is any element. */
const READ: readonly string[] = [
  'predicateType',
  ...[
    'mediaType',
    'verificationMaterial.certificate.rawBytes',
    'verificationMaterial.x509CertificateChain.certificates.*.rawBytes',
    'verificationMaterial.publicKey.hint',
    'verificationMaterial.publicKey.rawBytes',
    ...[
      'logIndex',
      'logId.keyId',
      'kindVersion.kind',
      'kindVersion.version',
      'integratedTime',
      'inclusionPromise.signedEntryTimestamp',
      'inclusionProof.logIndex',
      'inclusionProof.rootHash',
      'inclusionProof.treeSize',
      'inclusionProof.hashes.*',
      'inclusionProof.checkpoint.envelope',
      'canonicalizedBody',
    ].map((name) => `verificationMaterial.tlogEntries.*.${name}`),
    'verificationMaterial.timestampVerificationData.rfc3161Timestamps.*.signedTimestamp',
    'dsseEnvelope.payload',
    'dsseEnvelope.payloadType',
    'dsseEnvelope.signatures.*.sig',
    'dsseEnvelope.signatures.*.keyid',
    'messageSignature',
  ].map((name) => `bundle.${name}`),
].map((name) => `attestations.*.${name}.`);

const MEDIA_TYPES: readonly string[] = [
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
];
const BUNDLE: Path = ['attestations', '0', 'bundle'];
const MATERIAL: Path = [...BUNDLE, 'verificationMaterial'];
const NOTHING: readonly (string | undefined)[] = [
  undefined,
  'null',
  '{}',
  '[]',
];

/**
 * The whole list of what may differ from an honest document that is verified.
 * How the JSON is written (white space, escapes, order of members) is not on
 * it, since values are compared.
 */
export const UNAUTHENTICATED: readonly UnauthenticatedPlace[] = [
  {
    title: 'members that no bundle has',
    because:
      'later versions of the formats may add some, so they are ignored; a known name in another place is one as well',
    explains: isUnknownMember,
  },
  {
    title: 'mediaType, among those of the known versions',
    because:
      'the versions differ in which shapes they allow, which is checked; the shapes they share mean the same in each',
    explains: isKnownMediaType,
  },
  {
    title: 'keyid of the signature, empty or absent',
    because:
      'a hint, which DSSE leaves out of what is signed; another text than the hint of the bundle is refused',
    explains: isWithoutKeyId,
  },
  {
    title: 'timestampVerificationData without any timestamp',
    because: 'an empty list proves the same times as no list: the log’s',
    explains: isWithoutTimestamps,
  },
  {
    title: 'certificates of a chain after the first',
    because:
      'who issued the first is looked up in the trusted root; what the bundle says about it counts for nothing',
    explains: isRestOfChain,
  },
  {
    title: 'an inclusion proof of a v0.1 bundle, gone',
    because:
      'bundles of that version may do with the log’s signed promise of the same entry; the first documents have nothing else',
    explains: isWithoutProof,
  },
  {
    title: 'the log’s signatures, promise and checkpoint, as their twins',
    because:
      'ECDSA has two signatures for each, (r, s) and (r, n − s), which say the same; the log’s own are recorded nowhere, so that nothing tells which one it made. That of the envelope is recorded and has no other form',
    explains: isTwin,
  },
  {
    title: 'the same attestation once more',
    because: 'it says nothing else; how many there may be is limited',
    explains: isSameAttestation,
  },
];

/** Differences of `found` from `honest` that no place of the list explains. */
export function unexplained(
  honest: unknown,
  found: unknown,
): readonly Difference[] {
  return differencesOf(honest, found).filter(
    (difference) =>
      !UNAUTHENTICATED.some(({ explains }) =>
        explains(difference, { honest, found }),
      ),
  );
}

function isUnknownMember({ path }: Difference): boolean {
  const names = path.map((key) => (/^\d+$/.test(key) ? '*' : key));
  const place = `${names.join('.')}.`;
  return !READ.some((read) => read.startsWith(place));
}

function isKnownMediaType({ path, found }: Difference): boolean {
  return (
    isAt(path, [...BUNDLE, 'mediaType']) &&
    MEDIA_TYPES.some((type) => found === JSON.stringify(type))
  );
}

function isWithoutKeyId({ path, found }: Difference): boolean {
  const place = [...BUNDLE, 'dsseEnvelope', 'signatures', '0', 'keyid'];
  return isAt(path, place) && [undefined, 'null', '""'].includes(found);
}

function isWithoutTimestamps({ path, honest, found }: Difference): boolean {
  const place = [...MATERIAL, 'timestampVerificationData'];
  return (
    isAt(path, place) && NOTHING.includes(honest) && NOTHING.includes(found)
  );
}

function isRestOfChain({ path }: Difference): boolean {
  const chain = [...MATERIAL, 'x509CertificateChain', 'certificates'];
  return isAt(path, chain) && Number(path[chain.length] ?? 0) > 0;
}

function isWithoutProof({ path }: Difference, { found }: Documents): boolean {
  const entry = path.slice(0, MATERIAL.length + 2);
  return (
    isAt(entry, [...MATERIAL, 'tlogEntries']) &&
    path[entry.length] === 'inclusionProof' &&
    valueAt(found, [...BUNDLE, 'mediaType']) === MEDIA_TYPES[0] &&
    (valueAt(found, [...entry, 'inclusionProof']) ?? null) === null
  );
}

function isTwin({ path, honest, found }: Difference): boolean {
  const name = path.at(-1);
  if (honest === undefined || found === undefined) return false;
  const twin =
    name === 'signedEntryTimestamp'
      ? twinOfBase64
      : name === 'envelope'
        ? twinOfCheckpoint
        : null;
  const text: unknown = JSON.parse(honest);
  return (
    twin !== null &&
    typeof text === 'string' &&
    isAt(path, [...MATERIAL, 'tlogEntries']) &&
    found === JSON.stringify(twin(text))
  );
}

function isSameAttestation(
  { path: [list, index] }: Difference,
  { honest, found }: Documents,
): boolean {
  if (list !== 'attestations' || !(Number(index) > 0)) return false;
  const element = valueAt(found, [list, index ?? '']);
  return unexplained(honest, { attestations: [element] }).length === 0;
}

/** All values in which two documents differ. */
export function differencesOf(
  honest: unknown,
  found: unknown,
): readonly Difference[] {
  const before = leavesOf(honest);
  const after = leavesOf(found);
  const all = new Map([...after, ...before]);
  return [...all].flatMap(([place, { path }]) => {
    const sides = {
      honest: before.get(place)?.text,
      found: after.get(place)?.text,
    };
    return sides.honest === sides.found ? [] : [{ path, ...sides }];
  });
}

interface Leaf {
  readonly path: Path;
  readonly text: string;
}

/**
 * Texts, numbers and the like, and what is empty, by where they stand. Elements
 * of a list stand elsewhere than members with the same names.
 */
function leavesOf(
  value: unknown,
  path: Path = [],
  place = '',
): ReadonlyMap<string, Leaf> {
  const entries = entriesOf(value);
  if (entries.length === 0) {
    return new Map([[place, { path, text: JSON.stringify(value) }]]);
  }
  const kind = Array.isArray(value) ? 'element' : 'member';
  return new Map(
    entries.flatMap(([key, member]) => [
      ...leavesOf(
        member,
        [...path, key],
        `${place} ${kind} ${JSON.stringify(key)}`,
      ),
    ]),
  );
}

function isAt(path: Path, place: Path): boolean {
  return place.every((key, index) => path[index] === key);
}
