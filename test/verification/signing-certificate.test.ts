import { describe, expect, it } from 'vitest';
import {
  boolean,
  namedBits,
  objectIdentifier,
  sequence,
  tlv,
  utf8String,
} from '../../fixtures/der.js';
import {
  CertificateError,
  readSigningCertificate,
  type RawExtension,
} from '../../src/verification/signing-certificate.js';

const FULCIO = '1.3.6.1.4.1.57264.1';
const KEY_USAGE = '2.5.29.15';
const SAN = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const CODE_SIGNING = objectIdentifier('1.3.6.1.5.5.7.3.3');
const SERVER_AUTH = objectIdentifier('1.3.6.1.5.5.7.3.1');

const DIGITAL_SIGNATURE = extension(KEY_USAGE, namedBits([0]), true);
const FOR_CODE = extension(EXTENDED_KEY_USAGE, sequence(CODE_SIGNING));
const URI =
  'https://github.com/acme/widget/.github/workflows/x.yml@refs/heads/main';
const NAMED = extension(SAN, sequence(uriName(URI)), true);
const USABLE = [DIGITAL_SIGNATURE, FOR_CODE, NAMED];

function extension(
  oid: string,
  value: Uint8Array,
  critical = false,
): RawExtension {
  return { oid, critical, value: Buffer.from(value) };
}

function fulcio(number: number | string, value: Uint8Array): RawExtension {
  return extension(`${FULCIO}.${number}`, value);
}

function uriName(uri: string): Buffer {
  return tlv(0x86, Buffer.from(uri));
}

function codeOf(extensions: readonly RawExtension[]): string {
  try {
    readSigningCertificate(extensions);
    return 'accepted';
  } catch (error) {
    if (error instanceof CertificateError) return error.code;
    throw error;
  }
}

describe('usage', () => {
  it.each<[string, readonly RawExtension[]]>([
    ['digital signatures of code', USABLE],
    [
      'more purposes than code signing',
      [
        DIGITAL_SIGNATURE,
        extension(EXTENDED_KEY_USAGE, sequence(SERVER_AUTH, CODE_SIGNING)),
      ],
    ],
    [
      'more usages than digital signatures',
      [extension(KEY_USAGE, namedBits([0, 1, 2])), FOR_CODE],
    ],
    [
      'basic constraints that say nothing',
      [...USABLE, extension(BASIC_CONSTRAINTS, sequence(), true)],
    ],
    [
      'basic constraints that say it is no authority',
      [...USABLE, extension(BASIC_CONSTRAINTS, sequence(boolean(false)))],
    ],
    [
      'an unknown extension that is not critical',
      [...USABLE, extension('1.2.3.4', Buffer.from('anything'))],
    ],
  ])('accepts %s', (_what, extensions) => {
    expect(codeOf(extensions)).toBe('accepted');
  });

  it.each<[string, readonly RawExtension[]]>([
    ['no extension at all', []],
    ['no key usage', [FOR_CODE, NAMED]],
    [
      'a key for certificates only',
      [extension(KEY_USAGE, namedBits([5])), FOR_CODE],
    ],
    ['a key for nothing', [extension(KEY_USAGE, namedBits([])), FOR_CODE]],
    [
      'a key usage that is no bit string',
      [extension(KEY_USAGE, tlv(0x04, Buffer.of(0, 0x80))), FOR_CODE],
    ],
    ['no extended key usage', [DIGITAL_SIGNATURE, NAMED]],
    [
      'a server certificate',
      [DIGITAL_SIGNATURE, extension(EXTENDED_KEY_USAGE, sequence(SERVER_AUTH))],
    ],
    [
      'any purpose, which is not code signing by name',
      [
        DIGITAL_SIGNATURE,
        extension(
          EXTENDED_KEY_USAGE,
          sequence(objectIdentifier('2.5.29.37.0')),
        ),
      ],
    ],
    [
      'an authority',
      [...USABLE, extension(BASIC_CONSTRAINTS, sequence(boolean(true)), true)],
    ],
    [
      'an authority by the number 1 for true',
      [
        ...USABLE,
        extension(BASIC_CONSTRAINTS, sequence(tlv(0x01, Buffer.of(1)))),
      ],
    ],
    [
      'a path length without the flag',
      [
        ...USABLE,
        extension(BASIC_CONSTRAINTS, sequence(tlv(0x02, Buffer.of(0)))),
      ],
    ],
    [
      'an unknown critical extension',
      [...USABLE, extension('1.2.3.4', Buffer.from('x'), true)],
    ],
    [
      'a critical identity extension',
      [...USABLE, extension(`${FULCIO}.12`, utf8String('x'), true)],
    ],
    ['a second subject alternative name', [...USABLE, NAMED]],
    [
      'an identity extension twice, equal',
      [
        ...USABLE,
        fulcio(12, utf8String('https://github.com/acme/widget')),
        fulcio(12, utf8String('https://github.com/acme/widget')),
      ],
    ],
    [
      'an unknown extension twice',
      [
        ...USABLE,
        extension('1.2.3.4', Buffer.of(1)),
        extension('1.2.3.4', Buffer.of(2)),
      ],
    ],
  ])('refuses %s', (_defect, extensions) => {
    expect(codeOf(extensions)).toBe('certificate-usage');
  });

  it.each<[string, readonly RawExtension[]]>([
    [
      'key usage with bytes behind it',
      [
        extension(KEY_USAGE, Buffer.concat([namedBits([0]), Buffer.of(0)])),
        FOR_CODE,
      ],
    ],
    [
      'an extended key usage that is no sequence',
      [DIGITAL_SIGNATURE, extension(EXTENDED_KEY_USAGE, CODE_SIGNING)],
    ],
    [
      'basic constraints of indefinite length',
      [
        ...USABLE,
        extension(BASIC_CONSTRAINTS, Buffer.from('30800000', 'hex'), true),
      ],
    ],
  ])('finds malformed: %s', (_defect, extensions) => {
    expect(codeOf(extensions)).toBe('certificate-malformed');
  });
});

