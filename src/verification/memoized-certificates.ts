import type { SignedEntity, TrustMaterial } from '@sigstore/verify';

/** A certificate as the library has parsed it. */
type Certificate = Extract<
  SignedEntity['key'],
  { $case: 'certificate' }
>['certificate'];
type Der = Certificate['root'];

/**
 * Lets every certificate of `material` remember what the library would compute
 * anew for each bundle: its encoding, and whether another one of them signed
 * it. Nothing else changes: the same questions get the same answers.
 *
 * Own properties of these instances, never of a class, so that no certificate
 * of anybody else is affected. What is remembered is bounded by the number of
 * trusted certificates: whether a foreign one signed is never remembered.
 */
export function memoizeTrusted(material: TrustMaterial): void {
  const trusted = [
    ...material.certificateAuthorities,
    ...material.timestampAuthorities,
  ].flatMap(({ certChain }) => certChain);
  for (const certificate of trusted) {
    memoizeEncoding(certificate);
    memoizeSigner(certificate, new Set(trusted));
  }
}

/**
 * Lets `certificate` remember the encoding of itself and of the parts that are
 * hashed and compared. The library reads certificates and never alters one
 * that it was given: for the signature of the certificate log it alters a copy.
 */
export function memoizeEncoding(certificate: Certificate): void {
  const { root, tbsCertificate } = certificate;
  for (const part of [root, tbsCertificate]) memoizeDer(part);
}

function memoizeDer(part: Der): void {
  const encode = part.toDER.bind(part);
  let der: Buffer | null = null;
  Object.defineProperty(part, 'toDER', { value: () => (der ??= encode()) });
}

function memoizeSigner(
  certificate: Certificate,
  trusted: ReadonlySet<Certificate>,
): void {
  const verify = certificate.verify.bind(certificate);
  const known = new Map<Certificate | undefined, boolean>();
  const remember = (issuer?: Certificate): boolean => {
    if (issuer !== undefined && !trusted.has(issuer)) return verify(issuer);
    const isSigned = known.get(issuer) ?? verify(issuer);
    known.set(issuer, isSigned);
    return isSigned;
  };
  Object.defineProperty(certificate, 'verify', { value: remember });
}
