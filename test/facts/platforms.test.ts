import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  githubIdentity,
  gitlabIdentity,
  withExtensions,
  withOldCertificate,
  withSan,
} from '../../fixtures/identities.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { gitlabProvenanceV02 } from '../../fixtures/provenance.js';
import { onGitlabAt, writtenAt } from '../../fixtures/self-hosted.js';
import {
  attestPackage,
  githubProvenanceV02,
  githubProvenanceV1,
} from '../../fixtures/statements.js';
import {
  describeIssuers,
  findIssuer,
  isUsableIssuer,
  unescapeTemplate,
  type TrustedIssuer,
} from '../../src/facts/platforms.js';
import { deriveProvenance } from '../../src/facts/provenance.js';
import { sriOfSha512 } from '../../src/package/integrity.js';
import { ID, SHA512 } from '../verification/samples.js';
import { judge, toBytes, trustRootOf } from './judge.js';
import { codesOfChecks, signedBy, verified } from './verified.js';

const GITHUB = 'https://token.actions.githubusercontent.com';
const ACME = 'https://gitlab.acme.example';
const OWN: TrustedIssuer = {
  issuer: ACME,
  platform: 'gitlab',
  server: `${ACME}/`,
};
const ENTERPRISE: TrustedIssuer = {
  issuer: `${GITHUB}/acme`,
  platform: 'github',
  server: 'https://github.com/',
};
const OWN_GITHUB: TrustedIssuer = {
  issuer: 'https://github.acme.example/_services/token',
  platform: 'github',
  server: 'https://github.acme.example/',
};

describe('an issuer', () => {
  it('is a public one without any policy', () => {
    expect(findIssuer(GITHUB, [])).toEqual({
      issuer: GITHUB,
      platform: 'github',
      server: 'https://github.com/',
    });
    expect(findIssuer('https://gitlab.com', [])).toEqual({
      issuer: 'https://gitlab.com',
      platform: 'gitlab',
      server: 'https://gitlab.com/',
    });
    expect(findIssuer(ACME, [])).toBeNull();
    expect(findIssuer(`${ACME}/`, [OWN])).toBeNull();
    expect(findIssuer(ACME, [ENTERPRISE, OWN])).toBe(OWN);
  });

  it('keeps what is known of it, whatever a policy adds', () => {
    const wider = { ...OWN, issuer: 'https://gitlab.com' };
    const other = { ...OWN_GITHUB, issuer: GITHUB };
    expect(findIssuer('https://gitlab.com', [wider])?.server).toBe(
      'https://gitlab.com/',
    );
    expect(findIssuer(GITHUB, [other])?.server).toBe('https://github.com/');
  });

  it('that a policy names twice is none', () => {
    const elsewhere = { ...OWN, server: 'https://code.acme.example/' };
    expect(findIssuer(ACME, [OWN, elsewhere])).toBeNull();
  });

  it('is named among the known ones only if it counts', () => {
    const unusable = { ...OWN, issuer: 'https://x.example', server: 'x' };
    expect(describeIssuers([OWN, unusable])).toBe(
      `${GITHUB} or https://gitlab.com or ${ACME}`,
    );
  });

  it.each<[string, TrustedIssuer, boolean]>([
    ['GitLab on an own host', OWN, true],
    [
      'GitLab below a path',
      { ...OWN, server: 'https://acme.example/gitlab/' },
      true,
    ],
    [
      'GitLab on a port',
      { ...OWN, server: 'https://gitlab.acme.example:8443/' },
      true,
    ],
    ['an enterprise on the public GitHub', ENTERPRISE, true],
    ['an own GitHub', OWN_GITHUB, true],
    [
      'an own GitHub below a path',
      { ...OWN_GITHUB, server: 'https://github.acme.example/x/' },
      false,
    ],
    ['the public GitHub', { ...OWN_GITHUB, issuer: GITHUB }, false],
    ['the public GitLab', { ...OWN, issuer: 'https://gitlab.com' }, false],
    ['an issuer over http', { ...OWN, issuer: 'http://x.example' }, false],
    ['a server over http', { ...OWN, server: 'http://x.example/' }, false],
    ['no URL for a server', { ...OWN, server: '' }, false],
    ['a scheme alone', { ...OWN, server: 'https://' }, false],
    ['a server without a slash', { ...OWN, server: ACME }, false],
    [
      'a path without a slash',
      { ...OWN, server: 'https://acme.example/gitlab' },
      false,
    ],
    ['a server in capitals', { ...OWN, server: 'https://X.example/' }, false],
    ['a query', { ...OWN, server: 'https://x.example/?/' }, false],
    ['a query with a value', { ...OWN, server: 'https://x.example/?a' }, false],
    ['a fragment', { ...OWN, server: 'https://x.example/#a' }, false],
    ['a user', { ...OWN, server: 'https://a@x.example/' }, false],
    ['a password', { ...OWN, server: 'https://:a@x.example/' }, false],
    [
      'a path that climbs',
      { ...OWN, server: 'https://x.example/a/../' },
      false,
    ],
    [
      'a stranger for the public GitLab',
      { ...OWN, server: 'https://gitlab.com/' },
      false,
    ],
    [
      'a stranger for a group of the public GitLab',
      { ...OWN, server: 'https://gitlab.com/acme/' },
      false,
    ],
    [
      'a stranger for the public GitHub',
      { ...OWN_GITHUB, server: 'https://github.com/' },
      false,
    ],
    [
      'an enterprise whose name only begins so',
      { ...ENTERPRISE, issuer: `${GITHUB}.evil.example/acme` },
      false,
    ],
    ['an enterprise as GitLab', { ...ENTERPRISE, platform: 'gitlab' }, false],
    [
      'an enterprise for the public GitLab',
      { ...ENTERPRISE, server: 'https://gitlab.com/' },
      false,
    ],
    [
      'an enterprise for an owner',
      { ...ENTERPRISE, server: 'https://github.com/acme/' },
      false,
    ],
  ])('may be added: %s', (_what, issuer, isUsable) => {
    expect(isUsableIssuer(issuer)).toBe(isUsable);
    const found = findIssuer(issuer.issuer, [issuer]);
    expect(found === issuer).toBe(isUsable);
  });
});

