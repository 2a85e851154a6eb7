import { describe, expect, it } from 'vitest';
import {
  githubIdentity,
  gitlabIdentity,
  withOldCertificate,
} from '../../fixtures/identities.js';
import {
  githubProvenanceV02,
  gitlabProvenanceV02,
} from '../../fixtures/provenance.js';
import { deriveProvenance } from '../../src/facts/provenance.js';
import type { JsonValue } from '../../src/json/strict-json.js';
import { ID, SHA512 } from '../verification/samples.js';
import { codesOfChecks, signedBy, verified, withValue } from './verified.js';

const GITHUB = githubIdentity();
const GITLAB = gitlabIdentity();
const LAST = githubProvenanceV02(ID, SHA512, GITHUB, 'gha/v2');
const FIRST = githubProvenanceV02(ID, SHA512, GITHUB, 'gha@v0');
const JOB = gitlabProvenanceV02(ID, SHA512, GITLAB);

function codesOf(
  statement: Parameters<typeof verified>[0],
  identity: Parameters<typeof signedBy>[0],
): readonly string[] {
  const result = deriveProvenance(verified(statement, signedBy(identity)));
  const codes = codesOfChecks(result.checks);
  expect(result.provenance === null).toBe(codes.length > 0);
  return codes;
}

type Row = readonly [
  what: string,
  path: string,
  value: JsonValue | undefined,
  codes: readonly string[],
];

type MalformedRow = readonly [
  defect: string,
  path: string,
  value: JsonValue | undefined,
];

const ENVIRONMENT = 'invocation.environment';
const SOURCE = 'invocation.configSource';
const OTHER_COMMIT = 'b'.repeat(40);
const OTHER_SOURCE = 'git+https://github.com/evil/widget@refs/tags/v1.2.3';
const OTHER_REF = 'git+https://github.com/acme/widget@refs/heads/evil';
const CALLER = 'acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3';

