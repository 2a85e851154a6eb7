import type { JsonObject } from '../json/strict-json.js';
import {
  readGithubRunner,
  unknownBuilder,
  unknownBuildType,
} from './builder.js';
import {
  objectAt,
  onlyObjectAt,
  PredicateError,
  splitSourceUri,
  textAt,
  type Claim,
  type ClaimedProperty,
  type ClaimsResult,
} from './claims.js';
import {
  optional,
  readGithubEnvironment,
  splitCaller,
} from './github-environment.js';
import type { Platform } from './platforms.js';
import {
  GENERATOR_BUILD_TYPE,
  GENERATOR_RUNNER,
  isGeneratorBuilder,
  KNOWN_GENERATOR_BUILDER,
} from './slsa-generator.js';

/** npm on GitHub Actions from its beta to the end of SLSA v0.2, oldest first. */
const GITHUB_NPM_CLI = [
  'https://github.com/npm/cli/gha@v0',
  'https://github.com/npm/cli/gha@v1',
];
const GITHUB_RUNNER = [
  'https://github.com/npm/cli/gha/v1',
  'https://github.com/npm/cli/gha/v2',
];
/** npm on GitLab CI/CD, whose predicates say less than GitHub's. */
export const GITLAB_BUILD_TYPE = 'https://github.com/npm/cli/gitlab/v0alpha1';

/**
 * Reads an SLSA provenance v0.2 predicate as npm writes it, or wrote it, on
 * GitHub Actions and GitLab CI/CD, and as SLSA's own builder for npm writes it.
 * `predicate` is signed, but only the build's word; `servers` is where the
 * issuers of its certificate keep repositories. Throws `PredicateError` where
 * something that was always written is missing.
 *
 * Source: SLSA provenance v0.2; libnpmpublish and its history; SLSA GitHub
 * generator, `verify-token`.
 */
export function readProvenanceV02(
  predicate: JsonObject,
  servers: Readonly<Record<Platform, string>>,
): ClaimsResult {
  const buildType = textAt(predicate, 'buildType');
  const builder = textAt(objectAt(predicate, 'builder'), 'id');
  const build = { buildType, builder, server: servers.github };
  if (buildType === GITLAB_BUILD_TYPE) {
    return readGitlab(predicate, { ...build, server: servers.gitlab });
  }
  if (GITHUB_RUNNER.includes(buildType)) {
    const runner = readGithubRunner(builder);
    return runner === null
      ? unknownBuilder(buildType, {
          expected: 'a GitHub Actions runner',
          found: builder,
        })
      : readGithub(predicate, { ...build, runner: [runner] });
  }
  if (GITHUB_NPM_CLI.includes(buildType)) {
    // The npm client called itself the builder then, which says no runner.
    return builder.startsWith('https://github.com/npm/cli@')
      ? readGithub(predicate, { ...build, runner: [] })
      : unknownBuilder(buildType, {
          expected: 'https://github.com/npm/cli@VERSION',
          found: builder,
        });
  }
  if (buildType === GENERATOR_BUILD_TYPE) {
    return isGeneratorBuilder(builder)
      ? readGithub(predicate, { ...build, runner: [GENERATOR_RUNNER] })
      : unknownBuilder(buildType, {
          expected: KNOWN_GENERATOR_BUILDER,
          found: builder,
        });
  }
  return unknownBuildType(buildType);
}

interface Build {
  readonly buildType: string;
  readonly builder: string;
  readonly server: string;
}

