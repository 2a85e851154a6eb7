import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
  withTampered,
  writeProject,
  type Project,
  type PublishOptions,
} from '../../fixtures/projects.js';
import { githubIdentity } from '../../fixtures/identities.js';
import type { DiffReport } from '../../src/report/diff-report.js';
import type { Report } from '../../src/report/report.js';
import { renderDiffMarkdown } from '../../src/report/render-diff-markdown.js';
import { createRepository } from '../io/git-repository.js';
import { compileSarif } from '../report/sarif-schema.js';
import { closed, compile, readSchema } from '../report/schemas.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

function published(name: string, version: string, options?: PublishOptions) {
  return publishPackage(sigstore, { name, version }, options);
}

const validate = compile(closed(await readSchema('diff-report.schema.json')), [
  closed(await readSchema('report.schema.json')),
]);
const GADGET = published('gadget', '1.0.0');
const UNPROVEN = { attest: null };
const ELSEWHERE = {
  attest: {
    identity: githubIdentity({
      repository: 'acme-labs/widget',
      repositoryId: '7777',
    }),
  },
};

/** A repository whose commit has `before`, and whose working tree has `after`. */
async function openHistory(before: Project, after: Project): Promise<Scene> {
  const scene = await createScene(sigstore, before);
  scenes.push(scene);
  const repository = await createRepository(scene.project);
  repository.commit();
  serveProject(after, scene.registry);
  await writeProject(scene.project, after);
  return scene;
}

async function runDiff(
  before: Project,
  after: Project,
  ...argv: readonly string[]
): Promise<Run & { readonly scene: Scene }> {
  const scene = await openHistory(before, after);
  const ended = await runMain(scene, ['diff', ...argv, ...scene.options]);
  return { ...ended, scene };
}

async function compare(before: Project, after: Project): Promise<DiffReport> {
  const { exitCode, stdout } = await runDiff(
    before,
    after,
    'HEAD',
    '.',
    '--json',
  );
  const report: unknown = JSON.parse(stdout);
  validate(report);
  expect(validate.errors).toBeNull();
  expect((report as DiffReport).exitCode).toBe(exitCode);
  return report as DiffReport;
}

/** `what: before > after` of every difference of the only change. */
function differences({ changes }: DiffReport): readonly string[] {
  expect(changes).toHaveLength(1);
  return changes.flatMap((change) =>
    change.differences.map(
      ({ what, before, after, effect }) =>
        `${effect} ${what}: ${before ?? '-'} > ${after ?? '-'}`,
    ),
  );
}

function rules({ findings }: DiffReport): readonly string[] {
  return findings
    .filter(({ level }) => level === 'error')
    .map((finding) => `${finding.rule} ${finding.package ?? ''}`);
}

const before = projectOf([GADGET, published('widget', '1.0.0')]);
const changedTo = (options: PublishOptions, version = '1.1.0'): Project =>
  projectOf([GADGET, published('widget', version, options)]);

describe('diff', () => {
  it('says that nothing differs, and asks nobody', async () => {
    const { exitCode, stdout, scene } = await runDiff(before, before);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('no package differs');
    expect(scene.registry.requests).toEqual([]);
  });

  it('passes an update that is as well proven', async () => {
    const report = await compare(before, changedTo({}));
    expect(report).toMatchObject({
      base: { origin: 'git', name: 'HEAD' },
      result: 'pass',
      summary: { updated: 1, added: 0, worse: 0, better: 0 },
    });
    expect(differences(report)).toEqual([]);
    expect(report.base.commit).toMatch(/^[0-9a-f]{40}$/);
  });

  it('finds an update without provenance: a stolen token', async () => {
    const report = await compare(before, changedTo(UNPROVEN));
    expect(differences(report)).toEqual([
      'worse level: provenance > registry-signature',
    ]);
    expect(rules(report)).toEqual(['level-downgrade widget@1.1.0']);
    expect(report).toMatchObject({ exitCode: 1, summary: { worse: 1 } });
  });

  it('finds an update from another repository', async () => {
    const report = await compare(before, changedTo(ELSEWHERE));
    expect(differences(report).join('\n')).toContain('source repository');
    expect(rules(report)).toEqual(['source-changed widget@1.1.0']);
    expect(report.exitCode).toBe(1);
  });

  it('is content with a repository that was renamed', async () => {
    const renamed = githubIdentity({ repository: 'acme/new-name' });
    const report = await compare(
      before,
      changedTo({ attest: { identity: renamed } }),
    );
    expect(report.exitCode).toBe(0);
    expect(differences(report).join('\n')).toContain('acme/new-name');
  });

  it('tells of another trigger', async () => {
    const identity = githubIdentity({ event: 'issue_comment' });
    const report = await compare(before, changedTo({ attest: { identity } }));
    expect(differences(report)).toContain(
      `other event: ${githubIdentity().event} > issue_comment`,
    );
  });

  it('counts what is better proven', async () => {
    const report = await compare(
      projectOf([GADGET, published('widget', '1.0.0', UNPROVEN)]),
      changedTo({}),
    );
    expect(report).toMatchObject({ exitCode: 0, summary: { better: 1 } });
  });

  it('finds other bytes for the same version', async () => {
    const unproven = projectOf([
      GADGET,
      published('widget', '1.0.0', UNPROVEN),
    ]);
    const report = await compare(
      unproven,
      withTampered(sigstore, unproven, 'widget'),
    );
    expect(rules(report)).toContain('integrity-changed widget@1.0.0');
    expect(report.exitCode).toBeGreaterThan(0);
    expect(report.changes).toMatchObject([{ kind: 're-resolved' }]);
  });

  it('lists what came and went', async () => {
    const report = await compare(
      projectOf([GADGET, published('widget', '1.0.0')]),
      projectOf([GADGET, published('sprocket', '2.0.0', UNPROVEN)]),
    );
    expect(report.changes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'added sprocket',
      'removed widget',
    ]);
    expect(report.exitCode).toBe(0);
  });

  it('does not pass where nobody could say what was proven before', async () => {
    const scene = await openHistory(before, changedTo(UNPROVEN));
    for (const path of [
      '/widget/1.0.0',
      '/-/npm/v1/attestations/widget@1.0.0',
    ] as const) {
      scene.registry.script(path, { status: 403, repeat: true });
    }
    const argv = ['diff', 'HEAD', '.', '--json', ...scene.options];
    const { exitCode, stdout } = await runMain(scene, argv);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ result: 'incomplete' });
  });

  it('asks about what differs alone', async () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      published(`package-${index}`, '1.0.0'),
    );
    const { scene } = await runDiff(
      projectOf([...many, published('widget', '1.0.0')]),
      projectOf([...many, published('widget', '1.1.0')]),
    );
    const paths = scene.registry.requests.map(({ path }) => path);
    expect(paths).toHaveLength(3);
    for (const path of paths) expect(path).toContain('widget');
  });
});