describe('what is refused', () => {
  const AUTHORITY = extension(BASIC_CONSTRAINTS, sequence(boolean(true)));

  it.each<[string, readonly RawExtension[], string, string]>([
    [
      'an extension twice',
      [...USABLE, NAMED],
      'certificate-extensions',
      'an extension occurs twice',
    ],
    [
      'a critical one that nobody understands',
      [...USABLE, extension('1.2.3.4', Buffer.of(1), true)],
      'certificate-extensions',
      'unknown critical extension 1.2.3.4',
    ],
    [
      'an authority',
      [...USABLE, AUTHORITY],
      'certificate-usage',
      'the signing certificate is a certificate authority',
    ],
    [
      'no digital signatures',
      [FOR_CODE],
      'certificate-usage',
      'the certificate is not for digital signatures',
    ],
    [
      'no code signing',
      [DIGITAL_SIGNATURE],
      'certificate-usage',
      'the certificate is not for code signing',
    ],
    [
      'no DER',
      [...USABLE, fulcio(12, Buffer.of(0x0c))],
      'certificate-values',
      'not valid DER',
    ],
    [
      'another kind of text',
      [...USABLE, fulcio(12, tlv(0x13, Buffer.from('a')))],
      'certificate-values',
      'an identity extension is not a UTF8String',
    ],
    [
      'no UTF-8',
      [...USABLE, fulcio(5, Buffer.of(0xff))],
      'certificate-values',
      'an identity extension is not UTF-8 text',
    ],
  ])('is of a check, and says why: %s', (_what, extensions, check, message) => {
    expect(() => readSigningCertificate(extensions)).toThrow(
      expect.objectContaining({ name: 'CertificateError', check, message }),
    );
  });
});

