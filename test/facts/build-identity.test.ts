import { describe, expect, it } from 'vitest';
import {
  githubIdentity,
  gitlabIdentity,
  withExtensions,
  withOldCertificate,
  withSan,
} from '../../fixtures/identities.js';
import {
  readBuildIdentity,
  type BuildIdentity,
} from '../../src/facts/build-identity.js';
import { passed, type Check } from '../../src/verification/check.js';
import type { SigningCertificate } from '../../src/verification/signing-certificate.js';
import { certificateOf, codesOfChecks } from './verified.js';

const GITHUB = githubIdentity();
const GITLAB = gitlabIdentity();
const REPOSITORY = 'https://github.com/acme/widget';
const WORKFLOW = `${REPOSITORY}/.github/workflows/release.yml`;

type Row = readonly [
  what: string,
  certificate: SigningCertificate,
  identity: Partial<BuildIdentity>,
];

/** .9, .18 and the SAN name this URI, as for a workflow that signs itself. */
function atWorkflow(uri: string, san = uri): SigningCertificate {
  const identity = withExtensions(GITHUB, { 9: uri, 18: uri });
  return certificateOf(withSan(identity, { uri: san }));
}

function withValues(
  extensions: Parameters<typeof withExtensions>[1],
): SigningCertificate {
  return certificateOf(withExtensions(GITHUB, extensions));
}

function withGitlabValues(
  extensions: Parameters<typeof withExtensions>[1],
): SigningCertificate {
  return certificateOf(withExtensions(GITLAB, extensions));
}

