import { execFile } from 'node:child_process';
import { join } from 'node:path';
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

/** The compiled program, which has threads; in this process there are none. */
async function runBinary(argv: readonly string[]): Promise<string> {
  const ended: unknown = await promisify(execFile)(
    process.execPath,
    [BINARY, ...argv],
    { cwd: scene.project, env: isolatedVariables(scene.folder) },
  ).catch((error: unknown) => error);
  expect(ended).toMatchObject({ code: 4 });
  return (ended as { readonly stdout: string }).stdout;
}

async function runHere(argv: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await runMain(scene, argv);
  expect(exitCode).toBe(4);
  return stdout;
}

const CACHE = ['--cache', join(scene.folder, 'kept')];

it('is the same report however many are asked at once, with threads or without, from the cache or not', async () => {
  const argv = ['--json', ...scene.options];
  const alone = await runHere([...argv, '--no-cache', '--concurrency=1']);
  const reports = [
    await runHere([...argv, '--no-cache', '--concurrency=16']),
    await runBinary([...argv, '--no-cache', '--concurrency=1']),
    await runBinary([...argv, '--no-cache', '--concurrency=16']),
    // The first fills the cache.
    await runBinary([...argv, ...CACHE, '--concurrency=16']),
    await runBinary([...argv, ...CACHE, '--concurrency=1']),
    await runHere([...argv, ...CACHE, '--concurrency=16']),
  ];
  for (const each of reports) {
    expect(withoutTimes(each)).toEqual(withoutTimes(alone));
  }
}, 120_000);
