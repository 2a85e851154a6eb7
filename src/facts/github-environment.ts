import type { JsonObject } from '../json/strict-json.js';
import { textAt, type Claim, type ClaimedProperty } from './claims.js';

/** What GitHub tells each run in variables, as a predicate copies it. */
export interface GithubEnvironment {
  /** `acme/widget` */
  readonly name: string;
  /** `https://github.com/acme/widget` */
  readonly repository: string;
  /** `<run>-<attempt>` */
  readonly invocation: string;
  readonly runUrl: string;
  readonly claims: readonly Claim[];
}

/**
 * Reads the variables that every client copied, and those that it may have.
 * `server` is where the certificate's issuer keeps repositories. Throws
 * `PredicateError`. Source: GitHub Actions, default environment variables.
 */
export function readGithubEnvironment(
  environment: JsonObject,
  server: string,
): GithubEnvironment {
  const name = textAt(environment, 'GITHUB_REPOSITORY');
  const repository = `${server}${name}`;
  const run = textAt(environment, 'GITHUB_RUN_ID');
  const attempt = textAt(environment, 'GITHUB_RUN_ATTEMPT');
  const runUrl = `${repository}/actions/runs/${run}/attempts/${attempt}`;
  const caller = environment['GITHUB_WORKFLOW_REF'];
  return {
    name,
    repository,
    invocation: `${run}-${attempt}`,
    runUrl,
    claims: [
      { property: 'sourceRepository', value: repository },
      { property: 'sourceRef', value: textAt(environment, 'GITHUB_REF') },
      { property: 'sourceRevision', value: textAt(environment, 'GITHUB_SHA') },
      { property: 'event', value: textAt(environment, 'GITHUB_EVENT_NAME') },
      { property: 'runUrl', value: runUrl },
      ...(caller === undefined
        ? []
        : splitCaller(textAt(environment, 'GITHUB_WORKFLOW_REF'), name)),
      ...optional(environment, {
        GITHUB_REPOSITORY_ID: 'sourceRepositoryId',
        GITHUB_REPOSITORY_OWNER_ID: 'sourceOwnerId',
        GITHUB_WORKFLOW_SHA: 'workflowRevision',
      }),
    ],
  };
}

/**
 * Takes `acme/widget/.github/workflows/release.yml@refs/heads/main` apart, in
 * the repository `name`; everything else is a workflow's path as a whole.
 */
export function splitCaller(value: string, name: string): readonly Claim[] {
  const at = value.indexOf('@refs/');
  if (at <= 0 || !value.startsWith(`${name}/`)) {
    return [{ property: 'workflow', value }];
  }
  return [
    { property: 'workflow', value: value.slice(name.length + 1, at) },
    { property: 'workflowRef', value: value.slice(at + 1) },
  ];
}

/** Claims that not every client wrote; one that is there must be a text. */
export function optional(
  object: JsonObject,
  properties: Readonly<Record<string, ClaimedProperty>>,
): readonly Claim[] {
  return Object.entries(properties).flatMap(([key, property]) =>
    object[key] === undefined ? [] : [{ property, value: textAt(object, key) }],
  );
}