const HONEST: readonly Row[] = [
  [
    'GitHub, every value',
    certificateOf(GITHUB),
    {
      platform: 'github',
      issuer: 'https://token.actions.githubusercontent.com',
      signer: `${WORKFLOW}@refs/tags/v1.2.3`,
      runner: 'github-hosted',
      sourceRepository: REPOSITORY,
      sourceRevision: 'a'.repeat(40),
      sourceRef: 'refs/tags/v1.2.3',
      sourceRepositoryId: '1001',
      sourceOwnerId: '2001',
      workflow: '.github/workflows/release.yml',
      workflowRef: 'refs/tags/v1.2.3',
      workflowRevision: 'a'.repeat(40),
      event: 'push',
      runUrl: `${REPOSITORY}/actions/runs/100/attempts/1`,
      limited: false,
    },
  ],
  [
    'GitLab, with two slashes before its file',
    certificateOf(GITLAB),
    {
      platform: 'gitlab',
      sourceRepository: 'https://gitlab.com/acme/widget',
      workflow: '.gitlab-ci.yml',
      workflowRef: 'refs/tags/v1.2.3',
      runUrl: 'https://gitlab.com/acme/widget/-/jobs/777',
    },
  ],
  [
    'GitLab, a project in nested groups',
    certificateOf(gitlabIdentity({ project: 'acme/team/sub/widget' })),
    {
      sourceRepository: 'https://gitlab.com/acme/team/sub/widget',
      workflow: '.gitlab-ci.yml',
    },
  ],
  [
    'GitLab, a configuration from another project',
    withGitlabValues({
      18: 'https://gitlab.com/acme/ci//x.yml@refs/heads/main',
    }),
    { workflow: null, workflowRef: null },
  ],
  [
    'a tag with @ in it',
    certificateOf(githubIdentity({ ref: 'refs/tags/@acme/widget@1.2.3' })),
    {
      workflow: '.github/workflows/release.yml',
      workflowRef: 'refs/tags/@acme/widget@1.2.3',
    },
  ],
  [
    'a tag that looks like a ref',
    certificateOf(githubIdentity({ ref: 'refs/tags/x@refs/heads/main' })),
    {
      workflow: '.github/workflows/release.yml',
      workflowRef: 'refs/tags/x@refs/heads/main',
    },
  ],
  [
    'a workflow file with @ in its name',
    certificateOf(githubIdentity({ workflow: '.github/workflows/a@b.yml' })),
    { workflow: '.github/workflows/a@b.yml', workflowRef: 'refs/tags/v1.2.3' },
  ],
  [
    'a reusable workflow, which is not the caller',
    certificateOf(
      githubIdentity({
        signer: {
          repository: 'shared/ci',
          path: 'publish.yml',
          ref: 'refs/tags/v3',
          commit: 'b'.repeat(40),
        },
      }),
    ),
    {
      signer: 'https://github.com/shared/ci/publish.yml@refs/tags/v3',
      workflow: '.github/workflows/release.yml',
    },
  ],
  [
    'a caller at another ref and commit than the source',
    certificateOf(
      githubIdentity({
        caller: {
          repository: 'acme/widget',
          path: 'x.yml',
          ref: 'refs/heads/main',
          commit: 'c'.repeat(40),
        },
      }),
    ),
    {
      workflowRef: 'refs/heads/main',
      workflowRevision: 'c'.repeat(40),
      sourceRevision: 'a'.repeat(40),
    },
  ],
  [
    'a name that is not ASCII, as it is in the SAN',
    atWorkflow(`${REPOSITORY}/.github/workflows/größe.yml@refs/heads/main`),
    { workflow: '.github/workflows/größe.yml' },
  ],
  [
    'a name that is not ASCII, percent-encoded in the SAN',
    atWorkflow(
      `${REPOSITORY}/.github/workflows/größe.yml@refs/heads/main`,
      `${REPOSITORY}/.github/workflows/gr%C3%B6%C3%9Fe.yml@refs/heads/main`,
    ),
    { workflow: '.github/workflows/größe.yml' },
  ],
  [
    'a name that is not ASCII, cut to low bytes in the SAN',
    // U+1F440 is two UTF-16 units, whose low bytes are 0x3D and 0x40.
    atWorkflow(
      `${REPOSITORY}/.github/workflows/\u{1F440}.yml@refs/heads/main`,
      `${REPOSITORY}/.github/workflows/=@.yml@refs/heads/main`,
    ),
    { workflow: '.github/workflows/\u{1F440}.yml' },
  ],
  [
    'one issuer in the older extension alone',
    withValues({ 8: null }),
    { issuer: 'https://token.actions.githubusercontent.com', limited: false },
  ],
  [
    'none of the deprecated extensions',
    withValues({ 1: null, 2: null, 3: null, 4: null, 5: null, 6: null }),
    { event: 'push', sourceRef: 'refs/tags/v1.2.3', limited: false },
  ],
  [
    'a runner of no known kind: not said',
    withValues({ 11: 'github-hosted ' }),
    { runner: null },
  ],
  ['no runner', withValues({ 11: null }), { runner: null }],
  [
    'a self-hosted runner',
    certificateOf(githubIdentity({ runner: 'self-hosted' })),
    { runner: 'self-hosted' },
  ],
  [
    'from before 2023: what it lacks is not said',
    certificateOf(withOldCertificate(GITHUB)),
    {
      sourceRepository: REPOSITORY,
      sourceRevision: 'a'.repeat(40),
      sourceRef: 'refs/tags/v1.2.3',
      event: 'push',
      signer: `${WORKFLOW}@refs/tags/v1.2.3`,
      workflow: null,
      workflowRef: null,
      workflowRevision: null,
      runner: null,
      runUrl: null,
      sourceRepositoryId: null,
      sourceOwnerId: null,
      limited: true,
    },
  ],
  [
    'from before 2023, with the newer issuer',
    certificateOf(
      withExtensions(withOldCertificate(GITHUB), {
        8: 'https://token.actions.githubusercontent.com',
      }),
    ),
    { limited: true },
  ],
  [
    'no build config: no workflow is said',
    withValues({ 18: null }),
    { workflow: null, workflowRef: null },
  ],
  [
    'a build config without a ref',
    withValues({ 18: WORKFLOW }),
    { workflow: null, workflowRef: null },
  ],
  [
    'a build config that is nothing but a ref',
    withValues({ 18: `${REPOSITORY}/@refs/heads/main` }),
    { workflow: null, workflowRef: null },
  ],
  [
    'a build config of a repository whose name only begins so',
    withValues({ 18: `${REPOSITORY}-evil/x.yml@refs/tags/v1.2.3` }),
    { workflow: null, workflowRef: null },
  ],
];

