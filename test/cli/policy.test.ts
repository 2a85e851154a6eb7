import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  withTampered,
} from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Scene } from './scene.js';

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
const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

/** Audits a project of one proven and one unproven package. */
async function audit(policy: string, ...more: readonly string[]) {
  const scene = await createScene(sigstore, projectOf([widget, plain]), {});
  scenes.push(scene);
  const path = join(scene.project, 'provenance-audit.yaml');
  await writeFile(path, `version: 1\n${policy}`);
  return runMain(scene, [...scene.options, ...more]);
}

const EXEMPTION = (expires: string, version = '1.3.0') => `rules:
  provenance-missing: error
exemptions:
  - package: left-pad@${version}
    rules: [provenance-missing]
    reason: reviewed by hand
    expires: ${expires}
`;

describe('a project’s own policy', () => {
  it.each<[string, string, number, string]>([
    ['that asks for nothing', '', 0, '✔ policy met'],
    [
      'that requires provenance of everything',
      'rules: { provenance-missing: error }\n',
      1,
      'provenance-missing  left-pad@1.3.0',
    ],
    [
      'that requires it only of others',
      "rules: { provenance-missing: { level: error, for: { packages: ['@acme/*'] } } }\n",
      0,
      '✔ policy met',
    ],
    [
      'that exempts the package',
      EXEMPTION('2099-12-31'),
      0,
      'reviewed by hand',
    ],
    [
      'whose exemption has expired',
      EXEMPTION('2020-01-01'),
      1,
      'exemption-expired',
    ],
    [
      'whose exemption is for another version',
      EXEMPTION('2099-12-31', '1.2.9'),
      1,
      'exemption-unused',
    ],
    [
      'whose source is the certificate’s',
      "packages: { '@acme/*': { source: https://github.com/acme/widget } }\n",
      0,
      '✔ policy met',
    ],
    [
      'whose source is another',
      "packages: { '@acme/*': { source: https://github.com/acme/gadget } }\n",
      1,
      'source-not-allowed',
    ],
    [
      'that requires a level of a package that has none',
      'packages: { left-pad: { require: provenance } }\n',
      1,
      'required-level-missing',
    ],
    ['with coverage that is met', 'coverage: { all: 50% }\n', 0, '50.0 %'],
    [
      'with coverage that is not',
      'coverage: { all: 50.01% }\n',
      1,
      'coverage-below',
    ],
    [
      'that names something that is not there',
      'packages: { right-pad: { require: provenance } }\n',
      0,
      'setting-without-effect',
    ],
  ])('%s', async (_what, policy, exitCode, text) => {
    const run = await audit(policy);
    expect(run.stdout).toContain(text);
    expect(run.exitCode).toBe(exitCode);
  });

  it.each<[string, string, string]>([
    [
      'a misspelt key',
      "packages: { '@acme/*': { requrie: provenance } }\n",
      'did you mean require?',
    ],
    [
      'an unknown rule',
      'rules: { provenance-mising: error }\n',
      'did you mean provenance-missing?',
    ],
    [
      'rejected evidence that is exempted',
      EXEMPTION('2099-12-31').replace(
        '[provenance-missing]',
        '[evidence-rejected]',
      ),
      'evidence-rejected',
    ],
    [
      'a registry for evidence that the user does not know',
      "registries: { 'https://a.example/': { evidence: { registry: 'https://b.example/' } } }\n",
      'registries, https://a.example/: the audited project does not choose',
    ],
  ])('is refused with %s', async (_what, policy, text) => {
    const { stderr, stdout, exitCode } = await audit(policy);
    expect(stderr).toContain('provenance-audit.yaml');
    expect(stderr).toContain(text);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('is not read where another is named', async () => {
    const scene = await createScene(sigstore, projectOf([widget, plain]), {});
    scenes.push(scene);
    await writeFile(
      join(scene.project, 'provenance-audit.yaml'),
      'version: 1\ncoverage: { all: 0% }\n',
    );
    await writeFile(
      join(scene.project, 'strict.yaml'),
      'version: 1\nrules: { provenance-missing: error }\n',
    );
    const run = await runMain(scene, [
      ...scene.options,
      '--json',
      '--policy',
      join(scene.project, 'strict.yaml'),
    ]);
    const { policy, result } = JSON.parse(run.stdout) as Report;
    expect(result).toBe('violated');
    expect(policy).toMatchObject({ origin: 'file', path: 'strict.yaml' });
    expect(policy.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is valid as the README has it', async () => {
    const readme = await readFile(
      new URL('../../README.md', import.meta.url),
      'utf8',
    );
    const [, yaml = ''] = /```yaml\nversion: 1\n(.*?)```/s.exec(readme) ?? [];
    expect(yaml).not.toBe('');
    const { stderr, exitCode } = await audit(yaml);
    expect(stderr).toBe('');
    expect([0, 1]).toContain(exitCode);
  });
});

describe('an acknowledgement', () => {
  /** Audits a lockfile with exchanged bytes that a policy acknowledges. */
  async function auditTampered(
    code: string,
    rules: string,
    ...more: readonly string[]
  ) {
    const project = withTampered(
      sigstore,
      projectOf([plain, widget]),
      '@acme/widget',
    );
    const scene = await createScene(sigstore, project, {});
    scenes.push(scene);
    const integrity =
      project.entries['node_modules/@acme/widget']?.integrity ?? '';
    await writeFile(
      join(scene.project, 'provenance-audit.yaml'),
      `version: 1
rules: ${rules}
acknowledged:
  - package: '@acme/widget@1.2.3'
    integrity: ${integrity}
    codes: [${code}]
    reason: compared with the tag
    expires: 2099-12-31
`,
    );
    return runMain(scene, [...scene.options, ...more]);
  }

  it.each([
    ['of just this rejection lets it pass', 'subject-digest', 0],
    ['of something else does not', 'publish-missing', 4],
  ])('%s', async (_what, code, exitCode) => {
    const run = await auditTampered(code, '{}', '--json');
    expect(run.exitCode).toBe(exitCode);
    const { dependencies, findings } = JSON.parse(run.stdout) as Report;
    expect(dependencies[0]?.verification).toBe('rejected');
    expect(
      findings.find(({ rule }) => rule === 'evidence-rejected')?.exempted,
    ).toBe(exitCode === 0 ? 'compared with the tag' : null);
  });

  it('is not counted beside what else fails', async () => {
    const { stdout, exitCode } = await auditTampered(
      'subject-digest',
      '{ provenance-missing: error }',
    );
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✖ policy violated by 1 package');
    expect(stdout).not.toContain('evidence rejected for');
    expect(stdout).toContain('compared with the tag');
  });
});
