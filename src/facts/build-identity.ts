import {
  failed,
  passed,
  type Check,
  type Failure,
} from '../verification/check.js';
import type { CheckId } from '../verification/check-catalogue.js';
import type { SigningCertificate } from '../verification/signing-certificate.js';
import { checkIdentity } from './identity-contradictions.js';
import {
  describeIssuers,
  findIssuer,
  PUBLIC_SERVERS,
  unescapeTemplate,
  type Platform,
  type TrustedIssuer,
} from './platforms.js';

/**
 * What a Fulcio certificate says about a build, each value the CA's word.
 * Null where the certificate does not say.
 */
export interface BuildIdentity {
  readonly platform: Platform;
  readonly issuer: string;
  /** What every URI of this issuer begins with. Not the certificate's word. */
  readonly server: string;
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

/** An identity, or none, with what was checked of the certificate alone. */
export interface IdentityResult {
  /** Null only if one of the checks failed. */
  readonly identity: BuildIdentity | null;
  readonly checks: readonly Check[];
}

/**
 * Reads the build identity out of a signing certificate whose chain is
 * verified, and checks that it does not contradict itself: two issuers, a SAN
 * that is not the signing workflow, a repository outside the issuer's platform.
 * A person's certificate is no build identity. `issuers` are those that a
 * policy adds to the public ones.
 *
 * Checks C25 to C27 and C30 on the certificate's side. Source: Fulcio
 * `docs/oid-info.md`.
 */
export function readBuildIdentity(
  certificate: SigningCertificate,
  issuers: readonly TrustedIssuer[] = [],
): IdentityResult {
  const value = (number: number): string | null => {
    const text = certificate.extensions.get(number) ?? null;
    return text === null ? null : unescapeTemplate(text);
  };
  const named = value(8) ?? value(1);
  const issuer = named === null ? null : findIssuer(named, issuers);
  const sides = { expected: describeIssuers(issuers), found: named };
  if (issuer === null) {
    return rejectedBy('issuer', {
      kind: 'mismatch',
      code: 'identity-issuer',
      message: 'signed by no known build platform',
      ...sides,
    });
  }
  const limited = isLimited(certificate);
  const sourceRepository = readRepository(value(12), value(5), limited);
  if (sourceRepository === null) {
    return rejectedBy('source-repository', {
      kind: 'mismatch',
      code: 'identity-missing',
      message: 'the certificate names no source repository',
      expected: 'a source repository URI',
    });
  }
  const { platform, server } = issuer;
  const workflow = splitWorkflow(value(18), sourceRepository, platform);
  const identity: BuildIdentity = {
    platform,
    issuer: issuer.issuer,
    server,
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
    checks: [passed('issuer', sides), ...checkIdentity(identity, certificate)],
  };
}

/** Whether a certificate is from before the full build identity existed. */
export function isLimited({ extensions }: SigningCertificate): boolean {
  return ![...extensions.keys()].some((number) => number >= 9);
}

function readRepository(
  uri: string | null,
  name: string | null,
  limited: boolean,
): string | null {
  if (!limited) return uri;
  // Certificates of that time exist for the public GitHub only.
  return name === null ? null : `${PUBLIC_SERVERS.github}${name}`;
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

function rejectedBy(check: CheckId, failure: Failure): IdentityResult {
  return { identity: null, checks: [failed(check, failure)] };
}
