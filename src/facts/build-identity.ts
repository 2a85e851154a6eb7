import type { SigningCertificate } from '../verification/signing-certificate.js';
import type { Rejection, RejectionCode } from '../verification/verification.js';
import { findContradictions } from './identity-contradictions.js';
import {
  PLATFORMS,
  SERVERS,
  unescapeTemplate,
  type Platform,
} from './platforms.js';

/** A rejection that is not yet tied to an attestation. */
export type Contradiction = Omit<Rejection, 'attestation'>;

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

function rejectedBy(
  code: RejectionCode,
  message: string,
  sides: { readonly expected: string | null; readonly found: string | null },
): IdentityResult {
  return {
    identity: null,
    contradictions: [{ kind: 'mismatch', code, message, ...sides }],
  };
}
