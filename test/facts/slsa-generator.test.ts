import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  githubIdentity,
  gitlabIdentity,
  withExtensions,
  withSan,
} from '../../fixtures/identities.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  delegatedIdentity,
  GENERATOR_BUILD_TYPE,
  GENERATOR_BUILDER,
  generatorProvenanceV02,
  generatorProvenanceV1,
} from '../../fixtures/slsa-generator.js';
import {
  attestPackage,
  githubProvenanceV1,
  githubProvenanceV02,
} from '../../fixtures/statements.js';
import { deriveProvenance } from '../../src/facts/provenance.js';
import {
  checkDelegator,
  isGeneratorBuilder,
} from '../../src/facts/slsa-generator.js';
import type { JsonValue } from '../../src/json/strict-json.js';
import { sriOfSha512 } from '../../src/package/integrity.js';
import { ID, SHA512 } from '../verification/samples.js';
import { judge, toBytes, trustRootOf } from './judge.js';
import { codesOfChecks, signedBy, verified, withValue } from './verified.js';

const DELEGATED = delegatedIdentity();
const V02 = generatorProvenanceV02(ID, SHA512, DELEGATED);
const V1 = generatorProvenanceV1(ID, SHA512, DELEGATED);
const WORKFLOWS =
  'https://github.com/slsa-framework/slsa-github-generator/.github/workflows';
const OTHER_COMMIT = 'b'.repeat(40);

type Statement = Parameters<typeof verified>[0];
type Identity = Parameters<typeof signedBy>[0];

function codesOf(
  statement: Statement,
  identity: Identity = DELEGATED,
): readonly string[] {
  const result = deriveProvenance(verified(statement, signedBy(identity)));
  const codes = codesOfChecks(result.checks);
  expect(result.provenance === null).toBe(codes.length > 0);
  return codes;
}

function signedAs(path: string, ref: string, repository?: string): Identity {
  return delegatedIdentity({
    signer: {
      repository: repository ?? 'slsa-framework/slsa-github-generator',
      path,
      ref,
      commit: 'd'.repeat(40),
    },
  });
}

