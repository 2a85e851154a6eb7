import { withLabel } from '../../../fixtures/mutations.js';
import {
  withPrototypePredicate,
  withSplitSubject,
  withStatementType,
  withSubjectDigest,
  withSubjectName,
  withSubjects,
  withTwoSubjectKeys,
} from '../../../fixtures/statement-mutations.js';
import {
  attestPackage,
  githubProvenanceV02,
  PROVENANCE_V1,
  subjectOf,
} from '../../../fixtures/statements.js';
import { sriOfSha512 } from '../../../src/package/integrity.js';
import {
  attest,
  document,
  github,
  honest,
  ID,
  OTHER_SHA512,
  row,
  SHA512,
  sigstore,
  type HostileRow,
} from '../hostile-scene.js';

const OTHER_PACKAGE = { name: 'gadget', version: '1.0.0' };
const OTHER_SUBJECT = subjectOf(OTHER_PACKAGE, OTHER_SHA512);

/** Well signed, but the statement is about something else, or is none. */
export const STATEMENT_ROWS: readonly HostileRow[] = [
  row('H035 subject purl is another package', 'mismatch', 'subject-name', () =>
    attest({
      statement: withSubjectName(honest, 'pkg:npm/%40acme/gadget@1.2.3'),
    }),
  ),
  row(
    'H036 subject digest is another tarball',
    'mismatch',
    'subject-digest',
    () =>
      attest({
        statement: withSubjectDigest(honest, { sha512: OTHER_SHA512 }),
      }),
  ),
  {
    ...row(
      'H037 lockfile integrity differs from the self-consistent registry',
      'mismatch',
      'subject-digest',
      () => document,
    ),
    pinned: { ...ID, integrity: sriOfSha512(OTHER_SHA512) },
  },
  row('H039 sha512 digest empty string', 'mismatch', 'subject-digest', () =>
    attest({ statement: withSubjectDigest(honest, { sha512: '' }) }),
  ),
  row('H040 no subjects', 'mismatch', 'subject-count', () =>
    attest({ statement: withSubjects(honest, []) }),
  ),
  row(
    'H041 two subjects, the second is ours',
    'mismatch',
    'subject-count',
    () =>
      attest({
        statement: withSubjects(honest, [OTHER_SUBJECT, ...honest.subject]),
      }),
  ),
  row(
    'H043 name and digest match, but in different subjects',
    'mismatch',
    'subject-count',
    () => attest({ statement: withSplitSubject(honest, OTHER_SUBJECT) }),
  ),
  row(
    'H044 subject name carries purl qualifiers',
    'mismatch',
    'subject-name',
    () =>
      attest({
        statement: withSubjectName(
          honest,
          'pkg:npm/%40acme/widget@1.2.3?repository_url=evil.example',
        ),
      }),
  ),
  row('H045 scoped name double-encoded', 'mismatch', 'subject-name', () =>
    attest({
      statement: withSubjectName(honest, 'pkg:npm/%2540acme/widget@1.2.3'),
    }),
  ),
  row('H047 payloadType is not in-toto', 'invalid', 'payload-type', () =>
    attest({ signing: { payloadType: 'application/json' } }),
  ),
  row(
    'H048 payload is signed but is not JSON',
    'invalid',
    'statement-malformed',
    () => attest({ statement: Buffer.from('no JSON') }),
  ),
  row('H049 payload is the JSON null', 'invalid', 'statement-malformed', () =>
    attest({ statement: Buffer.from('null') }),
  ),
  row(
    'H051 payload has a duplicate "subject" key, the last one ours',
    'invalid',
    'duplicate-key',
    () => attest({ statement: withTwoSubjectKeys(honest, [OTHER_SUBJECT]) }),
  ),
  row('H052 statement _type unknown', 'invalid', 'statement-type', () =>
    attest({
      statement: withStatementType(honest, 'https://example.com/Statement'),
    }),
  ),
  row(
    'H053 wrapper says provenance v1, statement says v0.2',
    'invalid',
    'predicate-type',
    () =>
      attest({ statement: githubProvenanceV02(ID, SHA512, github, 'gha/v2') }),
  ),
  row(
    'H053 wrapper says provenance v1 of a sound v0.2 document',
    'invalid',
    'predicate-type',
    () => withLabel(attest({ provenance: 'gha/v2' }), PROVENANCE_V1),
  ),
  row(
    'H057 __proto__ keys in the signed statement',
    'invalid',
    'statement-malformed',
    () => attest({ statement: withPrototypePredicate(honest) }),
  ),
  row(
    'H096 attestations of another version replayed',
    'mismatch',
    'subject-digest',
    () => attestPackage(sigstore, { ...ID, version: '1.2.4' }, OTHER_SHA512),
  ),
  row(
    'H097 attestations of another package replayed',
    'mismatch',
    'subject-digest',
    () => attestPackage(sigstore, OTHER_PACKAGE, OTHER_SHA512),
  ),
];
