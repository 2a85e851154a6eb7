import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedArchive } from '../shared-data.js';
import { judge, readTrustRoot } from './judge.js';

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
      { trustRoot, now: NOW },
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
    const facts = judge(entry, body, { trustRoot, now: NOW });
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