describe('a build of another issuer', () => {
  const enterprise = withExtensions(githubIdentity(), {
    1: ENTERPRISE.issuer,
    8: ENTERPRISE.issuer,
  });
  const gitlab = onGitlabAt(ACME, gitlabIdentity());
  const onGitlab = writtenAt(
    ACME,
    gitlabProvenanceV02(ID, SHA512, gitlabIdentity()),
  );
  const publicGitlab = gitlabProvenanceV02(ID, SHA512, gitlabIdentity());
  const github = githubIdentity();

  type Statement = Parameters<typeof verified>[0];
  type Identity = Parameters<typeof signedBy>[0];

  function codesOf(
    statement: Statement,
    identity: Identity,
    issuers: readonly TrustedIssuer[] = [],
  ): readonly string[] {
    const attestation = verified(statement, signedBy(identity));
    const { checks, provenance } = deriveProvenance(attestation, issuers);
    const codes = codesOfChecks(checks);
    expect(provenance === null).toBe(codes.length > 0);
    return codes;
  }

  it.each<[string, Statement, Identity, TrustedIssuer]>([
    ['a self-hosted GitLab', onGitlab, gitlab, OWN],
    [
      'a GitLab below a path',
      writtenAt('https://acme.example/gitlab', publicGitlab),
      onGitlabAt('https://acme.example/gitlab', gitlabIdentity()),
      {
        ...OWN,
        issuer: 'https://acme.example/gitlab',
        server: 'https://acme.example/gitlab/',
      },
    ],
    [
      'an enterprise, SLSA v1',
      githubProvenanceV1(ID, SHA512, github),
      enterprise,
      ENTERPRISE,
    ],
    [
      'an enterprise, SLSA v0.2',
      githubProvenanceV02(ID, SHA512, github),
      enterprise,
      ENTERPRISE,
    ],
  ])('counts only where it is listed: %s', (_what, statement, id, issuer) => {
    expect(codesOf(statement, id, [issuer])).toEqual([]);
    expect(codesOf(statement, id)).toEqual(['identity-issuer']);
    expect(codesOf(statement, id, [{ ...issuer, server: 'x' }])).toEqual([
      'identity-issuer',
    ]);
  });

  it('on an own GitHub is read with that server', () => {
    const moved = (text: string): string =>
      text
        .replaceAll(GITHUB, OWN_GITHUB.issuer)
        .replaceAll(
          'https://github.com/acme',
          'https://github.acme.example/acme',
        );
    const extensions = Object.fromEntries(
      Object.entries(github.extensions).map(([number, value]) => [
        number,
        typeof value === 'string' ? moved(value) : value,
      ]),
    );
    const own = withSan(
      { ...github, extensions },
      { uri: typeof extensions[9] === 'string' ? extensions[9] : '' },
    );
    for (const honest of [
      githubProvenanceV1(ID, SHA512, github),
      githubProvenanceV02(ID, SHA512, github),
    ]) {
      const statement = JSON.parse(
        moved(JSON.stringify(honest)),
      ) as typeof honest;
      expect(codesOf(statement, own, [OWN_GITHUB])).toEqual([]);
      expect(codesOf(honest, own, [OWN_GITHUB])).toContain(
        'identity-repository',
      );
    }
  });

  it('may not speak for projects of the public server', () => {
    const claiming = withExtensions(gitlabIdentity(), { 1: ACME, 8: ACME });
    expect(codesOf(publicGitlab, claiming, [OWN])).toEqual(
      expect.arrayContaining([
        'identity-san',
        'identity-repository',
        'identity-workflow',
        'identity-invocation',
      ]),
    );
  });

  it.each<[string, Parameters<typeof withExtensions>[1], readonly string[]]>([
    [
      'its repository',
      { 12: 'https://gitlab.com/acme/widget', 16: null, 18: null },
      ['identity-repository'],
    ],
    ['its owner', { 16: 'https://gitlab.com/acme' }, ['identity-repository']],
    [
      'its caller',
      { 18: 'https://gitlab.com/acme/widget//x.yml@refs/heads/main' },
      ['identity-workflow'],
    ],
    [
      'its run',
      { 21: 'https://gitlab.com/acme/widget/-/jobs/777' },
      ['identity-invocation'],
    ],
  ])('may not have %s on the public server', (_what, extensions, codes) => {
    const found = codesOf(onGitlab, withExtensions(gitlab, extensions), [OWN]);
    expect(found).toEqual(expect.arrayContaining([...codes]));
  });

  it('names its own server in its predicate', () => {
    expect(codesOf(publicGitlab, gitlab, [OWN])).toEqual(['builder-id']);
    const environment = { server: 'https://gitlab.com' };
    const text = JSON.stringify(onGitlab).replace(
      `"server":"${ACME}"`,
      `"server":"${environment.server}"`,
    );
    const elsewhere = JSON.parse(text) as Statement;
    expect(codesOf(elsewhere, gitlab, [OWN])).toEqual(['predicate-malformed']);
  });

  it('is from a time when certificates could say so', () => {
    const old = withOldCertificate(enterprise);
    const statement = githubProvenanceV02(ID, SHA512, github, 'gha@v0');
    expect(codesOf(statement, old)).toEqual(['identity-issuer']);
    expect(codesOf(onGitlab, withOldCertificate(gitlab), [OWN])).toEqual([
      'identity-missing',
    ]);
  });

  it('is accepted as a whole document only where it is listed', async () => {
    const sigstore = await createSigstore();
    const sha512 = createHash('sha512').update('bytes').digest('hex');
    const statement = writtenAt(
      ACME,
      gitlabProvenanceV02(ID, sha512, gitlabIdentity()),
    );
    const document = toBytes(
      attestPackage(sigstore, ID, sha512, { identity: gitlab, statement }),
    );
    const pinned = { ...ID, integrity: sriOfSha512(sha512) };
    const trustRoot = trustRootOf(sigstore);
    const { now } = sigstore;
    const listed = judge(pinned, document, { trustRoot, now, issuers: [OWN] });
    expect(listed).toMatchObject({
      verification: 'verified',
      level: 'provenance',
      rejections: [],
      provenance: {
        issuer: ACME,
        sourceRepository: `${ACME}/acme/widget`,
        workflow: '.gitlab-ci.yml',
      },
    });
    expect(judge(pinned, document, { trustRoot, now })).toMatchObject({
      verification: 'rejected',
      provenance: null,
      rejections: [{ kind: 'mismatch', code: 'identity-issuer' }],
    });
  });
});

describe('a value from a certificate', () => {
  it.each([
    ['a&amp;b', 'a&b'],
    ['&lt;&gt;', '<>'],
    ['&#34;&#39;', '"\''],
    ['v1&#43;build&#43;2', 'v1+build+2'],
    ['&amp;lt;', '&lt;'],
    ['&quot;', '&quot;'],
    ['plain', 'plain'],
  ])('%s means %s', (value, meant) => {
    expect(unescapeTemplate(value)).toBe(meant);
  });
});
