import { describe, expect, it } from 'vitest';
import * as mutations from '../../fixtures/mutations.js';
import { createHash } from 'node:crypto';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  attestPackage,
  githubIdentity,
  githubProvenanceV1,
  gitlabIdentity,
  gitlabProvenanceV02,
  publishStatement,
  withExtensions,
  withOldCertificate,
  withSan,
  type AttestOptions,
} from '../../fixtures/statements.js';
import { sriOfSha512 } from '../../src/package/integrity.js';
import type { RejectionCode } from '../../src/verification/verification.js';
import { judge, toBytes, trustRootOf } from './judge.js';

const sigstore = await createSigstore();
const trustRoot = trustRootOf(sigstore);
const id = { name: '@acme/widget', version: '1.2.3' };
const sha512 = createHash('sha512')
  .update('the bytes of the tarball')
  .digest('hex');
const pinned = { ...id, integrity: sriOfSha512(sha512) };
const github = githubIdentity();
const honest = githubProvenanceV1(id, sha512, github);
const publish = publishStatement(id, sha512);
const WORKFLOW = 'https://github.com/acme/widget/.github/workflows/release.yml';
const plus = githubIdentity({ ref: 'refs/tags/v1.2.3+build' });
const spaced = githubIdentity({
  workflow: '.github/workflows/publish package.yml',
  ref: 'refs/tags/v1.2.3',
});

function attest(options: AttestOptions = {}) {
  return attestPackage(sigstore, id, sha512, options);
}

function judgeOurs(document: unknown, now = sigstore.now) {
  return judge(pinned, toBytes(document), { trustRoot, now });
}

/** The honest statement with something else in its predicate. */
function withPredicate(change: {
  readonly definition?: Record<string, unknown>;
  readonly external?: Record<string, unknown>;
  readonly internal?: Record<string, unknown>;
  readonly builder?: string;
  readonly invocation?: string;
}) {
  const { buildDefinition, runDetails } = honest.predicate;
  return {
    ...honest,
    predicate: {
      buildDefinition: {
        ...buildDefinition,
        externalParameters: {
          workflow: {
            ...buildDefinition.externalParameters.workflow,
            ...change.external,
          },
        },
        internalParameters: {
          github: {
            ...buildDefinition.internalParameters.github,
            ...change.internal,
          },
        },
        ...change.definition,
      },
      runDetails: {
        builder: { id: change.builder ?? runDetails.builder.id },
        metadata: {
          ...runDetails.metadata,
          ...(change.invocation && { invocationId: change.invocation }),
        },
      },
    },
  };
}

const [source] = honest.predicate.buildDefinition.resolvedDependencies;

