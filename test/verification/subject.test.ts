import { describe, expect, it } from 'vitest';
import { rejectionsOf } from '../../src/verification/check.js';
import type { StatementSubject } from '../../src/verification/statement.js';
import { matchSubject } from '../../src/verification/subject.js';
import { codesOf } from './failures.js';
import { ID, OTHER_SHA512, OTHER_SRI, pinOf, SHA512, SRI } from './samples.js';

const NAME = 'pkg:npm/%40acme/widget@1.2.3';

function subject(
  name: string,
  digest: Readonly<Record<string, string>> = { sha512: SHA512 },
): StatementSubject {
  return { name, digest: new Map(Object.entries(digest)) };
}

const HONEST = subject(NAME);

function codesFor(
  subjects: readonly StatementSubject[],
  sha512: string | null = SHA512,
): readonly string[] {
  return codesOf(matchSubject(subjects, ID, pinOf(sha512)));
}

describe('a subject that is the package', () => {
  it.each<[string, StatementSubject]>([
    ['by name and SHA-512', HONEST],
    [
      'with other digests beside',
      subject(NAME, { sha1: '00', sha512: SHA512 }),
    ],
  ])('%s', (_what, ours) => {
    expect(codesFor([ours])).toEqual([]);
  });

  it('is recorded with both sides', () => {
    const common = { outcome: 'passed', attestation: null };
    expect(matchSubject([HONEST], ID, pinOf(SHA512))).toEqual([
      {
        ...common,
        check: 'subject-count',
        expected: null,
        found: '1 subject',
      },
      { ...common, check: 'subject-name', expected: NAME, found: NAME },
      { ...common, check: 'subject-digest', expected: SRI, found: SRI },
    ]);
  });

  it('is not compared where the lockfile pins no digest', () => {
    expect(matchSubject([HONEST], ID, null).at(-1)).toMatchObject({
      check: 'subject-digest',
      outcome: 'not-made',
      message: 'the lockfile pins no SHA-512 to compare with',
    });
  });

  it('without a pinned digest matches by name alone', () => {
    expect(codesFor([HONEST], null)).toEqual([]);
    expect(codesFor([subject(NAME, { sha512: OTHER_SHA512 })], null)).toEqual(
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
    expect(codesFor(subjects)).toEqual(codes);
  });

  it.each<[string, StatementSubject]>([
    ['no digest', subject(NAME, {})],
    ['upper-case digits', subject(NAME, { sha512: SHA512.toUpperCase() })],
    ['more in front of it', subject(NAME, { sha512: `00${SHA512}` })],
    ['more behind it', subject(NAME, { sha512: `${SHA512}00` })],
  ])('needs the form of a digest even if none is pinned: %s', (_what, bad) => {
    expect(codesFor([bad], null)).toEqual(['subject-digest']);
  });

  it.each<[string, readonly StatementSubject[], string | null, object]>([
    [
      'no subject',
      [],
      SHA512,
      {
        check: 'subject-count',
        message: 'the statement is not about one package',
        expected: '1 subject',
        found: '0 subjects',
      },
    ],
    ['two subjects', [HONEST, HONEST], SHA512, { found: '2 subjects' }],
    [
      'another name',
      [subject('pkg:npm/evil@1.0.0')],
      SHA512,
      {
        check: 'subject-name',
        message: 'the statement is about another package',
        expected: NAME,
        found: 'pkg:npm/evil@1.0.0',
      },
    ],
    [
      'no digest',
      [subject(NAME, {})],
      SHA512,
      {
        check: 'subject-digest',
        message: 'the signed digest is not the one this lockfile would install',
        expected: SRI,
        found: 'sha512 ""',
      },
    ],
    [
      'no digest, and none pinned',
      [subject(NAME, { sha512: 'x' })],
      null,
      { expected: 'a SHA-512', found: 'sha512 "x"' },
    ],
  ])('is recorded: %s', (_defect, subjects, sha512, failure) => {
    expect(
      rejectionsOf(matchSubject(subjects, ID, pinOf(sha512))),
    ).toHaveLength(1);
    const failed = matchSubject(subjects, ID, pinOf(sha512)).find(
      ({ outcome }) => outcome === 'failed',
    );
    expect(failed).toMatchObject({ kind: 'mismatch', ...failure });
  });

  it('shows both digests as the lockfile spells them', () => {
    const other = subject(NAME, { sha512: OTHER_SHA512 });
    expect(
      rejectionsOf(matchSubject([other], ID, pinOf(SHA512))),
    ).toMatchObject([{ kind: 'mismatch', expected: SRI, found: OTHER_SRI }]);
  });
});
