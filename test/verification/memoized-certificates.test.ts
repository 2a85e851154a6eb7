import { X509Certificate } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial } from '@sigstore/verify';
import { describe, expect, it } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  memoizeEncoding,
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

  it('is copied without what it remembers', () => {
    const [certificate] = read(one).chain;
    if (certificate === undefined) throw new Error('no certificate');
    memoizeEncoding(certificate);
    const before = certificate.root.toDER();
    const copy = certificate.clone();
    copy.extensions.splice(0, 1);
    expect(copy.root.toDER()).not.toEqual(before);
    expect(certificate.root.toDER()).toEqual(before);
  });
});
