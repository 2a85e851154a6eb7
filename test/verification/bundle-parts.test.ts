import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, type SignedEntity } from '@sigstore/verify';
import { describe, expect, it } from 'vitest';
import type { BundleJson } from '../../fixtures/bundle.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { githubIdentity } from '../../fixtures/statements.js';
import {
  earliestTimestamp,
  readSigner,
  toLogEntry,
  verifiedTimes,
} from '../../src/verification/bundle-parts.js';
import { findRegistryKey } from '../../src/verification/registry-keys.js';
import { CertificateError } from '../../src/verification/signing-certificate.js';
import { UnknownKeyError } from '../../src/verification/trust-root.js';
import { ACME_REGISTRY } from './samples.js';
import { trustRootOf } from './verified-bundle.js';

const sigstore = await createSigstore();
const trustRoot = trustRootOf(sigstore);
const CERTIFIED = sigstore.signWithCertificate(
  {},
  { identity: githubIdentity() },
);
const KEYED = sigstore.signWithKey({});
const { current } = sigstore.keyIds;

function entityOf(bundle: BundleJson): SignedEntity {
  return toSignedEntity(bundleFromJSON(bundle));
}

function signerOf(entity: SignedEntity, root = trustRoot) {
  return readSigner(entity, root, ACME_REGISTRY);
}

describe('the signer', () => {
  it('is the certificate, with the very bytes that the bundle holds', () => {
    const { signer, der } = signerOf(entityOf(CERTIFIED));
    const { rawBytes } = CERTIFIED.verificationMaterial.certificate ?? {};
    expect(der.toString('base64')).toBe(rawBytes);
    if (signer.kind !== 'certificate') throw new Error('not a certificate');
    expect(signer.certificate.extensions.get(12)).toBe(
      'https://github.com/acme/widget',
    );
    expect(signer.certificate.names).toMatchObject([{ type: 'uri' }]);
  });

  it('is the key of that id for attestations, with its own bytes', () => {
    const { signer, der } = signerOf(entityOf(KEYED));
    const keys = trustRoot.keysFor(ACME_REGISTRY) ?? [];
    expect(signer).toEqual({ kind: 'key', keyId: current });
    expect(der).toEqual(
      findRegistryKey(keys, current, 'npm:attestations')?.spki,
    );
  });

  it.each<[string, string]>([
    ['that no trusted document names', sigstore.keyIds.rogue],
    ['that may sign versions only', sigstore.keyIds['signatures-only']],
    ['that every object has', '__proto__'],
    ['without an id', ''],
  ])('is unknown by a key %s', (_what, hint) => {
    const entity = entityOf(sigstore.signWithKey({}, { hint }));
    expect(() => signerOf(entity)).toThrow(UnknownKeyError);
    expect(() => signerOf(entity)).toThrow(
      expect.objectContaining({
        name: 'UnknownKeyError',
        message: `no attestation key with the id ${hint}`,
      }),
    );
  });

  it('is unknown where there are no keys', () => {
    const none = trustRootOf(sigstore, 'none');
    expect(() => signerOf(entityOf(KEYED), none)).toThrow(UnknownKeyError);
  });
});

/** One part of an extension, as the library decodes DER. */
function part(value: string, isTrue = false) {
  return {
    value: Buffer.from(value),
    toOID: () => '1.2.3.4',
    toBoolean: () => isTrue,
  };
}

/** The honest certificate with one more extension, of these parts. */
function withExtension(...subs: readonly unknown[]): SignedEntity {
  const entity = entityOf(CERTIFIED);
  if (entity.key.$case !== 'certificate') throw new Error('not a certificate');
  const { certificate } = entity.key;
  const extensions = [...certificate.extensions, { subs }];
  const key = {
    $case: 'certificate',
    certificate: { extensions, root: certificate.root },
  };
  return { ...entity, key: key as unknown as SignedEntity['key'] };
}

