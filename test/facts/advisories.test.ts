import { describe, expect, it } from 'vitest';
import {
  PROVENANCE,
  PUBLISH,
  withAttestation,
  withFlippedPayloadByte,
  withFlippedSignatureByte,
  withLogEntryOf,
  withoutPromise,
  withoutProvenance,
  withoutPublish,
  withRepeatedLogEntry,
  withRepeatedTimestamp,
  withShiftedIntegratedTime,
} from '../../fixtures/mutations.js';
import { withSubjects } from '../../fixtures/statement-mutations.js';
import { withExtensions } from '../../fixtures/statements.js';
import {
  attest,
  document,
  expectRejected,
  expectVerified,
  github,
  honest,
  judgeOurs,
  publish,
  sigstore,
} from './hostile-scene.js';

/**
 * Defects that other verifiers of attestations have had, one group each. Where
 * an advisory is about another program's way in, the row is what would come
 * through ours if we had the same defect.
 */
describe('CVE-2026-22703: a log entry that is not bound to what it stands beside', () => {
  it.each([
    ['provenance', PROVENANCE],
    ['publish attestation', PUBLISH],
  ])('the entry of another sound %s', (_what, index) => {
    const moved = withLogEntryOf(document, attest(), index);
    expectRejected(judgeOurs(moved), 'invalid', 'log-entry');
  });

  it.each(['dsse', 'intoto'] as const)(
    'a %s entry for the same payload and signature by another signer',
    (kind) => {
      const log = { kind, verifier: 'another' } as const;
      expectRejected(
        judgeOurs(attest({ signing: { log } })),
        'invalid',
        'log-entry',
      );
      expectRejected(
        judgeOurs(attest({ publishSigning: { log } })),
        'invalid',
        'log-entry',
      );
    },
  );

  it.each(['dsse', 'intoto'] as const)('a %s entry of its own', (kind) => {
    expectVerified(judgeOurs(attest({ signing: { log: { kind } } })));
  });
});

describe('CVE-2024-45395: as many verifications as the document asks for', () => {
  it('many copies of a log entry', () => {
    const many = withRepeatedLogEntry(document, 1000);
    expectRejected(judgeOurs(many), 'invalid', 'too-large');
  });

  it('more log entries than the limit, each of them sound', () => {
    const many = attest({ signing: { log: { entries: 5 } } });
    expectRejected(judgeOurs(many), 'invalid', 'too-large');
  });

  it('a timestamp where the log says no time', () => {
    const timed = attest({ signing: { log: { kind: 'hashedrekord' } } });
    expectVerified(judgeOurs(timed));
  });

  it('many copies of a timestamp', () => {
    const timed = attest({ signing: { log: { kind: 'hashedrekord' } } });
    const many = withRepeatedTimestamp(timed, 100);
    expectRejected(judgeOurs(many), 'invalid', 'too-large');
  });

  it('many subjects', () => {
    const [subject] = honest.subject;
    if (subject === undefined) throw new Error('no subject');
    const many = Array.from({ length: 10_000 }, () => subject);
    const statement = withSubjects(honest, many);
    expectRejected(
      judgeOurs(attest({ statement })),
      'mismatch',
      'subject-count',
    );
  });
});

describe('CVE-2026-48815: demands on certificate extensions that are dropped', () => {
  const foreign = 'https://github.com/mallory/widget';

  it.each([
    ['issuer', 8, 'https://issuer.example', 'identity-issuer'],
    ['signing workflow', 9, `${foreign}/w.yml@${github.ref}`, 'identity-san'],
    ['runner', 11, 'self-hosted', 'identity-runner'],
    ['repository', 12, foreign, 'identity-repository'],
    ['commit', 13, 'b'.repeat(40), 'identity-commit'],
    ['ref', 14, 'refs/heads/evil', 'identity-ref'],
    ['repository id', 15, '7777', 'identity-repository-id'],
    ['owner', 16, 'https://github.com/mallory', 'identity-repository'],
    ['owner id', 17, '7777', 'identity-owner-id'],
    ['event', 20, 'pull_request_target', 'identity-event'],
    ['run', 21, `${foreign}/actions/runs/1/attempts/1`, 'identity-invocation'],
  ] as const)(
    'another %s in the certificate is noticed',
    (_what, number, value, code) => {
      const identity = withExtensions(github, { [number]: value });
      const facts = judgeOurs(attest({ identity, statement: honest }));
      expectRejected(facts, 'mismatch', code);
    },
  );

  it('another calling workflow in the certificate is noticed', () => {
    const uri = `https://github.com/acme/widget/.github/workflows/evil.yml@${github.ref}`;
    const identity = withExtensions(github, { 18: uri });
    const facts = judgeOurs(attest({ identity, statement: honest }));
    expectRejected(facts, 'mismatch', 'identity-workflow');
  });
});

