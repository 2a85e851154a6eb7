import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, expect, it } from 'vitest';

import * as mutations from '../../fixtures/mutations.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import type { AttestationDocumentJson } from '../../fixtures/statements.js';
import type { Report } from '../../src/report/report.js';
import { createScene, isolatedVariables, runMain } from './scene.js';

const BINARY = fileURLToPath(
  new URL('../../bin/provenance-audit.js', import.meta.url),
);
const sigstore = await createSigstore();
/** Enough for the compiled program to start threads; every fourth is forged. */
const project = projectOf(
  Array.from({ length: 40 }, (_, index) => {
    const id = { name: `package-${index}`, version: '1.0.0' };
    const published = publishPackage(sigstore, id);
    const attestations = published.attestations as AttestationDocumentJson;
    return index % 4 > 0
      ? published
      : {
          ...published,
          attestations: mutations.withFlippedPayloadByte(attestations),
        };
  }),
);
const scene = await createScene(sigstore, project);
afterAll(() => scene.close());

function withoutTimes(stdout: string): unknown {
  const report = JSON.parse(stdout) as Report;
  return { ...report, auditedAt: null, durations: null };
}

it('is the same report with other threads as without', async () => {
  const argv = ['--json', ...scene.options];
  // In this process, from the sources, there are no files for a thread.
  const alone = await runMain(scene, argv);
  const spawned = await promisify(execFile)(
    process.execPath,
    [BINARY, ...argv],
    { cwd: scene.project, env: isolatedVariables(scene.folder) },
  ).catch((error: unknown) => error as { code: number; stdout: string });
  expect(spawned).toMatchObject({ code: 4 });
  expect(alone.exitCode).toBe(4);
  expect(withoutTimes(spawned.stdout)).toEqual(withoutTimes(alone.stdout));
});
