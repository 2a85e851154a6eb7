import { bundleFromJSON } from '@sigstore/bundle';
import { X509Certificate } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial } from '@sigstore/verify';
import { describe, expect, it } from 'vitest';

import {
  createSigstore,
  type PrivateSigstore,
} from '../../fixtures/private-sigstore.js';
import { attestPackage } from '../../fixtures/statements.js';
import {
  memoizeLeaf,
  memoizeTrusted,
} from '../../src/verification/memoized-certificates.js';

const one = await createSigstore();
const other = await createSigstore();

/** Every trusted certificate of a private Sigstore, read anew. */
function read({ trustedRoot }: { readonly trustedRoot: unknown }) {
  const material = toTrustMaterial(TrustedRoot.fromJSON(trustedRoot));
  const authorities = [
    ...material.certificateAuthorities,
    ...material.timestampAuthorities,
  ];
  return { material, chain: authorities.flatMap((each) => each.certChain) };
}

function readMemoized() {
  const { material, chain } = read(one);
  memoizeTrusted(material);
  return chain;
}

describe('a memoized certificate', () => {
  it('answers as any other, the second time too', () => {
    const { chain: plain } = read(one);
    const memoized = readMemoized();
    expect(memoized.length).toBeGreaterThan(3);
    for (const [index, certificate] of memoized.entries()) {
      for (const [position, issuer] of [...memoized, undefined].entries()) {
        const expected = plain[index]?.verify(plain[position]);
        expect(certificate.verify(issuer)).toBe(expected);
        expect(certificate.verify(issuer)).toBe(expected);
      }
      const der = plain[index]?.root.toDER();
      expect(certificate.root.toDER()).toEqual(der);
      expect(certificate.root.toDER()).toEqual(der);
      expect(certificate.tbsCertificate.toDER()).toEqual(
        plain[index]?.tbsCertificate.toDER(),
      );
    }
  });

  it('says of at least one pair that it signed, and of one that not', () => {
    const [first, ...others] = readMemoized();
    const answers = others.map((each) => first?.verify(each));
    expect(new Set(answers)).toEqual(new Set([true, false]));
  });

  it('never remembers what it says of a foreign issuer', () => {
    const [certificate] = readMemoized();
    const issuers = read(one).chain;
    const issuer = issuers.find((each) => certificate?.verify(each));
    const [stranger] = read(other).chain;
    if (issuer === undefined || stranger === undefined) {
      throw new Error('the fixture has no such pair');
    }
    const foreign = X509Certificate.parse(Buffer.from(issuer.root.toDER()));
    expect(certificate?.verify(foreign)).toBe(true);
    foreign.root = stranger.root;
    expect(certificate?.verify(foreign)).toBe(false);
  });

  it('leaves the class and other instances alone', () => {
    const [memoized] = readMemoized();
    const [plain] = read(one).chain;
    expect(memoized).toHaveProperty('verify');
    expect(Object.hasOwn(memoized ?? {}, 'verify')).toBe(true);
    expect(Object.hasOwn(plain ?? {}, 'verify')).toBe(false);
    expect(Object.hasOwn(plain?.root ?? {}, 'toDER')).toBe(false);
  });
});

/** A bundle's own certificate, as signed, with its bytes altered by `change`. */
function readLeaf(
  sigstore: PrivateSigstore,
  change: (der: Buffer<ArrayBuffer>) => void = () => undefined,
): X509Certificate {
  const id = { name: 'leaf', version: '1.0.0' };
  const { attestations } = attestPackage(sigstore, id, 'ab'.repeat(64));
  const bundle = bundleFromJSON(attestations.at(-1)?.bundle);
  const { content } = bundle.verificationMaterial;
  if (content.$case !== 'certificate') throw new Error('no certificate');
  const der = Buffer.from(content.certificate.rawBytes);
  change(der);
  return X509Certificate.parse(der);
}

/** Without the extension that a certificate log's signature is about. */
function withoutExtension(certificate: X509Certificate, index: number) {
  const clone = certificate.clone();
  clone.extensions.splice(index, 1);
  return [clone.tbsCertificate.toDER(), clone.root.toDER()];
}

describe('the certificate of a bundle', () => {
  const { material, chain: trusted } = read(one);
  const keys = memoizeTrusted(material);
  const issuers = [...trusted, ...read(one).chain, ...read(other).chain];

  function expectSameAnswers(
    sigstore: PrivateSigstore,
    change?: (der: Buffer<ArrayBuffer>) => void,
  ): readonly boolean[] {
    const plain = readLeaf(sigstore, change);
    const memoized = X509Certificate.parse(Buffer.from(plain.root.toDER()));
    memoizeLeaf(memoized, keys);
    const answers = issuers.map((each) => memoized.verify(each));
    expect(answers).toEqual(issuers.map((each) => plain.verify(each)));
    expect(memoized.verify()).toBe(plain.verify());
    expect(memoized.root.toDER()).toEqual(plain.root.toDER());
    expect(memoized.publicKey).toEqual(plain.publicKey);
    for (const index of plain.extensions.keys()) {
      expect(withoutExtension(memoized, index)).toEqual(
        withoutExtension(plain, index),
      );
    }
    return answers;
  }

  it('is signed by one authority, whoever read it', () => {
    const answers = expectSameAnswers(one);
    // As it is remembered, and as it is read anew.
    expect(answers.filter(Boolean)).toHaveLength(2);
  });

  it('is signed by none of the trusted if by another Sigstore', () => {
    const answers = expectSameAnswers(other);
    expect(answers.slice(0, trusted.length)).not.toContain(true);
    expect(answers).toContain(true);
  });

  it.each([
    ['a byte of what is signed', 60],
    ['the last byte of the signature', -1],
  ])('is signed by nobody once altered: %s', (_, position) => {
    const answers = expectSameAnswers(one, (der) => {
      const at = position < 0 ? der.length + position : position;
      der[at] = (der[at] ?? 0) ^ 1;
    });
    expect(answers).not.toContain(true);
  });

  it('is signed by nobody if its algorithm is not known', () => {
    // ecdsa-with-SHA384, the last of its kind, becomes SHA-1's.
    const oid = Buffer.from('06082a8648ce3d040303', 'hex');
    const answers = expectSameAnswers(one, (der) => {
      der[der.lastIndexOf(oid) + oid.length - 1] = 1;
    });
    expect(answers).not.toContain(true);
  });

  it('is copied without what it remembers', () => {
    const certificate = readLeaf(one);
    memoizeLeaf(certificate, keys);
    const before = certificate.root.toDER();
    const copy = certificate.clone();
    copy.extensions.splice(0, 1);
    expect(copy.root.toDER()).not.toEqual(before);
    expect(certificate.root.toDER()).toEqual(before);
    expect(certificate.clone().root.toDER()).toEqual(before);
  });

  it('has one encoding: what is not DER is not read', () => {
    const der = Buffer.from(readLeaf(one).root.toDER());
    let read = 0;
    for (const [index, byte] of der.entries()) {
      for (const bit of [1, 128]) {
        der[index] = byte ^ bit;
        const parsed = parseOrNull(der);
        if (parsed === null) continue;
        read += 1;
        if (!parsed.root.toDER().equals(der)) {
          throw new Error(`another encoding, byte ${index}, bit ${bit}`);
        }
      }
      der[index] = byte;
    }
    expect(read).toBeGreaterThan(500);
  });
});

function parseOrNull(der: Buffer<ArrayBuffer>): X509Certificate | null {
  try {
    return X509Certificate.parse(der);
  } catch {
    return null;
  }
}
