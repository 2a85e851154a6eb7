import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import { parseTrustRoot } from '../../src/verification/trust-root.js';
import { sharedArchive } from '../shared-data.js';
import { pinned } from '../verification/samples.js';
import { toBody, type Specimen } from './harness.js';

interface Entry {
  readonly file: string;
  readonly package: string;
  readonly expected: string;
  readonly variant: string | null;
  readonly subjectIntegrity: string;
}

/**
 * Each attestation of the documents recorded from the public registry, alone in
 * a document; none where the archive is not beside the repository.
 */
export async function recordedSpecimens(): Promise<readonly Specimen[]> {
  const folder = await sharedArchive('real-attestations');
  if (folder === null) return [];
  const read = (...path: readonly string[]) => readFile(join(folder, ...path));
  const trustRoot = parseTrustRoot({
    origin: 'file',
    trustedRoot: await read('trust', 'public-good-trusted_root.json'),
    registryKeys: {
      scope: 'every-registry',
      keys: await read('trust', 'npm-keys.json'),
    },
    rootVersion: null,
    expires: null,
    refreshedAt: null,
    tuf: null,
  });
  const index = JSON.parse((await read('index.json')).toString()) as {
    readonly entries: readonly Entry[];
  };
  const honest = index.entries.filter(
    ({ expected, variant }) => variant === null && expected !== 'invalid',
  );
  const specimens = await Promise.all(
    honest.map(async (entry) => {
      const { attestations } = JSON.parse(
        (await read(entry.file)).toString(),
      ) as Specimen['document'];
      const at = entry.package.lastIndexOf('@');
      const id = {
        name: entry.package.slice(0, at),
        version: entry.package.slice(at + 1),
      };
      return attestations.map((attestation): Specimen => {
        const document = { attestations: [attestation] };
        return {
          title: `${entry.package}, ${attestation.predicateType}`,
          document,
          body: toBody(document),
          dependency: pinned({ id, integrity: entry.subjectIntegrity }),
          trustRoot,
          registry: PUBLIC_REGISTRY,
          now: new Date('2026-11-23T00:00:00Z'),
        };
      });
    }),
  );
  return specimens.flat();
}
