import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import * as mutations from '../../fixtures/mutations.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { attestPackage } from '../../fixtures/statements.js';
import { openVerifyPool as openFromSource } from '../../src/io/verify-pool.js';
import { isJsonObject, parseStrictJson } from '../../src/json/strict-json.js';
import { verifyBundle } from '../../src/verification/verify-bundle.js';
import type { OpenVerifyPool } from '../../src/verify-ahead.js';
import { ACME_REGISTRY } from '../verification/samples.js';
import { documentsOf, trustRootOf } from '../verification/verified-bundle.js';

/** A thread needs compiled files; `npm test` makes them first. */
const COMPILED = fileURLToPath(
  new URL('../../dist/src/io/verify-pool.js', import.meta.url),
);
const { openVerifyPool } = (await import(COMPILED)) as {
  readonly openVerifyPool: OpenVerifyPool;
};

const sigstore = await createSigstore();
const honest = attestPackage(
  sigstore,
  { name: '@acme/widget', version: '1.2.3' },
  'ab'.repeat(64),
);
const against = { documents: documentsOf(sigstore), now: sigstore.now };
const pool = openVerifyPool();
afterAll(() => pool?.close());

/** The last bundle of a document, as the program reads it. */
function bundleOf(document: unknown) {
  const { attestations } = document as {
    readonly attestations: readonly { readonly bundle: unknown }[];
  };
  const text = JSON.stringify(attestations.at(-1)?.bundle);
  const limits = { maxBytes: 1_000_000, maxDepth: 64 };
  const parsed = parseStrictJson(Buffer.from(text), limits);
  if (parsed.status === 'error' || !isJsonObject(parsed.value)) {
    throw new Error('not a bundle');
  }
  return parsed.value;
}

describe.skipIf(availableParallelism() === 1)('a thread', () => {
  it('is where the compiled program has its files', () => {
    expect(existsSync(COMPILED)).toBe(true);
    expect(pool?.threads).toBeGreaterThan(0);
  });

  it.each([
    ['an honest bundle', honest],
    ['a payload that was changed', mutations.withFlippedPayloadByte(honest)],
    ['another signature', mutations.withFlippedSignatureByte(honest)],
    ['no log entry', mutations.withoutLogEntry(honest)],
    ['half a certificate', mutations.withTruncatedCertificate(honest)],
    ['nothing', { attestations: [{ bundle: {} }] }],
  ])('answers as this one would: %s', async (_what, document) => {
    const task = { bundle: bundleOf(document), registry: ACME_REGISTRY };
    const expected = verifyBundle(task.bundle, trustRootOf(sigstore), {
      registry: ACME_REGISTRY,
      now: sigstore.now,
    });
    expect(await pool?.verify([task], against)).toStrictEqual([expected]);
  });
});

it.skipIf(availableParallelism() === 1)(
  'is for one trust root alone: nothing is verified against an earlier one',
  async () => {
    const other = { ...against };
    const task = { bundle: bundleOf(honest), registry: ACME_REGISTRY };
    await pool?.verify([task], against);
    await expect(pool?.verify([task], other)).rejects.toThrow('one trust root');
  },
);

it('is not to be had where the files are not compiled', () => {
  expect(openFromSource()).toBeNull();
});
