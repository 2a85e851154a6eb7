import {
  withAttestation,
  withBundle,
  withFlippedPayloadByte,
  withListForDocument,
  withObjectForList,
  withoutPublish,
  withRepeatedAttestation,
  withSwappedLabels,
} from '../../../fixtures/mutations.js';
import { withPublication } from '../../../fixtures/predicate-mutations.js';
import { withSubjectDigest } from '../../../fixtures/statement-mutations.js';
import {
  githubIdentity,
  githubProvenanceV1,
} from '../../../fixtures/statements.js';
import {
  attest,
  document,
  github,
  honest,
  ID,
  OTHER_SHA512,
  publish,
  row,
  SHA512,
  sigstore,
  type HostileRow,
} from '../hostile-scene.js';

const mallory = githubIdentity({ repository: 'mallory/widget' });

/** Provenance is sound, but the registry did not attest this publication. */
export const PUBLISH_ROWS: readonly HostileRow[] = [
  row('H083 publish attestation missing', 'mismatch', 'publish-missing', () =>
    attest({ publish: false }),
  ),
  row(
    'H084 publish signed by a key that only the registry vouches for',
    'invalid',
    'publish-key',
    () => attest({ publishSigning: { key: 'rogue' } }),
  ),
  row(
    'H085 publish key had expired at the log time',
    'invalid',
    'publish-key',
    () => attest({ publishSigning: { key: 'ended' } }),
  ),
  row('H087 publish hint is __proto__', 'invalid', 'publish-key', () =>
    attest({ publishSigning: { hint: '__proto__', keyid: '' } }),
  ),
  row(
    'H087 publish hint and key id are __proto__',
    'invalid',
    'publish-key',
    () => attest({ publishSigning: { hint: '__proto__', keyid: '__proto__' } }),
  ),
  row(
    'H088 publish envelope keyid and hint name different keys',
    'invalid',
    'publish-key',
    () => attest({ publishSigning: { keyid: sigstore.keyIds.ended } }),
  ),
  row(
    'H089 publish predicate name differs',
    'mismatch',
    'publish-predicate',
    () =>
      attest({
        publishStatement: withPublication(publish, { name: 'widget' }),
      }),
  ),
  row(
    'H091 publish predicate registry differs',
    'mismatch',
    'publish-predicate',
    () =>
      attest({
        publishStatement: withPublication(publish, {
          registry: 'https://registry.example',
        }),
      }),
  ),
  row(
    'H092 publish subject digest differs from provenance',
    'mismatch',
    'subject-digest',
    () =>
      attest({
        publishStatement: withSubjectDigest(publish, { sha512: OTHER_SHA512 }),
      }),
  ),
  row(
    'H093 publish statement signed by a Fulcio certificate',
    'invalid',
    'publish-key',
    () =>
      withAttestation(withoutPublish(document), {
        predicateType: publish.predicateType,
        bundle: sigstore.signWithCertificate(publish, { identity: github }),
      }),
  ),
];

/** The parts are sound, or some of them; the whole is not. */
export const DOCUMENT_ROWS: readonly HostileRow[] = [
  row('H095 wrapper labels swapped', 'invalid', 'predicate-type', () =>
    withSwappedLabels(document),
  ),
  row(
    'H099 first provenance is invalid, second valid',
    'invalid',
    'log-entry',
    () => withFlippedPayloadByte(withRepeatedAttestation(document, 2)),
  ),
  row(
    'H100 two valid provenances of different repositories',
    'mismatch',
    'provenance-conflict',
    () =>
      withAttestation(document, {
        predicateType: honest.predicateType,
        bundle: sigstore.signWithCertificate(
          githubProvenanceV1(ID, SHA512, mallory),
          { identity: mallory },
        ),
      }),
  ),
  row(
    'H103 attestations is not an array',
    'invalid',
    'document-malformed',
    () => withObjectForList(document),
  ),
  row('H104 bundle is null', 'invalid', 'document-malformed', () =>
    withBundle(document, null),
  ),
  row('H105 document is an array', 'invalid', 'document-malformed', () =>
    withListForDocument(document),
  ),
  row('H107 2000 copies of one valid provenance', 'invalid', 'too-large', () =>
    withRepeatedAttestation(document, 2000),
  ),
];