describe('CVE-2026-48816, sigstore-rust 160: a time that nobody signed', () => {
  it('an inclusion proof without a promise, beside an integrated time', () => {
    const timeless = withoutPromise(document);
    const [entry] =
      timeless.attestations[PROVENANCE]?.bundle.verificationMaterial
        .tlogEntries ?? [];
    expect(entry).toMatchObject({
      inclusionProof: expect.anything() as unknown,
      integratedTime: expect.stringMatching(/^[1-9]/) as unknown,
    });
    expectRejected(judgeOurs(timeless), 'invalid', 'timestamp');
  });

  it('an integrated time that would revive an expired certificate', () => {
    const at = new Date(sigstore.now.getTime() - 86_400_000);
    const late = attest({ signing: { at, log: { time: sigstore.now } } });
    expectRejected(judgeOurs(late), 'invalid', 'certificate');
    expectRejected(
      judgeOurs(withShiftedIntegratedTime(late, -86_400)),
      'invalid',
      'log-entry',
    );
    const timeless = withShiftedIntegratedTime(withoutPromise(late), -86_400);
    expectRejected(judgeOurs(timeless), 'invalid', 'timestamp');
  });
});

describe('GHSA-r2xv-vpr2-42m9: a publish attestation whose signature nobody looks at', () => {
  it.each([
    ['payload', withFlippedPayloadByte(document, 40, PUBLISH)],
    ['signature', withFlippedSignatureByte(document, -1, PUBLISH)],
  ])('its %s changed', (_what, changed) => {
    expectRejected(judgeOurs(changed), 'invalid', 'log-entry');
  });

  it('signed by somebody else, and logged so', () => {
    const signed = attest({ publishSigning: { signedBy: 'another' } });
    expectRejected(judgeOurs(signed), 'invalid', 'signature');
  });

  it('signed by a key that no trust root names', () => {
    const signed = attest({ publishSigning: { key: 'rogue' } });
    expectRejected(judgeOurs(signed), 'invalid', 'publish-key');
  });

  it('signed by a certificate', () => {
    const bundle = sigstore.signWithCertificate(publish, { identity: github });
    const { predicateType } = publish;
    const signed = withAttestation(withoutPublish(document), {
      predicateType,
      bundle,
    });
    expectRejected(judgeOurs(signed), 'invalid', 'publish-key');
  });
});

describe('CVE-2025-25204: no attestation of the wanted type, and no complaint', () => {
  const predicateType = 'https://example.com/other/v1';
  const unknown = {
    predicateType,
    bundle: sigstore.signWithCertificate(
      { ...honest, predicateType, predicate: {} },
      { identity: github },
    ),
  };

  it('only an attestation of an unknown type establishes nothing', () => {
    expect(judgeOurs({ attestations: [unknown] })).toMatchObject({
      verification: 'none',
      level: 'none',
      provenance: null,
      publish: null,
      otherPredicateTypes: [predicateType],
    });
  });

  it('only a publish attestation is no provenance', () => {
    const facts = judgeOurs(withoutProvenance(document));
    expect(facts).toMatchObject({ level: 'none', provenance: null });
    expect(
      judgeOurs(withAttestation(withoutProvenance(document), unknown)),
    ).toMatchObject({ level: 'none', provenance: null });
  });
});