describe('GitHub', () => {
  it.each([
    ['its last clients', LAST, GITHUB],
    ['its first clients, with today’s certificate', FIRST, GITHUB],
    [
      'its first clients, with the certificate of then',
      FIRST,
      withOldCertificate(GITHUB),
    ],
    [
      'the clients between',
      githubProvenanceV02(ID, SHA512, GITHUB, 'gha@v1'),
      GITHUB,
    ],
  ])('agrees: %s', (_what, statement, identity) => {
    expect(codesOf(statement, identity)).toEqual([]);
  });

  it.each<Row>([
    [
      'the build type before the last',
      'buildType',
      'https://github.com/npm/cli/gha/v1',
      [],
    ],
    [
      'a runner that says it is hosted',
      'builder.id',
      'https://github.com/actions/runner/github-hosted',
      [],
    ],
    [
      'no optional repository id',
      `${ENVIRONMENT}.GITHUB_REPOSITORY_ID`,
      undefined,
      [],
    ],
    [
      'no optional owner id',
      `${ENVIRONMENT}.GITHUB_REPOSITORY_OWNER_ID`,
      undefined,
      [],
    ],
    [
      'no optional workflow commit',
      `${ENVIRONMENT}.GITHUB_WORKFLOW_SHA`,
      undefined,
      [],
    ],
    [
      'no optional workflow',
      `${ENVIRONMENT}.GITHUB_WORKFLOW_REF`,
      undefined,
      [],
    ],
    ['the entry point in its long form', `${SOURCE}.entryPoint`, CALLER, []],
    [
      'a material without its ref',
      'materials.0.uri',
      'git+https://github.com/acme/widget',
      [],
    ],
    ['what nobody knows', `${ENVIRONMENT}.RUNNER_OS`, 'Linux', []],
  ])('agrees with %s', (_what, path, value, codes) => {
    expect(codesOf(withValue(LAST, path, value), GITHUB)).toEqual(codes);
  });

  it.each<Row>([
    [
      'another repository',
      `${ENVIRONMENT}.GITHUB_REPOSITORY`,
      'evil/widget',
      ['identity-repository', 'identity-workflow', 'identity-invocation'],
    ],
    ['another source', `${SOURCE}.uri`, OTHER_SOURCE, ['identity-repository']],
    [
      'another material',
      'materials.0.uri',
      OTHER_SOURCE,
      ['identity-repository'],
    ],
    [
      'another ref',
      `${ENVIRONMENT}.GITHUB_REF`,
      'refs/heads/evil',
      ['identity-ref'],
    ],
    ['another ref of the source', `${SOURCE}.uri`, OTHER_REF, ['identity-ref']],
    [
      'another ref of the material',
      'materials.0.uri',
      OTHER_REF,
      ['identity-ref'],
    ],
    [
      'another commit',
      `${ENVIRONMENT}.GITHUB_SHA`,
      OTHER_COMMIT,
      ['identity-commit'],
    ],
    [
      'another commit of the source',
      `${SOURCE}.digest.sha1`,
      OTHER_COMMIT,
      ['identity-commit'],
    ],
    [
      'another commit of the material',
      'materials.0.digest.sha1',
      OTHER_COMMIT,
      ['identity-commit'],
    ],
    [
      'another commit of the workflow',
      `${ENVIRONMENT}.GITHUB_WORKFLOW_SHA`,
      OTHER_COMMIT,
      ['identity-commit'],
    ],
    [
      'another entry point',
      `${SOURCE}.entryPoint`,
      'evil.yml',
      ['identity-workflow'],
    ],
    [
      'another entry point in its long form',
      `${SOURCE}.entryPoint`,
      'acme/widget/evil.yml@refs/tags/v1.2.3',
      ['identity-workflow'],
    ],
    [
      'the entry point at another ref',
      `${SOURCE}.entryPoint`,
      CALLER.replace('tags', 'heads'),
      ['identity-ref'],
    ],
    [
      'the entry point of another repository',
      `${SOURCE}.entryPoint`,
      CALLER.replace('acme', 'evil'),
      ['identity-workflow'],
    ],
    [
      'the entry point of a repository whose name only begins so',
      `${SOURCE}.entryPoint`,
      CALLER.replace('widget', 'widget-evil'),
      ['identity-workflow'],
    ],
    [
      'another workflow',
      `${ENVIRONMENT}.GITHUB_WORKFLOW_REF`,
      'acme/widget/evil.yml@refs/tags/v1.2.3',
      ['identity-workflow'],
    ],
    [
      'another ref of the workflow',
      `${ENVIRONMENT}.GITHUB_WORKFLOW_REF`,
      CALLER.replace('v1.2.3', 'v1'),
      ['identity-ref'],
    ],
    [
      'another event',
      `${ENVIRONMENT}.GITHUB_EVENT_NAME`,
      'schedule',
      ['identity-event'],
    ],
    [
      'another repository id',
      `${ENVIRONMENT}.GITHUB_REPOSITORY_ID`,
      '666',
      ['identity-repository-id'],
    ],
    [
      'another owner id',
      `${ENVIRONMENT}.GITHUB_REPOSITORY_OWNER_ID`,
      '666',
      ['identity-owner-id'],
    ],
    [
      'a self-hosted runner',
      'builder.id',
      'https://github.com/actions/runner/self-hosted',
      ['identity-runner'],
    ],
    [
      'an unknown builder',
      'builder.id',
      'https://github.com/actions/runner/evil',
      ['builder-id'],
    ],
    [
      'the builder of another time',
      'builder.id',
      'https://github.com/npm/cli@9.5.0',
      ['builder-id'],
    ],
    [
      'an unknown build type',
      'buildType',
      'https://github.com/npm/cli/gha/v3',
      ['build-type'],
    ],
    [
      'a build type of another time',
      'buildType',
      'https://github.com/npm/cli/gha@v1',
      ['builder-id'],
    ],
  ])('contradicts its certificate: %s', (_defect, path, value, codes) => {
    expect(codesOf(withValue(LAST, path, value), GITHUB)).toEqual(codes);
  });

  it('contradicts it with another run, said in both places', () => {
    const run = withValue(LAST, `${ENVIRONMENT}.GITHUB_RUN_ID`, '666');
    const both = withValue(run, 'metadata.buildInvocationId', '666-1');
    expect(codesOf(both, GITHUB)).toEqual(['identity-invocation']);
    const attempt = withValue(LAST, `${ENVIRONMENT}.GITHUB_RUN_ATTEMPT`, '2');
    const again = withValue(attempt, 'metadata.buildInvocationId', '100-2');
    expect(codesOf(again, GITHUB)).toEqual(['identity-invocation']);
  });

  it.each<MalformedRow>([
    [
      'another run in buildInvocationId alone',
      'metadata.buildInvocationId',
      '666-1',
    ],
    ['another attempt in it', 'metadata.buildInvocationId', '100-2'],
    ['it without its attempt', 'metadata.buildInvocationId', '100'],
    ['it as a number', 'metadata.buildInvocationId', 100],
    ['no metadata', 'metadata', undefined],
    ['another run alone', `${ENVIRONMENT}.GITHUB_RUN_ID`, '666'],
    ['no run', `${ENVIRONMENT}.GITHUB_RUN_ID`, undefined],
    ['no attempt', `${ENVIRONMENT}.GITHUB_RUN_ATTEMPT`, undefined],
    ['no repository', `${ENVIRONMENT}.GITHUB_REPOSITORY`, undefined],
    ['no ref', `${ENVIRONMENT}.GITHUB_REF`, undefined],
    ['no commit', `${ENVIRONMENT}.GITHUB_SHA`, undefined],
    ['no event', `${ENVIRONMENT}.GITHUB_EVENT_NAME`, ''],
    [
      'an optional id that is a number',
      `${ENVIRONMENT}.GITHUB_REPOSITORY_ID`,
      1001,
    ],
    [
      'an optional id that is null',
      `${ENVIRONMENT}.GITHUB_REPOSITORY_OWNER_ID`,
      null,
    ],
    ['no environment', ENVIRONMENT, undefined],
    ['an environment that is a list', ENVIRONMENT, []],
    ['no source', SOURCE, undefined],
    ['no entry point', `${SOURCE}.entryPoint`, undefined],
    ['a source without a digest', `${SOURCE}.digest`, undefined],
    [
      'a source with another kind of digest',
      `${SOURCE}.digest`,
      { sha256: 'a' },
    ],
    [
      'a source that is no git URI',
      `${SOURCE}.uri`,
      'https://github.com/acme/widget',
    ],
    ['no materials', 'materials', undefined],
    ['an empty list of materials', 'materials', []],
    ['two materials', 'materials', [{}, {}]],
    ['no build type', 'buildType', undefined],
    ['no builder', 'builder', undefined],
    [
      'a builder id in a list',
      'builder.id',
      ['https://github.com/actions/runner'],
    ],
  ])('is malformed: %s', (_defect, path, value) => {
    expect(codesOf(withValue(LAST, path, value), GITHUB)).toEqual([
      'predicate-malformed',
    ]);
  });

  it('of another platform’s certificate is believed in nothing', () => {
    expect(codesOf(LAST, GITLAB)).toEqual(['identity-issuer']);
  });
});

