import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { SignedEntity, TrustMaterial } from '@sigstore/verify';

/** A certificate as the library has parsed it. */
type Certificate = Extract<
  SignedEntity['key'],
  { $case: 'certificate' }
>['certificate'];
type Der = Certificate['root'];

/** The keys of trusted certificates, read once. */
export type TrustedKeys = ReadonlyMap<Certificate, KeyObject>;

/** Of the members of a TBSCertificate, the public key (RFC 5280 section 4.1). */
const SUBJECT_PUBLIC_KEY_INFO = 6;

/**
 * Lets every certificate of `material` remember what the library would compute
 * anew for each bundle: its encoding, and whether another one of them signed
 * it. Nothing else changes: the same questions get the same answers. Returns
 * their keys, for `memoizeLeaf`.
 *
 * Own properties of these instances, never of a class, so that no certificate
 * of anybody else is affected. What is remembered is bounded by the number of
 * trusted certificates: whether a foreign one signed is never remembered.
 */
export function memoizeTrusted(material: TrustMaterial): TrustedKeys {
  const trusted = [
    ...material.certificateAuthorities,
    ...material.timestampAuthorities,
  ].flatMap(({ certChain }) => certChain);
  for (const certificate of trusted) {
    memoizeEncoding(certificate);
    memoizeSigner(certificate, new Set(trusted));
  }
  return new Map(
    trusted.flatMap((each) => {
      const key = readKey(each);
      return key === null ? [] : [[each, key] as const];
    }),
  );
}

/** Null for a kind of key that Node.js does not know: the library then says so. */
function readKey({ publicKey }: Certificate): KeyObject | null {
  try {
    return createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

/**
 * Lets the untrusted `certificate` of a bundle remember its encoding, and asks
 * with the keys of `trusted` whether one of those signed it: the library reads
 * the issuer's key anew for each question. Others it asks as before.
 */
export function memoizeLeaf(
  certificate: Certificate,
  trusted: TrustedKeys,
): void {
  memoizeEncoding(certificate);
  const askLibrary = certificate.verify.bind(certificate);
  define(certificate, 'verify', (issuer?: Certificate): boolean => {
    const key = issuer === undefined ? undefined : trusted.get(issuer);
    return key === undefined
      ? askLibrary(issuer)
      : isSignedBy(certificate, key);
  });
  const askForCopy = certificate.clone.bind(certificate);
  define(certificate, 'clone', () => shareParts(certificate) ?? askForCopy());
}

/**
 * A copy from which the library takes an extension away: their list, and all that is
 * around it, are its own; the other parts are the certificate's, as they were read.
 * Null for a certificate without extensions.
 */
function shareParts(certificate: Certificate): Certificate | null {
  const { root, tbsCertificate, extensions } = certificate;
  const around = tbsCertificate.subs.findLast(
    ({ subs }) => subs[0]?.subs === extensions,
  );
  const list = around?.subs[0];
  if (around === undefined || list === undefined) return null;
  for (const part of [...tbsCertificate.subs, ...extensions]) {
    if (part !== around) memoizeDer(part);
  }
  let [changed, own] = [list, copyOf(list, [...extensions])];
  for (const part of [around, tbsCertificate, root]) {
    own = copyOf(
      part,
      part.subs.map((each) => (each === changed ? own : each)),
    );
    changed = part;
  }
  return Reflect.construct(certificate.constructor, [own]) as Certificate;
}

function copyOf({ constructor, tag, value }: Der, subs: readonly Der[]): Der {
  return Reflect.construct(constructor, [tag, value, subs]) as Der;
}

/**
 * Lets `certificate` remember the encoding of itself and of the parts that are
 * hashed and compared. The library reads certificates and never alters one
 * that it was given: for the signature of the certificate log it alters a copy.
 */
function memoizeEncoding(certificate: Certificate): void {
  const { root, tbsCertificate } = certificate;
  const key = tbsCertificate.subs[SUBJECT_PUBLIC_KEY_INFO];
  for (const part of [root, tbsCertificate, key]) {
    if (part !== undefined) memoizeDer(part);
  }
}

/**
 * The library puts an encoding together again from all that is inside. It reads
 * only DER, which has one encoding for each value (X.690 section 10), so that
 * the content is at hand as it was read: behind its tag and its length.
 */
function memoizeDer(part: Der): void {
  if (Object.hasOwn(part, 'toDER')) return;
  let der: Buffer | null = null;
  define(part, 'toDER', () => (der ??= encode(part)));
}

function encode({ tag, value }: Der): Buffer {
  return Buffer.concat([
    Uint8Array.of(tag.toDER(), ...encodeLength(value.length)),
    value,
  ]);
}

/** X.690 section 8.1.3: below 128 the length itself, else its bytes counted. */
function encodeLength(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 0x100)) {
    bytes.unshift(rest % 0x100);
  }
  return [0x80 | bytes.length, ...bytes];
}

function memoizeSigner(
  certificate: Certificate,
  trusted: ReadonlySet<Certificate>,
): void {
  const askLibrary = certificate.verify.bind(certificate);
  const known = new Map<Certificate | undefined, boolean>();
  define(certificate, 'verify', (issuer?: Certificate): boolean => {
    if (issuer !== undefined && !trusted.has(issuer)) return askLibrary(issuer);
    const isSigned = known.get(issuer) ?? askLibrary(issuer);
    known.set(issuer, isSigned);
    return isSigned;
  });
}

/** As the library asks, which takes what Node.js refuses for a no. */
function isSignedBy(certificate: Certificate, key: KeyObject): boolean {
  const { signatureAlgorithm, signatureValue, tbsCertificate } = certificate;
  try {
    return verify(
      signatureAlgorithm,
      tbsCertificate.toDER(),
      key,
      signatureValue,
    );
  } catch {
    return false;
  }
}

/** An own property of this one instance, over the method of its class. */
function define<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  value: Target[Name],
): void {
  Object.defineProperty(target, name, { value });
}
