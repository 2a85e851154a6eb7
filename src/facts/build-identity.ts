import type {
  SigningCertificate,
  SubjectAlternativeName,
} from '../verification/signing-certificate.js';
import type { Rejection, RejectionCode } from '../verification/verification.js';

/** A rejection that is not yet tied to an attestation. */
export type Contradiction = Omit<Rejection, 'attestation'>;

export type Platform = 'github' | 'gitlab';

/**
 * What a Fulcio certificate says about a build, each value the CA's word.
 * Null where the certificate does not say.
 */
export interface BuildIdentity {
  readonly platform: Platform;
  readonly issuer: string;
  /** The signing workflow: Build Signer URI (.9), equal to the SAN. */
  readonly signer: string;
  readonly runner: 'github-hosted' | 'gitlab-hosted' | 'self-hosted' | null;
  readonly sourceRepository: string;
  readonly sourceRevision: string | null;
  readonly sourceRef: string | null;
  readonly sourceRepositoryId: string | null;
  readonly sourceOwnerId: string | null;
  /** The calling workflow (.18), taken apart: path in the repository and ref. */
  readonly workflow: string | null;
  readonly workflowRef: string | null;
  readonly workflowRevision: string | null;
  readonly event: string | null;
  readonly runUrl: string | null;
  /** From before extensions .8 and up existed (early 2023). */
  readonly limited: boolean;
}

/** An identity, or none, with everything that speaks against believing it. */
export interface IdentityResult {
  readonly identity: BuildIdentity | null;
  /** Not empty if there is no identity. */
  readonly contradictions: readonly Contradiction[];
}

const PLATFORMS: ReadonlyMap<string, Platform> = new Map([
  // Exact: an enterprise's own issuer carries a path and is another issuer.
  ['https://token.actions.githubusercontent.com', 'github'],
  ['https://gitlab.com', 'gitlab'],
]);
const TEMPLATE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&#34;', '"'],
  ['&#39;', "'"],
  ['&#43;', '+'],
]);
const SERVERS: Readonly<Record<Platform, string>> = {
  github: 'https://github.com/',
  gitlab: 'https://gitlab.com/',
};

/**
 * Reads the build identity out of a signing certificate whose chain is
 * verified, with where it contradicts itself: two issuers, a SAN that is not
 * the signing workflow, a repository outside the issuer's platform. A person's
 * certificate is no build identity.
 *
 * Checks C25 to C27 and C30 on the certificate's side. Source: Fulcio
 * `docs/oid-info.md`.
 */
export function readBuildIdentity(
  certificate: SigningCertificate,
): IdentityResult {
  const value = (number: number): string | null => {
    const text = certificate.extensions.get(number) ?? null;
    return text === null ? null : unescapeTemplate(text);
  };
  const issuer = value(8) ?? value(1);
  const platform = issuer === null ? undefined : PLATFORMS.get(issuer);
  if (issuer === null || platform === undefined) {
    return rejectedBy('identity-issuer', 'signed by no known build platform', {
      expected: [...PLATFORMS.keys()].join(' or '),
      found: issuer,
    });
  }
  const limited = ![...certificate.extensions.keys()].some((n) => n >= 9);
  const sourceRepository = readRepository(value(12), value(5), limited);
  if (sourceRepository === null) {
    return rejectedBy(
      'identity-missing',
      'the certificate names no source repository',
      { expected: 'a source repository URI', found: null },
    );
  }
  const workflow = splitWorkflow(value(18), sourceRepository, platform);
  const identity: BuildIdentity = {
    platform,
    issuer,
    signer: value(9) ?? certificate.names[0]?.value ?? '',
    runner: toRunner(value(11)),
    sourceRepository,
    sourceRevision: value(13) ?? value(3),
    sourceRef: value(14) ?? value(6),
    sourceRepositoryId: value(15),
    sourceOwnerId: value(17),
    workflow: workflow?.path ?? null,
    workflowRef: workflow?.ref ?? null,
    workflowRevision: value(19),
    event: value(20) ?? value(2),
    runUrl: value(21),
    limited,
  };
  return {
    identity,
    contradictions: findContradictions(identity, certificate),
  };
}

function readRepository(
  uri: string | null,
  name: string | null,
  limited: boolean,
): string | null {
  if (!limited) return uri;
  // Certificates of that time exist for GitHub only.
  return name === null ? null : `${SERVERS.github}${name}`;
}

function findContradictions(
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

/**
 * Fulcio filled in values of several claims through an HTML template until 2025,
 * which escaped these characters, of which `+` is common in tags. No name or
 * ref holds such an escape by itself. Source: sigstore/fulcio, change 2023.
 */
function unescapeTemplate(value: string): string {
  return value.replace(
    /&(?:amp|lt|gt|#34|#39|#43);/g,
    (escape) => TEMPLATE_ESCAPES.get(escape) ?? escape,
  );
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

/**
 * Takes `https://github.com/acme/widget/.github/workflows/release.yml@refs/…`
 * apart. A workflow file is no folder, so the first `@refs/` ends its path,
 * while a tag may hold further ones. GitLab puts `//` between project and file.
 */
function splitWorkflow(
  uri: string | null,
  repository: string,
  platform: Platform,
): { readonly path: string; readonly ref: string } | null {
  const separator = platform === 'gitlab' ? '//' : '/';
  if (uri?.startsWith(`${repository}${separator}`) !== true) return null;
  const rest = uri.slice(repository.length + separator.length);
  const at = rest.indexOf('@refs/');
  return at <= 0 ? null : { path: rest.slice(0, at), ref: rest.slice(at + 1) };
}

function toRunner(value: string | null): BuildIdentity['runner'] {
  switch (value) {
    case null:
      return null;
    case 'github-hosted':
    case 'gitlab-hosted':
    case 'self-hosted':
      return value;
    default:
      return null;
  }
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

function rejectedBy(
  code: RejectionCode,
  message: string,
  sides: { readonly expected: string | null; readonly found: string | null },
): IdentityResult {
  return {
    identity: null,
    contradictions: contradiction(code, message, sides),
  };
}
