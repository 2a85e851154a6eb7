import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withoutAttestations } from '../../fixtures/mutations.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { attestPackage } from '../../fixtures/statements.js';
import { collectEvidence } from '../../src/evidence/collect-evidence.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import { sharedArchive } from '../shared-data.js';
import { dependencyOf, jsonBytes, manifestOf } from './dependencies.js';

const REGISTRY = 'https://registry.example/';
const hostile = await sharedArchive('hostile-attestations');
const sigstore = await createSigstore();
const document = attestPackage(
  sigstore,
  { name: 'widget', version: '1.2.3' },
  Buffer.from('the bytes of the tarball'),
);

const ADVERTISED = manifestOf('widget', {
  attestations: { url: `${REGISTRY}-/npm/v1/attestations/widget@1.2.3` },
});

/** What is collected where the registry advertises, and then answers `body`. */
async function collectWith(body: Uint8Array): Promise<Evidence | undefined> {
  const [collected] = await collectEvidence([dependencyOf('widget')], {
    config: {
      publicRegistry: REGISTRY,
      defaultRegistry: REGISTRY,
      scopes: new Map(),
      namedByProject: new Set(),
    },
    registry: {
      ask: ({ kind }) =>
        Promise.resolve({
          status: 'found',
          body: kind === 'attestations' ? body : ADVERTISED,
        }),
    },
    concurrency: 1,
    signal: new AbortController().signal,
  });
  return collected?.evidence;
}

/**
 * Row H101 of the hostile inputs: it is about two answers of a registry, so it
 * is decided before anything is verified.
 */
describe('attestations that the metadata advertises', () => {
  it('are collected where they are served', async () => {
    expect(await collectWith(jsonBytes(document))).toMatchObject({
      status: 'attested',
      document: { status: 'parsed' },
    });
  });

  it('H101 empty list although the packument advertises attestations', async () => {
    const empty = withoutAttestations(document);
    expect(await collectWith(jsonBytes(empty))).toMatchObject({
      status: 'unavailable',
      code: 'attestations-withheld',
    });
  });

  it.skipIf(hostile === null)('H101 as made by somebody else', async () => {
    const body = await readFile(join(hostile ?? '', 'cases', 'H101.json'));
    expect(await collectWith(body)).toMatchObject({
      status: 'unavailable',
      code: 'attestations-withheld',
    });
  });
});
