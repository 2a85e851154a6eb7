import type { JsonObject } from '../json/strict-json.js';
import { failed, passed, type Check } from '../verification/check.js';
import { unknownBuilder } from './builder.js';
import {
  objectAt,
  onlyObjectAt,
  PredicateError,
  splitSourceUri,
  textAt,
  type Claim,
  type ClaimsResult,
} from './claims.js';
import { optional, readGithubEnvironment } from './github-environment.js';

const GENERATOR = 'https://github.com/slsa-framework/slsa-github-generator';
const WORKFLOWS = `${GENERATOR}/.github/workflows`;
/** The only builder of that repository that makes npm packages. */
const BUILDER = `${WORKFLOWS}/builder_nodejs_slsa3.yml`;
/** Reusable workflows that sign for builders: the certificate is for these. */
const DELEGATORS = [
  `${WORKFLOWS}/delegator_generic_slsa3.yml`,
  `${WORKFLOWS}/delegator_lowperms-generic_slsa3.yml`,
];
/** Its branches and pre-releases are not what anybody reviewed. */
const RELEASE = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$/;
const RELEASE_PREFIX = '@refs/tags/v';
/** Written by every one of its releases that can build npm packages. */
const REQUIRED_VARIABLES = [
  'GITHUB_WORKFLOW_REF',
  'GITHUB_REPOSITORY_ID',
  'GITHUB_REPOSITORY_OWNER_ID',
];

/** Of every build that the SLSA GitHub generator delegates. */
export const GENERATOR_BUILD_TYPE = `${GENERATOR}/delegator-generic@v0`;
/** For people. */
export const KNOWN_GENERATOR_BUILDER = `${BUILDER}${RELEASE_PREFIX}N.N.N`;
/** It builds and signs on GitHub's own machines only, and says so by its name. */
export const GENERATOR_RUNNER: Claim = {
  property: 'runner',
  value: 'github-hosted',
};

/** Whether `builder` is SLSA's builder for npm, at a release. Check C33. */
export function isGeneratorBuilder(builder: string): boolean {
  return isRelease(builder, BUILDER);
}

/**
 * A build of the generator is signed by its delegator, which nobody else can
 * be: without this, any workflow could claim its builder. `signer` must be the
 * certificate's word. Nothing is checked of other build types.
 *
 * Checks C26 and C33. Source: SLSA GitHub generator, bring your own builder.
 */
export function checkDelegator(
  buildType: string,
  signer: string,
): readonly Check[] {
  if (buildType !== GENERATOR_BUILD_TYPE) return [];
  const sides = {
    expected: DELEGATORS.map((each) => `${each}${RELEASE_PREFIX}N.N.N`).join(
      ' or ',
    ),
    found: signer,
  };
  if (DELEGATORS.some((each) => isRelease(signer, each))) {
    return [passed('signer', sides)];
  }
  return [
    failed('signer', {
      kind: 'mismatch',
      code: 'identity-san',
      message: 'the provenance is not signed by a delegator of its builder',
      ...sides,
    }),
  ];
}

/**
 * Reads an SLSA provenance v1 predicate of the generator. Everything is as in
 * `readProvenanceV1`, which has read build type and builder.
 */
export function readGeneratorV1(
  predicate: JsonObject,
  builder: string,
  server: string,
): ClaimsResult {
  if (!isGeneratorBuilder(builder)) {
    return unknownBuilder(GENERATOR_BUILD_TYPE, {
      expected: KNOWN_GENERATOR_BUILDER,
      found: builder,
    });
  }
  const definition = objectAt(predicate, 'buildDefinition');
  const internal = objectAt(definition, 'internalParameters');
  for (const variable of REQUIRED_VARIABLES) textAt(internal, variable);
  const environment = readGithubEnvironment(internal, server);
  const metadata = objectAt(predicate, 'runDetails', 'metadata');
  const run = textAt(metadata, 'invocationId');
  return {
    status: 'ok',
    claims: {
      platform: 'github',
      buildType: GENERATOR_BUILD_TYPE,
      builder,
      claims: [
        ...environment.claims,
        ...readSource(onlyObjectAt(definition, 'resolvedDependencies')),
        GENERATOR_RUNNER,
        ...(run === environment.invocation
          ? []
          : [{ property: 'runUrl', value: run } as const]),
      ],
    },
  };
}

/** Older releases call the commit `sha1`; one that is there must agree. */
function readSource(source: JsonObject): readonly Claim[] {
  const { repository, ref } = splitSourceUri(textAt(source, 'uri'));
  const commits = optional(objectAt(source, 'digest'), {
    gitCommit: 'sourceRevision',
    sha1: 'sourceRevision',
  });
  if (commits.length === 0) {
    throw new PredicateError('expected a commit in the digest of the source');
  }
  return [
    { property: 'sourceRepository', value: repository },
    ...(ref === null ? [] : [{ property: 'sourceRef', value: ref } as const]),
    ...commits,
  ];
}

function isRelease(uri: string, workflow: string): boolean {
  const tag = `${workflow}${RELEASE_PREFIX}`;
  return uri.startsWith(tag) && RELEASE.test(uri.slice(tag.length));
}
