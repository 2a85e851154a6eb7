import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { describe, expect, it } from 'vitest';
import { toLogEntry } from '../../src/verification/bundle-parts.js';
import { checkLogEntries } from '../../src/verification/log-entry.js';
import { sharedArchive } from '../shared-data.js';

/**
 * Checkpoints of the public log, which must be of the form that is asked of
 * them. Skipped where the recorded documents are not beside this repository.
 */
const real = await sharedArchive('real-attestations');
const NOW = new Date('2026-11-23T00:00:00Z');

interface Index {
  readonly entries: readonly {
    readonly file: string;
    readonly expected: string;
  }[];
}

interface Document {
  readonly attestations: readonly { readonly bundle: unknown }[];
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(real ?? '', file), 'utf8'));
}

/** The log entries of every recorded document that is as it should be. */
async function readEntries() {
  const { entries } = (await readJson('index.json')) as Index;
  const valid = entries.filter(({ expected }) => expected.startsWith('valid'));
  return Promise.all(
    valid.map(async ({ file }) => {
      const { attestations } = (await readJson(file)) as Document;
      const logEntries = attestations.flatMap(({ bundle }) =>
        bundleFromJSON(bundle).verificationMaterial.tlogEntries.map(toLogEntry),
      );
      return { file, logEntries };
    }),
  );
}

describe.skipIf(real === null)(
  'checkpoints of recorded documents',
  async () => {
    const documents = real === null ? [] : await readEntries();

    it.each(documents)('$file', ({ logEntries }) => {
      const outcomes = checkLogEntries(logEntries, Buffer.alloc(0), NOW)
        .filter(({ check }) => check === 'log-proof')
        .map(({ outcome }) => outcome);
      const wanted = logEntries.map(({ proof }) =>
        proof === null ? 'not-made' : 'passed',
      );
      expect(outcomes).toEqual(wanted);
    });

    it('are some', () => {
      const all = documents.flatMap(({ logEntries }) => logEntries);
      const proofs = all.filter(({ proof }) => proof !== null);
      expect(proofs.length).toBeGreaterThan(5);
    });
  },
);
