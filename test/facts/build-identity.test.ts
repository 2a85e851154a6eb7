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
import type { SigningCertificate } from '../../src/verification/signing-certificate.js';
import { certificateOf } from './verified.js';

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
    expect(result.contradictions).toEqual([]);
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
    const { identity, contradictions } = readBuildIdentity(certificate);
    expect(identity).toBeNull();
    expect(contradictions).toMatchObject([{ kind: 'mismatch', code }]);
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
      ['identity-san'],
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
      'several at once: all are named',
      withValues({ 2: 'x', 3: 'x', 6: 'x' }),
      ['identity-event', 'identity-commit', 'identity-ref'],
    ],
  ])('%s', (_defect, certificate, codes) => {
    const { contradictions } = readBuildIdentity(certificate);
    expect([...new Set(contradictions.map(({ code }) => code))]).toEqual(codes);
  });
});