describe('a certificate of a build', () => {
  it.each(HONEST)('%s', (_what, certificate, identity) => {
    const result = readBuildIdentity(certificate);
    expect(codesOfChecks(result.checks)).toEqual([]);
    expect(result.identity).toMatchObject(identity);
  });
});

describe('a certificate that is of no build', () => {
  it.each<[string, SigningCertificate, string]>([
    ['no extension', { names: [], extensions: new Map() }, 'identity-issuer'],
    ['no issuer', withValues({ 1: null, 8: null }), 'identity-issuer'],
    [
      'a login of a person',
      withValues({ 1: null, 8: 'https://github.com/login/oauth' }),
      'identity-issuer',
    ],
    [
      'an enterprise’s own issuer',
      withValues({
        8: 'https://token.actions.githubusercontent.com/acme',
      }),
      'identity-issuer',
    ],
    [
      'an issuer with a slash behind it',
      withValues({ 8: 'https://gitlab.com/' }),
      'identity-issuer',
    ],
    [
      'an issuer in capitals',
      withValues({ 8: 'https://GitLab.com' }),
      'identity-issuer',
    ],
    ['an empty issuer', withValues({ 8: '' }), 'identity-issuer'],
    [
      'an issuer named like a member',
      withValues({ 8: 'constructor' }),
      'identity-issuer',
    ],
    ['no repository', withValues({ 12: null }), 'identity-missing'],
    [
      'from before 2023 without a repository',
      certificateOf(withExtensions(withOldCertificate(GITHUB), { 5: null })),
      'identity-missing',
    ],
  ])('%s', (_defect, certificate, code) => {
    const { identity, checks } = readBuildIdentity(certificate);
    expect(identity).toBeNull();
    expect(checks).toMatchObject([
      { outcome: 'failed', kind: 'mismatch', code },
    ]);
  });
});

