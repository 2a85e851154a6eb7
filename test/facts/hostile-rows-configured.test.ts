import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import {
  parseAttestationDocument,
  type AttestationDocument,
} from '../../src/evidence/attestation-document.js';
import type { Unavailable } from '../../src/evidence/evidence.js';
import type { RegistryRequest } from '../../src/evidence/registry.js';
import type { Facts } from '../../src/facts/facts.js';
import { createCachedRegistry } from '../../src/io/cached-registry.js';
import { openEvidenceStore } from '../../src/io/evidence-store.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import { isJsonObject, type JsonValue } from '../../src/json/strict-json.js';
import type {
  BundleResult,
  KnownResults,
} from '../../src/verification/verify-bundle.js';
import {
  createVerifyAhead,
  type OpenVerifyPool,
  type VerifyPool,
} from '../../src/verify-ahead.js';
import { documentsOf } from '../verification/verified-bundle.js';
import {
  CERTIFICATE_ROWS,
  ENVELOPE_ROWS,
  LOG_ROWS,
} from './hostile-rows/bundle-rows.js';
import { DOCUMENT_ROWS, PUBLISH_ROWS } from './hostile-rows/document-rows.js';
import { IDENTITY_ROWS } from './hostile-rows/identity-rows.js';
import { STATEMENT_ROWS } from './hostile-rows/statement-rows.js';
import {
  document,
  ID,
  PINNED,
  sigstore,
  trustRoot,
  type HostileRow,
} from './hostile-scene.js';
import { judge, toBytes } from './judge.js';

/** A thread needs compiled files; `npm test` makes them first. */
const COMPILED = fileURLToPath(
  new URL('../../dist/src/io/verify-pool.js', import.meta.url),
);
const { openVerifyPool } = (await import(COMPILED)) as {
  readonly openVerifyPool: OpenVerifyPool;
};
const { now } = sigstore;
const DOCUMENTS = documentsOf(sigstore);
const AGAINST = { documents: DOCUMENTS, now };
const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-rows-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every document of the hostile rows, and an honest one, made once. */
const SCENES = [
  { title: 'control', pinned: PINNED, body: toBytes(document) },
  ...[
    ...[...ENVELOPE_ROWS, ...CERTIFICATE_ROWS, ...LOG_ROWS],
    ...[...STATEMENT_ROWS, ...IDENTITY_ROWS, ...PUBLISH_ROWS, ...DOCUMENT_ROWS],
  ].map(({ title, pinned = PINNED, build }: HostileRow) => ({
    ...{ title, pinned },
    body: toBytes(build()),
  })),
];
type Scene = (typeof SCENES)[number];

const plain = new Map(
  SCENES.map(({ title, pinned, body }) => [
    title,
    judge(pinned, body, { trustRoot, now }),
  ]),
);

function expectSame(facts: ReadonlyMap<string, Facts>): void {
  expect(facts.size).toBe(SCENES.length);
  for (const [title, one] of facts) {
    expect({ title, ...one }).toStrictEqual({ title, ...plain.get(title) });
  }
}

/** Facts of every scene, their bundles verified ahead. */
async function judgeAhead(): Promise<ReadonlyMap<string, Facts>> {
  const ahead = createVerifyAhead(now);
  ahead.start(trustRoot, DOCUMENTS);
  const parsed = SCENES.map((scene) => {
    const read = parse(scene.body);
    if (read.status === 'parsed') {
      const metadata = {
        integrity: null,
        signatures: [],
        advertisesAttestations: true,
        advertisesProvenance: true,
        publishedAt: null,
        declaredRepository: null,
      };
      ahead.add(
        { status: 'attested', metadata, document: read },
        PUBLIC_REGISTRY,
      );
    }
    return { scene, read };
  });
  await ahead.finish(new AbortController().signal);
  ahead.stop();
  return new Map(
    parsed.map(({ scene: { title, pinned, body }, read }) => [
      title,
      judge(pinned, body, {
        ...{ trustRoot, now, document: read, knownResults: ahead.results },
      }),
    ]),
  );
}

/** The same, every bundle verified by a thread. */
async function judgeInThreads(
  pool: VerifyPool,
): Promise<ReadonlyMap<string, Facts>> {
  const facts = new Map<string, Facts>();
  for (const { title, pinned, body } of SCENES) {
    const read = parse(body);
    const results = new Map<JsonValue, BundleResult>();
    for (const { bundle } of attestationsOf(read)) {
      if (!isJsonObject(bundle)) continue;
      const task = { bundle, registry: PUBLIC_REGISTRY };
      for (const result of await pool.verify([task], AGAINST)) {
        results.set(bundle, result);
      }
    }
    const knownResults: KnownResults = (bundle) => results.get(bundle) ?? null;
    const known = { trustRoot, now, document: read, knownResults };
    facts.set(title, judge(pinned, body, known));
  }
  return facts;
}

function parse(body: Uint8Array): AttestationDocument | Unavailable {
  const read = parseAttestationDocument(body);
  if (read.status === 'empty') throw new Error('an empty document');
  return read;
}

function attestationsOf(read: AttestationDocument | Unavailable) {
  return read.status === 'parsed' ? read.attestations : [];
}

describe('every hostile row, and an honest document', () => {
  it('ends in both ways', () => {
    const outcomes = [...plain.values()].map((each) => each.verification);
    expect(outcomes[0]).toBe('verified');
    expect(outcomes.filter((each) => each === 'rejected').length).toBe(
      SCENES.length - 1,
    );
  });

  it('is the same verified ahead, without threads', async () => {
    expectSame(await judgeAhead());
  });

  it.skipIf(availableParallelism() === 1)(
    'is the same with threads',
    async () => {
      const pool = openVerifyPool();
      if (pool === null) throw new Error('no thread');
      expectSame(await judgeInThreads(pool));
      await pool.close();
    },
  );

  it('is the same out of the cache', async () => {
    const bodies = await throughCache(SCENES);
    const facts = SCENES.map(({ title, pinned }, index) => {
      const body = bodies[index] ?? Buffer.alloc(0);
      return [title, judge(pinned, body, { trustRoot, now })] as const;
    });
    expectSame(new Map(facts));
  });
});

/**
 * The documents as a second run has them, each asked for under a version of its
 * own: from the store, or from the registry again where it was not kept.
 */
async function throughCache(
  scenes: readonly Scene[],
): Promise<readonly Uint8Array[]> {
  const run = async (): Promise<{
    readonly bodies: readonly Uint8Array[];
    readonly asked: number;
  }> => {
    const store = await openEvidenceStore(folder, { now: () => now });
    let asked = 0;
    const cached = createCachedRegistry(
      {
        ask: ({ id }) => {
          asked += 1;
          const body = scenes[Number(id.version)]?.body ?? Buffer.alloc(0);
          return Promise.resolve({ status: 'found', body });
        },
      },
      { store, now: () => now, credentialsOf: () => null },
    );
    const bodies: Uint8Array[] = [];
    for (const index of scenes.keys()) {
      const request: RegistryRequest = {
        kind: 'attestations',
        id: { name: ID.name, version: String(index) },
        registry: PUBLIC_REGISTRY,
      };
      const answer = await cached.ask(request, new AbortController().signal);
      if (answer.status !== 'found') throw new Error(answer.status);
      bodies.push(answer.body);
    }
    await store.close();
    return { bodies, asked };
  };
  const first = await run();
  const second = await run();
  expect(first.asked).toBe(scenes.length);
  expect(second.asked).toBeLessThan(scenes.length / 2);
  return second.bodies;
}
