import { describe, expect, it } from 'vitest';

import * as mutations from '../fixtures/mutations.js';
import { createSigstore } from '../fixtures/private-sigstore.js';
import { attestPackage } from '../fixtures/statements.js';
import { parseAttestationDocument } from '../src/evidence/attestation-document.js';
import type { Evidence } from '../src/evidence/evidence.js';
import type { JsonValue } from '../src/json/strict-json.js';
import { verifyBundle } from '../src/verification/verify-bundle.js';
import {
  createVerifyAhead,
  type OpenVerifyPool,
  type VerifyAgainst,
  type VerifyAhead,
  type VerifyTask,
} from '../src/verify-ahead.js';
import { ACME_REGISTRY } from './verification/samples.js';
import { documentsOf, trustRootOf } from './verification/verified-bundle.js';

const sigstore = await createSigstore();
const trustRoot = trustRootOf(sigstore);
const DOCUMENTS = documentsOf(sigstore);
const now = sigstore.now;
const NEVER = new AbortController().signal;
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
    ahead.start(trustRoot, DOCUMENTS);
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
    ahead.start(trustRoot, DOCUMENTS);
    await turns();
    expect(known(ahead, evidence)).not.toContain(null);
  });

  it('is done a bundle a turn', async () => {
    const evidence = evidenceOf(honest);
    const ahead = createVerifyAhead(now);
    ahead.start(trustRoot, DOCUMENTS);
    ahead.add(evidence, ACME_REGISTRY);
    await turns(1);
    expect(known(ahead, evidence).filter((each) => each !== null)).toHaveLength(
      1,
    );
  });

  it('counts for the registry that it was asked for alone', async () => {
    const evidence = evidenceOf(honest);
    const ahead = createVerifyAhead(now);
    ahead.start(trustRoot, DOCUMENTS);
    ahead.add(evidence, ACME_REGISTRY);
    await turns();
    const other = 'https://npm.other.example/';
    expect(known(ahead, evidence, other)).toEqual([null, null]);
  });

  it('counts for the very bundle, not for one that looks the same', async () => {
    const ahead = createVerifyAhead(now);
    ahead.start(trustRoot, DOCUMENTS);
    ahead.add(evidenceOf(honest), ACME_REGISTRY);
    await turns();
    expect(known(ahead, evidenceOf(honest))).toEqual([null, null]);
  });

  it('ends when nobody waits any more', async () => {
    const evidence = evidenceOf(honest);
    const ahead = createVerifyAhead(now);
    ahead.start(trustRoot, DOCUMENTS);
    ahead.add(evidence, ACME_REGISTRY);
    ahead.stop();
    await turns();
    expect(known(ahead, evidence)).toEqual([null, null]);
  });

  it('is complete when it is finished', async () => {
    const evidence = many(5);
    const ahead = createVerifyAhead(now);
    ahead.start(trustRoot, DOCUMENTS);
    for (const each of evidence) ahead.add(each, ACME_REGISTRY);
    await ahead.finish(NEVER);
    for (const each of evidence) expect(known(ahead, each)).not.toContain(null);
  });

  it('is not finished for whom the audit has ended', async () => {
    const evidence = many(5);
    const ahead = createVerifyAhead(now);
    ahead.start(trustRoot, DOCUMENTS);
    for (const each of evidence) ahead.add(each, ACME_REGISTRY);
    await ahead.finish(AbortSignal.abort());
    expect(known(ahead, evidence.at(-1) ?? evidenceOf(honest))).toContain(null);
  });
});