describe('a certificate that contradicts itself', () => {
  const honest = certificateOf(GITHUB);
  const [name] = honest.names;
  if (name === undefined) throw new Error('no name');

  it.each<[string, SigningCertificate, readonly string[]]>([
    ['no name', { ...honest, names: [] }, ['identity-san']],
    ['two names', { ...honest, names: [name, name] }, ['identity-san']],
    [
      'a URI and an address',
      { ...honest, names: [name, { type: 'email', value: 'a@b.example' }] },
      ['identity-san'],
    ],
    [
      'an address',
      certificateOf(withSan(GITHUB, { email: 'me@acme.example' })),
      ['identity-san'],
    ],
    [
      'another kind of name',
      { ...honest, names: [{ type: 'other', value: name.value }] },
      ['identity-san'],
    ],
    [
      'a name of another workflow',
      certificateOf(
        withSan(GITHUB, { uri: `${REPOSITORY}/x.yml@refs/heads/main` }),
      ),
      ['identity-san'],
    ],
    [
      'a name that only begins like the platform',
      atWorkflow(
        'https://github.com.evil.example/acme/widget/x.yml@refs/heads/main',
      ),
      ['identity-san', 'identity-workflow'],
    ],
    [
      'a name in another case',
      certificateOf(
        withSan(GITHUB, { uri: name.value.replace('acme', 'ACME') }),
      ),
      ['identity-san'],
    ],
    [
      'an ASCII name, needlessly encoded',
      certificateOf(
        withSan(GITHUB, { uri: name.value.replace('acme', '%61cme') }),
      ),
      ['identity-san'],
    ],
    [
      'a name of other characters than the signing workflow’s',
      atWorkflow(
        `${REPOSITORY}/größe.yml@refs/heads/main`,
        `${REPOSITORY}/gr%C3%B6sse.yml@refs/heads/main`,
      ),
      ['identity-san'],
    ],
    [
      'two issuers',
      withValues({ 1: 'https://gitlab.com' }),
      ['identity-issuer'],
    ],
    ['two events', withValues({ 2: 'workflow_dispatch' }), ['identity-event']],
    ['two commits', withValues({ 3: 'b'.repeat(40) }), ['identity-commit']],
    ['two refs', withValues({ 6: 'refs/heads/main' }), ['identity-ref']],
    [
      'two repositories',
      withValues({ 5: 'acme/gadget' }),
      ['identity-repository'],
    ],
    [
      'two repositories by case',
      withValues({ 5: 'Acme/widget' }),
      ['identity-repository'],
    ],
    [
      'the owner of another repository',
      withValues({ 16: 'https://github.com/evil' }),
      ['identity-repository'],
    ],
    [
      'a GitLab owner that is not the whole group',
      certificateOf(
        withExtensions(gitlabIdentity({ project: 'acme/team/widget' }), {
          16: 'https://gitlab.com/acme',
        }),
      ),
      ['identity-repository'],
    ],
    [
      'a repository of the other platform',
      withValues({ 12: 'https://gitlab.com/acme/widget' }),
      ['identity-repository'],
    ],
    [
      'a repository with a path behind it',
      withValues({ 5: null, 12: `${REPOSITORY}/tree`, 16: null }),
      ['identity-repository'],
    ],
    [
      'an owner without a repository',
      withValues({ 5: null, 12: 'https://github.com/acme', 16: null }),
      ['identity-repository'],
    ],
    [
      'a repository without an owner',
      withValues({ 5: null, 12: 'https://github.com//widget', 16: null }),
      ['identity-repository'],
    ],
    [
      'a slash behind the repository',
      withValues({ 5: null, 12: `${REPOSITORY}/`, 16: null }),
      ['identity-repository'],
    ],
    [
      'an empty repository',
      withValues({ 5: null, 12: '', 16: null }),
      ['identity-repository'],
    ],
    [
      'a GitLab project without a group',
      certificateOf(
        withExtensions(GITLAB, { 12: 'https://gitlab.com/widget', 16: null }),
      ),
      ['identity-repository'],
    ],
    [
      'a GitLab certificate from before it could be',
      certificateOf({
        ...withOldCertificate(GITLAB),
        extensions: { 1: 'https://gitlab.com', 5: 'acme/widget' },
      }),
      ['identity-repository'],
    ],
    [
      'a workflow of another commit at the same ref',
      withValues({ 19: 'b'.repeat(40) }),
      ['identity-commit'],
    ],
    [
      'a calling workflow of another host',
      withValues({ 18: 'https://evil.example/acme/widget/x.yml@refs/heads/a' }),
      ['identity-workflow'],
    ],
    [
      'a run of another host',
      withValues({ 21: 'https://github.com.evil.example/acme/widget/runs/1' }),
      ['identity-invocation'],
    ],
    [
      'several at once: all are named',
      withValues({ 2: 'x', 3: 'x', 6: 'x' }),
      ['identity-event', 'identity-commit', 'identity-ref'],
    ],
  ])('%s', (_defect, certificate, codes) => {
    const { checks } = readBuildIdentity(certificate);
    expect([...new Set(codesOfChecks(checks))]).toEqual(codes);
  });
});