describe('the requests of diff', () => {
  it('are three for each attested update, of 5,000 packages 20 of which changed', async () => {
    const id = (index: number): string => `package-${index}`;
    // Nothing is ever served of these, so nobody must ask.
    const same = Array.from({ length: 4980 }, (_, index) => ({
      id: { name: id(index), version: '1.0.0' },
      integrity: `sha512-${Buffer.alloc(64, index % 251).toString('base64')}`,
    }));
    const changed = (version: string) =>
      Array.from({ length: 20 }, (_, index) =>
        published(`changed-${index}`, version, index < 15 ? {} : UNPROVEN),
      );
    const scene = await openHistory(
      projectOf([...same, ...changed('1.0.0')]),
      projectOf([...same, ...changed('1.1.0')]),
    );
    const argv = ['diff', 'HEAD', '.', '--json', ...scene.options];
    const { exitCode, stdout } = await runMain(scene, argv);
    const { summary } = JSON.parse(stdout) as DiffReport;
    expect(summary).toMatchObject({ updated: 20, added: 0, removed: 0 });
    expect(exitCode).toBe(0);
    expect(scene.registry.requests.length).toBeLessThanOrEqual(60);
  }, 180_000);

  it('are one for the earlier side where that proves itself', async () => {
    const { scene } = await runDiff(before, changedTo({}));
    const paths = scene.registry.requests.map(({ path }) => path);
    expect(paths.filter((path) => path.includes('1.0.0'))).toEqual([
      '/-/npm/v1/attestations/widget@1.0.0',
    ]);
  });

  it('do not take a document without provenance for all there is', async () => {
    const scene = await openHistory(before, changedTo(UNPROVEN));
    const path = '/-/npm/v1/attestations/widget@1.0.0';
    scene.registry.script(path, { status: 200, body: { attestations: [] } });
    const argv = ['diff', 'HEAD', '.', '--json', ...scene.options];
    const { stdout } = await runMain(scene, argv);
    expect(rules(JSON.parse(stdout) as DiffReport)).toEqual([
      'level-downgrade widget@1.1.0',
    ]);
  });
});

