import { sriOfSha512 } from '../package/integrity.js';
import { toPurl, type PackageId } from '../package/package-id.js';
import { WHOSE, type ComparedDigest } from './compared-digest.js';
import type { StatementSubject } from './statement.js';
import { failed, notMade, passed, type Check } from './check.js';

const SHA512_HEX = /^[0-9a-f]{128}$/;

/**
 * Compares the subjects of a statement with the package version `id` and the
 * digest that evidence is held against (`chooseDigest`): the lockfile's, which
 * the user's install will enforce, wherever it has one. Null stands for none,
 * and then only the name is compared.
 *
 * The statement's signature must be verified already; this looks at none.
 *
 * Checks C22 to C24. Source: npm provenance, `pkg:npm/` subjects.
 */
export function matchSubject(
  subjects: readonly StatementSubject[],
  id: PackageId,
  compared: ComparedDigest | null,
): readonly Check[] {
  const [subject, ...others] = subjects;
  const count =
    subjects.length === 1 ? '1 subject' : `${subjects.length} subjects`;
  if (subject === undefined || others.length > 0) {
    // With two subjects, one could carry our name and the other our digest.
    return [
      failed('subject-count', {
        kind: 'mismatch',
        code: 'subject-count',
        message: 'the statement is not about one package',
        expected: '1 subject',
        found: count,
      }),
    ];
  }
  return [
    passed('subject-count', { found: count }),
    matchName(subject, toPurl(id)),
    matchDigest(subject, compared),
  ];
}

function matchName({ name }: StatementSubject, purl: string): Check {
  const sides = { expected: purl, found: name };
  return name === purl
    ? passed('subject-name', sides)
    : failed('subject-name', {
        kind: 'mismatch',
        code: 'subject-name',
        message: 'the statement is about another package',
        ...sides,
      });
}

/**
 * A subject may carry other digests too. Only SHA-512 counts: it is the one
 * npm lockfiles pin, and accepting any match would let SHA-1 decide.
 */
function matchDigest(
  { digest }: StatementSubject,
  compared: ComparedDigest | null,
): Check {
  const sha512 = compared?.sha512 ?? null;
  const found = digest.get('sha512') ?? '';
  const isDigest = SHA512_HEX.test(found);
  const sides = {
    expected: sha512 === null ? 'a SHA-512' : sriOfSha512(sha512),
    found: isDigest ? sriOfSha512(found) : `sha512 ${JSON.stringify(found)}`,
  };
  if (!isDigest || (sha512 !== null && found !== sha512)) {
    return failed('subject-digest', {
      kind: 'mismatch',
      code: 'subject-digest',
      message: wordOther(compared),
      ...sides,
    });
  }
  return sha512 === null
    ? notMade('subject-digest', 'the lockfile pins no SHA-512 to compare with')
    : passed('subject-digest', sides);
}

function wordOther(compared: ComparedDigest | null): string {
  return compared === null || compared.binding === 'lockfile'
    ? 'the signed digest is not the one this lockfile would install'
    : `the signed digest is not the one ${WHOSE[compared.binding]}`;
}
