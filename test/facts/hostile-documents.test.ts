import { describe, expect, it } from 'vitest';
import * as mutations from '../../fixtures/mutations.js';
import {
  withClaimedRun,
  withClaimedWorkflow,
  withPublication,
} from '../../fixtures/predicate-mutations.js';
import {
  withSubjectDigest,
  withSubjectName,
} from '../../fixtures/statement-mutations.js';
import {
  githubIdentity,
  githubProvenanceV1,
  gitlabIdentity,
  gitlabProvenanceV02,
  withExtensions,
  withOldCertificate,
  withSan,
  type AttestationDocumentJson,
  type AttestOptions,
} from '../../fixtures/statements.js';
import {
  attest,
  document,
  expectRejected,
  expectVerified,
  github,
  honest,
  ID,
  judgeOurs,
  publish,
  row,
  SHA512,
  sigstore,
  type HostileRow,
} from './hostile-scene.js';

/**
 * Honest and hostile documents beyond the rows of the shared table, which are in
 * `hostile-rows.test.ts`.
 */
const WORKFLOW = 'https://github.com/acme/widget/.github/workflows/release.yml';
const plus = githubIdentity({ ref: 'refs/tags/v1.2.3+build' });
const spaced = githubIdentity({
  workflow: '.github/workflows/publish package.yml',
  ref: 'refs/tags/v1.2.3',
});

describe('honest documents', () => {
  it.each<[string, AttestOptions]>([
    [
      'GitHub, SLSA v0.2 of the beta with its old certificate',
      { provenance: 'gha@v0', identity: withOldCertificate(github) },
    ],
    [
      'a workflow whose file name has a space, escaped in the SAN',
      {
        identity: withSan(spaced, {
          uri: 'https://github.com/acme/widget/.github/workflows/publish%20package.yml@refs/tags/v1.2.3',
        }),
      },
    ],
    [
      'a tag with a + that the certificate escapes as HTML',
      {
        identity: withExtensions(
          withSan(plus, {
            uri: `${WORKFLOW}@refs/tags/v1.2.3&#43;build`,
          }),
          {
            9: `${WORKFLOW}@refs/tags/v1.2.3&#43;build`,
            18: `${WORKFLOW}@refs/tags/v1.2.3&#43;build`,
          },
        ),
        statement: githubProvenanceV1(ID, SHA512, plus),
      },
    ],
    [
      'a tag with an @ in it',
      { identity: githubIdentity({ ref: 'refs/tags/@acme/widget@1.2.3' }) },
    ],
  ])('%s', (_what, options) => {
    expectVerified(judgeOurs(attest(options)));
  });

  it('the same provenance twice', () => {
    expectVerified(judgeOurs(mutations.withRepeatedAttestation(document, 2)));
  });

  it('says of a certificate from before 2023 that it proves less', () => {
    const facts = judgeOurs(
      attest({ provenance: 'gha@v0', identity: withOldCertificate(github) }),
    );
    expect(facts.provenance).toMatchObject({
      limitedIdentity: true,
      sourceRepository: 'https://github.com/acme/widget',
      runner: null,
      workflow: null,
    });
  });

  it('establishes what the certificate says', () => {
    expect(judgeOurs(document).provenance).toMatchObject({
      sourceRepository: 'https://github.com/acme/widget',
      sourceRepositoryId: github.repositoryId,
      sourceOwnerId: github.ownerId,
      sourceRevision: github.commit,
      sourceRef: github.ref,
      workflow: github.workflow,
      workflowRef: github.ref,
      issuer: 'https://token.actions.githubusercontent.com',
      runner: 'github-hosted',
      event: github.event,
      limitedIdentity: false,
    });
  });
});

/** A GitLab provenance with something else among its parameters. */
function attestGitlab(
  parameters: Record<string, string>,
): AttestationDocumentJson {
  const identity = gitlabIdentity();
  const job = gitlabProvenanceV02(ID, SHA512, identity);
  const { invocation } = job.predicate;
  return attest({
    identity,
    statement: {
      ...job,
      predicate: {
        ...job.predicate,
        invocation: {
          ...invocation,
          parameters: { ...invocation.parameters, ...parameters },
        },
      },
    },
  });
}