describe('honest documents', () => {
  it.each<[string, AttestOptions]>([
    ['GitHub, SLSA v1', {}],
    ['GitHub, SLSA v0.2 of the last clients', { provenance: 'gha/v2' }],
    [
      'GitHub, SLSA v0.2 of the beta with its old certificate',
      { provenance: 'gha@v0', identity: withOldCertificate(github) },
    ],
    ['GitLab', { identity: gitlabIdentity() }],
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
        statement: githubProvenanceV1(id, sha512, plus),
      },
    ],
    [
      'a reusable workflow that signs for its caller',
      {
        identity: githubIdentity({
          signer: {
            repository: 'shared/ci',
            path: '.github/workflows/publish.yml',
            ref: 'refs/tags/v3',
            commit: 'b'.repeat(40),
          },
        }),
      },
    ],
    [
      'a self-hosted runner that says so',
      {
        identity: githubIdentity({ runner: 'self-hosted' }),
      },
    ],
    [
      'a tag with an @ in it',
      {
        identity: githubIdentity({ ref: 'refs/tags/@acme/widget@1.2.3' }),
      },
    ],
    [
      'an intoto entry in a v0.2 bundle',
      {
        signing: { version: 'v0.2', log: { kind: 'intoto' } },
      },
    ],
  ])('%s', (_what, options) => {
    const facts = judgeOurs(attest(options));
    expect(facts.rejections).toEqual([]);
    expect(facts).toMatchObject({
      verification: 'verified',
      level: 'provenance',
    });
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
    expect(judgeOurs(attest()).provenance).toMatchObject({
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

  it('lists further attestations of unknown types without counting them', () => {
    const unknown = 'https://example.com/other/v1';
    const bundle = sigstore.signWithCertificate(
      { ...honest, predicateType: unknown, predicate: {} },
      { identity: github },
    );
    const facts = judgeOurs(
      mutations.withAttestation(attest(), { predicateType: unknown, bundle }),
    );
    expect(facts.level).toBe('provenance');
    expect(facts.otherPredicateTypes).toEqual([unknown]);
  });
});

/** A GitLab provenance with something else among its parameters. */
function attestGitlab(parameters: Record<string, string>) {
  const identity = gitlabIdentity();
  const job = gitlabProvenanceV02(id, sha512, identity);
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

type Row = readonly [
  defect: string,
  kind: 'invalid' | 'mismatch',
  code: RejectionCode,
  document: unknown,
];

const document = attest();
const mallory = githubIdentity({ repository: 'mallory/widget' });
const other = attestPackage(sigstore, { ...id, version: '1.2.4' }, sha512);

const provenanceBundle = document.attestations.find(
  ({ predicateType }) => predicateType === honest.predicateType,
)?.bundle;
if (provenanceBundle === undefined) throw new Error('no provenance');

/** Well signed, all of it: only what is said is wrong. */
const SIGNED_ROWS: readonly Row[] = [
  [
    'the subject is another package',
    'mismatch',
    'subject-name',
    attest({
      statement: {
        ...honest,
        subject: [
          { ...honest.subject[0], name: 'pkg:npm/%40acme/gadget@1.2.3' },
        ],
      },
    }),
  ],
  [
    'the scope is not escaped',
    'mismatch',
    'subject-name',
    attest({
      statement: {
        ...honest,
        subject: [{ ...honest.subject[0], name: 'pkg:npm/@acme/widget@1.2.3' }],
      },
    }),
  ],
  [
    'the subject is another tarball',
    'mismatch',
    'subject-digest',
    attest({
      statement: {
        ...honest,
        subject: [
          { ...honest.subject[0], digest: { sha512: 'ab'.repeat(64) } },
        ],
      },
    }),
  ],
  [
    'only a weaker digest',
    'mismatch',
    'subject-digest',
    attest({
      statement: {
        ...honest,
        subject: [{ ...honest.subject[0], digest: { sha1: 'ab'.repeat(20) } }],
      },
    }),
  ],
  [
    'the digest is in upper case',
    'mismatch',
    'subject-digest',
    attest({
      statement: {
        ...honest,
        subject: [
          { ...honest.subject[0], digest: { sha512: sha512.toUpperCase() } },
        ],
      },
    }),
  ],
  [
    'no subject',
    'mismatch',
    'subject-count',
    attest({ statement: { ...honest, subject: [] } }),
  ],
  [
    'two subjects, one of them ours',
    'mismatch',
    'subject-count',
    attest({
      statement: {
        ...honest,
        subject: [
          ...honest.subject,
          { name: 'pkg:npm/other@1.0.0', digest: { sha512 } },
        ],
      },
    }),
  ],
  ['the document of another version', 'mismatch', 'subject-name', other],
  [
    'the issuer is another OIDC provider',
    'mismatch',
    'identity-issuer',
    attest({
      identity: withExtensions(github, {
        1: 'https://issuer.example',
        8: 'https://issuer.example',
      }),
    }),
  ],
  [
    'the issuer is an enterprise’s own',
    'mismatch',
    'identity-issuer',
    attest({
      identity: withExtensions(github, {
        1: 'https://token.actions.githubusercontent.com/acme',
        8: 'https://token.actions.githubusercontent.com/acme',
      }),
    }),
  ],
  [
    'two issuers',
    'mismatch',
    'identity-issuer',
    attest({
      identity: withExtensions(github, { 1: 'https://gitlab.com' }),
    }),
  ],
  [
    'a certificate of a person',
    'mismatch',
    'identity-san',
    attest({
      identity: withSan(github, { email: 'somebody@example.com' }),
      statement: honest,
    }),
  ],
  [
    'SAN and signing workflow differ',
    'mismatch',
    'identity-san',
    attest({
      identity: withSan(github, {
        uri: 'https://github.com/mallory/evil/.github/workflows/x.yml@refs/heads/main',
      }),
      statement: honest,
    }),
  ],
  [
    'the certificate is of another platform',
    'mismatch',
    'identity-issuer',
    mutations.withAttestation(mutations.withoutProvenance(document), {
      predicateType: honest.predicateType,
      bundle: sigstore.signWithCertificate(honest, {
        identity: gitlabIdentity(),
      }),
    }),
  ],
  [
    'the repository only looks like it',
    'mismatch',
    'identity-repository',
    attest({
      statement: withPredicate({
        external: { repository: 'https://github.com/аcme/widget' },
      }),
    }),
  ],
  [
    'the repository is one that the name begins with',
    'mismatch',
    'identity-repository',
    attest({
      statement: withPredicate({
        external: { repository: 'https://github.com/acme/widget-evil' },
      }),
    }),
  ],
  [
    'the repository in the certificate is on another host',
    'mismatch',
    'identity-repository',
    attest({
      identity: withExtensions(github, {
        12: 'https://github.com.evil.example/acme/widget',
      }),
      statement: withPredicate({
        external: { repository: 'https://github.com.evil.example/acme/widget' },
      }),
    }),
  ],
  [
    'the certificate names two repositories',
    'mismatch',
    'identity-repository',
    attest({
      identity: withExtensions(github, { 5: 'mallory/widget' }),
    }),
  ],
  [
    'the owner is not the repository’s',
    'mismatch',
    'identity-repository',
    attest({
      identity: withExtensions(github, { 16: 'https://github.com/mallory' }),
    }),
  ],
  [
    'another repository id',
    'mismatch',
    'identity-repository-id',
    attest({
      statement: withPredicate({ internal: { repository_id: '666' } }),
    }),
  ],
  [
    'another owner id',
    'mismatch',
    'identity-owner-id',
    attest({
      statement: withPredicate({ internal: { repository_owner_id: '666' } }),
    }),
  ],
  [
    'another commit',
    'mismatch',
    'identity-commit',
    attest({
      statement: withPredicate({
        definition: {
          resolvedDependencies: [
            { ...source, digest: { gitCommit: 'c'.repeat(40) } },
          ],
        },
      }),
    }),
  ],
  [
    'the certificate names two commits',
    'mismatch',
    'identity-commit',
    attest({
      identity: withExtensions(github, { 3: 'c'.repeat(40) }),
    }),
  ],
  [
    'another source ref',
    'mismatch',
    'identity-ref',
    attest({
      statement: withPredicate({
        definition: {
          resolvedDependencies: [
            {
              ...source,
              uri: 'git+https://github.com/acme/widget@refs/heads/evil',
            },
          ],
        },
      }),
    }),
  ],
  [
    'another workflow ref',
    'mismatch',
    'identity-ref',
    attest({
      statement: withPredicate({ external: { ref: 'refs/heads/evil' } }),
    }),
  ],
  [
    'another workflow',
    'mismatch',
    'identity-workflow',
    attest({
      statement: withPredicate({
        external: { path: '.github/workflows/evil.yml' },
      }),
    }),
  ],
  [
    'another event',
    'mismatch',
    'identity-event',
    attest({
      statement: withPredicate({
        internal: { event_name: 'workflow_dispatch' },
      }),
    }),
  ],
  [
    'a self-hosted runner that claims to be hosted',
    'mismatch',
    'identity-runner',
    attest({
      identity: githubIdentity({ runner: 'self-hosted' }),
      statement: honest,
    }),
  ],
  [
    'another run',
    'mismatch',
    'identity-invocation',
    attest({
      statement: withPredicate({
        invocation: 'https://github.com/acme/widget/actions/runs/1/attempts/9',
      }),
    }),
  ],
  [
    'the certificate names no source repository',
    'mismatch',
    'identity-missing',
    attest({
      identity: {
        ...github,
        extensions: Object.fromEntries(
          Object.entries(github.extensions).filter(([n]) => n !== '12'),
        ),
      },
      statement: honest,
    }),
  ],
  [
    'the certificate names no event',
    'mismatch',
    'identity-missing',
    attest({
      identity: {
        ...github,
        extensions: Object.fromEntries(
          Object.entries(github.extensions).filter(
            ([n]) => n !== '20' && n !== '2',
          ),
        ),
      },
      statement: honest,
    }),
  ],
  [
    'GitLab: another project in the parameters',
    'mismatch',
    'identity-repository',
    attestGitlab({ CI_PROJECT_PATH: 'evil/widget' }),
  ],
  [
    'GitLab: another job in the parameters',
    'mismatch',
    'identity-invocation',
    attestGitlab({ CI_JOB_ID: '1' }),
  ],
  [
    'two resolved dependencies',
    'mismatch',
    'predicate-malformed',
    attest({
      statement: withPredicate({
        definition: { resolvedDependencies: [source, source] },
      }),
    }),
  ],
  [
    'no workflow object',
    'mismatch',
    'predicate-malformed',
    attest({
      statement: withPredicate({ definition: { externalParameters: {} } }),
    }),
  ],
  [
    'the repository is an object',
    'mismatch',
    'predicate-malformed',
    attest({
      statement: withPredicate({
        external: {
          repository: { toString: 'https://github.com/acme/widget' },
        },
      }),
    }),
  ],
  [
    'unknown build type',
    'mismatch',
    'build-type',
    attest({
      statement: withPredicate({
        definition: { buildType: 'https://example.com/build/v1' },
      }),
    }),
  ],
  [
    'unknown builder',
    'mismatch',
    'builder-id',
    attest({
      statement: withPredicate({ builder: 'https://example.com/builder' }),
    }),
  ],
  [
    'provenance signed by the registry’s key',
    'mismatch',
    'identity-issuer',
    mutations.withAttestation(mutations.withoutProvenance(document), {
      predicateType: honest.predicateType,
      bundle: sigstore.signWithKey(honest),
    }),
  ],
  [
    'two provenances of different repositories',
    'mismatch',
    'provenance-conflict',
    mutations.withAttestation(document, {
      predicateType: honest.predicateType,
      bundle: sigstore.signWithCertificate(
        githubProvenanceV1(id, sha512, mallory),
        { identity: mallory },
      ),
    }),
  ],
  [
    'no publish attestation',
    'mismatch',
    'publish-missing',
    attest({ publish: false }),
  ],
  [
    'publish of another name',
    'mismatch',
    'publish-predicate',
    attest({
      publishStatement: {
        ...publish,
        predicate: { ...publish.predicate, name: 'widget' },
      },
    }),
  ],
  [
    'publish of another version',
    'mismatch',
    'publish-predicate',
    attest({
      publishStatement: {
        ...publish,
        predicate: { ...publish.predicate, version: '1.2.4' },
      },
    }),
  ],
  [
    'publish at another registry',
    'mismatch',
    'publish-predicate',
    attest({ registry: 'https://registry.example' }),
  ],
  [
    'publish of other bytes',
    'mismatch',
    'subject-digest',
    attest({
      publishStatement: {
        ...publish,
        subject: [
          { ...publish.subject[0], digest: { sha512: 'ab'.repeat(64) } },
        ],
      },
    }),
  ],
  [
    'publish signed by a certificate',
    'invalid',
    'publish-key',
    mutations.withAttestation(mutations.withoutPublish(document), {
      predicateType: publish.predicateType,
      bundle: sigstore.signWithCertificate(publish, { identity: github }),
    }),
  ],
  [
    'publish by a key that only the registry vouches for',
    'invalid',
    'publish-key',
    attest({ publishSigning: { key: 'rogue' } }),
  ],
  [
    'publish by a key that had ended',
    'invalid',
    'publish-key',
    attest({ publishSigning: { key: 'ended' } }),
  ],
  [
    'publish by a key for registry signatures',
    'invalid',
    'publish-key',
    attest({ publishSigning: { key: 'signatures-only' } }),
  ],
  [
    'the key hint is __proto__',
    'invalid',
    'publish-key',
    attest({ publishSigning: { hint: '__proto__', keyid: '' } }),
  ],
  [
    'publish envelope and bundle name different keys',
    'invalid',
    'publish-key',
    attest({ publishSigning: { keyid: sigstore.keyIds.ended } }),
  ],
  [
    'a provenance envelope names a key',
    'invalid',
    'bundle-malformed',
    attest({ signing: { keyid: 'somebody' } }),
  ],
  [
    'payload type',
    'invalid',
    'payload-type',
    attest({ signing: { payloadType: 'application/json' } }),
  ],
  [
    'the payload is no JSON',
    'invalid',
    'statement-malformed',
    attest({ statement: Buffer.from('no JSON') }),
  ],
  [
    'the payload is null',
    'invalid',
    'statement-malformed',
    attest({ statement: Buffer.from('null') }),
  ],
  [
    'a key twice in the payload',
    'invalid',
    'duplicate-key',
    attest({
      statement: Buffer.from(
        JSON.stringify(honest).replace('{', '{"subject":[],'),
      ),
    }),
  ],
  [
    '__proto__ in the payload',
    'invalid',
    'statement-malformed',
    attest({
      statement: Buffer.from(
        JSON.stringify(honest).replace('{', '{"__proto__":{},'),
      ),
    }),
  ],
  [
    'invalid UTF-8 in the payload',
    'invalid',
    'statement-malformed',
    attest({
      statement: Buffer.concat([
        Buffer.from('{"x":"'),
        Buffer.from([0xff]),
        Buffer.from('"}'),
      ]),
    }),
  ],
  [
    'statement type',
    'invalid',
    'statement-type',
    attest({
      statement: { ...honest, _type: 'https://example.com/Statement' },
    }),
  ],
  [
    'the label is not the signed type',
    'invalid',
    'predicate-type',
    mutations.withLabel(document, 'https://slsa.dev/provenance/v0.2'),
  ],
  [
    'swapped labels',
    'invalid',
    'predicate-type',
    mutations.withSwappedLabels(document),
  ],
  [
    'an identity that is no UTF8String',
    'invalid',
    'certificate-malformed',
    attest({
      identity: withExtensions(github, {
        12: { der: Buffer.from('https://github.com/acme/widget') },
      }),
      statement: honest,
    }),
  ],
  [
    'a certificate that is not for code',
    'invalid',
    'certificate-usage',
    attest({
      signing: { certificate: { extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] } },
    }),
  ],
  [
    'a certificate without key usage',
    'invalid',
    'certificate-usage',
    attest({ signing: { certificate: { keyUsage: null } } }),
  ],
  [
    'a leaf that is an authority',
    'invalid',
    'certificate-usage',
    attest({ signing: { certificate: { isAuthority: true } } }),
  ],
  [
    'an unknown critical extension',
    'invalid',
    'certificate-usage',
    attest({
      signing: {
        certificate: {
          additional: [
            { oid: '1.2.3.4', critical: true, value: Buffer.from([5, 0]) },
          ],
        },
      },
    }),
  ],
  [
    'an extension twice',
    'invalid',
    'certificate-usage',
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
  ],
  [
    'the log saw it after the certificate ended',
    'invalid',
    'certificate',
    attest({
      signing: {
        log: { time: new Date(sigstore.now.getTime() - 60_000) },
        at: new Date(sigstore.now.getTime() - 3_600_000),
      },
    }),
  ],
  [
    'another authority of the same name',
    'invalid',
    'certificate',
    attest({ signing: { authority: 'rogue' } }),
  ],
  [
    'a CT log that nobody knows',
    'invalid',
    'certificate',
    attest({ signing: { certificateLog: 'rogue' } }),
  ],
  [
    'no CT log',
    'invalid',
    'certificate',
    attest({ signing: { certificateLog: 'none' } }),
  ],
  [
    'a transparency log that nobody knows',
    'invalid',
    'log-entry',
    attest({ signing: { log: { standing: 'rogue' } } }),
  ],
  [
    'the log entry names another certificate',
    'invalid',
    'log-entry',
    attest({ signing: { log: { verifier: 'another' } } }),
  ],
  [
    'the publish entry names another key',
    'invalid',
    'log-entry',
    attest({ publishSigning: { log: { verifier: 'another' } } }),
  ],
  [
    'somebody else signed, and the log recorded it as it is',
    'invalid',
    'signature',
    attest({ signing: { signedBy: 'another' } }),
  ],
  [
    'the same of a publish attestation',
    'invalid',
    'signature',
    attest({ publishSigning: { signedBy: 'another' } }),
  ],
  [
    'two envelope signatures',
    'invalid',
    'bundle-malformed',
    attest({ signing: { signatures: 2 } }),
  ],
  [
    'too many log entries',
    'invalid',
    'too-large',
    attest({ signing: { log: { entries: 5 } } }),
  ],
];

/** Changed after signing. */
const MUTATED_ROWS: readonly Row[] = [
  [
    'a payload byte flipped',
    'invalid',
    'log-entry',
    mutations.withFlippedPayloadByte(document),
  ],
  [
    'a signature byte flipped',
    'invalid',
    'log-entry',
    mutations.withFlippedSignatureByte(document),
  ],
  [
    'junk behind the payload’s base64',
    'invalid',
    'bundle-malformed',
    mutations.withJunkAfterPayload(document),
  ],
  [
    'no signature',
    'invalid',
    'bundle-malformed',
    mutations.withoutSignatures(document),
  ],
  [
    'unknown media type',
    'invalid',
    'bundle-malformed',
    mutations.withMediaType(
      document,
      'application/vnd.dev.sigstore.bundle.v9.9+json',
    ),
  ],
  [
    'the certificate is cut off',
    'invalid',
    'bundle-malformed',
    mutations.withTruncatedCertificate(document),
  ],
  [
    'a log index with a blank',
    'invalid',
    'bundle-malformed',
    mutations.withLogIndex(document, ' 100'),
  ],
  [
    'a key id that is a list',
    'invalid',
    'bundle-malformed',
    mutations.withBundle(document, {
      ...provenanceBundle,
      dsseEnvelope: {
        ...provenanceBundle.dsseEnvelope,
        signatures: [
          { ...provenanceBundle.dsseEnvelope.signatures[0], keyid: [] },
        ],
      },
    }),
  ],
  [
    'timestamps that are no list',
    'invalid',
    'bundle-malformed',
    mutations.withBundle(document, {
      ...provenanceBundle,
      verificationMaterial: {
        ...provenanceBundle.verificationMaterial,
        timestampVerificationData: { rfc3161Timestamps: 'a' },
      },
    }),
  ],
  [
    'no promise of the log',
    'invalid',
    'timestamp',
    mutations.withoutPromise(document),
  ],
  ['no log entry', 'invalid', 'log-entry', mutations.withoutLogEntry(document)],
  [
    'the same log entry twice',
    'invalid',
    'timestamp',
    mutations.withRepeatedLogEntry(document),
  ],
  [
    'the log entry of another bundle',
    'invalid',
    'log-entry',
    mutations.withLogEntryOf(document, other),
  ],
  [
    'another integrated time',
    'invalid',
    'log-entry',
    mutations.withShiftedIntegratedTime(document, 1),
  ],
  [
    'another kind of entry',
    'invalid',
    'log-entry',
    mutations.withEntryKind(document, { kind: 'rekord', version: '0.0.1' }),
  ],
  [
    'a proof that contradicts its checkpoint',
    'invalid',
    'log-entry',
    mutations.withContradictedCheckpoint(document),
  ],
  [
    'a checkpoint whose size is no number',
    'invalid',
    'log-entry',
    mutations.withCheckpointSize(document, 'many'),
  ],
  [
    'a checkpoint name that is a regular expression',
    'invalid',
    'log-entry',
    mutations.withCheckpointName(document),
  ],
  [
    'a bundle that is null',
    'invalid',
    'document-malformed',
    mutations.withBundle(document, null),
  ],
  [
    'a bundle that is empty',
    'invalid',
    'bundle-malformed',
    mutations.withBundle(document, {}),
  ],
  [
    'no list',
    'invalid',
    'document-malformed',
    mutations.withObjectForList(document),
  ],
  [
    'a list as document',
    'invalid',
    'document-malformed',
    mutations.withListForDocument(document),
  ],
  [
    '2,000 attestations',
    'invalid',
    'too-large',
    mutations.withRepeatedAttestation(document, 2000),
  ],
];

describe('hostile documents', () => {
  it.each([...SIGNED_ROWS, ...MUTATED_ROWS])(
    'rejects: %s',
    (_defect, kind, code, hostile) => {
      const facts = judgeOurs(hostile);
      expect(facts.rejections[0]).toMatchObject({ kind, code });
      expect(facts).toMatchObject({
        verification: 'rejected',
        level: 'none',
        provenance: null,
        publish: null,
      });
    },
  );

  it('rejects a log time in the future, a day later no more', () => {
    const early = new Date(sigstore.now.getTime() - 86_400_000);
    expect(judgeOurs(document, early).rejections[0]).toMatchObject({
      code: 'log-entry',
    });
    expect(judgeOurs(document).rejections).toEqual([]);
  });

  it('rejects all when one of several provenances is bad', () => {
    const twice = mutations.withRepeatedAttestation(document, 2);
    expect(judgeOurs(twice).rejections).toEqual([]);
    expect(
      judgeOurs(mutations.withFlippedPayloadByte(twice)).verification,
    ).toBe('rejected');
  });
});
