import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../fixtures/private-sigstore.js';
import { projectOf, type Project } from '../fixtures/projects.js';
import { attestPackage } from '../fixtures/statements.js';
import { loadVirtualTree } from '../src/io/arborist-tree.js';
import { parseLockfile } from '../src/lockfile/parse-lockfile.js';
import { parseIntegrity } from '../src/package/integrity.js';
import type { Report } from '../src/report/report.js';
import type { RejectionCode } from '../src/verification/verification.js';
import { createScene, runMain, type Scene } from './cli/scene.js';
import { sharedArchive } from './shared-data.js';

/** Real documents and lockfiles; skipped where they are not beside us. */
const real = await sharedArchive('real-attestations');
const lockfiles = await sharedArchive('real-lockfiles');

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

interface RealEntry {
  readonly file: string;
  readonly package: string;
  readonly variant: string | null;
  readonly expected: string;
  readonly subjectIntegrity: string;
}

describe.skipIf(real === null)('recorded documents, end to end', () => {
  async function readEntries(): Promise<readonly RealEntry[]> {
    const text = await readFile(join(real ?? '', 'index.json'), 'utf8');
    return (JSON.parse(text) as { entries: RealEntry[] }).entries;
  }

  /** A lockfile that pins each version under an alias of its own. */
  async function toProject(entries: readonly RealEntry[]): Promise<Project> {
    const packages = await Promise.all(
      entries.map(async (entry) => {
        const at = entry.package.lastIndexOf('@');
        const id = {
          name: entry.package.slice(0, at),
          version: entry.package.slice(at + 1),
        };
        return {
          id,
          integrity: entry.subjectIntegrity,
          attestations: await readFile(join(real ?? '', entry.file)),
        };
      }),
    );
    const aliases = packages.map((each, index) => ({
      ...each,
      alias: `p${index}`,
    }));
    return {
      manifest: {
        name: 'example-app',
        version: '1.0.0',
        dependencies: Object.fromEntries(
          aliases.map(({ alias, id }) => [
            alias,
            `npm:${id.name}@${id.version}`,
          ]),
        ),
      },
      entries: Object.fromEntries(
        aliases.map(({ alias, id, integrity }) => [
          `node_modules/${alias}`,
          { ...id, integrity },
        ]),
      ),
      packages,
    };
  }

  async function auditReal(entries: readonly RealEntry[]): Promise<Report> {
    const scene = await createScene(
      await createSigstore(),
      await toProject(entries),
    );
    scenes.push(scene);
    const trust = join(real ?? '', 'trust');
    const run = await runMain(scene, [
      ...['--trusted-root', join(trust, 'public-good-trusted_root.json')],
      ...['--npm-keys', join(trust, 'npm-keys.json')],
      ...['--registry', scene.registry.url, '--json'],
    ]);
    return JSON.parse(run.stdout) as Report;
  }

  it('verifies all valid ones against the real trusted root', async () => {
    const valid = (await readEntries()).filter(
      ({ expected }) => expected === 'valid',
    );
    expect(valid.length).toBeGreaterThan(5);
    const report = await auditReal(valid);
    expect(report.exitCode).toBe(0);
    expect(report.summary.coverage.all).toEqual({
      verified: valid.length,
      eligible: valid.length,
      ratio: 1,
    });
  });

  it('rejects each invalid one with a telling code', async () => {
    const invalid = (await readEntries()).filter(
      ({ expected }) => expected === 'invalid',
    );
    expect(invalid.length).toBeGreaterThan(25);
    for (const entry of invalid) {
      const report = await auditReal([entry]);
      expect([entry.file, report.exitCode]).toEqual([entry.file, 4]);
      const [rejection] = report.dependencies[0]?.rejections ?? [];
      expect([entry.file, rejection?.code]).toEqual([
        entry.file,
        tellingCode(entry.variant),
      ]);
      expect(report.dependencies[0]?.provenance).toBeNull();
    }
  });
});

/** What each kind of altered document is rejected for first. */
function tellingCode(variant: string | null): RejectionCode {
  if (variant === null) return 'log-entry';
  // Publish statements signed by a build's certificate.
  if (variant.startsWith('keyless-')) return 'publish-key';
  if (/payloadtype$|^unsupported/.test(variant)) return 'payload-type';
  if (/^npm-att-.*predicatetype$/.test(variant)) return 'predicate-type';
  // Signatures that are no canonical base64.
  if (/^invalid-attestations|^no-keyid/.test(variant))
    return 'bundle-malformed';
  // The payload or signature is not the one that was logged.
  return 'log-entry';
}

describe.skipIf(lockfiles === null)('the largest real lockfile', () => {
  it('ends with totals that add up', async () => {
    const path = join(
      lockfiles ?? '',
      'axios-axios-package-lock-v2',
      'package-lock.json',
    );
    const bytes = await readFile(path);
    const { dependencies } = await parseLockfile(
      { path: 'package-lock.json', bytes, manifest: null },
      loadVirtualTree,
    );
    const sigstore = await createSigstore();
    const packages = dependencies.flatMap(({ id, integrity }, index) => {
      const pin = parseIntegrity(integrity);
      // Entries of that age pin SHA-1, of which nothing can be verified.
      if (pin.status !== 'sha512') {
        const signatures = [sigstore.signRegistry(id, integrity ?? '')];
        return [{ id, integrity, signatures }];
      }
      const isAttested = index % 10 === 0;
      return [
        {
          id,
          integrity: pin.sri,
          signatures: [sigstore.signRegistry(id, pin.sri)],
          ...(isAttested && {
            attestations: attestPackage(sigstore, id, pin.sha512),
          }),
        },
      ];
    });
    const text = JSON.parse(bytes.toString()) as Project & {
      readonly packages: Record<string, unknown>;
    };
    const { '': root, ...entries } = text.packages;
    const scene = await createScene(sigstore, {
      ...projectOf([]),
      manifest: root as Project['manifest'],
      entries: entries as Project['entries'],
      packages,
    });
    scenes.push(scene);
    const run = await runMain(scene, [...scene.options, '--json']);
    const report = JSON.parse(run.stdout) as Report;
    const { summary, lockfile } = report;
    const weak = dependencies.filter(
      ({ integrity }) => parseIntegrity(integrity).status !== 'sha512',
    );
    expect(report.findings.map(({ rule }) => rule)).toEqual(
      weak.map(() => 'weak-integrity'),
    );
    expect(run.exitCode).toBe(3);
    expect(summary.verification.unverifiable).toBe(weak.length);
    expect(lockfile.entries).toBe(Object.keys(entries).length);
    expect(
      report.dependencies.flatMap(({ locations }) => locations),
    ).toHaveLength(lockfile.entries);
    const sum = (row: Readonly<Record<string, number>>): number =>
      Object.values(row).reduce((total, count) => total + count, 0);
    expect(summary.inScope + sum(summary.outOfScope)).toBe(
      summary.dependencies,
    );
    expect(summary.dependencies).toBe(dependencies.length);
    expect(sum(summary.evidence)).toBe(summary.inScope);
    expect(sum(summary.verification)).toBe(summary.inScope);
    expect(sum(summary.level)).toBe(summary.inScope);
    expect(summary.coverage.all.verified).toBe(
      packages.filter((each) => 'attestations' in each).length,
    );
  }, 120_000);
});