describe('GitHub with an old certificate', () => {
  const old = withOldCertificate(GITHUB);

  it.each<Row>([
    [
      'a workflow that it could not say',
      `${SOURCE}.entryPoint`,
      'other.yml',
      [],
    ],
    [
      'a repository id that it could not say',
      `${ENVIRONMENT}.GITHUB_REPOSITORY_ID`,
      '666',
      [],
    ],
    [
      'another repository',
      `${SOURCE}.uri`,
      OTHER_SOURCE,
      ['identity-repository'],
    ],
    [
      'another commit',
      `${ENVIRONMENT}.GITHUB_SHA`,
      OTHER_COMMIT,
      ['identity-commit'],
    ],
    [
      'another ref',
      `${ENVIRONMENT}.GITHUB_REF`,
      'refs/heads/evil',
      ['identity-ref'],
    ],
    [
      'another event',
      `${ENVIRONMENT}.GITHUB_EVENT_NAME`,
      'schedule',
      ['identity-event'],
    ],
    [
      'a builder that is not npm',
      'builder.id',
      'https://github.com/npm/cli',
      ['builder-id'],
    ],
  ])('%s', (_what, path, value, codes) => {
    expect(codesOf(withValue(FIRST, path, value), old)).toEqual(codes);
  });
});

describe('GitLab', () => {
  const PARAMETERS = 'invocation.parameters';

  it.each<Row>([
    [
      'as npm writes it',
      'builder.id',
      'https://gitlab.com/acme/widget/-/runners/1',
      [],
    ],
    ['no optional commit', `${PARAMETERS}.CI_COMMIT_SHA`, undefined, []],
    ['no optional event', `${PARAMETERS}.CI_PIPELINE_SOURCE`, undefined, []],
    [
      'its project’s address',
      `${PARAMETERS}.CI_PROJECT_URL`,
      'https://gitlab.com/acme/widget',
      [],
    ],
    ['its project’s id', `${PARAMETERS}.CI_PROJECT_ID`, '1001', []],
    [
      'its job’s address',
      `${PARAMETERS}.CI_JOB_URL`,
      'https://gitlab.com/acme/widget/-/jobs/777',
      [],
    ],
    [
      'a source with its ref',
      `${SOURCE}.uri`,
      'git+https://gitlab.com/acme/widget@refs/tags/v1.2.3',
      [],
    ],
  ])('agrees: %s', (_what, path, value, codes) => {
    expect(codesOf(withValue(JOB, path, value), GITLAB)).toEqual(codes);
  });

  it.each<Row>([
    [
      'another commit',
      `${PARAMETERS}.CI_COMMIT_SHA`,
      OTHER_COMMIT,
      ['identity-commit'],
    ],
    [
      'another event',
      `${PARAMETERS}.CI_PIPELINE_SOURCE`,
      'schedule',
      ['identity-event'],
    ],
    [
      'another project’s address',
      `${PARAMETERS}.CI_PROJECT_URL`,
      'https://gitlab.com/evil/widget',
      ['identity-repository'],
    ],
    [
      'another project’s id',
      `${PARAMETERS}.CI_PROJECT_ID`,
      '666',
      ['identity-repository-id'],
    ],
    [
      'another job’s address',
      `${PARAMETERS}.CI_JOB_URL`,
      'https://gitlab.com/acme/widget/-/jobs/1',
      ['identity-invocation'],
    ],
    ['another job', `${ENVIRONMENT}.job.id`, '666', ['identity-invocation']],
    [
      'another invocation',
      'metadata.buildInvocationId',
      'https://gitlab.com/acme/widget/-/jobs/1',
      ['identity-invocation'],
    ],
    [
      'another source',
      `${SOURCE}.uri`,
      'git+https://gitlab.com/evil/widget',
      ['identity-repository'],
    ],
    [
      'another material',
      'materials.0.uri',
      'git+https://gitlab.com/evil/widget',
      ['identity-repository'],
    ],
    [
      'another commit of the source',
      `${SOURCE}.digest.sha1`,
      OTHER_COMMIT,
      ['identity-commit'],
    ],
    [
      'another commit of the material',
      'materials.0.digest.sha1',
      OTHER_COMMIT,
      ['identity-commit'],
    ],
    [
      'another ref of the source',
      `${SOURCE}.uri`,
      'git+https://gitlab.com/acme/widget@refs/heads/evil',
      ['identity-ref'],
    ],
    [
      'another project, whose runner it is not',
      `${ENVIRONMENT}.project`,
      'evil/widget',
      ['builder-id'],
    ],
    [
      'a runner of another project',
      'builder.id',
      'https://gitlab.com/evil/widget/-/runners/1',
      ['builder-id'],
    ],
    [
      'a runner of another host',
      'builder.id',
      'https://gitlab.example/acme/widget/-/runners/1',
      ['builder-id'],
    ],
    [
      'a runner whose number goes on as text',
      'builder.id',
      'https://gitlab.com/acme/widget/-/runners/1/x',
      ['builder-id'],
    ],
    [
      'a runner whose number begins as text',
      'builder.id',
      'https://gitlab.com/acme/widget/-/runners/x1',
      ['builder-id'],
    ],
    [
      'no runner',
      'builder.id',
      'https://gitlab.com/acme/widget',
      ['builder-id'],
    ],
    [
      'a later build type',
      'buildType',
      'https://github.com/npm/cli/gitlab/v1',
      ['build-type'],
    ],
    [
      'an optional value that is a number',
      `${PARAMETERS}.CI_PROJECT_ID`,
      1001,
      ['predicate-malformed'],
    ],
    ['no parameters', PARAMETERS, undefined, ['predicate-malformed']],
    [
      'no project',
      `${ENVIRONMENT}.project`,
      undefined,
      ['predicate-malformed'],
    ],
    ['no job', `${ENVIRONMENT}.job`, undefined, ['predicate-malformed']],
    [
      'a job that is a text',
      `${ENVIRONMENT}.job`,
      '777',
      ['predicate-malformed'],
    ],
    [
      'no invocation',
      'metadata.buildInvocationId',
      undefined,
      ['predicate-malformed'],
    ],
    ['two materials', 'materials', [{}, {}], ['predicate-malformed']],
  ])('does not: %s', (_defect, path, value, codes) => {
    expect(codesOf(withValue(JOB, path, value), GITLAB)).toEqual(codes);
  });

  it('contradicts its certificate with another project throughout', () => {
    const other = gitlabProvenanceV02(
      ID,
      SHA512,
      gitlabIdentity({ project: 'evil/widget' }),
    );
    expect([...new Set(codesOf(other, GITLAB))]).toEqual([
      'identity-repository',
      'identity-invocation',
    ]);
  });

  it('of another platform’s certificate is believed in nothing', () => {
    expect(codesOf(JOB, GITHUB)).toEqual(['identity-issuer']);
  });
});