function readGithub(
  predicate: JsonObject,
  build: Build & { readonly runner: readonly Claim[] },
): ClaimsResult {
  const environment = readGithubEnvironment(
    objectAt(predicate, 'invocation', 'environment'),
    build.server,
  );
  const run = textAt(objectAt(predicate, 'metadata'), 'buildInvocationId');
  const isRunAndAttempt = run === environment.invocation;
  // SLSA's builder gives the run's address, npm never did.
  if (!isRunAndAttempt && build.buildType !== GENERATOR_BUILD_TYPE) {
    throw new PredicateError(
      'expected buildInvocationId to be run and attempt',
    );
  }
  return claimed('github', build, [
    ...environment.claims,
    ...readSources(predicate),
    ...readEntryPoint(predicate, environment.name),
    ...build.runner,
    ...(isRunAndAttempt ? [] : [{ property: 'runUrl', value: run } as const]),
  ]);
}

function readGitlab(predicate: JsonObject, build: Build): ClaimsResult {
  const { server, builder } = build;
  const parameters = objectAt(predicate, 'invocation', 'parameters');
  const environment = objectAt(predicate, 'invocation', 'environment');
  const sources = readSources(predicate);
  const repository = `${server}${textAt(environment, 'project')}`;
  const runners = `${repository}/-/runners/`;
  const runner = builder.startsWith(runners) && builder.slice(runners.length);
  if (runner === false || !/^\d+$/.test(runner)) {
    return unknownBuilder(build.buildType, {
      expected: `${runners}ID`,
      found: builder,
    });
  }
  if (`${textAt(environment, 'server')}/` !== server) {
    throw new PredicateError(
      `expected the server to be ${server.slice(0, -1)}`,
    );
  }
  const run = textAt(objectAt(predicate, 'metadata'), 'buildInvocationId');
  const job = textAt(objectAt(environment, 'job'), 'id');
  return claimed('gitlab', build, [
    { property: 'sourceRepository', value: repository },
    ...sources,
    ...optional(parameters, {
      CI_PROJECT_URL: 'sourceRepository',
      CI_PROJECT_ID: 'sourceRepositoryId',
      CI_COMMIT_SHA: 'sourceRevision',
      CI_PIPELINE_SOURCE: 'event',
      CI_JOB_URL: 'runUrl',
    }),
    ...optionalBelow(parameters, {
      CI_PROJECT_PATH: ['sourceRepository', server],
      CI_JOB_ID: ['runUrl', `${repository}/-/jobs/`],
    }),
    { property: 'runUrl', value: run },
    { property: 'runUrl', value: `${repository}/-/jobs/${job}` },
  ]);
}

function claimed(
  platform: Platform,
  { buildType, builder }: Build,
  claims: readonly Claim[],
): ClaimsResult {
  return { status: 'ok', claims: { platform, buildType, builder, claims } };
}

/** The configuration source and the one material: both name the source. */
function readSources(predicate: JsonObject): readonly Claim[] {
  const sources = [
    objectAt(predicate, 'invocation', 'configSource'),
    onlyObjectAt(predicate, 'materials'),
  ];
  return sources.flatMap((source) => {
    const { repository, ref } = splitSourceUri(textAt(source, 'uri'));
    const commit = textAt(objectAt(source, 'digest'), 'sha1');
    const claims: Claim[] = [
      { property: 'sourceRepository', value: repository },
      { property: 'sourceRevision', value: commit },
    ];
    if (ref !== null) claims.push({ property: 'sourceRef', value: ref });
    return claims;
  });
}

/** The workflow's path, or with older clients all of `GITHUB_WORKFLOW_REF`. */
function readEntryPoint(
  predicate: JsonObject,
  repository: string,
): readonly Claim[] {
  const source = objectAt(predicate, 'invocation', 'configSource');
  return splitCaller(textAt(source, 'entryPoint'), repository);
}

/** Like `optional`, of claims that hold only the end of a value, below `base`. */
function optionalBelow(
  object: JsonObject,
  properties: Readonly<Record<string, readonly [ClaimedProperty, string]>>,
): readonly Claim[] {
  return Object.entries(properties).flatMap(([key, [property, base]]) =>
    object[key] === undefined
      ? []
      : [{ property, value: `${base}${textAt(object, key)}` }],
  );
}
