import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  withTampered,
  type Project,
} from '../../fixtures/projects.js';
import { CHECKS } from '../../src/verification/check-catalogue.js';
import type { PackageReport } from '../../src/report/package-report.js';
import { closed, compile, readSchema } from '../report/schemas.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const widget = publishPackage(sigstore, {
  name: '@acme/widget',
  version: '1.2.3',
});
const plain = publishPackage(
  sigstore,
  { name: 'left-pad', version: '1.3.0' },
  { attest: null },
);
const older = publishPackage(sigstore, { name: 'left-pad', version: '1.1.0' });
const base = projectOf([widget, plain]);
/** Two versions of one package, an alias, and one from git. */
const honest: Project = {
  ...base,
  packages: [...base.packages, older],
  entries: {
    ...base.entries,
    'node_modules/@acme/widget/node_modules/left-pad': {
      version: '1.1.0',
      integrity: older.integrity,
    },
    'node_modules/pad': {
      name: 'left-pad',
      version: '1.3.0',
      integrity: plain.integrity,
    },
    'node_modules/from-git': {
      version: '1.0.0',
      resolved: `git+ssh://git@github.com/acme/from-git.git#${'a'.repeat(40)}`,
    },
  },
};

const validate = compile(
  closed(await readSchema('package-report.schema.json')),
  [closed(await readSchema('report.schema.json'), ['#/$defs/dependency'])],
);

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(project: Project = honest): Promise<Scene> {
  const scene = await createScene(sigstore, project);
  scenes.push(scene);
  return scene;
}

async function show(
  spec: string,
  { project = honest, argv = [] as readonly string[] } = {},
): Promise<Run> {
  const scene = await open(project);
  return runMain(scene, ['show', spec, ...scene.options, ...argv]);
}

function parse({ stdout }: Run): PackageReport {
  return JSON.parse(stdout) as PackageReport;
}

