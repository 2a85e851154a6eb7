import type {
  SigningCertificate,
  SubjectAlternativeName,
} from '../verification/signing-certificate.js';
import type { RejectionCode } from '../verification/verification.js';
import type { BuildIdentity, Contradiction } from './build-identity.js';
import { SERVERS, unescapeTemplate } from './platforms.js';

/**
 * Where a certificate contradicts the identity that was read from it. An honest
 * authority issues none of that kind.
 */
export function findContradictions(
  identity: BuildIdentity,
  { names, extensions }: SigningCertificate,
): readonly Contradiction[] {
  const server = SERVERS[identity.platform];
  const repositoryPath = identity.sourceRepository.startsWith(server)
    ? identity.sourceRepository.slice(server.length)
    : null;
  const owner = repositoryPath?.slice(0, repositoryPath.lastIndexOf('/'));
  const pairs: readonly (readonly [RejectionCode, string, number, number])[] = [
    ['identity-issuer', 'issuers', 1, 8],
    ['identity-event', 'triggers', 2, 20],
    ['identity-commit', 'commits', 3, 13],
    ['identity-ref', 'refs', 6, 14],
  ];
  return [
    ...findNameContradictions(names, identity, server),
    ...findRepositoryContradictions(repositoryPath, identity),
    ...pairs.flatMap(([code, what, older, newer]) =>
      differ(
        code,
        `the certificate names two ${what}`,
        extensions.get(newer),
        extensions.get(older),
      ),
    ),
    ...differ(
      'identity-repository',
      'the certificate names two repositories',
      repositoryPath ?? undefined,
      extensions.get(5),
    ),
    ...differ(
      'identity-repository',
      'the certificate names another owner than its repository’s',
      owner === undefined ? undefined : `${server}${owner}`,
      extensions.get(16),
    ),
    ...findWorkflowCommitContradiction(identity),
  ];
}

/** Exactly one name, a URI, on the platform, equal to the signing workflow. */
function findNameContradictions(
  names: readonly SubjectAlternativeName[],
  { signer }: BuildIdentity,
  server: string,
): readonly Contradiction[] {
  const [name, ...others] = names;
  if (name?.type !== 'uri' || others.length > 0) {
    const found = names.map(({ type }) => type).join(', ');
    return contradiction(
      'identity-san',
      'the certificate is not for one workflow',
      { expected: 'one URI', found: found === '' ? null : found },
    );
  }
  if (!name.value.startsWith(server)) {
    return contradiction(
      'identity-san',
      'the certificate is for a workflow outside its issuer’s platform',
      { expected: server, found: name.value },
    );
  }
  if (toSanForms(signer).includes(unescapeTemplate(name.value))) return [];
  return contradiction(
    'identity-san',
    'the certificate names two signing workflows',
    { expected: signer, found: name.value },
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

function findRepositoryContradictions(
  path: string | null,
  { platform, sourceRepository }: BuildIdentity,
): readonly Contradiction[] {
  const segments = path?.split('/') ?? [];
  const isComplete =
    segments.every((segment) => segment !== '') &&
    (platform === 'github' ? segments.length === 2 : segments.length >= 2);
  return isComplete
    ? []
    : contradiction(
        'identity-repository',
        'the certificate’s repository is not one of its issuer’s platform',
        { expected: SERVERS[platform], found: sourceRepository },
      );
}

/** The workflow is of the same commit, unless it was taken from another ref. */
function findWorkflowCommitContradiction(
  identity: BuildIdentity,
): readonly Contradiction[] {
  const { workflowRef, sourceRef, workflowRevision, sourceRevision } = identity;
  if (workflowRef !== sourceRef || identity.platform !== 'github') return [];
  return differ(
    'identity-commit',
    'the certificate’s workflow is of another commit than its source',
    sourceRevision ?? undefined,
    workflowRevision ?? undefined,
  );
}

function differ(
  code: RejectionCode,
  message: string,
  expected: string | undefined,
  found: string | undefined,
): readonly Contradiction[] {
  if (expected === undefined || found === undefined) return [];
  return expected === found
    ? []
    : contradiction(code, message, { expected, found });
}

function contradiction(
  code: RejectionCode,
  message: string,
  sides: { readonly expected: string | null; readonly found: string | null },
): readonly Contradiction[] {
  return [{ kind: 'mismatch', code, message, ...sides }];
}