describe('a comparison as', () => {
  const SCOPED = '@acme/widget';
  const render = (format: string): Promise<Run> =>
    runDiff(
      projectOf([
        GADGET,
        published(SCOPED, '1.0.0'),
        published('left', '1.0.0'),
      ]),
      projectOf([
        published('gadget', '1.0.1'),
        published(SCOPED, '1.1.0', UNPROVEN),
      ]),
      ...['HEAD', '.', '--format', format],
    );

  it('Markdown fits into a comment, and shows what is worse first', async () => {
    const { stdout, exitCode } = await render('markdown');
    expect(exitCode).toBe(1);
    const text = stdout.replace(/&#40;[0-9a-f]{12}&#41;/, '(COMMIT)');
    expect(text).toMatchSnapshot();
  });

  it('SARIF names each finding at its line of the lockfile', async () => {
    const { stdout, exitCode } = await render('sarif');
    expect(exitCode).toBe(1);
    const validateSarif = await compileSarif();
    expect(validateSarif(JSON.parse(stdout))).toBe(true);
    const log = JSON.parse(stdout) as {
      readonly runs: readonly {
        readonly automationDetails: { readonly id: string };
        readonly results: readonly {
          readonly ruleId: string;
          readonly level: string;
        }[];
      }[];
    };
    expect(log.runs).toHaveLength(1);
    expect(log.runs[0]?.automationDetails.id).toBe(
      'provenance-audit/diff/package-lock.json/',
    );
    expect(
      log.runs[0]?.results.map(({ ruleId, level }) => `${level} ${ruleId}`),
    ).toEqual(['error level-downgrade']);
  });

  it('Markdown says how much was left out for want of room', async () => {
    const report = await compare(before, changedTo(UNPROVEN));
    const times = <One>(list: readonly One[]): readonly One[] =>
      Array.from({ length: 2000 }, () => list).flat();
    const text = renderDiffMarkdown(
      {
        ...report,
        changes: times(report.changes),
        findings: times(report.findings),
      },
      'package-lock.json',
    );
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/\d+ further changes left out for want of room/);
    expect(text).toMatch(/\d+ further findings left out for want of room/);
  });

  it('CSV there is none', async () => {
    const { exitCode, stderr } = await render('csv');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('expected text, json, markdown or sarif');
  });
});

describe('what is compared with', () => {
  it('may be a lockfile', async () => {
    const scene = await openHistory(before, changedTo(UNPROVEN));
    const old = join(scene.folder, 'old');
    await writeProject(old, before);
    const base = join(old, 'package-lock.json');
    const ended = await runMain(scene, ['diff', base, ...scene.options]);
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toContain('level-downgrade');
  });

  it('may be a report of this program, which nobody is asked about', async () => {
    const scene = await openHistory(before, before);
    const file = join(scene.folder, 'report.json');
    await runMain(scene, ['--output', file, ...scene.options]);
    const after = changedTo(UNPROVEN);
    serveProject(after, scene.registry);
    await writeProject(scene.project, after);
    const asked = scene.registry.requests.length;
    const ended = await runMain(scene, ['diff', file, ...scene.options]);
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toContain('level-downgrade');
    const paths = scene.registry.requests.slice(asked).map(({ path }) => path);
    expect(paths.filter((path) => path.includes('1.0.0'))).toEqual([]);
  });

  it('does not pass for what an earlier report had left out', async () => {
    const scene = await openHistory(before, before);
    const file = join(scene.folder, 'report.json');
    const argv = ['--package', 'gadget', '--output', file];
    await runMain(scene, [...argv, ...scene.options]);
    const after = changedTo(UNPROVEN);
    serveProject(after, scene.registry);
    await writeProject(scene.project, after);
    const ended = await runMain(scene, ['diff', file, ...scene.options]);
    expect(ended.exitCode).toBe(3);
  });

  it.each<[string, string, RegExp]>([
    ['no commit', 'no-such-branch', /no-such-branch: no such commit/],
    ['an option', '--upload-pack=x', /unknown option/],
  ])('is refused if it is %s', async (_what, base, message) => {
    const { exitCode, stderr } = await runDiff(before, before, base);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('is refused if it looks like a report and is none', async () => {
    const scene = await openHistory(before, before);
    const file = join(scene.folder, 'report.json');
    await writeFile(file, '{"schemaVersion":2}');
    const ended = await runMain(scene, ['diff', file, ...scene.options]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('not a report of schema version 1');
  });
});

describe('--changed-since', () => {
  it('audits what differs, and says so', async () => {
    const scene = await openHistory(before, changedTo(UNPROVEN));
    const argv = ['--changed-since', 'HEAD', '--json', ...scene.options];
    const { stdout } = await runMain(scene, argv);
    const { summary, selection } = JSON.parse(stdout) as Report;
    expect(selection).toMatchObject({ changedSince: 'HEAD' });
    expect(summary).toMatchObject({ inScope: 1, outOfScope: { omitted: 1 } });
    const paths = scene.registry.requests.map(({ path }) => path);
    expect(paths.filter((path) => path.includes('gadget'))).toEqual([]);
  });

  it('finds other bytes for the same version', async () => {
    const scene = await openHistory(
      before,
      withTampered(sigstore, before, 'widget'),
    );
    const argv = ['--changed-since', 'HEAD', '--json', ...scene.options];
    const { stdout } = await runMain(scene, argv);
    const { findings } = JSON.parse(stdout) as Report;
    expect(findings.map(({ rule }) => rule)).toContain('integrity-changed');
  });
});

it('looks like this', async () => {
  const { stdout, exitCode } = await runDiff(
    projectOf([
      GADGET,
      published('widget', '1.0.0'),
      published('left', '1.0.0'),
    ]),
    projectOf([
      published('gadget', '1.0.1'),
      published('widget', '1.1.0', UNPROVEN),
      published('sprocket', '2.0.0', UNPROVEN),
    ]),
  );
  expect(exitCode).toBe(1);
  const text = stdout
    .replace(/\([0-9a-f]{12}\)/, '(COMMIT)')
    .replace(/sha256 [0-9a-f]{12}/, 'sha256 DIGEST');
  expect(text).toMatchSnapshot();
});