describe('show', () => {
  it('tells everything about a package that is proven', async () => {
    const { exitCode, stdout, stderr } = await show('@acme/widget');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^@acme\/widget 1\.2\.3 +provenance, verified\n/);
    for (const text of [
      'package-lock.json:',
      'SLSA provenance v1',
      'github.com/acme/widget',
      'registry key',
      '✔ met',
      'subject digest',
      'not that it is harmless',
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it('asks about that package and no other', async () => {
    const scene = await open();
    await runMain(scene, ['show', '@acme/widget', ...scene.options]);
    const paths = scene.registry.requests.map(({ path }) => path);
    expect(paths.filter((path) => !path.includes('widget'))).toEqual([]);
    expect(paths).toHaveLength(2);
  });

  it.each([
    ['every version of a name', 'left-pad', ['1.1.0', '1.3.0']],
    ['one version of a name', 'left-pad@1.1.0', ['1.1.0']],
    ['what an alias stands for', 'pad', ['1.3.0']],
    ['an alias with its version', 'pad@1.3.0', ['1.3.0']],
    ['a scoped name with its version', '@acme/widget@1.2.3', ['1.2.3']],
    ['what is out of scope', 'from-git', ['1.0.0']],
  ])('shows %s', async (_what, spec, versions) => {
    const run = await show(spec, { argv: ['--json'] });
    expect(parse(run).packages.map(({ version }) => version)).toEqual(versions);
  });

  it('says why a package is out of scope, and passes', async () => {
    const { exitCode, stdout } = await show('from-git');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('out of scope: git');
  });

  it('says which entry of the policy applies, and why', async () => {
    const scene = await open();
    await writeFile(
      join(scene.project, 'provenance-audit.yaml'),
      [
        'version: 1',
        'packages:',
        "  '@acme/*': { require: provenance }",
        "  '@acme/w*': { require: registry-signature }",
        '',
      ].join('\n'),
    );
    const told = await runMain(scene, [
      'show',
      '@acme/widget',
      ...scene.options,
    ]);
    expect(told.stdout.replace(/\s+/g, ' ')).toContain(
      'policy entry packages.@acme/w*, more specific than @acme/*, line 4 of the policy',
    );
    const argv = ['show', 'left-pad@1.3.0', '--json', ...scene.options];
    const { packages } = JSON.parse(
      (await runMain(scene, argv)).stdout,
    ) as PackageReport;
    expect(packages.map(({ policyEntry }) => policyEntry)).toEqual([null]);
  });

  it('writes JSON that its schema describes', async () => {
    for (const [spec, project] of [
      ['@acme/widget', honest],
      ['left-pad', honest],
      ['from-git', honest],
      ['@acme/widget', withTampered(sigstore, honest, '@acme/widget')],
    ] as const) {
      const report = parse(await show(spec, { project, argv: ['--json'] }));
      validate(report);
      expect(validate.errors).toBeNull();
    }
  });

  it('has each check of the catalogue that applies, once per attestation', async () => {
    const [one] = parse(
      await show('@acme/widget', { argv: ['--json'] }),
    ).packages;
    const checks = one?.checks ?? [];
    const keys = checks.map((each) => `${each.attestation} ${each.check}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect([...new Set(checks.map(({ check }) => check))].sort()).toEqual(
      Object.keys(CHECKS).sort(),
    );
    expect(one?.attestations.map(({ outcome }) => outcome)).toEqual([
      'verified',
      'verified',
    ]);
  });

  it('leads with why a package is rejected, and exits with 4', async () => {
    const project = withTampered(sigstore, honest, '@acme/widget');
    const { exitCode, stdout } = await show('@acme/widget', { project });
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(
      /^@acme\/widget 1\.2\.3 +rejected: subject-digest\n\nerror {2}evidence-rejected/,
    );
    expect(stdout).toMatch(/✖ subject digest/);
    expect(stdout).not.toContain('provenance-audit show');
  });

  it('has only title and reasons with --quiet', async () => {
    const project = withTampered(sigstore, honest, '@acme/widget');
    const argv = ['--quiet'];
    const { stdout } = await show('@acme/widget', { project, argv });
    expect(stdout).toContain('evidence-rejected');
    expect(stdout).not.toContain('checks');
  });

  it('judges one package, whatever the others are', async () => {
    const project = withTampered(sigstore, honest, '@acme/widget');
    const run = await show('left-pad@1.3.0', { project });
    expect(run.exitCode).toBe(0);
  });

  it('is named by the audit where evidence is rejected', async () => {
    const scene = await open(withTampered(sigstore, honest, '@acme/widget'));
    const { stdout } = await runMain(scene, scene.options);
    expect(stdout).toContain('provenance-audit show @acme/widget@1.2.3');
  });

  it('writes a file as the audit does', async () => {
    const scene = await open();
    const argv = ['show', 'pad', ...scene.options, '--output', 'report.json'];
    const { stdout } = await runMain(scene, argv);
    const text = await readFile(join(scene.project, 'report.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      packages: [{ name: 'left-pad' }],
    });
    expect(stdout).toContain('left-pad 1.3.0');
  });

  it('takes the project as its second operand', async () => {
    const scene = await open();
    const argv = ['show', 'pad', 'project', ...scene.options];
    const { exitCode } = await runMain(scene, argv, { cwd: scene.folder });
    expect(exitCode).toBe(0);
  });
});

describe('show of what cannot be shown', () => {
  it.each([
    [
      'another version',
      'left-pad@9.9.9',
      'has no left-pad 9.9.9; it has 1.1.0, 1.3.0',
    ],
    ['a slip', 'leftpad', 'has no leftpad; did you mean left-pad?'],
    ['a name without its scope', 'widget', 'did you mean @acme/widget?'],
    ['another name', 'express', 'has no express; no name in it is alike'],
  ])('%s ends with 2 and what there is', async (_what, spec, message) => {
    const { exitCode, stdout, stderr } = await show(spec);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    ['a range', 'left-pad@^1.0.0'],
    ['a tag', 'left-pad@latest'],
    ['no version behind the @', 'left-pad@'],
    ['no name', '@1.0.0'],
    ['a scope alone', '@acme'],
    ['a path', '../left-pad'],
    ['a control character', 'left\u{1b}pad'],
  ])('%s ends with 2', async (_what, spec) => {
    const { exitCode, stdout, stderr } = await show(spec);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/show: expected a package name/);
    expect(stderr).not.toContain('\u{1b}');
  });
});
