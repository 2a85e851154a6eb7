import type { CheckId } from './check-catalogue.js';
import { DerError, readElement, readSequence } from './der.js';

/** An X.509 extension as the certificate holds it, not yet interpreted. */
export interface RawExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** Content of the `extnValue` OCTET STRING. */
  readonly value: Buffer;
}

/** A name in a certificate (RFC 5280 section 4.2.1.6), decoded, not judged. */
export interface SubjectAlternativeName {
  readonly type: 'uri' | 'email' | 'other';
  readonly value: string;
}

/**
 * The identity in a Fulcio certificate, decoded strictly. That the certificate
 * is genuine is verified elsewhere; whether the identity may sign anything is
 * for the facts stage to say.
 */
export interface SigningCertificate {
  readonly names: readonly SubjectAlternativeName[];
  /**
   * Values of the extensions 1.3.6.1.4.1.57264.1.N by N.
   * Source: Fulcio, `docs/oid-info.md`.
   */
  readonly extensions: ReadonlyMap<number, string>;
}

/** A certificate that decodes to something ambiguous or malformed. */
export class CertificateError extends Error {
  readonly check: CertificateCheck;
  readonly code: 'certificate-malformed' | 'certificate-usage';

  constructor(check: CertificateCheck, message: string) {
    super(message);
    this.name = 'CertificateError';
    this.check = check;
    this.code =
      check === 'certificate-values'
        ? 'certificate-malformed'
        : 'certificate-usage';
  }
}

/** The checks of `readSigningCertificate`, in the order they are made. */
export const CERTIFICATE_CHECKS = [
  'certificate-extensions',
  'certificate-usage',
  'certificate-values',
] as const satisfies readonly CheckId[];
type CertificateCheck = (typeof CERTIFICATE_CHECKS)[number];

const FULCIO = '1.3.6.1.4.1.57264.1.';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
/** id-kp-codeSigning, 1.3.6.1.5.5.7.3.3, as DER. */
const CODE_SIGNING = Buffer.from('06082b06010505070303', 'hex');
/** Those that RFC 5280 lets be critical and that are looked at here. */
const UNDERSTOOD_CRITICAL: ReadonlySet<string> = new Set([
  KEY_USAGE,
  SUBJECT_ALT_NAME,
  BASIC_CONSTRAINTS,
  EXTENDED_KEY_USAGE,
]);
/** Content of a BOOLEAN. */
const FALSE = Buffer.from([0]);
/** .1 to .6 hold the text itself, later ones a DER UTF8String. */
const LAST_RAW_EXTENSION = 6;
/** Later ones have no meaning here yet, so their form is not judged. */
const LAST_KNOWN_EXTENSION = 23;

/**
 * Decodes the extensions of a leaf certificate and checks that it is one for
 * signing code: not a CA, key usage digitalSignature, extended key usage
 * codeSigning, no critical extension that is not understood, none twice.
 *
 * The library looks only at issuers for that, and lets the first of two equal
 * extensions decide. Throws `CertificateError`.
 *
 * Source: RFC 5280 section 4.2; Fulcio certificate specification.
 */
export function readSigningCertificate(
  extensions: readonly RawExtension[],
): SigningCertificate {
  const byOid = new Map(extensions.map((each) => [each.oid, each]));
  if (byOid.size !== extensions.length) {
    throw new CertificateError(
      'certificate-extensions',
      'an extension occurs twice',
    );
  }
  const unknown = extensions.find(
    ({ oid, critical }) => critical && !UNDERSTOOD_CRITICAL.has(oid),
  );
  if (unknown !== undefined) {
    throw new CertificateError(
      'certificate-extensions',
      `unknown critical extension ${unknown.oid}`,
    );
  }
  try {
    requireUsage(byOid);
    return {
      names: readNames(byOid),
      extensions: readFulcioValues(extensions),
    };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new CertificateError('certificate-values', error.message);
  }
}

function requireUsage(byOid: ReadonlyMap<string, RawExtension>): void {
  const fail = (message: string): never => {
    throw new CertificateError('certificate-usage', message);
  };
  const constraints = byOid.get(BASIC_CONSTRAINTS);
  if (constraints !== undefined) {
    const first = readSequence(constraints.value)[0];
    // SEQUENCE { cA BOOLEAN DEFAULT FALSE, … }: anything in it but FALSE is a CA.
    if (
      first !== undefined &&
      !(first.tag === 0x01 && first.content.equals(FALSE))
    ) {
      fail('the signing certificate is a certificate authority');
    }
  }
  const usage = byOid.get(KEY_USAGE);
  const bits = usage === undefined ? undefined : readElement(usage.value);
  // BIT STRING: first byte the unused bits, then digitalSignature as top bit.
  if (bits?.tag !== 0x03 || ((bits.content[1] ?? 0) & 0x80) === 0) {
    fail('the certificate is not for digital signatures');
  }
  const purposes = byOid.get(EXTENDED_KEY_USAGE);
  const isForCode =
    purposes !== undefined &&
    readSequence(purposes.value).some(({ bytes }) =>
      bytes.equals(CODE_SIGNING),
    );
  if (!isForCode) fail('the certificate is not for code signing');
}

function readNames(
  byOid: ReadonlyMap<string, RawExtension>,
): readonly SubjectAlternativeName[] {
  const extension = byOid.get(SUBJECT_ALT_NAME);
  if (extension === undefined) return [];
  return readSequence(extension.value).map(({ tag, content }) => {
    // GeneralName: [1] rfc822Name, [6] uniformResourceIdentifier, IA5String.
    if (tag === 0x86) return { type: 'uri', value: decodeText(content) };
    if (tag === 0x81) return { type: 'email', value: decodeText(content) };
    return { type: 'other', value: '' };
  });
}

function readFulcioValues(
  extensions: readonly RawExtension[],
): ReadonlyMap<number, string> {
  const values = new Map<number, string>();
  for (const { oid, value } of extensions) {
    if (!oid.startsWith(FULCIO)) continue;
    const number = Number(oid.slice(FULCIO.length));
    if (
      !Number.isInteger(number) ||
      number < 1 ||
      number > LAST_KNOWN_EXTENSION
    ) {
      continue;
    }
    values.set(
      number,
      number <= LAST_RAW_EXTENSION
        ? decodeText(value)
        : decodeUtf8String(value),
    );
  }
  return values;
}

/** DER UTF8String, definite length, nothing behind it. */
function decodeUtf8String(der: Buffer): string {
  const element = readElement(der);
  if (element.tag !== 0x0c) {
    throw new CertificateError(
      'certificate-values',
      'an identity extension is not a UTF8String',
    );
  }
  return decodeText(element.content);
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    throw new CertificateError(
      'certificate-values',
      'an identity extension is not UTF-8 text',
    );
  }
}
