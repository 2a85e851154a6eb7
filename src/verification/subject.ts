import { sriOfSha512 } from '../package/integrity.js';
import { toPurl, type PackageId } from '../package/package-id.js';
import type { StatementSubject } from './statement.js';
import type { Rejection } from './verification.js';

const SHA512_HEX = /^[0-9a-f]{128}$/;

/**
 * Compares the subjects of a statement with the package version `id` and the
 * SHA-512 (hexadecimal) that the lockfile records for it; null stands for a
 * lockfile without a usable digest, and then only the name is compared.
 *
 * The statement's signature must be verified already; this looks at none. The
 * digest is the lockfile's, never the registry's: it is what the user's install
 * will enforce.
 *
 * Checks C22 to C24. Source: npm provenance, `pkg:npm/` subjects.
 */
export function matchSubject(
  subjects: readonly StatementSubject[],
  id: PackageId,
  sha512: string | null,
): readonly Omit<Rejection, 'attestation'>[] {
  const [subject, ...others] = subjects;
  if (subject === undefined || others.length > 0) {
    // With two subjects, one could carry our name and the other our digest.
    return [
      mismatch('subject-count', 'the statement is not about one package', {
        expected: '1 subject',
        found: `${subjects.length} subjects`,
      }),
    ];
  }
  const purl = toPurl(id);
  const rejections: Omit<Rejection, 'attestation'>[] = [];
  if (subject.name !== purl) {
    rejections.push(
      mismatch('subject-name', 'the statement is about another package', {
        expected: purl,
        found: subject.name,
      }),
    );
  }
  // A subject may carry other digests too. Only SHA-512 counts: it is the one
  // npm lockfiles pin, and accepting any match would let SHA-1 decide.
  const found = subject.digest.get('sha512') ?? '';
  if (!SHA512_HEX.test(found) || (sha512 !== null && found !== sha512)) {
    rejections.push(
      mismatch(
        'subject-digest',
        'the signed digest is not the one this lockfile would install',
        {
          expected: sha512 === null ? 'a SHA-512' : sriOfSha512(sha512),
          found: SHA512_HEX.test(found)
            ? sriOfSha512(found)
            : `sha512 ${JSON.stringify(found)}`,
        },
      ),
    );
  }
  return rejections;
}

function mismatch(
  code: 'subject-count' | 'subject-name' | 'subject-digest',
  message: string,
  details: { readonly expected: string; readonly found: string },
): Omit<Rejection, 'attestation'> {
  return { kind: 'mismatch', code, message, ...details };
}
