/** What a check looks at; the order is the order in which they are made. */
export type CheckGroup =
  'lockfile' | 'registry' | 'bundle' | 'statement' | 'provenance' | 'publish';

/** A check as people know it. */
export interface CheckDescription {
  /** Where SECURITY.md, or the threat model in docs, has it. */
  readonly number: string;
  readonly group: CheckGroup;
  readonly title: string;
  /** What holds where the check passes, in a few words. */
  readonly expects: string;
}

function check(
  number: string,
  group: CheckGroup,
  title: string,
  expects: string,
): CheckDescription {
  return { number, group, title, expects };
}

/**
 * Every check that is made for one package version, in the order in which they
 * are shown. Ids are stable API; a test holds them against docs/checks.md.
 */
export const CHECKS = {
  'entry-kind': check(
    'C1',
    'lockfile',
    'kind of entry',
    'a tarball of a registry',
  ),
  'real-name': check(
    'C2',
    'lockfile',
    'real name',
    'the package behind every alias',
  ),
  'name-and-version': check(
    'C3',
    'lockfile',
    'name and version',
    'a name of npm’s grammar and an exact version',
  ),
  'tarball-url': check(
    'C4',
    'lockfile',
    'tarball URL',
    'the tarball of this very version',
  ),
  integrity: check('C5', 'lockfile', 'strength of the pin', 'one SHA-512'),
  digest: check(
    'C5',
    'lockfile',
    'digest compared',
    'a SHA-512, and whose it is',
  ),
  'one-pin': check(
    'C6',
    'lockfile',
    'one version, one pin',
    'the same bytes wherever the lockfile pins this version',
  ),
  'registry-asked': check(
    'C7',
    'registry',
    'registry asked',
    'the configured registry, at a URL built here',
  ),
  answer: check('C8', 'registry', 'answer', 'a complete answer'),
  document: check(
    'C9',
    'registry',
    'attestation document',
    'up to 32 attestations, strictly read',
  ),
  clock: check(
    'C15',
    'registry',
    'local clock',
    'not before this program was built, within a day of the registries’',
  ),
  'provenance-served': check(
    'C8',
    'registry',
    'announced provenance',
    'served, where the metadata names one',
  ),
  'registry-integrity': check(
    'C39',
    'registry',
    'the registry’s digest',
    'the digest compared',
  ),
  'registry-signature': check(
    'C39',
    'registry',
    'registry signature',
    'over the digest compared, by a key of the trust root',
  ),
  'unsigned-metadata': check(
    'C40',
    'registry',
    'unsigned metadata',
    'deprecation, unpublishing and dates decide nothing',
  ),
  'media-type': check(
    'C10',
    'bundle',
    'media type',
    'one of the four known bundle types',
  ),
  'bundle-content': check(
    'C11',
    'bundle',
    'content',
    'one envelope with one signature by one certificate or key',
  ),
  'payload-type': check(
    'C12',
    'bundle',
    'payload type',
    'application/vnd.in-toto+json',
  ),
  'log-entry-form': check(
    'C13',
    'bundle',
    'log entry form',
    'one to four entries of kinds that record an envelope',
  ),
  'canonical-form': check(
    'C11',
    'bundle',
    'canonical form',
    'base64 and numbers that every decoder reads alike',
  ),
  'key-id': check('C25', 'bundle', 'key id', 'contradicts nothing'),
  timestamp: check(
    'C14',
    'bundle',
    'signed time',
    'at least one, by a known log or timestamp authority',
  ),
  'certificate-chain': check(
    'C14',
    'bundle',
    'certificate',
    'issued by a known authority, in its CT log, valid when signing',
  ),
  'signing-key': check(
    'C35',
    'bundle',
    'signing key',
    'a registry key for attestations, valid when signing',
  ),
  'log-inclusion': check(
    'C14',
    'bundle',
    'transparency log',
    'promise, proof and checkpoint of a known log, over this envelope',
  ),
  signature: check('C14', 'bundle', 'signature', 'over these very bytes'),
  'certificate-extensions': check(
    'C17',
    'bundle',
    'certificate extensions',
    'none twice, every critical one understood',
  ),
  'certificate-usage': check(
    'C17',
    'bundle',
    'use of the certificate',
    'no authority; digital signatures, code signing',
  ),
  'certificate-values': check(
    'C17',
    'bundle',
    'certificate values',
    'identities as strict DER and UTF-8',
  ),
  'log-entry-distinct': check('C13', 'bundle', 'log entries', 'no entry twice'),
  'log-time': check(
    'C15',
    'bundle',
    'log time',
    'after the log’s start, not in the future',
  ),
  'log-proof': check(
    'C13',
    'bundle',
    'inclusion proof',
    'size and root hash of its checkpoint',
  ),
  'log-signer': check(
    'C16',
    'bundle',
    'signer in the log',
    'the certificate or key of the bundle',
  ),
  'statement-form': check(
    'C18',
    'statement',
    'statement',
    'strict JSON in the signed bytes',
  ),
  'statement-type': check(
    'C19',
    'statement',
    'statement type',
    'in-toto Statement v0.1 or v1',
  ),
  'predicate-type': check(
    'C20',
    'statement',
    'predicate type',
    'the one that the registry labels it with',
  ),
  'known-type': check(
    'C21',
    'statement',
    'known type',
    'others are verified and listed, never counted',
  ),
  'subject-count': check('C22', 'statement', 'subjects', 'exactly one'),
  'subject-name': check(
    'C23',
    'statement',
    'subject name',
    'this package version as a purl',
  ),
  'subject-digest': check(
    'C24',
    'statement',
    'subject digest',
    'the digest compared',
  ),
  'signed-by-certificate': check(
    'C25',
    'provenance',
    'kind of signer',
    'a build’s certificate, not a key',
  ),
  issuer: check(
    'C25',
    'provenance',
    'issuer',
    'one known build platform, named once',
  ),
  signer: check(
    'C26',
    'provenance',
    'signing workflow',
    'the certificate’s only name, on the issuer’s platform',
  ),
  'build-type': check(
    'C33',
    'provenance',
    'build type',
    'one that is known for this platform',
  ),
  builder: check(
    'C33',
    'provenance',
    'builder',
    'one that makes this build type',
  ),
  'predicate-form': check(
    'C27',
    'provenance',
    'predicate',
    'of its build type’s form',
  ),
  'source-repository': check(
    'C27',
    'provenance',
    'source repository',
    'the certificate’s',
  ),
  'source-repository-id': check(
    'C32',
    'provenance',
    'repository id',
    'the certificate’s',
  ),
  'source-owner-id': check(
    'C32',
    'provenance',
    'owner id',
    'the certificate’s',
  ),
  'source-revision': check('C30', 'provenance', 'commit', 'the certificate’s'),
  'source-ref': check('C28', 'provenance', 'source ref', 'the certificate’s'),
  workflow: check('C29', 'provenance', 'workflow', 'the certificate’s'),
  'workflow-ref': check(
    'C28',
    'provenance',
    'workflow ref',
    'the certificate’s',
  ),
  'workflow-revision': check(
    'C30',
    'provenance',
    'workflow commit',
    'the certificate’s',
  ),
  event: check('C32', 'provenance', 'triggering event', 'the certificate’s'),
  runner: check('C33', 'provenance', 'runner', 'the certificate’s'),
  run: check('C31', 'provenance', 'run', 'the certificate’s'),
  'provenance-agreement': check(
    'C34',
    'provenance',
    'several provenances',
    'the same repository, commit and builder',
  ),
  'signed-by-key': check(
    'C35',
    'publish',
    'kind of signer',
    'a key of the registry, not a certificate',
  ),
  'publish-name': check('C36', 'publish', 'published name', 'this package'),
  'publish-version': check(
    'C36',
    'publish',
    'published version',
    'this version',
  ),
  'publish-registry': check(
    'C36',
    'publish',
    'publishing registry',
    'the registry that the package belongs to',
  ),
  'subjects-agree': check(
    'C37',
    'publish',
    'one package',
    'publication and provenance are about the same bytes',
  ),
  'publish-present': check(
    'C38',
    'publish',
    'publish attestation',
    'beside every provenance of the public registry',
  ),
} as const satisfies Readonly<Record<string, CheckDescription>>;

/** The name of a check. Stable API. */
export type CheckId = keyof typeof CHECKS;
