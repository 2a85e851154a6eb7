import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAttestationDocument } from '../../src/evidence/attestation-document.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import { deriveFacts } from '../../src/facts/derive-facts.js';
import type { Facts } from '../../src/facts/facts.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import type { Dependency } from '../../src/lockfile/dependency.js';
import {
  parseTrustRoot,
  type TrustRoot,
} from '../../src/verification/trust-root.js';
import { verifyEvidence } from '../../src/verification/verify-evidence.js';
import { sharedArchive } from '../shared-data.js';

/**
 * Documents from outside this repository: recorded from the public registry,
 * and made by another private Sigstore. Skipped where they are not beside it.
 */
const real = await sharedArchive('real-attestations');
const hostile = await sharedArchive('hostile-attestations');
const NOW = new Date('2026-11-23T00:00:00Z');

async function readJson(...path: readonly string[]): Promise<unknown> {
  return JSON.parse(await readFile(join(...path), 'utf8'));
}

async function readTrustRoot(root: string, keys: string): Promise<TrustRoot> {
  return parseTrustRoot({
    origin: 'file',
    trustedRoot: await readFile(root),
    registryKeys: { scope: 'every-registry', keys: await readFile(keys) },
    rootVersion: null,
    expires: null,
    refreshedAt: null,
  });
}

interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

function judge(pinned: Pinned, body: Uint8Array, trustRoot: TrustRoot): Facts {
  const document = parseAttestationDocument(body);
  const id = { name: pinned.name, version: pinned.version };
  const dependency: Dependency = {
    id,
    aliases: [],
    integrity: pinned.integrity,
    origin: { kind: 'registry', resolved: null },
    locations: [`node_modules/${pinned.name}`],
    production: true,
    direct: true,
    optional: false,
    paths: [],
    patched: false,
    line: null,
  };
  const metadata = {
    integrity: pinned.integrity,
    signatures: [],
    advertisesAttestations: true,
  };
  if (document.status === 'empty' || document.status === 'unavailable') {
    throw new Error(`not a document: ${document.status}`);
  }
  const evidence: Evidence = { status: 'attested', metadata, document };
  const verification = verifyEvidence(dependency, evidence, {
    trustRoot,
    registry: PUBLIC_REGISTRY,
    publicRegistry: PUBLIC_REGISTRY,
    conflictingPins: new Set(),
    now: NOW,
  });
  return deriveFacts(verification, {
    id,
    registry: PUBLIC_REGISTRY,
    publicRegistry: PUBLIC_REGISTRY,
  });
}

interface RealEntry {
  readonly file: string;
  readonly package: string;
  readonly expected: string;
  readonly subjectIntegrity: string;
}

describe.skipIf(real === null)('recorded documents', async () => {
  const folder = real ?? '';
  const trust = join(folder, 'trust');
  const trustRoot =
    real === null
      ? null
      : await readTrustRoot(
          join(trust, 'public-good-trusted_root.json'),
          join(trust, 'npm-keys.json'),
        );
  const index = (
    real === null ? { entries: [] } : await readJson(folder, 'index.json')
  ) as {
    entries: RealEntry[];
  };

  it.each(index.entries)('$file is $expected', async (entry) => {
    if (trustRoot === null) throw new Error('no trust root');
    const at = entry.package.lastIndexOf('@');
    const facts = judge(
      {
        name: entry.package.slice(0, at),
        version: entry.package.slice(at + 1),
        integrity: entry.subjectIntegrity,
      },
      await readFile(join(folder, entry.file)),
      trustRoot,
    );
    const codes = facts.rejections.map(({ code }) => code);
    switch (entry.expected) {
      case 'valid':
        expect(codes).toEqual([]);
        expect(facts).toMatchObject({
          verification: 'verified',
          level: 'provenance',
        });
        break;
      case 'valid-but-incomplete':
        // Only the provenance is known of these, which by itself is genuine.
        expect(codes).toEqual(['publish-missing']);
        break;
      default:
        expect(facts.verification).toBe('rejected');
        expect(facts.provenance).toBeNull();
    }
  });
});

interface HostileEntry {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly expect: string;
  readonly codes: readonly string[];
  readonly also?: readonly string[];
}

describe.skipIf(hostile === null)('hostile documents', async () => {
  const folder = hostile ?? '';
  const trustRoot =
    hostile === null
      ? null
      : await readTrustRoot(
          join(folder, 'trusted_root.json'),
          join(folder, 'keys.json'),
        );
  const index = (
    hostile === null ? [] : await readJson(folder, 'index.json')
  ) as HostileEntry[];
  // H101 is about two answers of a registry, which the evidence stage compares.
  const documents = index.filter(({ id }) => id !== 'H101');

  it.each(documents)('$id: $title', async (entry) => {
    if (trustRoot === null) throw new Error('no trust root');
    const body = await readFile(join(folder, 'cases', `${entry.id}.json`));
    const facts = judge(entry, body, trustRoot);
    const first = facts.rejections[0];
    // A policy may refuse a signer that is verified all the same.
    if (entry.expect === 'verified' || entry.expect === 'policy') {
      expect(facts.rejections).toEqual([]);
      expect(facts.verification).toBe('verified');
      expect(facts.level).toBe('provenance');
      return;
    }
    expect(facts.verification).toBe('rejected');
    expect([entry.expect, ...(entry.also ?? [])]).toContain(first?.kind);
    expect(entry.codes).toContain(first?.code);
  });
});
