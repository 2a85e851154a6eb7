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

/** npm on GitHub Actions from its beta to the end of SLSA v0.2, oldest first. */
const GITHUB_NPM_CLI = [
  'https://github.com/npm/cli/gha@v0',
  'https://github.com/npm/cli/gha@v1',
];
const GITHUB_RUNNER = [
  'https://github.com/npm/cli/gha/v1',
  'https://github.com/npm/cli/gha/v2',
];
const GITLAB = ['https://github.com/npm/cli/gitlab/v0alpha1'];

/**
 * Reads an SLSA provenance v0.2 predicate as npm writes it, or wrote it, on
 * GitHub Actions and GitLab CI/CD. `predicate` is signed, but only the build's
 * word. Throws `PredicateError` where something that npm always wrote is
 * missing.
 *
 * Source: SLSA provenance v0.2; libnpmpublish and its history.
 */
export function readProvenanceV02(predicate: JsonObject): ClaimsResult {
  const buildType = textAt(predicate, 'buildType');
  const builder = textAt(objectAt(predicate, 'builder'), 'id');
  if (GITLAB.includes(buildType)) {
    return readGitlab(predicate, buildType, builder);
  }
  if (GITHUB_RUNNER.includes(buildType)) {
    const runner = readGithubRunner(builder);
    return runner === null
      ? unknownBuilder(builder, 'a GitHub Actions runner')
      : readGithub(predicate, { buildType, builder, runner: [runner] });
  }
  if (GITHUB_NPM_CLI.includes(buildType)) {
    // The npm client called itself the builder then, which says no runner.
    return builder.startsWith('https://github.com/npm/cli@')
      ? readGithub(predicate, { buildType, builder, runner: [] })
      : unknownBuilder(builder, 'https://github.com/npm/cli@VERSION');
  }
  return unknownBuildType(buildType);
}

function readGithub(
  predicate: JsonObject,
  build: {
    readonly buildType: string;
    readonly builder: string;
    readonly runner: readonly Claim[];
  },
): ClaimsResult {
  const environment = objectAt(predicate, 'invocation', 'environment');
  const name = textAt(environment, 'GITHUB_REPOSITORY');
  const repository = `https://github.com/${name}`;
  const run = textAt(environment, 'GITHUB_RUN_ID');
  const attempt = textAt(environment, 'GITHUB_RUN_ATTEMPT');
  const invocation = textAt(
    objectAt(predicate, 'metadata'),
    'buildInvocationId',
  );
  if (invocation !== `${run}-${attempt}`) {
    throw new PredicateError(
      'expected buildInvocationId to be run and attempt',
    );
  }
  return {
    status: 'ok',
    claims: {
      platform: 'github',
      buildType: build.buildType,
      builder: build.builder,
      claims: [
        { property: 'sourceRepository', value: repository },
        ...readSources(predicate),
        { property: 'sourceRef', value: textAt(environment, 'GITHUB_REF') },
        {
          property: 'sourceRevision',
          value: textAt(environment, 'GITHUB_SHA'),
        },
        ...readWorkflow(predicate, environment, name),
        { property: 'event', value: textAt(environment, 'GITHUB_EVENT_NAME') },
        ...optional(environment, {
          GITHUB_REPOSITORY_ID: 'sourceRepositoryId',
          GITHUB_REPOSITORY_OWNER_ID: 'sourceOwnerId',
          GITHUB_WORKFLOW_SHA: 'workflowRevision',
        }),
        ...build.runner,
        {
          property: 'runUrl',
          value: `${repository}/actions/runs/${run}/attempts/${attempt}`,
        },
      ],
    },
  };
}

function readGitlab(
  predicate: JsonObject,
  buildType: string,
  builder: string,
): ClaimsResult {
  const parameters = objectAt(predicate, 'invocation', 'parameters');
  const environment = objectAt(predicate, 'invocation', 'environment');
  const sources = readSources(predicate);
  const repository = `https://gitlab.com/${textAt(environment, 'project')}`;
  const runners = `${repository}/-/runners/`;
  const runner = builder.startsWith(runners) && builder.slice(runners.length);
  if (runner === false || !/^\d+$/.test(runner)) {
    return unknownBuilder(builder, `${runners}ID`);
  }
  if (textAt(environment, 'server') !== 'https://gitlab.com') {
    throw new PredicateError('expected the server to be https://gitlab.com');
  }
  const run = textAt(objectAt(predicate, 'metadata'), 'buildInvocationId');
  const job = textAt(objectAt(environment, 'job'), 'id');
  return {
    status: 'ok',
    claims: {
      platform: 'gitlab',
      buildType,
      builder,
      claims: [
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
          CI_PROJECT_PATH: ['sourceRepository', 'https://gitlab.com/'],
          CI_JOB_ID: ['runUrl', `${repository}/-/jobs/`],
        }),
        { property: 'runUrl', value: run },
        { property: 'runUrl', value: `${repository}/-/jobs/${job}` },
      ],
    },
  };
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

/**
 * The entry point is the workflow's path, or with older clients the whole
 * `acme/widget/.github/workflows/release.yml@refs/heads/main`.
 */
function readWorkflow(
  predicate: JsonObject,
  environment: JsonObject,
  repository: string,
): readonly Claim[] {
  const source = objectAt(predicate, 'invocation', 'configSource');
  const entryPoint = textAt(source, 'entryPoint');
  const values =
    environment['GITHUB_WORKFLOW_REF'] === undefined
      ? [entryPoint]
      : [entryPoint, textAt(environment, 'GITHUB_WORKFLOW_REF')];
  return values.flatMap((value): readonly Claim[] => {
    const at = value.indexOf('@refs/');
    const isWhole = at > 0 && value.startsWith(`${repository}/`);
    if (!isWhole) return [{ property: 'workflow', value }];
    return [
      { property: 'workflow', value: value.slice(repository.length + 1, at) },
      { property: 'workflowRef', value: value.slice(at + 1) },
    ];
  });
}

/** Claims that not every client wrote; one that is there must be a text. */
function optional(
  object: JsonObject,
  properties: Readonly<Record<string, ClaimedProperty>>,
): readonly Claim[] {
  return Object.entries(properties).flatMap(([key, property]) =>
    object[key] === undefined ? [] : [{ property, value: textAt(object, key) }],
  );
}

/** The same for claims that hold only the end of a property, below `base`. */
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