/** What each comparison shows; codes alone would not tell them apart. */
describe('the checks of a certificate', () => {
  it('pass for an honest one, with both sides', () => {
    const signer = `${WORKFLOW}@refs/tags/v1.2.3`;
    expect(readBuildIdentity(certificateOf(GITHUB)).checks).toEqual([
      passed('issuer', {
        expected:
          'https://token.actions.githubusercontent.com or https://gitlab.com',
        found: 'https://token.actions.githubusercontent.com',
      }),
      passed('signer', { expected: signer, found: signer }),
    ]);
  });

  it.each<[string, SigningCertificate, Partial<Check>]>([
    [
      'no name',
      { ...certificateOf(GITHUB), names: [] },
      {
        check: 'signer',
        expected: 'one URI',
        found: null,
        message: 'the certificate is not for one workflow',
      },
    ],
    [
      'two kinds of name',
      {
        ...certificateOf(GITHUB),
        names: [
          { type: 'email', value: 'x' },
          { type: 'other', value: '' },
        ],
      },
      { check: 'signer', found: 'email, other' },
    ],
    [
      'a name elsewhere',
      certificateOf(withSan(GITHUB, { uri: 'https://evil.example/' })),
      {
        check: 'signer',
        expected: 'https://github.com/',
        found: 'https://evil.example/',
        message:
          'the certificate is for a workflow outside its issuer’s platform',
      },
    ],
    [
      'two signing workflows',
      certificateOf(withSan(GITHUB, { uri: 'https://github.com/x' })),
      {
        check: 'signer',
        expected: `${WORKFLOW}@refs/tags/v1.2.3`,
        found: 'https://github.com/x',
        message: 'the certificate names two signing workflows',
      },
    ],
    [
      'two issuers',
      withValues({ 1: 'https://gitlab.com' }),
      {
        check: 'issuer',
        expected: 'https://token.actions.githubusercontent.com',
        found: 'https://gitlab.com',
        message: 'the certificate names two issuers',
      },
    ],
    [
      'two events',
      withValues({ 2: 'schedule' }),
      {
        check: 'event',
        expected: 'push',
        found: 'schedule',
        message: 'the certificate names two triggers',
      },
    ],
    [
      'two commits',
      withValues({ 3: 'b' }),
      {
        check: 'source-revision',
        expected: 'a'.repeat(40),
        found: 'b',
        message: 'the certificate names two commits',
      },
    ],
    [
      'two refs',
      withValues({ 6: 'x' }),
      {
        check: 'source-ref',
        expected: 'refs/tags/v1.2.3',
        found: 'x',
        message: 'the certificate names two refs',
      },
    ],
    [
      'a repository elsewhere',
      withValues({ 5: null, 12: 'https://gitlab.com/acme/widget', 16: null }),
      {
        check: 'source-repository',
        expected: 'https://github.com/',
        found: 'https://gitlab.com/acme/widget',
        message:
          'the certificate’s repository is not one of its issuer’s platform',
      },
    ],
    [
      'two repositories',
      withValues({ 5: 'acme/gadget' }),
      {
        check: 'source-repository',
        expected: 'acme/widget',
        found: 'acme/gadget',
        message: 'the certificate names two repositories',
      },
    ],
    [
      'another owner',
      withValues({ 16: 'https://github.com/evil' }),
      {
        check: 'source-repository',
        expected: 'https://github.com/acme',
        found: 'https://github.com/evil',
        message: 'the certificate names another owner than its repository’s',
      },
    ],
    [
      'a workflow of another commit',
      withValues({ 19: 'b' }),
      {
        check: 'workflow-revision',
        expected: 'a'.repeat(40),
        found: 'b',
        message:
          'the certificate’s workflow is of another commit than its source',
      },
    ],
    [
      'a caller elsewhere',
      withValues({ 18: 'https://gitlab.com/acme/widget//x.yml@refs/heads/a' }),
      {
        check: 'workflow',
        expected: 'https://github.com/',
        found: 'https://gitlab.com/acme/widget//x.yml@refs/heads/a',
        message:
          'the certificate’s calling workflow is outside its issuer’s platform',
      },
    ],
    [
      'a run elsewhere',
      withValues({ 21: 'https://gitlab.com/acme/widget/-/jobs/1' }),
      {
        check: 'run',
        expected: 'https://github.com/',
        found: 'https://gitlab.com/acme/widget/-/jobs/1',
        message: 'the certificate’s run is outside its issuer’s platform',
      },
    ],
    [
      'no known issuer',
      withValues({ 1: null, 8: 'https://evil.example' }),
      {
        check: 'issuer',
        expected:
          'https://token.actions.githubusercontent.com or https://gitlab.com',
        found: 'https://evil.example',
        message: 'signed by no known build platform',
      },
    ],
    [
      'no repository',
      withValues({ 12: null }),
      {
        check: 'source-repository',
        expected: 'a source repository URI',
        found: null,
        message: 'the certificate names no source repository',
      },
    ],
  ])('say of %s what they compared', (_defect, certificate, wanted) => {
    const { checks } = readBuildIdentity(certificate);
    expect(checks.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
      { outcome: 'failed', kind: 'mismatch', ...wanted },
    ]);
  });

  it('do not compare a workflow’s commit on GitLab', () => {
    const certificate = withGitlabValues({ 19: 'b'.repeat(40) });
    expect(codesOfChecks(readBuildIdentity(certificate).checks)).toEqual([]);
  });
});
