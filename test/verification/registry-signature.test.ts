import { describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import type { ClaimedSignature } from '../../src/evidence/version-metadata.js';
import { rejectionsOf } from '../../src/verification/check.js';
import { parseRegistryKeys } from '../../src/verification/registry-keys.js';
import { verifyRegistrySignatures } from '../../src/verification/registry-signature.js';
import { codesOf, undecidedCodesOf } from './failures.js';
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
  readonly publishedAt?: Date | null;
}

function verify(
  signatures: readonly ClaimedSignature[],
  {
    sri = SRI,
    keys = KEYS,
    now = sigstore.now,
    publishedAt = null,
  }: Options = {},
) {
  const context = { registry: ACME_REGISTRY, keys, now };
  return verifyRegistrySignatures(
    signatures,
    { id: ID, sri, publishedAt },
    context,
  );
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
    const result = verify(signatures);
    expect(result.state).toBe(state);
    expect(codesOf(result.checks)).toEqual([]);
    expect(undecidedCodesOf(result.checks)).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['before its end', '2025-06-01T00:00:00Z', 'verified'],
    ['at its end', '2025-12-03T12:00:00Z', 'verified'],
    ['after its end', '2025-12-03T12:00:01Z', 'not-checked'],
  ])('by a key with an end, %s', (_what, now, state) => {
    expect(verify([ended], { now: new Date(now) }).state).toBe(state);
  });
});

describe('a signature by a key that has ended', () => {
  const END = '2025-12-03T12:00:00.000Z';

  it.each<[string, string | null, string, string]>([
    ['published before its end', '2025-12-03T11:59:59.999Z', 'verified', ''],
    ['published at its end', END, 'verified', ''],
    [
      'published after its end',
      '2025-12-03T12:00:00.001Z',
      'rejected',
      'the registry signature is by a key that had ended before',
    ],
    [
      'published at an unknown time',
      null,
      'not-checked',
      'the key has ended, and when the version was published is not known',
    ],
  ])('%s', (_what, published, state, message) => {
    const publishedAt = published === null ? null : new Date(published);
    const result = verify([ended], { publishedAt });
    expect(result.state).toBe(state);
    const [check, ...others] = result.checks;
    expect(others).toEqual([]);
    expect(check?.check).toBe('registry-signature');
    expect(check !== undefined && 'message' in check ? check.message : '').toBe(
      message,
    );
    expect(check?.found).toBe(
      published === null ? null : `${ended.keyid}, published ${published}`,
    );
    expect(check?.expected).toBe(
      state === 'rejected' ? `published by ${END}` : null,
    );
    expect(codesOf(result.checks)).toEqual(
      state === 'rejected' ? ['registry-signature'] : [],
    );
    expect(rejectionsOf(result.checks)).toMatchObject(
      state === 'rejected' ? [{ kind: 'invalid' }] : [],
    );
  });

  it('is rejected over other bytes, whenever it was published', () => {
    const other = sigstore.signRegistry(ID, OTHER_SRI, 'ended');
    const publishedAt = new Date('2022-01-01T00:00:00Z');
    expect(verify([other], { publishedAt }).state).toBe('rejected');
  });

  it('counts for nothing where another one is rejected', () => {
    const publishedAt = new Date('2022-01-01T00:00:00Z');
    expect(verify([ended, forged], { publishedAt }).state).toBe('rejected');
    expect(verify([ended, good], { publishedAt }).state).toBe('verified');
  });

  it('is not asked for its date before the end', () => {
    const publishedAt = new Date('2030-01-01T00:00:00Z');
    expect(verify([good], { publishedAt }).state).toBe('verified');
  });
});

describe('what is recorded', () => {
  const check = 'registry-signature';

  it.each<[string, readonly ClaimedSignature[], Options, object]>([
    [
      'a good signature',
      [good],
      {},
      { outcome: 'passed', expected: null, found: current },
    ],
    [
      'none',
      [],
      {},
      { outcome: 'not-made', message: 'the registry serves no signature' },
    ],
    [
      'no digest pinned',
      [good],
      { sri: null },
      { outcome: 'not-made', message: 'the lockfile pins no SHA-512' },
    ],
    ['no keys', [good], { keys: null }, { outcome: 'undecided' }],
    [
      'an unknown key',
      [forged],
      {},
      {
        outcome: 'failed',
        message: 'the registry signature is by an unknown key',
        expected: 'a signature by a key of the trust root',
        found: forged.keyid,
      },
    ],
    [
      'other bytes',
      [sigstore.signRegistry(ID, OTHER_SRI)],
      {},
      {
        outcome: 'failed',
        message: 'the registry signature is not over the lockfile’s bytes',
        found: current,
      },
    ],
  ])('%s', (_what, signatures, options, recorded) => {
    expect(verify(signatures, options).checks).toMatchObject([
      { check, ...recorded },
    ]);
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
    expect(codesOf(result.checks)).toEqual([]);
    expect(undecidedCodesOf(result.checks)).toEqual(codes);
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
    const { state, checks } = verify(signatures);
    expect(state).toBe('rejected');
    expect(rejectionsOf(checks)).toMatchObject([
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
    const { checks } = verify([forged, good, { ...good, sig: '' }]);
    expect(rejectionsOf(checks).map(({ found }) => found)).toEqual([
      forged.keyid,
      current,
    ]);
  });
});