describe('an extension of a certificate', () => {
  it.each<[string, readonly unknown[]]>([
    ['without a word on being critical', [part(''), part('value')]],
    ['that says it is not critical', [part(''), part(''), part('value')]],
  ])('is read: %s', (_what, parts) => {
    expect(signerOf(withExtension(...parts)).signer.kind).toBe('certificate');
  });

  it('that is critical and unknown is refused', () => {
    const entity = withExtension(part(''), part('', true), part('value'));
    expect(() => signerOf(entity)).toThrow(
      'unknown critical extension 1.2.3.4',
    );
  });

  it.each<[string, readonly unknown[]]>([
    ['no parts', []],
    ['an id alone', [part('')]],
    ['a fourth part', [part(''), part(''), part('value'), part('more')]],
  ])('is refused with %s', (_defect, parts) => {
    expect(() => signerOf(withExtension(...parts))).toThrow(CertificateError);
    expect(() => signerOf(withExtension(...parts))).toThrow(
      expect.objectContaining({
        check: 'certificate-values',
        message: 'an extension is not valid DER',
      }),
    );
  });
});

describe('a log entry', () => {
  const [entry] = bundleFromJSON(CERTIFIED).verificationMaterial.tlogEntries;
  const [json] = CERTIFIED.verificationMaterial.tlogEntries;
  if (entry === undefined || json === undefined) throw new Error('no entry');
  const proof = json.inclusionProof;

  it('is taken over as the bundle has it', () => {
    expect(toLogEntry(entry)).toEqual({
      logId: Buffer.from(json.logId.keyId, 'base64'),
      logIndex: json.logIndex,
      integratedTime: json.integratedTime,
      isPromised: true,
      canonicalizedBody: Buffer.from(json.canonicalizedBody, 'base64'),
      proof: {
        logIndex: proof?.logIndex,
        rootHash: Buffer.from(proof?.rootHash ?? '', 'base64'),
        treeSize: proof?.treeSize,
        checkpoint: proof?.checkpoint.envelope,
      },
    });
  });

  it('may have no promise, no proof, or a proof without a checkpoint', () => {
    const { inclusionProof } = entry;
    if (inclusionProof === undefined) throw new Error('no proof');
    expect(toLogEntry({ ...entry, inclusionPromise: undefined })).toMatchObject(
      {
        isPromised: false,
      },
    );
    expect(
      toLogEntry({ ...entry, inclusionProof: undefined }).proof,
    ).toBeNull();
    expect(
      toLogEntry({
        ...entry,
        inclusionProof: { ...inclusionProof, checkpoint: undefined },
      }).proof,
    ).toBeNull();
  });
});

type Timestamp = SignedEntity['timestamps'][number];

describe('the times of a bundle', () => {
  const at = (seconds: number) => new Date(seconds * 1000);

  function byLog(integratedTime: string, isPromised = true): Timestamp {
    const [honest] = bundleFromJSON(CERTIFIED).verificationMaterial.tlogEntries;
    if (honest === undefined) throw new Error('no entry');
    const { inclusionPromise } = honest;
    const tlogEntry = {
      ...honest,
      integratedTime,
      inclusionPromise: isPromised ? inclusionPromise : undefined,
    };
    return { $case: 'transparency-log', tlogEntry };
  }

  function byAuthority(seconds: number): Timestamp {
    const timestamp = { signingTime: at(seconds) };
    return { $case: 'timestamp-authority', timestamp } as unknown as Timestamp;
  }

  const timed = (...timestamps: readonly Timestamp[]): SignedEntity => ({
    ...entityOf(CERTIFIED),
    timestamps: [...timestamps],
  });

  it.each<[string, readonly Timestamp[], number]>([
    ['the log’s', [byLog('1000')], 1_000],
    ['an authority’s', [byAuthority(2_000)], 2_000],
    ['the log’s, if earlier', [byAuthority(2_000), byLog('1000')], 1_000],
    ['an authority’s, if earlier', [byLog('3000'), byAuthority(2_000)], 2_000],
    [
      'no time that the log has not signed',
      [byLog('1000', false), byAuthority(2_000)],
      2_000,
    ],
  ])('the earliest is %s', (_what, timestamps, seconds) => {
    expect(earliestTimestamp(timed(...timestamps))).toEqual(at(seconds));
  });

  it.each<[string, readonly Timestamp[]]>([
    ['none', []],
    ['none that the log has signed', [byLog('1000', false)]],
  ])('are a defect where there is %s', (_defect, timestamps) => {
    expect(() => earliestTimestamp(timed(...timestamps))).toThrow(
      'no verified timestamp',
    );
  });

  it('are told apart by who says them', () => {
    const all = timed(byLog('1000'), byAuthority(2_000), byLog('1', false));
    expect(verifiedTimes(all)).toEqual({
      byLog: [at(1_000)],
      byAuthority: [at(2_000)],
    });
  });
});