function provenanceBundle(): AttestationDocumentJson['attestations'][number]['bundle'] {
  const bundle = document.attestations[mutations.PROVENANCE]?.bundle;
  if (bundle === undefined) throw new Error('no provenance');
  return bundle;
}

/** The honest provenance with this certificate. */
function signedFor(extensions: Parameters<typeof withExtensions>[1]) {
  return attest({
    identity: withExtensions(github, extensions),
    statement: honest,
  });
}

const ENTERPRISE = 'https://token.actions.githubusercontent.com/acme';
const ELSEWHERE = 'https://github.com.evil.example/acme/widget';

/** Well signed, all of it: only what is said is wrong. */
const SIGNED_ROWS: readonly HostileRow[] = [
  row('the scope is not escaped', 'mismatch', 'subject-name', () =>
    attest({
      statement: withSubjectName(honest, 'pkg:npm/@acme/widget@1.2.3'),
    }),
  ),
  row('only a weaker digest', 'mismatch', 'subject-digest', () =>
    attest({ statement: withSubjectDigest(honest, { sha1: 'ab'.repeat(20) }) }),
  ),
  row('the digest is in upper case', 'mismatch', 'subject-digest', () =>
    attest({
      statement: withSubjectDigest(honest, { sha512: SHA512.toUpperCase() }),
    }),
  ),
  row('the issuer is an enterprise’s own', 'mismatch', 'identity-issuer', () =>
    signedFor({ 1: ENTERPRISE, 8: ENTERPRISE }),
  ),
  row('two issuers', 'mismatch', 'identity-issuer', () =>
    signedFor({ 1: 'https://gitlab.com' }),
  ),
  row('a build’s certificate for a person', 'mismatch', 'identity-san', () =>
    attest({
      identity: withSan(github, { email: 'somebody@example.com' }),
      statement: honest,
    }),
  ),
  row(
    'the repository is one that the name begins with',
    'mismatch',
    'identity-repository',
    () =>
      attest({
        statement: withClaimedWorkflow(honest, {
          repository: 'https://github.com/acme/widget-evil',
        }),
      }),
  ),
  row(
    'the repository in the certificate is on another host',
    'mismatch',
    'identity-repository',
    () =>
      attest({
        identity: withExtensions(github, { 12: ELSEWHERE }),
        statement: withClaimedWorkflow(honest, { repository: ELSEWHERE }),
      }),
  ),
  row(
    'the certificate names two repositories',
    'mismatch',
    'identity-repository',
    () => signedFor({ 5: 'mallory/widget' }),
  ),
  row(
    'the owner is not the repository’s',
    'mismatch',
    'identity-repository',
    () => signedFor({ 16: 'https://github.com/mallory' }),
  ),
  row('another owner id', 'mismatch', 'identity-owner-id', () =>
    attest({
      statement: withClaimedRun(honest, { repository_owner_id: '666' }),
    }),
  ),
  row('the certificate names two commits', 'mismatch', 'identity-commit', () =>
    signedFor({ 3: 'c'.repeat(40) }),
  ),
  row('the certificate names no event', 'mismatch', 'identity-missing', () =>
    signedFor({ 2: null, 20: null }),
  ),
  row(
    'the certificate names no repository, but its owner',
    'mismatch',
    'identity-missing',
    () => signedFor({ 12: null }),
  ),
  row(
    'GitLab: another project in the parameters',
    'mismatch',
    'identity-repository',
    () => attestGitlab({ CI_PROJECT_PATH: 'evil/widget' }),
  ),
  row(
    'GitLab: another job in the parameters',
    'mismatch',
    'identity-invocation',
    () => attestGitlab({ CI_JOB_ID: '1' }),
  ),
  row(
    'provenance signed by the registry’s key',
    'mismatch',
    'identity-issuer',
    () =>
      mutations.withAttestation(mutations.withoutProvenance(document), {
        predicateType: honest.predicateType,
        bundle: sigstore.signWithKey(honest),
      }),
  ),
  row('publish of another version', 'mismatch', 'publish-predicate', () =>
    attest({
      publishStatement: withPublication(publish, { version: '1.2.4' }),
    }),
  ),
  row(
    'publish by a key for registry signatures',
    'invalid',
    'publish-key',
    () => attest({ publishSigning: { key: 'signatures-only' } }),
  ),
  row('__proto__ in the payload', 'invalid', 'statement-malformed', () =>
    attest({
      statement: Buffer.from(
        JSON.stringify(honest).replace('{', '{"__proto__":{},'),
      ),
    }),
  ),
  row('invalid UTF-8 in the payload', 'invalid', 'statement-malformed', () =>
    attest({
      statement: Buffer.concat([
        Buffer.from('{"x":"'),
        Buffer.from([0xff]),
        Buffer.from('"}'),
      ]),
    }),
  ),
  row('a certificate without key usage', 'invalid', 'certificate-usage', () =>
    attest({ signing: { certificate: { keyUsage: null } } }),
  ),
  row('an unknown critical extension', 'invalid', 'certificate-usage', () =>
    attest({
      signing: {
        certificate: {
          additional: [
            { oid: '1.2.3.4', critical: true, value: Buffer.from([5, 0]) },
          ],
        },
      },
    }),
  ),
  row('an extension twice', 'invalid', 'certificate-usage', () =>
    attest({
      signing: {
        certificate: {
          additional: [
            {
              oid: '1.3.6.1.4.1.57264.1.12',
              critical: false,
              value: Buffer.from([12, 1, 97]),
            },
          ],
        },
      },
    }),
  ),
  row('no CT log', 'invalid', 'certificate', () =>
    attest({ signing: { certificateLog: 'none' } }),
  ),
  row(
    'somebody else signed, and the log recorded it as it is',
    'invalid',
    'signature',
    () => attest({ signing: { signedBy: 'another' } }),
  ),
];

