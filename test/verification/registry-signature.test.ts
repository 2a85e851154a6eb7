import { describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import type { ClaimedSignature } from '../../src/evidence/version-metadata.js';
import { parseRegistryKeys } from '../../src/verification/registry-keys.js';
import { verifyRegistrySignatures } from '../../src/verification/registry-signature.js';
import { ACME_REGISTRY, ID, OTHER_SRI, SRI } from './samples.js';

const sigstore = await createSigstore();
const file = Buffer.from(JSON.stringify(sigstore.npmKeys));
const KEYS = parseRegistryKeys(file);
const FOR_ATTESTATIONS = KEYS.filter(
  ({ usage }) => usage === 'npm:attestations',
);
const { current } = sigstore.keyIds;

const good = sigstore.signRegistry(ID, SRI);
const second = sigstore.signRegistry(ID, SRI, 'signatures-only');
const ended = sigstore.signRegistry(ID, SRI, 'ended');
const forged = sigstore.signRegistry(ID, SRI, 'rogue');

interface Options {
  readonly sri?: string | null;
  readonly keys?: typeof KEYS | null;
  readonly now?: Date;
}

function verify(
  signatures: readonly ClaimedSignature[],
  { sri = SRI, keys = KEYS, now = sigstore.now }: Options = {},
) {
  const context = { registry: ACME_REGISTRY, keys, now };
  return verifyRegistrySignatures(signatures, { id: ID, sri }, context);
}

describe('signatures that do not speak against the package', () => {
  it.each<[string, readonly ClaimedSignature[], string]>([
    ['a good one', [good], 'verified'],
    ['two good ones', [good, second], 'verified'],
    ['a good one twice', [good, good], 'verified'],
    ['none', [], 'missing'],
    ['one by a key that has ended', [ended], 'not-checked'],
    [
      'a good one beside one by a key that has ended',
      [good, ended],
      'not-checked',
    ],
  ])('%s', (_what, signatures, state) => {
    expect(verify(signatures)).toEqual({
      state,
      rejections: [],
      unverifiable: [],
    });
  });

  it.each<[string, string, string]>([
    ['before its end', '2025-06-01T00:00:00Z', 'verified'],
    ['at its end', '2025-12-03T12:00:00Z', 'verified'],
    ['after its end', '2025-12-03T12:00:01Z', 'not-checked'],
  ])('by a key with an end, %s', (_what, now, state) => {
    expect(verify([ended], { now: new Date(now) }).state).toBe(state);
  });
});

describe('signatures about which nobody can say', () => {
  it.each<[string, Options, readonly ClaimedSignature[], string, string[]]>([
    ['no digest pinned', { sri: null }, [good], 'not-checked', []],
    ['no digest pinned, forged', { sri: null }, [forged], 'not-checked', []],
    [
      'no keys for the registry',
      { keys: null },
      [good],
      'not-checked',
      ['registry-keys-missing'],
    ],
    [
      'no keys for the registry, forged',
      { keys: null },
      [forged],
      'not-checked',
      ['registry-keys-missing'],
    ],
    [
      'no keys and no digest',
      { keys: null, sri: null },
      [good],
      'not-checked',
      ['registry-keys-missing'],
    ],
    ['no keys and no signature', { keys: null }, [], 'missing', []],
  ])('%s', (_what, options, signatures, state, codes) => {
    const result = verify(signatures, options);
    expect(result.state).toBe(state);
    expect(result.rejections).toEqual([]);
    expect(result.unverifiable.map(({ code }) => code)).toEqual(codes);
  });
});

describe('signatures that do', () => {
  it.each<[string, readonly ClaimedSignature[]]>([
    ['over other bytes', [sigstore.signRegistry(ID, OTHER_SRI)]],
    ['over no bytes', [sigstore.signRegistry(ID, '')]],
    [
      'over another version',
      [sigstore.signRegistry({ ...ID, version: '1.2.4' }, SRI)],
    ],
    [
      'over another package',
      [sigstore.signRegistry({ ...ID, name: 'widget' }, SRI)],
    ],
    ['by a key that no trusted document names', [forged]],
    [
      'by an unknown key under the id of a known one',
      [{ ...forged, keyid: current }],
    ],
    [
      'by a known key under the id of another',
      [{ ...good, keyid: second.keyid }],
    ],
    ['by the id __proto__', [{ ...good, keyid: '__proto__' }]],
    ['by no id', [{ ...good, keyid: '' }]],
    [
      'by an ended key over other bytes',
      [sigstore.signRegistry(ID, OTHER_SRI, 'ended')],
    ],
    ['no bytes', [{ ...good, sig: '' }]],
    ['bytes that are no signature', [{ ...good, sig: 'bm8gc2lnbmF0dXJl' }]],
    ['no base64', [{ ...good, sig: '!!!' }]],
    ['cut off', [{ ...good, sig: good.sig.slice(0, 40) }]],
    ['a megabyte', [{ ...good, sig: 'A'.repeat(1 << 20) }]],
    ['a good one and a bad one', [good, forged]],
    ['a bad one and a good one', [forged, good]],
    ['an ended one and a bad one', [ended, forged]],
  ])('%s', (_defect, signatures) => {
    const { state, rejections } = verify(signatures);
    expect(state).toBe('rejected');
    expect(rejections).toMatchObject([
      { kind: 'invalid', code: 'registry-signature', attestation: null },
    ]);
  });

  it.each<[string, typeof KEYS]>([
    ['the registry’s keys are known to be none', []],
    ['the key is for attestations only', FOR_ATTESTATIONS],
  ])('%s', (_what, keys) => {
    expect(verify([good], { keys }).state).toBe('rejected');
  });

  it('are all named', () => {
    const { rejections } = verify([forged, good, { ...good, sig: '' }]);
    expect(rejections.map(({ found }) => found)).toEqual([
      forged.keyid,
      current,
    ]);
  });
});
