import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { berry, berryEntry, v1, v1Entry } from '../lockfile/yarn-input.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const WIDGET = { name: '@acme/widget', version: '1.2.3' };
const widget = publishPackage(sigstore, WIDGET);
const PUBLISHED = widget.integrity;
const OTHER = `sha512-${Buffer.alloc(64, 9).toString('base64')}`;

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

/** Audits a project whose only lockfile is that `yarn.lock`. */
async function audit(
  lockfile: string,
  asks: 'dependencies' | 'optionalDependencies' = 'dependencies',
): Promise<Run & { report: Report }> {
  const project = { ...projectOf([]), packages: [widget] };
  const scene = await createScene(sigstore, project);
  scenes.push(scene);
  const at = (file: string): string => join(scene.project, file);
  await rm(at('package-lock.json'));
  await writeFile(at('yarn.lock'), lockfile);
  const manifest = {
    name: 'my-app',
    [asks]: { '@acme/widget': '^1.0.0' },
  };
  await writeFile(at('package.json'), JSON.stringify(manifest));
  const run = await runMain(scene, [...scene.options, '--json']);
  return { ...run, report: JSON.parse(run.stdout) as Report };
}

const codesOf = ({ dependencies }: Report): readonly string[] =>
  dependencies.flatMap(({ rejections }) => rejections.map(({ code }) => code));

describe('a project of Yarn 1', () => {
  const pinned = { version: '1.2.3', integrity: PUBLISHED };

  it('is audited against what its lockfile pins', async () => {
    const { report, exitCode } = await audit(
      v1(v1Entry('@acme/widget@^1.0.0', pinned)),
    );
    expect(exitCode).toBe(0);
    expect(report.lockfile).toMatchObject({ format: 'yarn-v1', entries: 1 });
    expect(report.dependencies).toMatchObject([
      { verification: 'verified', binding: 'lockfile', direct: true },
    ]);
  });

  it.each([
    // L14
    [
      'two pins of one version',
      [
        v1Entry('@acme/widget@^1.0.0', pinned),
        v1Entry('@acme/widget@~1.2.0', { ...pinned, integrity: OTHER }),
      ],
      'integrity-conflict',
    ],
    // L16, L21
    [
      'the address of another package',
      [v1Entry('@acme/widget@^1.0.0', { ...pinned, name: '@acme/gadget' })],
      'resolved-mismatch',
    ],
    [
      'the address of another version, with a digest behind it',
      [
        v1Entry('@acme/widget@^1.0.0', pinned).replace(
          'widget-1.2.3.tgz',
          `widget-1.2.2.tgz#${'ab'.repeat(20)}`,
        ),
      ],
      'resolved-mismatch',
    ],
  ])('ends with 4 for %s', async (_what, entries, code) => {
    const { report, exitCode } = await audit(v1(...entries));
    expect(exitCode).toBe(4);
    expect(codesOf(report)).toContain(code);
  });

  // L08
  it('ends with 3 for a SHA-1 alone', async () => {
    const { report, exitCode } = await audit(
      v1(
        v1Entry('@acme/widget@^1.0.0', {
          version: '1.2.3',
          integrity: `sha1-${Buffer.alloc(20, 1).toString('base64')}`,
        }),
      ),
    );
    expect(exitCode).toBe(3);
    expect(report.dependencies).toMatchObject([
      { verification: 'unverifiable' },
    ]);
  });
});

describe('a project of Yarn Berry', () => {
  const KEY = '@acme/widget@npm:^1.0.0';
  const ASKS = '    "@acme/widget": "npm:^1.0.0"\n';
  const entry = (resolution: string): string =>
    berry(ASKS, berryEntry(KEY, resolution, { version: '1.2.3' }));

  it('is audited against what the registry states, and says so', async () => {
    const { report, exitCode } = await audit(entry('@acme/widget@npm:1.2.3'));
    expect(exitCode).toBe(0);
    expect(report.lockfile).toMatchObject({ format: 'yarn-berry', entries: 1 });
    expect(report.dependencies).toMatchObject([
      { verification: 'verified', binding: 'registry', direct: true },
    ]);
    expect(report.findings.map(({ rule }) => rule)).toContain(
      'digest-not-pinned',
    );
  });

  // L16
  it('ends with 4 for an address of another package', async () => {
    const url = 'https://registry.yarnpkg.com/evil/-/evil-1.2.3.tgz';
    const { report, exitCode } = await audit(
      entry(`@acme/widget@npm:1.2.3::__archiveUrl=${encodeURIComponent(url)}`),
    );
    expect(exitCode).toBe(4);
    expect(codesOf(report)).toContain('resolved-mismatch');
  });

  // Yarn has no checksum to write of what it does not download.
  it.each([
    ['limited to a system, and optional', true, 'os=darwin', 0, 'registry'],
    ['limited to a system, and required', false, 'os=darwin', 3, null],
    ['optional on every system', true, null, 3, null],
  ])(
    'that pins nothing of a package %s',
    async (_what, optional, conditions, exit, binding) => {
      const { report, exitCode } = await audit(
        berry(
          ASKS,
          berryEntry(KEY, '@acme/widget@npm:1.2.3', {
            version: '1.2.3',
            checksum: '',
            more: conditions === null ? '' : `  conditions: ${conditions}\n`,
          }),
        ),
        optional ? 'optionalDependencies' : 'dependencies',
      );
      expect(report.dependencies).toMatchObject([{ binding, optional }]);
      expect(report.findings[0]).toMatchObject({
        rule: exit === 0 ? 'digest-not-pinned' : 'weak-integrity',
        level: exit === 0 ? 'warning' : 'error',
      });
      expect(exitCode).toBe(exit);
    },
  );
});
