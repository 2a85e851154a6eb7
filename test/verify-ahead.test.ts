import { describe, expect, it } from 'vitest';

import * as mutations from '../fixtures/mutations.js';
import { createSigstore } from '../fixtures/private-sigstore.js';
import { attestPackage } from '../fixtures/statements.js';
import { parseAttestationDocument } from '../src/evidence/attestation-document.js';
import type { Evidence } from '../src/evidence/evidence.js';
import type { JsonValue } from '../src/json/strict-json.js';
import { verifyBundle } from '../src/verification/verify-bundle.js';
import { createVerifyAhead, type VerifyAhead } from '../src/verify-ahead.js';
import { ACME_REGISTRY } from './verification/samples.js';
import { trustRootOf } from './verification/verified-bundle.js';

const sigstore = await createSigstore();
const trustRoot = trustRootOf(sigstore);
const now = sigstore.now;
const honest = attestPackage(
  sigstore,
  { name: '@acme/widget', version: '1.2.3' },
  'ab'.repeat(64),
);

function evidenceOf(value: unknown): Evidence {
  const document = parseAttestationDocument(Buffer.from(JSON.stringify(value)));
  if (document.status !== 'parsed') throw new Error('not a document');
  const metadata = {
    integrity: null,
    signatures: [],
    advertisesAttestations: true,
    advertisesProvenance: true,
    publishedAt: null,
    declaredRepository: null,
  };
  return { status: 'attested', metadata, document };
}

function bundlesOf(evidence: Evidence): readonly JsonValue[] {
  return evidence.status === 'attested' && evidence.document.status === 'parsed'
    ? evidence.document.attestations.map(({ bundle }) => bundle)
    : [];
}

/** More turns of the event loop than there are bundles. */
async function turns(count = 10): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

function known(
  ahead: VerifyAhead,
  evidence: Evidence,
  registry = ACME_REGISTRY,
): readonly unknown[] {
  return bundlesOf(evidence).map((bundle) => ahead.results(bundle, registry));
}

describe('what is verified ahead', () => {
  it.each([
    ['an honest document', honest],
    ['a forged one', mutations.withFlippedPayloadByte(honest, 0)],
    ['an empty bundle', { attestations: [{ predicateType: 'x', bundle: {} }] }],
  ])('is what is verified later: %s', async (_what, document) => {
    const evidence = evidenceOf(document);
    const ahead = createVerifyAhead(now);
    ahead.add(evidence, ACME_REGISTRY);
    ahead.start(trustRoot);
    await turns();
    const expected = bundlesOf(evidence).map((bundle) =>
      verifyBundle(bundle, trustRoot, { registry: ACME_REGISTRY, now }),
    );
    expect(known(ahead, evidence)).toEqual(expected);
  });

  it('waits for the trust root', async () => {
    const evidence = evidenceOf(honest);
    const ahead = createVerifyAhead(now);
    ahead.add(evidence, ACME_REGISTRY);
    await turns();
    expect(known(ahead, evidence)).toEqual([null, null]);
    ahead.start(trustRoot);
    await turns();
    expect(known(ahead, evidence)).not.toContain(null);
  });

  it('is done a bundle a turn', async () => {
    const evidence = evidenceOf(honest);
    const ahead = createVerifyAhead(now);
    ahead.start(trustRoot);
    ahead.add(evidence, ACME_REGISTRY);
    await turns(1);
    expect(known(ahead, evidence).filter((each) => each !== null)).toHaveLength(
      1,
    );
  });

  it('counts for the registry that it was asked for alone', async () => {
    const evidence = evidenceOf(honest);
    const ahead = createVerifyAhead(now);
    ahead.start(trustRoot);
    ahead.add(evidence, ACME_REGISTRY);
    await turns();
    const other = 'https://npm.other.example/';
    expect(known(ahead, evidence, other)).toEqual([null, null]);
  });

  it('counts for the very bundle, not for one that looks the same', async () => {
    const ahead = createVerifyAhead(now);
    ahead.start(trustRoot);
    ahead.add(evidenceOf(honest), ACME_REGISTRY);
    await turns();
    expect(known(ahead, evidenceOf(honest))).toEqual([null, null]);
  });

  it('ends when nobody waits any more', async () => {
    const evidence = evidenceOf(honest);
    const ahead = createVerifyAhead(now);
    ahead.start(trustRoot);
    ahead.add(evidence, ACME_REGISTRY);
    ahead.stop();
    await turns();
    expect(known(ahead, evidence)).toEqual([null, null]);
  });
});
