import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { createScene, isolatedVariables } from './scene.js';

const BINARY = fileURLToPath(
  new URL('../../bin/provenance-audit.js', import.meta.url),
);
/** Row F12 says 5,000, which takes a while to publish. */
const PACKAGES = Number(process.env['PROVENANCE_AUDIT_PACKAGES'] ?? 200);
const LATENCY_MS = 20;
const CONCURRENCY = 16;
const MOST_KIB = 512 * 1024;

it(
  `F12 ${PACKAGES} packages at 20 ms stay within memory and connections`,
  async () => {
    const sigstore = await createSigstore();
    const packages = Array.from({ length: PACKAGES }, (_, index) =>
      publishPackage(
        sigstore,
        { name: `package-${index}`, version: '1.0.0' },
        // As on the public registry: most have none.
        index % 4 === 0 ? {} : { attest: null },
      ),
    );
    const scene = await createScene(sigstore, projectOf(packages), {
      latency: LATENCY_MS,
    });
    const usage = join(scene.folder, 'usage.json');
    const hook = `import fs from 'node:fs';
      import { isMainThread } from 'node:worker_threads';
      if (isMainThread) process.on('exit', () =>
        fs.writeFileSync(${JSON.stringify(usage)}, JSON.stringify(process.resourceUsage())));`;
    try {
      const argv = [
        ...['--import', `data:text/javascript,${encodeURIComponent(hook)}`],
        ...[BINARY, ...scene.options, '--json'],
        ...['--concurrency', String(CONCURRENCY)],
      ];
      const stdout = await new Promise<string>((resolve) => {
        const options = {
          cwd: scene.project,
          env: isolatedVariables(scene.folder),
          maxBuffer: 1024 * 1024 * 1024,
        };
        execFile(process.execPath, argv, options, (_error, text) => {
          resolve(text);
        });
      });
      const { exitCode, summary } = JSON.parse(stdout) as Report;
      const { maxRSS } = JSON.parse(await readFile(usage, 'utf8')) as {
        readonly maxRSS: number;
      };
      expect(exitCode).toBe(0);
      expect(summary.evidence).toMatchObject({ unavailable: 0 });
      expect(summary.verification.verified).toBe(Math.ceil(PACKAGES / 4));
      expect(scene.registry.peakConcurrency()).toBeLessThanOrEqual(CONCURRENCY);
      expect(maxRSS).toBeLessThan(MOST_KIB);
      process.stdout.write(
        PACKAGES < 1000 ? '' : `F12: ${PACKAGES} packages, ${maxRSS} KiB\n`,
      );
    } finally {
      await scene.close();
    }
  },
  60_000 + PACKAGES * 100,
);