describe('other threads', () => {
  /** Answers as a thread would, and counts. */
  function fakePool(answer: 'verify' | 'fail'): {
    readonly tasks: VerifyTask[];
    readonly batches: (readonly VerifyTask[])[];
    readonly targets: ReadonlySet<VerifyAgainst>;
    readonly opened: () => number;
    readonly closed: () => number;
    readonly open: OpenVerifyPool;
  } {
    const tasks: VerifyTask[] = [];
    const batches: (readonly VerifyTask[])[] = [];
    const targets = new Set<VerifyAgainst>();
    const count = { opened: 0, closed: 0 };
    return {
      tasks,
      batches,
      targets,
      opened: () => count.opened,
      closed: () => count.closed,
      open: () => {
        count.opened += 1;
        return {
          threads: 1,
          verify: async (batch, against) => {
            tasks.push(...batch);
            batches.push(batch);
            targets.add(against);
            await new Promise(setImmediate);
            if (answer === 'fail') throw new Error('no thread');
            return batch.map(({ bundle, registry }) =>
              verifyBundle(bundle, trustRoot, { registry, now }),
            );
          },
          close: () => {
            count.closed += 1;
            return Promise.resolve();
          },
        };
      },
    };
  }

  async function verifyMany(
    pool: ReturnType<typeof fakePool>,
    documents: number,
  ): Promise<readonly unknown[]> {
    const evidence = many(documents);
    const ahead = createVerifyAhead(now, pool.open);
    for (const each of evidence) ahead.add(each, ACME_REGISTRY);
    ahead.start(trustRoot, DOCUMENTS);
    await ahead.finish(NEVER);
    ahead.stop();
    return evidence.flatMap((each) => known(ahead, each));
  }

  const expected = bundlesOf(evidenceOf(honest)).map((bundle) =>
    verifyBundle(bundle, trustRoot, { registry: ACME_REGISTRY, now }),
  );
  const repeated = (count: number) =>
    Array.from({ length: count }, () => expected).flat();

  it('are left alone where few bundles wait', async () => {
    const pool = fakePool('verify');
    expect(await verifyMany(pool, 10)).toEqual(repeated(10));
    expect(pool.opened()).toBe(0);
  });

  it('share the work where many do, once each, and are let go', async () => {
    const pool = fakePool('verify');
    expect(await verifyMany(pool, 30)).toEqual(repeated(30));
    expect([pool.opened(), pool.closed()]).toEqual([1, 1]);
    // One object: a pool is for one trust root.
    expect([...pool.targets]).toEqual([{ documents: DOCUMENTS, now }]);
    expect(pool.tasks.length).toBeGreaterThan(10);
    expect(pool.tasks.length).toBeLessThan(60);
    expect(new Set(pool.tasks.map(({ bundle }) => bundle)).size).toBe(
      pool.tasks.length,
    );
  });

  it('are there before the trust root where much will be asked', () => {
    const pool = fakePool('verify');
    const ahead = createVerifyAhead(now, pool.open);
    ahead.expect(199);
    expect(pool.opened()).toBe(0);
    ahead.expect(200);
    expect(pool.opened()).toBe(1);
    ahead.start(trustRoot, DOCUMENTS);
    expect(pool.opened()).toBe(1);
    ahead.stop();
    expect(pool.closed()).toBe(1);
  });

  it('do what little there is while answers come in', async () => {
    const pool = fakePool('verify');
    const evidence = many(4);
    const ahead = createVerifyAhead(now, pool.open);
    ahead.expect(200);
    ahead.start(trustRoot, DOCUMENTS);
    for (const each of evidence) ahead.add(each, ACME_REGISTRY);
    await turns(40);
    expect(evidence.flatMap((each) => known(ahead, each))).toEqual(repeated(4));
    expect(pool.tasks).toHaveLength(8);
    ahead.stop();
  });

  it('are given several at once, and answer for each of them', async () => {
    const pool = fakePool('verify');
    const evidence = [honest, mutations.withFlippedPayloadByte(honest, 0)]
      .flatMap((each) => [each, each, each])
      .map(evidenceOf);
    const ahead = createVerifyAhead(now, pool.open);
    ahead.expect(200);
    for (const each of evidence) ahead.add(each, ACME_REGISTRY);
    ahead.start(trustRoot, DOCUMENTS);
    await turns(40);
    expect(evidence.flatMap((each) => known(ahead, each))).toEqual(
      evidence
        .flatMap(bundlesOf)
        .map((bundle) =>
          verifyBundle(bundle, trustRoot, { registry: ACME_REGISTRY, now }),
        ),
    );
    expect(pool.batches.map((each) => each.length)).toEqual([8, 4]);
    ahead.stop();
  });

  it('are helped with the last ones, and with more than a little', async () => {
    const pool = fakePool('verify');
    const evidence = many(4);
    const ahead = createVerifyAhead(now, pool.open);
    ahead.expect(200);
    ahead.start(trustRoot, DOCUMENTS);
    for (const each of evidence) ahead.add(each, ACME_REGISTRY);
    await ahead.finish(NEVER);
    expect(evidence.flatMap((each) => known(ahead, each))).toEqual(repeated(4));
    expect(pool.tasks.length).toBeLessThan(8);
    ahead.stop();
  });

  it('are not needed: where one fails, everything is verified here', async () => {
    const pool = fakePool('fail');
    expect(await verifyMany(pool, 30)).toEqual(repeated(30));
    expect([pool.opened(), pool.closed()]).toEqual([1, 1]);
    expect(pool.batches.length).toBeLessThan(5);
  });

  it.each([
    ['do not end', () => new Promise<void>(() => undefined)],
    ['end with an error', () => Promise.reject(new Error('no end'))],
  ])('change nothing where they %s', async (_what, close) => {
    const pool = fakePool('verify');
    const open: OpenVerifyPool = () => {
      const opened = pool.open();
      return opened && { ...opened, close };
    };
    expect(await verifyMany({ ...pool, open }, 30)).toEqual(repeated(30));
    await turns();
  });
});

function many(count: number): readonly Evidence[] {
  return Array.from({ length: count }, () => evidenceOf(honest));
}
