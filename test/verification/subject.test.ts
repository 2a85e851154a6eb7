import { describe, expect, it } from 'vitest';
import type { StatementSubject } from '../../src/verification/statement.js';
import { matchSubject } from '../../src/verification/subject.js';
import { ID, OTHER_SHA512, OTHER_SRI, SHA512, SRI } from './samples.js';

const NAME = 'pkg:npm/%40acme/widget@1.2.3';

function subject(
  name: string,
  digest: Readonly<Record<string, string>> = { sha512: SHA512 },
): StatementSubject {
  return { name, digest: new Map(Object.entries(digest)) };
}

const HONEST = subject(NAME);

function codesOf(
  subjects: readonly StatementSubject[],
  sha512: string | null = SHA512,
): readonly string[] {
  return matchSubject(subjects, ID, sha512).map(({ code }) => code);
}

describe('a subject that is the package', () => {
  it.each<[string, StatementSubject]>([
    ['by name and SHA-512', HONEST],
    [
      'with other digests beside',
      subject(NAME, { sha1: '00', sha512: SHA512 }),
    ],
  ])('%s', (_what, ours) => {
    expect(codesOf([ours])).toEqual([]);
  });

  it('without a pinned digest matches by name alone', () => {
    expect(codesOf([HONEST], null)).toEqual([]);
    expect(codesOf([subject(NAME, { sha512: OTHER_SHA512 })], null)).toEqual(
      [],
    );
  });
});

describe('a subject that is not', () => {
  it.each<[string, readonly StatementSubject[], readonly string[]]>([
    ['no subject', [], ['subject-count']],
    ['ours twice', [HONEST, HONEST], ['subject-count']],
    [
      'our name in one, our digest in another',
      [subject(NAME, { sha512: OTHER_SHA512 }), subject('pkg:npm/evil@1.0.0')],
      ['subject-count'],
    ],
    [
      'another version',
      [subject('pkg:npm/%40acme/widget@1.2.4')],
      ['subject-name'],
    ],
    ['a longer version', [subject(`${NAME}-evil`)], ['subject-name']],
    [
      'another scope',
      [subject('pkg:npm/%40evil/widget@1.2.3')],
      ['subject-name'],
    ],
    ['no scope', [subject('pkg:npm/widget@1.2.3')], ['subject-name']],
    [
      'the scope unescaped',
      [subject('pkg:npm/@acme/widget@1.2.3')],
      ['subject-name'],
    ],
    [
      'the slash escaped',
      [subject('pkg:npm/%40acme%2Fwidget@1.2.3')],
      ['subject-name'],
    ],
    [
      'another package type',
      [subject('pkg:pypi/%40acme/widget@1.2.3')],
      ['subject-name'],
    ],
    ['a qualifier', [subject(`${NAME}?x=y`)], ['subject-name']],
    [
      'another case',
      [subject('pkg:npm/%40acme/Widget@1.2.3')],
      ['subject-name'],
    ],
    ['white space', [subject(` ${NAME}`)], ['subject-name']],
    ['no name', [subject('')], ['subject-name']],
    [
      'another tarball',
      [subject(NAME, { sha512: OTHER_SHA512 })],
      ['subject-digest'],
    ],
    [
      'upper-case digits',
      [subject(NAME, { sha512: SHA512.toUpperCase() })],
      ['subject-digest'],
    ],
    [
      'the beginning of the digest',
      [subject(NAME, { sha512: SHA512.slice(2) })],
      ['subject-digest'],
    ],
    [
      'more than the digest',
      [subject(NAME, { sha512: `${SHA512}00` })],
      ['subject-digest'],
    ],
    [
      'a line end behind the digest',
      [subject(NAME, { sha512: `${SHA512}\n` })],
      ['subject-digest'],
    ],
    ['the digest as SRI', [subject(NAME, { sha512: SRI })], ['subject-digest']],
    ['an empty digest', [subject(NAME, { sha512: '' })], ['subject-digest']],
    ['no digest', [subject(NAME, {})], ['subject-digest']],
    [
      'the digest under another name',
      [subject(NAME, { SHA512 })],
      ['subject-digest'],
    ],
    [
      'the digest of another algorithm',
      [subject(NAME, { sha256: SHA512 })],
      ['subject-digest'],
    ],
    [
      'name and digest of another package',
      [subject('pkg:npm/evil@1.0.0', { sha512: OTHER_SHA512 })],
      ['subject-name', 'subject-digest'],
    ],
  ])('%s', (_defect, subjects, codes) => {
    expect(codesOf(subjects)).toEqual(codes);
  });

  it.each<[string, StatementSubject]>([
    ['no digest', subject(NAME, {})],
    ['upper-case digits', subject(NAME, { sha512: SHA512.toUpperCase() })],
  ])('needs the form of a digest even if none is pinned: %s', (_what, bad) => {
    expect(codesOf([bad], null)).toEqual(['subject-digest']);
  });

  it('shows both digests as the lockfile spells them', () => {
    const other = subject(NAME, { sha512: OTHER_SHA512 });
    expect(matchSubject([other], ID, SHA512)).toMatchObject([
      { kind: 'mismatch', expected: SRI, found: OTHER_SRI },
    ]);
  });
});
