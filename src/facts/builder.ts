import { failed, passed } from '../verification/check.js';
import type { Claim, ClaimsResult } from './claims.js';

const GITHUB_BUILDER = 'https://github.com/actions/runner';

/**
 * What a GitHub builder id claims about the runner: bare as hosted, since it is
 * from before npm told the two apart; null for a builder that is not GitHub's.
 * Check C33. Source: npm provenance, `builder.id`.
 */
export function readGithubRunner(builder: string): Claim | null {
  switch (builder) {
    case GITHUB_BUILDER:
    case `${GITHUB_BUILDER}/github-hosted`:
      return { property: 'runner', value: 'github-hosted' };
    case `${GITHUB_BUILDER}/self-hosted`:
      return { property: 'runner', value: 'self-hosted' };
    default:
      return null;
  }
}

/** A build type that no reader here knows how to understand. */
export function unknownBuildType(buildType: string): ClaimsResult {
  return {
    status: 'rejected',
    checks: [
      failed('build-type', {
        kind: 'mismatch',
        code: 'build-type',
        message: 'the provenance is of an unknown build type',
        expected: 'a build type of GitHub Actions or GitLab CI/CD',
        found: buildType,
      }),
    ],
  };
}

/** A builder that does not make builds of this type, which is a known one. */
export function unknownBuilder(
  buildType: string,
  sides: { readonly expected: string; readonly found: string },
): ClaimsResult {
  return {
    status: 'rejected',
    checks: [
      passed('build-type', { found: buildType }),
      failed('builder', {
        kind: 'mismatch',
        code: 'builder-id',
        message: 'the provenance names an unknown builder',
        ...sides,
      }),
    ],
  };
}