/** Changed after signing. */
const MUTATED_ROWS: readonly HostileRow[] = [
  row('a signature byte flipped', 'invalid', 'log-entry', () =>
    mutations.withFlippedSignatureByte(document),
  ),
  row('no signature', 'invalid', 'bundle-malformed', () =>
    mutations.withoutSignatures(document),
  ),
  row('a log index with a blank', 'invalid', 'bundle-malformed', () =>
    mutations.withLogIndex(document, ' 100'),
  ),
  row('a key id that is a list', 'invalid', 'bundle-malformed', () => {
    const bundle = provenanceBundle();
    const [signature] = bundle.dsseEnvelope.signatures;
    const signatures = [{ ...signature, keyid: [] }];
    return mutations.withBundle(document, {
      ...bundle,
      dsseEnvelope: { ...bundle.dsseEnvelope, signatures },
    });
  }),
  row('timestamps that are no list', 'invalid', 'bundle-malformed', () => {
    const bundle = provenanceBundle();
    return mutations.withBundle(document, {
      ...bundle,
      verificationMaterial: {
        ...bundle.verificationMaterial,
        timestampVerificationData: { rfc3161Timestamps: 'a' },
      },
    });
  }),
  row('another kind of entry', 'invalid', 'log-entry', () =>
    mutations.withEntryKind(document, { kind: 'rekord', version: '0.0.1' }),
  ),
  row('a bundle that is empty', 'invalid', 'bundle-malformed', () =>
    mutations.withBundle(document, {}),
  ),
];

describe('hostile documents', () => {
  it.each(
    [...SIGNED_ROWS, ...MUTATED_ROWS].map(
      (each) => [each.title, each] as const,
    ),
  )('rejects: %s', (_title, { kind, code, build }) => {
    expectRejected(judgeOurs(build()), kind, code);
  });

  it('rejects a log time in the future, a day later no more', () => {
    const early = new Date(sigstore.now.getTime() - 86_400_000);
    expectRejected(judgeOurs(document, early), 'invalid', 'log-entry');
    expectVerified(judgeOurs(document));
  });
});
