import {
  withAttestation,
  withoutProvenance,
} from '../../../fixtures/mutations.js';
import {
  withBuilder,
  withBuildType,
  withClaimedCommit,
  withClaimedInvocation,
  withClaimedRun,
  withClaimedSource,
  withClaimedWorkflow,
  withoutClaimedWorkflow,
  withSecondSource,
} from '../../../fixtures/predicate-mutations.js';
import {
  githubIdentity,
  githubRunUri,
  githubProvenanceV1,
  gitlabIdentity,
  withExtensions,
  withSan,
} from '../../../fixtures/statements.js';
import {
  attest,
  document,
  github,
  honest,
  ID,
  OTHER_COMMIT,
  row,
  SHA512,
  sigstore,
  type HostileRow,
} from '../hostile-scene.js';

const PERSON = 'https://accounts.google.com';
const LOOKALIKE = 'https://github.com.evil.example/acme/widget';
const LOOKALIKE_WORKFLOW = `${LOOKALIKE}/.github/workflows/release.yml@${github.ref}`;

/** Well signed, but the predicate and the certificate tell two stories. */
export const IDENTITY_ROWS: readonly HostileRow[] = [
  row(
    'H011 predicate ref differs from certificate',
    'mismatch',
    'identity-ref',
    () =>
      attest({
        statement: withClaimedWorkflow(honest, { ref: 'refs/heads/evil' }),
      }),
  ),
  row(
    'H011 predicate source ref differs from certificate',
    'mismatch',
    'identity-ref',
    () =>
      attest({
        statement: withClaimedSource(
          honest,
          'git+https://github.com/acme/widget@refs/heads/evil',
        ),
      }),
  ),
  row(
    'H012 predicate workflow path differs',
    'mismatch',
    'identity-workflow',
    () =>
      attest({
        statement: withClaimedWorkflow(honest, {
          path: '.github/workflows/evil.yml',
        }),
      }),
  ),
  row('H013 predicate commit differs', 'mismatch', 'identity-commit', () =>
    attest({ statement: withClaimedCommit(honest, OTHER_COMMIT) }),
  ),
  row(
    'H015 predicate run attempt differs',
    'mismatch',
    'identity-invocation',
    () =>
      attest({
        statement: withClaimedInvocation(
          honest,
          githubRunUri({ ...github, attempt: '2' }),
        ),
      }),
  ),
  row(
    'H016 predicate event differs (certificate: pull_request_target)',
    'mismatch',
    'identity-event',
    () =>
      attest({
        identity: githubIdentity({ event: 'pull_request_target' }),
        statement: withClaimedRun(honest, { event_name: 'push' }),
      }),
  ),
  row(
    'H017 predicate repository id differs',
    'mismatch',
    'identity-repository-id',
    () =>
      attest({ statement: withClaimedRun(honest, { repository_id: '7777' }) }),
  ),
  row(
    'H019 certificate says self-hosted, predicate says github-hosted',
    'mismatch',
    'identity-runner',
    () =>
      attest({
        identity: githubIdentity({ runner: 'self-hosted' }),
        statement: honest,
      }),
  ),
  row(
    'H020 certificate of a person signs GitHub provenance',
    'mismatch',
    'identity-issuer',
    () =>
      attest({
        identity: {
          ...github,
          san: { email: 'somebody@example.com' },
          extensions: { 1: PERSON, 8: PERSON },
        },
        statement: honest,
      }),
  ),
  row(
    'H021 right OIDs but the issuer is another OIDC provider',
    'mismatch',
    'identity-issuer',
    () =>
      attest({
        identity: withExtensions(github, {
          1: 'https://issuer.example',
          8: 'https://issuer.example',
        }),
      }),
  ),
  row(
    'H023 GitLab issuer with GitHub predicate',
    'mismatch',
    'identity-issuer',
    () =>
      withAttestation(withoutProvenance(document), {
        predicateType: honest.predicateType,
        bundle: sigstore.signWithCertificate(honest, {
          identity: gitlabIdentity(),
        }),
      }),
  ),
  row(
    'H024 lookalike host in SAN and repository URI',
    'mismatch',
    'identity-san',
    () =>
      attest({
        identity: withExtensions(withSan(github, { uri: LOOKALIKE_WORKFLOW }), {
          9: LOOKALIKE_WORKFLOW,
          12: LOOKALIKE,
          18: LOOKALIKE_WORKFLOW,
        }),
        statement: honest,
      }),
  ),
  row(
    'H025 SAN and Build Signer URI disagree',
    'mismatch',
    'identity-san',
    () =>
      attest({
        identity: withSan(github, {
          uri: 'https://github.com/mallory/evil/.github/workflows/x.yml@refs/heads/main',
        }),
        statement: honest,
      }),
  ),
  row(
    'H027 Source Repository URI is not a UTF8String',
    'invalid',
    'certificate-malformed',
    () =>
      attest({
        identity: withExtensions(github, {
          12: { der: Buffer.from('https://github.com/acme/widget') },
        }),
        statement: honest,
      }),
  ),
  row(
    'H028 certificate has no Source Repository OIDs',
    'mismatch',
    'identity-missing',
    () =>
      attest({
        identity: withExtensions(github, {
          5: null,
          12: null,
          13: null,
          14: null,
          15: null,
          16: null,
          17: null,
        }),
        statement: honest,
      }),
  ),
  row(
    'H029 unicode-confusable repository in predicate',
    'mismatch',
    'identity-repository',
    () =>
      attest({
        statement: githubProvenanceV1(
          ID,
          SHA512,
          githubIdentity({ repository: 'acme/w\u0456dget' }),
        ),
      }),
  ),
  row(
    'H031 predicate lacks the workflow object',
    'mismatch',
    'predicate-malformed',
    () => attest({ statement: withoutClaimedWorkflow(honest) }),
  ),
  row(
    'H032 predicate repository is an object with toString-like keys',
    'mismatch',
    'predicate-malformed',
    () =>
      attest({
        statement: withClaimedWorkflow(honest, {
          repository: {
            toString: 'https://github.com/acme/widget',
            valueOf: 'https://github.com/acme/widget',
          },
        }),
      }),
  ),
  row(
    'H033 second resolved dependency names another commit of the same repository',
    'mismatch',
    'predicate-malformed',
    () => attest({ statement: withSecondSource(honest, OTHER_COMMIT) }),
  ),
  row('H055 buildType unknown', 'mismatch', 'build-type', () =>
    attest({
      statement: withBuildType(honest, 'https://example.com/build/v1'),
    }),
  ),
  row('H056 builder id unknown', 'mismatch', 'builder-id', () =>
    attest({ statement: withBuilder(honest, 'https://example.com/builder') }),
  ),
];