describe('names', () => {
  it.each<[string, readonly RawExtension[], unknown]>([
    ['no extension', [], []],
    ['no name in it', [extension(SAN, sequence())], []],
    ['a URI', [NAMED], [{ type: 'uri', value: URI }]],
    [
      'an e-mail address',
      [extension(SAN, sequence(tlv(0x81, Buffer.from('me@acme.example'))))],
      [{ type: 'email', value: 'me@acme.example' }],
    ],
    [
      'kinds that nothing here reads',
      [
        extension(
          SAN,
          sequence(tlv(0x82, Buffer.from('acme.example')), tlv(0xa0)),
        ),
      ],
      [
        { type: 'other', value: '' },
        { type: 'other', value: '' },
      ],
    ],
    [
      'all of several, in order',
      [extension(SAN, sequence(uriName('https://a'), uriName('https://b')))],
      [
        { type: 'uri', value: 'https://a' },
        { type: 'uri', value: 'https://b' },
      ],
    ],
  ])('%s', (_what, extensions, names) => {
    const certificate = [DIGITAL_SIGNATURE, FOR_CODE, ...extensions];
    expect(readSigningCertificate(certificate).names).toEqual(names);
  });

  it.each([
    ['bytes behind the names', Buffer.concat([sequence(), Buffer.of(0)])],
    ['a name without its sequence', uriName('https://a')],
    ['a name cut off', sequence(Buffer.from('8605', 'hex'))],
    ['a URI that is not UTF-8', sequence(tlv(0x86, Buffer.of(0xe9)))],
    ['an address that is not UTF-8', sequence(tlv(0x81, Buffer.of(0xff)))],
  ])('finds malformed: %s', (_defect, value) => {
    const extensions = [DIGITAL_SIGNATURE, FOR_CODE, extension(SAN, value)];
    expect(codeOf(extensions)).toBe('certificate-malformed');
  });
});

describe('identity extensions', () => {
  it('reads .1 to .6 raw and later ones as a DER text', () => {
    const { extensions } = readSigningCertificate([
      ...USABLE,
      fulcio(1, Buffer.from('https://issuer.example')),
      fulcio(6, Buffer.from('refs/heads/main')),
      fulcio(8, utf8String('https://issuer.example')),
      fulcio(12, utf8String('https://github.com/acme/wïdget')),
      fulcio(23, utf8String('production')),
    ]);
    expect([...extensions]).toEqual([
      [1, 'https://issuer.example'],
      [6, 'refs/heads/main'],
      [8, 'https://issuer.example'],
      [12, 'https://github.com/acme/wïdget'],
      [23, 'production'],
    ]);
  });

  it('keeps a byte order mark and an empty text as they are', () => {
    const { extensions } = readSigningCertificate([
      ...USABLE,
      fulcio(5, Buffer.from('\uFEFFacme/widget')),
      fulcio(12, utf8String('')),
    ]);
    expect(extensions.get(5)).toBe('\uFEFFacme/widget');
    expect(extensions.get(12)).toBe('');
  });

  it('takes DER in a raw extension for its text', () => {
    const der = fulcio(1, utf8String('https://gitlab.com'));
    const { extensions } = readSigningCertificate([...USABLE, der]);
    expect(extensions.get(1)).not.toBe('https://gitlab.com');
  });

  it.each<[string, RawExtension]>([
    ['numbers that have no meaning yet', fulcio(24, Buffer.of(0xff))],
    ['number 0', fulcio(0, Buffer.of(0xff))],
    [
      'an arc that only begins the same',
      extension('1.3.6.1.4.1.57264.10', Buffer.of(0xff)),
    ],
    ['the arc itself', extension(FULCIO, Buffer.of(0xff))],
    [
      'another arc of the same length',
      extension('1.3.6.1.4.1.99999.1.12', Buffer.of(0xff)),
    ],
  ])('leaves out %s', (_what, other) => {
    const { extensions } = readSigningCertificate([...USABLE, other]);
    expect(extensions.size).toBe(0);
  });

  it.each<[string, RawExtension]>([
    ['raw text in a later one', fulcio(12, Buffer.from('https://a'))],
    ['raw text in .7', fulcio(7, Buffer.from('x'))],
    ['another kind of text', fulcio(12, tlv(0x13, Buffer.from('a')))],
    [
      'bytes behind the text',
      fulcio(12, Buffer.concat([utf8String('a'), Buffer.of(0)])),
    ],
    ['an indefinite length', fulcio(12, Buffer.from('0c80610000', 'hex'))],
    ['a length longer than the text', fulcio(12, Buffer.from('0c0261', 'hex'))],
    ['no bytes', fulcio(12, Buffer.alloc(0))],
    ['a text that is not UTF-8', fulcio(12, tlv(0x0c, Buffer.of(0xff)))],
    ['a raw text that is not UTF-8', fulcio(5, Buffer.of(0xc3, 0x28))],
    ['an overlong encoding', fulcio(5, Buffer.of(0xc0, 0xaf))],
    ['half of a surrogate pair', fulcio(5, Buffer.of(0xed, 0xa0, 0x80))],
  ])('finds malformed: %s', (_defect, malformed) => {
    expect(codeOf([...USABLE, malformed])).toBe('certificate-malformed');
  });
});
