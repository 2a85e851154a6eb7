import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { parseAttestationDocument } from '../../src/evidence/attestation-document.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import { isJsonObject, type JsonObject } from '../../src/json/strict-json.js';
import { verifyBundle } from '../../src/verification/verify-bundle.js';
import type { OpenVerifyPool } from '../../src/verify-ahead.js';
import { documentsOf } from '../verification/verified-bundle.js';
import {
  CERTIFICATE_ROWS,
  ENVELOPE_ROWS,
  LOG_ROWS,
} from './hostile-rows/bundle-rows.js';
import { DOCUMENT_ROWS, PUBLISH_ROWS } from './hostile-rows/document-rows.js';
import { IDENTITY_ROWS } from './hostile-rows/identity-rows.js';
import { STATEMENT_ROWS } from './hostile-rows/statement-rows.js';
import { document, sigstore, trustRoot } from './hostile-scene.js';
import { toBytes } from './judge.js';

/** A thread needs compiled files; `npm test` makes them first. */
const COMPILED = fileURLToPath(
  new URL('../../dist/src/io/verify-pool.js', import.meta.url),
);
const { openVerifyPool } = (await import(COMPILED)) as {
  readonly openVerifyPool: OpenVerifyPool;
};
const pool = openVerifyPool(documentsOf(sigstore), sigstore.now);
afterAll(() => pool?.close());

const ROWS = [
  ...[...ENVELOPE_ROWS, ...CERTIFICATE_ROWS, ...LOG_ROWS],
  ...[...STATEMENT_ROWS, ...IDENTITY_ROWS, ...PUBLISH_ROWS, ...DOCUMENT_ROWS],
];

function bundlesOf(json: unknown): readonly JsonObject[] {
  const parsed = parseAttestationDocument(toBytes(json));
  return parsed.status === 'parsed'
    ? parsed.attestations.flatMap(({ bundle }) =>
        isJsonObject(bundle) ? [bundle] : [],
      )
    : [];
}

/** The outcomes of all bundles, each the same in a thread as without one. */
async function compare(json: unknown): Promise<readonly string[]> {
  const context = { registry: PUBLIC_REGISTRY, now: sigstore.now };
  const outcomes: string[] = [];
  for (const bundle of bundlesOf(json)) {
    const here = verifyBundle(bundle, trustRoot, context);
    const there = await pool?.verify({ bundle, registry: PUBLIC_REGISTRY });
    expect(there).toStrictEqual(here);
    outcomes.push(here.status);
  }
  return outcomes;
}

describe.skipIf(availableParallelism() === 1)('in a thread', () => {
  it('an honest document is verified', async () => {
    expect(await compare(document)).toEqual(['verified', 'verified']);
  });

  it('every hostile one is what it is without', async () => {
    const outcomes: string[] = [];
    for (const { build } of ROWS) outcomes.push(...(await compare(build())));
    expect(outcomes.length).toBeGreaterThan(ROWS.length);
    expect(new Set(outcomes)).toContain('rejected');
  });
});