describe('the builder of SLSA for npm', () => {
  it.each([
    ['a release', GENERATOR_BUILDER, true],
    [
      'another release',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/tags/v2.1.0`,
      true,
    ],
    [
      'a release of large numbers',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/tags/v12.345.67`,
      true,
    ],
    [
      'a version with zeros',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/tags/v0.0.0`,
      true,
    ],
    [
      'a branch',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/heads/main`,
      false,
    ],
    [
      'a branch named like a release',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/heads/v1.10.0`,
      false,
    ],
    [
      'a commit',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@${'a'.repeat(40)}`,
      false,
    ],
    [
      'a tag of a major version',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/tags/v1`,
      false,
    ],
    [
      'a tag without v',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/tags/1.10.0`,
      false,
    ],
    ['a pre-release', `${GENERATOR_BUILDER}-rc.0`, false],
    ['something behind the release', `${GENERATOR_BUILDER}\n`, false],
    [
      'something before the release',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/tags/vx1.10.0`,
      false,
    ],
    [
      'a leading zero in front',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/tags/v01.1.0`,
      false,
    ],
    [
      'a leading zero in the middle',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/tags/v1.01.0`,
      false,
    ],
    [
      'a leading zero at the end',
      `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/tags/v1.1.00`,
      false,
    ],
    [
      'another builder',
      `${WORKFLOWS}/builder_go_slsa3.yml@refs/tags/v1.10.0`,
      false,
    ],
    [
      'a delegator, which is no builder',
      `${WORKFLOWS}/delegator_generic_slsa3.yml@refs/tags/v1.10.0`,
      false,
    ],
    [
      'another repository',
      GENERATOR_BUILDER.replace('slsa-framework', 'evil'),
      false,
    ],
    ['another host', GENERATOR_BUILDER.replace('github', 'gitlab'), false],
    ['something in front', `x${GENERATOR_BUILDER}`, false],
    ['a runner', 'https://github.com/actions/runner', false],
  ])('is one of a release: %s', (_what, builder, isOne) => {
    expect(isGeneratorBuilder(builder)).toBe(isOne);
    const expected = isOne ? [] : ['builder-id'];
    expect(codesOf(withValue(V02, 'builder.id', builder))).toEqual(expected);
    expect(codesOf(withValue(V1, 'runDetails.builder.id', builder))).toEqual(
      expected,
    );
  });

  it('is said, where another is claimed', () => {
    const wrong = withValue(V02, 'builder.id', 'x');
    const { checks } = deriveProvenance(verified(wrong, signedBy(DELEGATED)));
    expect(checks).toContainEqual({
      check: 'builder',
      outcome: 'failed',
      kind: 'mismatch',
      code: 'builder-id',
      message: 'the provenance names an unknown builder',
      attestation: null,
      expected: `${WORKFLOWS}/builder_nodejs_slsa3.yml@refs/tags/vN.N.N`,
      found: 'x',
    });
    const v1 = withValue(V1, 'runDetails.builder.id', 'x');
    const other = deriveProvenance(verified(v1, signedBy(DELEGATED)));
    expect(other.checks).toEqual(checks);
  });
});

describe('the delegator that signs for it', () => {
  it.each<[string, Identity, readonly string[]]>([
    ['with few permissions', DELEGATED, []],
    [
      'with all of them',
      delegatedIdentity({}, 'delegator_generic_slsa3.yml'),
      [],
    ],
    [
      'of another release than the builder',
      signedAs(
        '.github/workflows/delegator_generic_slsa3.yml',
        'refs/tags/v2.0.0',
      ),
      [],
    ],
    [
      'at a branch',
      signedAs(
        '.github/workflows/delegator_generic_slsa3.yml',
        'refs/heads/main',
      ),
      ['identity-san'],
    ],
    [
      'at a pre-release',
      signedAs(
        '.github/workflows/delegator_generic_slsa3.yml',
        'refs/tags/v1.10.0-rc.1',
      ),
      ['identity-san'],
    ],
    [
      'of another repository',
      signedAs(
        '.github/workflows/delegator_generic_slsa3.yml',
        'refs/tags/v1.10.0',
        'evil/slsa-github-generator',
      ),
      ['identity-san'],
    ],
    [
      'in another folder',
      signedAs('delegator_generic_slsa3.yml', 'refs/tags/v1.10.0'),
      ['identity-san'],
    ],
    [
      'that is another workflow of it',
      signedAs(
        '.github/workflows/builder_nodejs_slsa3.yml',
        'refs/tags/v1.10.0',
      ),
      ['identity-san'],
    ],
    [
      'that is the caller itself, who claims the builder',
      githubIdentity(),
      ['identity-san'],
    ],
    [
      'in .9, while the name is the caller’s',
      withSan(DELEGATED, githubIdentity().san),
      ['identity-san'],
    ],
    [
      'in the name, while .9 is the caller',
      withExtensions(DELEGATED, { 9: githubIdentity().extensions[9] ?? null }),
      ['identity-san', 'identity-san'],
    ],
    ['on GitLab', gitlabIdentity(), ['identity-san', 'identity-issuer']],
  ])('%s', (_what, identity, codes) => {
    expect(codesOf(V02, identity)).toEqual(codes);
    expect(codesOf(V1, identity)).toEqual(codes);
  });

  it('is shown with what it had to be', () => {
    const expected =
      `${WORKFLOWS}/delegator_generic_slsa3.yml@refs/tags/vN.N.N or ` +
      `${WORKFLOWS}/delegator_lowperms-generic_slsa3.yml@refs/tags/vN.N.N`;
    const signer = `${WORKFLOWS}/delegator_generic_slsa3.yml@refs/tags/v1.2.3`;
    const sides = { attestation: null, expected };
    expect(checkDelegator(GENERATOR_BUILD_TYPE, signer)).toEqual([
      { check: 'signer', outcome: 'passed', ...sides, found: signer },
    ]);
    expect(checkDelegator(GENERATOR_BUILD_TYPE, 'x')).toEqual([
      {
        check: 'signer',
        outcome: 'failed',
        kind: 'mismatch',
        code: 'identity-san',
        message: 'the provenance is not signed by a delegator of its builder',
        ...sides,
        found: 'x',
      },
    ]);
  });

  it('is needed for no other build type', () => {
    expect(checkDelegator('x', 'x')).toEqual([]);
    expect(codesOf(githubProvenanceV1(ID, SHA512, DELEGATED))).toEqual([]);
    expect(codesOf(githubProvenanceV02(ID, SHA512, DELEGATED))).toEqual([]);
  });
});

type Row = readonly [
  what: string,
  path: string,
  value: JsonValue | undefined,
  codes: readonly string[],
];

const SOURCE = 'git+https://github.com/acme/widget';
const CALLER = 'acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3';

/** Variables, wherever a version of the predicate keeps them. */
const VARIABLES: readonly Row[] = [
  [
    'another repository',
    'GITHUB_REPOSITORY',
    'evil/widget',
    ['identity-repository', 'identity-workflow', 'identity-invocation'],
  ],
  ['another ref', 'GITHUB_REF', 'refs/heads/evil', ['identity-ref']],
  ['another commit', 'GITHUB_SHA', OTHER_COMMIT, ['identity-commit']],
  ['another event', 'GITHUB_EVENT_NAME', 'schedule', ['identity-event']],
  ['another run', 'GITHUB_RUN_ID', '666', ['identity-invocation']],
  ['another attempt', 'GITHUB_RUN_ATTEMPT', '2', ['identity-invocation']],
  [
    'another repository id',
    'GITHUB_REPOSITORY_ID',
    '666',
    ['identity-repository-id'],
  ],
  [
    'another owner id',
    'GITHUB_REPOSITORY_OWNER_ID',
    '666',
    ['identity-owner-id'],
  ],
  [
    'another workflow',
    'GITHUB_WORKFLOW_REF',
    CALLER.replace('release', 'evil'),
    ['identity-workflow'],
  ],
  [
    'another ref of the workflow',
    'GITHUB_WORKFLOW_REF',
    CALLER.replace('v1.2.3', 'v1'),
    ['identity-ref'],
  ],
  [
    'another commit of the workflow',
    'GITHUB_WORKFLOW_SHA',
    OTHER_COMMIT,
    ['identity-commit'],
  ],
  ['no repository', 'GITHUB_REPOSITORY', undefined, ['predicate-malformed']],
  ['no ref', 'GITHUB_REF', undefined, ['predicate-malformed']],
  ['no commit', 'GITHUB_SHA', undefined, ['predicate-malformed']],
  ['no event', 'GITHUB_EVENT_NAME', undefined, ['predicate-malformed']],
  ['no run', 'GITHUB_RUN_ID', undefined, ['predicate-malformed']],
  ['no attempt', 'GITHUB_RUN_ATTEMPT', undefined, ['predicate-malformed']],
  [
    'a workflow that is a list',
    'GITHUB_WORKFLOW_REF',
    [],
    ['predicate-malformed'],
  ],
  ['no commit of the workflow', 'GITHUB_WORKFLOW_SHA', undefined, []],
  ['what nobody reads', 'RUNNER_OS', 'Linux', []],
];

describe('SLSA v0.2 of the generator', () => {
  it.each<Row>([
    ...VARIABLES.map(([what, name, value, codes]): Row => [
      what,
      `invocation.environment.${name}`,
      value,
      codes,
    ]),
    [
      'another source',
      'invocation.configSource.uri',
      'git+https://github.com/evil/widget@refs/tags/v1.2.3',
      ['identity-repository'],
    ],
    [
      'another ref of the source',
      'invocation.configSource.uri',
      `${SOURCE}@refs/heads/evil`,
      ['identity-ref'],
    ],
    [
      'another commit of the source',
      'invocation.configSource.digest.sha1',
      OTHER_COMMIT,
      ['identity-commit'],
    ],
    [
      'another entry point',
      'invocation.configSource.entryPoint',
      'evil.yml',
      ['identity-workflow'],
    ],
    [
      'another material',
      'materials.0.uri',
      'git+https://github.com/evil/widget',
      ['identity-repository'],
    ],
    [
      'a commit that the builder checked out by itself',
      'materials.0',
      { uri: SOURCE, digest: { sha1: OTHER_COMMIT } },
      ['identity-commit'],
    ],
    ['the same commit, checked out by itself', 'materials.0.uri', SOURCE, []],
    ['two materials', 'materials', [{}, {}], ['predicate-malformed']],
    [
      'another invocation',
      'metadata.buildInvocationId',
      'https://github.com/acme/widget/actions/runs/1/attempts/1',
      ['identity-invocation'],
    ],
    ['the run in npm’s form', 'metadata.buildInvocationId', '100-1', []],
    [
      'another run in npm’s form',
      'metadata.buildInvocationId',
      '100-2',
      ['identity-invocation'],
    ],
    [
      'no invocation',
      'metadata.buildInvocationId',
      undefined,
      ['predicate-malformed'],
    ],
    [
      'no optional repository id',
      'invocation.environment.GITHUB_REPOSITORY_ID',
      undefined,
      [],
    ],
    [
      'a later version of the delegator',
      'buildType',
      GENERATOR_BUILD_TYPE.replace('v0', 'v1'),
      ['build-type'],
    ],
  ])('with %s', (_what, path, value, codes) => {
    expect(codesOf(withValue(V02, path, value))).toEqual(codes);
  });
});

describe('SLSA v1 of the generator', () => {
  const SOURCES = 'buildDefinition.resolvedDependencies';
  const INTERNAL = 'buildDefinition.internalParameters';

  it.each<Row>([
    ...VARIABLES.map(([what, name, value, codes]): Row => [
      what,
      `${INTERNAL}.${name}`,
      value,
      codes,
    ]),
    [
      'no workflow',
      `${INTERNAL}.GITHUB_WORKFLOW_REF`,
      undefined,
      ['predicate-malformed'],
    ],
    [
      'no repository id',
      `${INTERNAL}.GITHUB_REPOSITORY_ID`,
      undefined,
      ['predicate-malformed'],
    ],
    [
      'no owner id',
      `${INTERNAL}.GITHUB_REPOSITORY_OWNER_ID`,
      undefined,
      ['predicate-malformed'],
    ],
    ['no variables', INTERNAL, undefined, ['predicate-malformed']],
    [
      'another source',
      `${SOURCES}.0.uri`,
      'git+https://github.com/evil/widget@refs/tags/v1.2.3',
      ['identity-repository'],
    ],
    [
      'another ref of the source',
      `${SOURCES}.0.uri`,
      `${SOURCE}@refs/heads/evil`,
      ['identity-ref'],
    ],
    ['a source without a ref', `${SOURCES}.0.uri`, SOURCE, []],
    [
      'another commit of the source',
      `${SOURCES}.0.digest.gitCommit`,
      OTHER_COMMIT,
      ['identity-commit'],
    ],
    [
      'the commit as older releases name it',
      `${SOURCES}.0.digest`,
      { sha1: 'a'.repeat(40) },
      [],
    ],
    [
      'another commit as older releases name it',
      `${SOURCES}.0.digest`,
      { sha1: OTHER_COMMIT },
      ['identity-commit'],
    ],
    [
      'two commits',
      `${SOURCES}.0.digest.sha1`,
      OTHER_COMMIT,
      ['identity-commit'],
    ],
    [
      'no commit of the source',
      `${SOURCES}.0.digest`,
      { sha256: 'a' },
      ['predicate-malformed'],
    ],
    ['no source', SOURCES, [], ['predicate-malformed']],
    ['two sources', SOURCES, [{}, {}], ['predicate-malformed']],
    [
      'another invocation',
      'runDetails.metadata.invocationId',
      'https://github.com/acme/widget/actions/runs/1/attempts/1',
      ['identity-invocation'],
    ],
    ['the run in npm’s form', 'runDetails.metadata.invocationId', '100-1', []],
    [
      'no invocation',
      'runDetails.metadata.invocationId',
      undefined,
      ['predicate-malformed'],
    ],
  ])('with %s', (_what, path, value, codes) => {
    expect(codesOf(withValue(V1, path, value))).toEqual(codes);
  });

  it('says what is missing in its source', () => {
    const silent = withValue(V1, `${SOURCES}.0.digest`, {});
    const { checks } = deriveProvenance(verified(silent, signedBy(DELEGATED)));
    expect(checks.at(-1)).toMatchObject({
      check: 'predicate-form',
      message:
        'the provenance is not of its build type’s form: expected a commit in the digest of the source',
    });
  });
});

describe('a build of the generator', () => {
  it('is on GitHub’s own runners, or contradicts its builder', () => {
    const byHand = delegatedIdentity({ runner: 'self-hosted' });
    const v02 = generatorProvenanceV02(ID, SHA512, byHand);
    const v1 = generatorProvenanceV1(ID, SHA512, byHand);
    expect(codesOf(v02, byHand)).toEqual(['identity-runner']);
    expect(codesOf(v1, byHand)).toEqual(['identity-runner']);
  });

  it.each<
    [string, typeof generatorProvenanceV02 | typeof generatorProvenanceV1]
  >([
    ['v0.2', generatorProvenanceV02],
    ['v1', generatorProvenanceV1],
  ])('is verified as a whole: SLSA %s', async (_version, write) => {
    const sigstore = await createSigstore();
    const sha512 = createHash('sha512').update('bytes').digest('hex');
    const statement = write(ID, sha512, DELEGATED);
    const honest = attestPackage(sigstore, ID, sha512, {
      identity: DELEGATED,
      provenance: statement.predicateType.endsWith('/v1') ? 'v1' : 'gha/v2',
      statement,
    });
    const stranger = attestPackage(sigstore, ID, sha512, {
      identity: githubIdentity(),
      provenance: statement.predicateType.endsWith('/v1') ? 'v1' : 'gha/v2',
      statement,
    });
    const pinned = { ...ID, integrity: sriOfSha512(sha512) };
    const circumstances = {
      trustRoot: trustRootOf(sigstore),
      now: sigstore.now,
    };
    const facts = judge(pinned, toBytes(honest), circumstances);
    expect(facts.rejections).toEqual([]);
    expect(facts).toMatchObject({
      verification: 'verified',
      level: 'provenance',
      provenance: {
        sourceRepository: 'https://github.com/acme/widget',
        workflow: '.github/workflows/release.yml',
        signer: `${WORKFLOWS}/delegator_lowperms-generic_slsa3.yml@refs/tags/v1.10.0`,
        builder: GENERATOR_BUILDER,
        buildType: GENERATOR_BUILD_TYPE,
      },
    });
    expect(
      judge(pinned, toBytes(stranger), circumstances).rejections,
    ).toMatchObject([{ kind: 'mismatch', code: 'identity-san' }]);
  });
});
