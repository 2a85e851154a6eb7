import type { CheckId } from '../verification/check-catalogue.js';
import {
  failed,
  passed,
  type Check,
  type Sides,
} from '../verification/check.js';
import type {
  SigningCertificate,
  SubjectAlternativeName,
} from '../verification/signing-certificate.js';
import type { RejectionCode } from '../verification/verification.js';
import type { BuildIdentity } from './build-identity.js';
import { unescapeTemplate } from './platforms.js';

/** Extensions that say the same, the older with its newer one. */
const TWICE_SAID: readonly {
  readonly check: CheckId;
  readonly code: RejectionCode;
  readonly what: string;
  readonly older: number;
  readonly newer: number;
}[] = [
  {
    check: 'issuer',
    code: 'identity-issuer',
    what: 'issuers',
    older: 1,
    newer: 8,
  },
  {
    check: 'event',
    code: 'identity-event',
    what: 'triggers',
    older: 2,
    newer: 20,
  },
  {
    check: 'source-revision',
    code: 'identity-commit',
    what: 'commits',
    older: 3,
    newer: 13,
  },
  {
    check: 'source-ref',
    code: 'identity-ref',
    what: 'refs',
    older: 6,
    newer: 14,
  },
];

/**
 * Compares a certificate with itself: the signing workflow, and a failed check
 * for each place where it contradicts the identity that was read from it. An
 * honest authority issues none of that kind.
 */
export function checkIdentity(
  identity: BuildIdentity,
  { names, extensions }: SigningCertificate,
): readonly Check[] {
  return [
    checkSigner(names, identity),
    ...findRepositoryContradictions(identity, extensions),
    ...TWICE_SAID.flatMap(({ check, code, what, older, newer }) =>
      differ(check, code, `the certificate names two ${what}`, {
        expected: extensions.get(newer),
        found: extensions.get(older),
      }),
    ),
    ...findWorkflowCommitContradiction(identity),
    ...findForeignUris(identity, extensions),
  ];
}

/** Exactly one name, a URI, on the platform, equal to the signing workflow. */
function checkSigner(
  names: readonly SubjectAlternativeName[],
  { signer, server }: BuildIdentity,
): Check {
  const [name, ...others] = names;
  if (name?.type !== 'uri' || others.length > 0) {
    const found = names.map(({ type }) => type).join(', ');
    return mismatch(
      'signer',
      'identity-san',
      'the certificate is not for one workflow',
      { expected: 'one URI', found: found === '' ? null : found },
    );
  }
  if (!name.value.startsWith(server)) {
    return mismatch(
      'signer',
      'identity-san',
      'the certificate is for a workflow outside its issuer’s platform',
      { expected: server, found: name.value },
    );
  }
  const sides = { expected: signer, found: name.value };
  return toSanForms(signer).includes(unescapeTemplate(name.value))
    ? passed('signer', sides)
    : mismatch(
        'signer',
        'identity-san',
        'the certificate names two signing workflows',
        sides,
      );
}

/**
 * The texts a SAN may hold for `uri`. It is an IA5String and a URI, so issuers
 * write what does not fit as it is, percent-encoded, or lose all but the low
 * byte of a character.
 */
function toSanForms(uri: string): readonly string[] {
  return [uri, encodeURI(uri), Buffer.from(uri, 'latin1').toString('latin1')];
}

/** The repository is one of the platform, and has one name and one owner. */
function findRepositoryContradictions(
  { platform, server, sourceRepository }: BuildIdentity,
  extensions: SigningCertificate['extensions'],
): readonly Check[] {
  const path = sourceRepository.startsWith(server)
    ? sourceRepository.slice(server.length)
    : null;
  const segments = path?.split('/') ?? [];
  const isComplete =
    segments.every((segment) => segment !== '') &&
    (platform === 'github' ? segments.length === 2 : segments.length >= 2);
  const owner = path?.slice(0, path.lastIndexOf('/'));
  return [
    ...(isComplete
      ? []
      : [
          mismatch(
            'source-repository',
            'identity-repository',
            'the certificate’s repository is not one of its issuer’s platform',
            { expected: server, found: sourceRepository },
          ),
        ]),
    ...differ(
      'source-repository',
      'identity-repository',
      'the certificate names two repositories',
      { expected: path, found: extensions.get(5) },
    ),
    ...differ(
      'source-repository',
      'identity-repository',
      'the certificate names another owner than its repository’s',
      {
        expected: owner === undefined ? undefined : `${server}${owner}`,
        found: extensions.get(16),
      },
    ),
  ];
}

/** The workflow is of the same commit, unless it was taken from another ref. */
function findWorkflowCommitContradiction(
  identity: BuildIdentity,
): readonly Check[] {
  const { workflowRef, sourceRef, workflowRevision, sourceRevision } = identity;
  if (workflowRef !== sourceRef || identity.platform !== 'github') return [];
  return differ(
    'workflow-revision',
    'identity-commit',
    'the certificate’s workflow is of another commit than its source',
    { expected: sourceRevision, found: workflowRevision },
  );
}

/** An issuer speaks for its own server: a caller or a run elsewhere is none. */
function findForeignUris(
  { server, runUrl }: BuildIdentity,
  extensions: SigningCertificate['extensions'],
): readonly Check[] {
  const caller = extensions.get(18) ?? server;
  const run = runUrl ?? server;
  return [
    ...(caller.startsWith(server)
      ? []
      : [
          mismatch(
            'workflow',
            'identity-workflow',
            'the certificate’s calling workflow is outside its issuer’s platform',
            { expected: server, found: caller },
          ),
        ]),
    ...(run.startsWith(server)
      ? []
      : [
          mismatch(
            'run',
            'identity-invocation',
            'the certificate’s run is outside its issuer’s platform',
            { expected: server, found: run },
          ),
        ]),
  ];
}

/** What only one side says contradicts nothing. */
function differ(
  check: CheckId,
  code: RejectionCode,
  message: string,
  { expected = null, found = null }: Sides,
): readonly Check[] {
  if (expected === null || found === null || expected === found) return [];
  return [mismatch(check, code, message, { expected, found })];
}

function mismatch(
  check: CheckId,
  code: RejectionCode,
  message: string,
  sides: Sides,
): Check {
  return failed(check, { kind: 'mismatch', code, message, ...sides });
}
