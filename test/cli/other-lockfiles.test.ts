import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const WIDGET = { name: '@acme/widget', version: '1.2.3' };
const widget = publishPackage(sigstore, WIDGET);
const PUBLISHED = widget.integrity;
/** Yarn's alias of the public registry. */
const PUBLIC = 'https://registry.yarnpkg.com/';
const OTHER = `sha512-${Buffer.alloc(64, 9).toString('base64')}`;
const SHA1 = `sha1-${Buffer.alloc(20, 1).toString('base64')}`;

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

/** What a project pins of the widget. */
interface Pins {
  /** Integrities of the one version; null: none. Two are two entries. */
  readonly integrities: readonly (string | null)[];
  /** The name that the project gives it. */
  readonly alias?: string;
  /** It is asked for by this address. */
  readonly tarball?: string;
}

/** The lockfile of such a project. */
type WriteLockfile = (pins: Pins) => string;

/** Audits a project whose only lockfile is `file`. */
async function audit(
  file: string,
  write: WriteLockfile,
  pins: Pins,
): Promise<Run & { report: Report }> {
  const project = { ...projectOf([]), packages: [widget] };
  const scene = await createScene(sigstore, project);
  scenes.push(scene);
  const at = (name: string): string => join(scene.project, name);
  await rm(at('package-lock.json'));
  await writeFile(at(file), write(pins));
  const { alias = WIDGET.name, tarball } = pins;
  const range = tarball ?? '^1.0.0';
  const spec = alias === WIDGET.name ? range : `npm:${WIDGET.name}@${range}`;
  const manifest = { name: 'my-app', dependencies: { [alias]: spec } };
  await writeFile(at('package.json'), JSON.stringify(manifest));
  const run = await runMain(scene, [...scene.options, '--json']);
  if (run.stdout === '') throw new Error(run.stderr);
  return { ...run, report: JSON.parse(run.stdout) as Report };
}

/** Two entries of one version are in two documents of the file. */
const pnpm: WriteLockfile = ({ integrities, alias = WIDGET.name, tarball }) => {
  const version = tarball ?? '1.2.3';
  const key = `${WIDGET.name}@${version}`;
  const asked = alias === WIDGET.name ? version : key;
  const fields = (integrity: string | null): string => {
    const pin = integrity === null ? [] : [`integrity: ${integrity}`];
    const from = tarball === undefined ? [] : [`tarball: ${tarball}`];
    return `{${[...pin, ...from].join(', ')}}`;
  };
  const document = (integrity: string | null): string =>
    `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      '${alias}':
        specifier: '${tarball ?? '*'}'
        version: '${asked}'

packages:

  '${key}':
    resolution: ${fields(integrity)}

snapshots:

  '${key}': {}
`;
  return integrities.map(document).join('---\n');
};

const bun: WriteLockfile = ({ integrities, alias = WIDGET.name, tarball }) => {
  const entry = (integrity: string | null): readonly unknown[] =>
    tarball === undefined
      ? [`${WIDGET.name}@1.2.3`, '', {}, integrity ?? '']
      : [`${WIDGET.name}@${tarball}`, {}, integrity ?? ''];
  const asked = integrities.map((integrity, index) => ({
    name: index === 0 ? alias : `again-${index}`,
    integrity,
  }));
  const dependencies = Object.fromEntries(
    asked.map(({ name }) => [name, tarball ?? '*']),
  );
  const packages = Object.fromEntries(
    asked.map(({ name, integrity }) => [name, entry(integrity)]),
  );
  const workspaces = { '': { name: 'my-app', dependencies } };
  return JSON.stringify({ lockfileVersion: 1, workspaces, packages }, null, 2);
};

const codesOf = ({ dependencies }: Report): readonly string[] =>
  dependencies.flatMap(({ rejections }) => rejections.map(({ code }) => code));

describe.each([
  ['pnpm', 'pnpm-lock.yaml', pnpm],
  ['bun', 'bun.lock', bun],
])('a project of %s', (_manager, file, write) => {
  const run = (pins: Pins) => audit(file, write, pins);

  it('is audited against what its lockfile pins', async () => {
    const { report, exitCode } = await run({ integrities: [PUBLISHED] });
    expect(report.dependencies).toMatchObject([
      { verification: 'verified', binding: 'lockfile', direct: true },
    ]);
    expect(exitCode).toBe(0);
  });

  it('ends with 4 for other bytes than the attested ones', async () => {
    const { report, exitCode } = await run({ integrities: [OTHER] });
    expect(report.dependencies).toMatchObject([{ verification: 'rejected' }]);
    expect(exitCode).toBe(4);
  });

  // L14
  it('ends with 4 for two pins of one version', async () => {
    const { report, exitCode } = await run({ integrities: [PUBLISHED, OTHER] });
    expect(codesOf(report)).toContain('integrity-conflict');
    expect(exitCode).toBe(4);
  });

  // L08, L09
  it.each([
    ['a SHA-1 alone', SHA1],
    ['no integrity', null],
  ])('ends with 3 for %s', async (_what, integrity) => {
    const { report, exitCode } = await run({ integrities: [integrity] });
    expect(report.dependencies).toMatchObject([
      {
        verification: 'unverifiable',
        unverifiable: { code: 'weak-integrity' },
      },
    ]);
    expect(exitCode).toBe(3);
  });

  // L20
  it('is audited under the real name behind an alias', async () => {
    const { report, exitCode } = await run({
      integrities: [PUBLISHED],
      alias: 'gadget',
    });
    expect(report.dependencies).toMatchObject([
      { ...WIDGET, aliases: ['gadget'], verification: 'verified' },
    ]);
    expect(exitCode).toBe(0);
  });

  describe('with a tarball of the registry, asked for by its address', () => {
    const of = (path: string) =>
      run({ integrities: [PUBLISHED], tarball: PUBLIC + path });

    it('audits the version that the address names', async () => {
      const { report, exitCode } = await of(
        '@acme/widget/-/widget-1.2.3.tgz?a#b',
      );
      expect(report.dependencies).toMatchObject([
        { ...WIDGET, verification: 'verified' },
      ]);
      expect(exitCode).toBe(0);
    });

    it('ends with 4 for the address of another package', async () => {
      const { report, exitCode } = await of('evil/-/evil-1.2.3.tgz');
      expect(codesOf(report)).toContain('resolved-mismatch');
      expect(exitCode).toBe(4);
    });

    it('counts it as out of scope if no version is certain', async () => {
      const { report, exitCode } = await of('download/widget-latest.tgz');
      expect(report.dependencies).toMatchObject([
        { ...WIDGET, version: '', scope: 'out-of-scope' },
      ]);
      expect(exitCode).toBe(0);
    });
  });
});
