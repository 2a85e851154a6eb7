import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RULES } from '../../src/policy/rules/index.js';
import type { PolicyReport } from '../../src/report/policy-report.js';
import { closed, compile, readSchema, undescribed } from '../report/schemas.js';
import { runMain, type Run } from './scene.js';

const schema = await readSchema('policy-report.schema.json');
const validate = compile(closed(schema));
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Checks in a repository with these files; the project is its folder `app`. */
async function check(
  files: Readonly<Record<string, string>>,
  ...argv: readonly string[]
): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-policy-'));
  folders.push(folder);
  const project = join(folder, 'app');
  for (const name of ['home', 'app', '.git']) await mkdir(join(folder, name));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return runMain({ folder, project }, ['policy', 'check', ...argv]);
}

function parse({ stdout }: Run): PolicyReport {
  const report = JSON.parse(stdout) as PolicyReport;
  validate(report);
  expect(validate.errors).toBeNull();
  return report;
}

const VALID = {
  'common.yaml': `version: 1
rules: { provenance-missing: warning }
coverage: { all: 10% }
`,
  'app/provenance-audit.yaml': `version: 1
extends: ../common.yaml
coverage: { production: 60% }
packages:
  '@acme/*': { source: https://github.com/acme/* }
  '@acme/widget': { require: trusted-publisher }
events: { deny: [pull_request_target] }
minimumReleaseAge: 3d
exemptions:
  - package: left-pad@1.3.0
    rules: [provenance-missing]
    reason: reviewed by hand
    owner: the platform team
    expires: 2020-03-01
acknowledged:
  - package: widget@1.2.3
    integrity: sha512-${Buffer.alloc(64).toString('base64')}
    codes: [build-type]
    reason: a builder that is not known here
    expires: 2020-03-01
registries:
  https://npm.acme.example/: { mirrorOf: public }
issuers:
  https://gitlab.acme.example: { platform: gitlab, server: https://gitlab.acme.example/ }
`,
};
const FOUR_PROBLEMS = `version: 2
rules: { provenance-mising: error }
coverage: { all: 120% }
packages:
  widget: { requrie: provenance }
`;

describe('policy check', () => {
  it('tells what is in force, of all files together', async () => {
    const { exitCode, stdout, stderr } = await check(VALID);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const text = stdout.replaceAll(/\s+/g, ' ');
    for (const part of [
      'app/provenance-audit.yaml: valid',
      'extends common.yaml',
      'provenance-missing: warning',
      'default warning ',
      'all 10%',
      'production 60%',
      'deny pull_request_target',
      'left-pad@1.3.0: provenance-missing; until 2020-03-01, expired',
      'widget@1.2.3: build-type; until 2020-03-01, expired',
      'https://npm.acme.example/',
      'https://gitlab.acme.example (gitlab',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(
      /@acme\/widget .*: trusted-publisher .*@acme\/\* .*: provenance/,
    );
  });

  it('as JSON is what the schema describes', async () => {
    const ended = await check(VALID, '--json');
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    const { valid, problems, policy } = parse(ended);
    expect({ valid, problems }).toEqual({ valid: true, problems: [] });
    expect(policy).toMatchObject({
      files: ['app/provenance-audit.yaml', 'common.yaml'],
      coverage: { all: '10%', production: '60%', direct: null },
      packages: [
        { pattern: '@acme/widget', require: 'trusted-publisher' },
        { pattern: '@acme/*', require: 'provenance' },
      ],
    });
    expect(policy?.exemptions[0]?.daysLeft).toBeLessThan(0);
    expect(policy?.rules.map(({ id }) => id)).toEqual(
      RULES.map(({ id }) => id),
    );
    expect(undescribed(schema)).toEqual([]);
  });

  it('tells each of four problems once, with its place', async () => {
    const { exitCode, stdout } = await check(
      {
        'app/other.yaml': FOUR_PROBLEMS,
      },
      'other.yaml',
    );
    expect(exitCode).toBe(2);
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text.match(/app\/other\.yaml:\d+:\d+/g)).toEqual(
      ['1:10', '2:10', '3:18', '5:13'].map((at) => `app/other.yaml:${at}`),
    );
    for (const part of ['provenance-missing?', 'require?']) {
      expect(text).toContain(`did you mean ${part}`);
    }
  });

  it('tells problems as JSON, too', async () => {
    const files = { 'app/provenance-audit.yaml': FOUR_PROBLEMS };
    const ended = await check(files, '--json');
    expect(ended.exitCode).toBe(2);
    const report = parse(ended);
    expect(report).toMatchObject({ valid: false, policy: null });
    expect(report.problems.map(({ key }) => key)).toEqual([
      'version',
      'rules.provenance-mising',
      'coverage.all',
      'packages.widget.requrie',
    ]);
  });

  it('of an entry that demands nothing still says so', async () => {
    const ended = await check(
      { 'app/provenance-audit.yaml': 'version: 1\npackages: { widget: {} }\n' },
      '--json',
    );
    expect(ended.exitCode).toBe(2);
    expect(parse(ended).problems).toMatchObject([
      { key: 'packages.widget', expected: 'a demand, or require: none' },
    ]);
  });

  it('of a file that is not there fails', async () => {
    const ended = await check({}, 'missing.yaml');
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toContain('missing.yaml');
  });

  it('without a policy tells the defaults', async () => {
    expect((await check({})).stdout).toMatch(/^no policy here/);
    const ended = await check({}, '--json');
    expect(ended.exitCode).toBe(0);
    expect(parse(ended).policy).toMatchObject({
      origin: 'default',
      path: null,
      files: [],
    });
  });

  it.each([[['a.yaml', 'b.yaml']], [['--quiet']]])(
    'does not take %j',
    async (argv) => {
      expect((await check(VALID, ...argv)).exitCode).toBe(2);
    },
  );
});
