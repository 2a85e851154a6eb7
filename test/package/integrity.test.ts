import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  parseIntegrity,
  sriOfSha512,
  type Integrity,
} from '../../src/package/integrity.js';

const HEX = sha('sha512', 'the tarball').toString('hex');
const SRI = sriOf('sha512', 'the tarball');
const BASE64 = SRI.slice('sha512-'.length);
const OTHER = sriOf('sha512', 'another tarball');

// A digest whose base64 differs from its URL-safe spelling.
const SLASHED = Buffer.alloc(64, 0xff);

type Row = readonly [
  what: string,
  text: string | null,
  status: Integrity['status'],
];

const PINNED: readonly Row[] = [
  ['one SHA-512', SRI, 'sha512'],
  ['sha1 beside it (L10)', `${sriOf('sha1', 'x')} ${SRI}`, 'sha512'],
  ['sha1 behind it', `${SRI} ${sriOf('sha1', 'x')}`, 'sha512'],
  [
    'every weaker hash',
    `${SRI} ${weaker(['md5', 'sha256', 'sha384'])}`,
    'sha512',
  ],
  ['the same twice', `${SRI} ${SRI}`, 'sha512'],
];

const UNPINNED: readonly Row[] = [
  ['nothing at all (L09)', null, 'missing'],
  ['an empty text', '', 'missing'],
  ['sha1 alone (L08)', sriOf('sha1', 'x'), 'weak'],
  ['md5 alone', sriOf('md5', 'x'), 'weak'],
  ['sha1 and md5', weaker(['sha1', 'md5']), 'weak'],
  ['sha256 alone', sriOf('sha256', 'x'), 'no-sha512'],
  ['sha384 beside sha1', weaker(['sha1', 'sha384']), 'no-sha512'],
  ['two different SHA-512', `${SRI} ${OTHER}`, 'ambiguous'],
  ['two different, the first repeated', `${SRI} ${OTHER} ${SRI}`, 'ambiguous'],
  ['base64 of 63 bytes (L12)', `sha512-${base64Of(63)}`, 'malformed'],
  ['base64 of 65 bytes', `sha512-${base64Of(65)}`, 'malformed'],
  ['no digest', 'sha512-', 'malformed'],
  ['no dash', 'sha512', 'malformed'],
  ['trailing junk (L12)', `${SRI}!!`, 'malformed'],
  ['junk inside', `sha512-!${BASE64}`, 'malformed'],
  ['a line end', `${SRI}\n`, 'malformed'],
  ['no padding', SRI.replace(/=+$/, ''), 'malformed'],
  ['too much padding', `${SRI}=`, 'malformed'],
  [
    'the URL-safe alphabet (L12)',
    `sha512-${SLASHED.toString('base64').replaceAll('/', '_')}`,
    'malformed',
  ],
  ['bits set that padding leaves unused', nonCanonical(), 'malformed'],
  ['options (L12)', `${SRI}?x`, 'malformed'],
  [
    'an algorithm in capitals (L13)',
    SRI.replace('sha512', 'SHA512'),
    'malformed',
  ],
  ['a space before the dash (L13)', SRI.replace('-', ' -'), 'malformed'],
  ['two spaces between hashes', `${sriOf('sha1', 'x')}  ${SRI}`, 'malformed'],
  ['a space in front', ` ${SRI}`, 'malformed'],
  ['a space behind', `${SRI} `, 'malformed'],
  ['a tab between hashes', `${sriOf('sha1', 'x')}\t${SRI}`, 'malformed'],
  ['a good SHA-512 beside a malformed hash', `${SRI} sha1-!`, 'malformed'],
  ['hexadecimal digits', `sha512-${HEX}`, 'malformed'],
  [
    'an algorithm that an object inherits',
    `constructor-${BASE64}`,
    'malformed',
  ],
  ['an unknown algorithm', `sha3-${BASE64}`, 'malformed'],
];

describe('an integrity that pins the bytes', () => {
  it.each(PINNED)('%s', (_what, text, status) => {
    expect(parseIntegrity(text)).toEqual({ status, sha512: HEX, sri: SRI });
  });

  it('may hold every character of base64', () => {
    expect(parseIntegrity(`sha512-${SLASHED.toString('base64')}`)).toEqual({
      status: 'sha512',
      sha512: 'ff'.repeat(64),
      sri: sriOfSha512('ff'.repeat(64)),
    });
  });
});

describe('an integrity that does not', () => {
  it.each(UNPINNED)('%s', (_what, text, status) => {
    // No digest comes with it: nothing can be compared by mistake.
    expect(parseIntegrity(text)).toEqual({ status });
  });
});

it('writes the SRI string of a digest', () => {
  expect(sriOfSha512(HEX)).toBe(SRI);
});

function sha(algorithm: string, text: string): Buffer {
  return createHash(algorithm).update(text).digest();
}

function sriOf(algorithm: string, text: string): string {
  return `${algorithm}-${sha(algorithm, text).toString('base64')}`;
}

function weaker(algorithms: readonly string[]): string {
  return algorithms.map((algorithm) => sriOf(algorithm, 'x')).join(' ');
}

function base64Of(bytes: number): string {
  return Buffer.alloc(bytes, 7).toString('base64');
}

/** 64 bytes leave four bits of the last digit unused; here one is set. */
function nonCanonical(): string {
  const zeros = `sha512-${Buffer.alloc(64).toString('base64')}`;
  return zeros.replace(/A==$/, 'B==');
}
