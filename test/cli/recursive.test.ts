import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  withTampered,
  writeProject,
  type Project,
} from '../../fixtures/projects.js';
import { FORMATS } from '../../src/report/formats/index.js';
import type { RecursiveReport } from '../../src/report/recursive-report.js';
import {
  createScene,
  isolatedVariables,
  runMain,
  type Run,
  type Scene,
} from './scene.js';

const FOR_SEVERAL = FORMATS.filter(({ isForSeveral }) => isForSeveral);
const sigstore = await createSigstore();
const publish = (name: string) =>
  publishPackage(sigstore, { name, version: '1.0.0' });
const [shared, web, api] = [publish('shared'), publish('web'), publish('api')];
const all = projectOf([shared, web, api]);

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

/** A root without packages, with projects in folders below it. */
async function open(
  folders: Readonly<Record<string, Project>>,
  served: Project = all,
): Promise<Scene> {
  const root = { ...projectOf([]), packages: served.packages };
  const scene = await createScene(sigstore, root);
  scenes.push(scene);
  for (const [folder, project] of Object.entries(folders)) {
    await writeProject(join(scene.project, folder), project);
  }
  return scene;
}

function parseReport({ stdout }: Run): RecursiveReport {
  return JSON.parse(stdout) as RecursiveReport;
}

async function audit(scene: Scene, ...argv: readonly string[]): Promise<Run> {
  return runMain(scene, ['--recursive', ...scene.options, ...argv]);
}

const HONEST = {
  'apps/web': projectOf([shared, web]),
  'apps/api': projectOf([shared, api]),
};

describe('--recursive', () => {
  it('audits every project, and asks about each version once', async () => {
    const scene = await open(HONEST);
    const run = await audit(scene, '--json');
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(0);
    const report = parseReport(run);
    expect(report.projects.map(({ path }) => path)).toEqual([
      ...['', 'apps/api', 'apps/web'],
    ]);
    expect(report).toMatchObject({ result: 'pass', exitCode: 0, ignored: [] });
    expect(report.summary.dependencies).toBe(3);
    expect(report.summary.coverage.all).toMatchObject({
      ...{ verified: 3, eligible: 3 },
    });
    const asked = scene.registry.requests.map(({ path }) => path);
    expect(asked).toHaveLength(6);
    expect(new Set(asked).size).toBe(6);
  });

  it('reports per project and in total, for people', async () => {
    const scene = await open(HONEST);
    const { stdout } = await audit(scene);
    expect(stdout).toContain('3 projects, 3 distinct packages');
    expect(stdout).toContain('✔ apps/api, package-lock.json: 2 packages');
    expect(stdout).toMatch(/in total[^]*all .* 100\.0 % +3 of 3/);
  });

  it('ends with the gravest exit code, and goes on with the others', async () => {
    const tampered = withTampered(sigstore, HONEST['apps/api'], 'api');
    const scene = await open(
      { ...HONEST, 'apps/api': tampered },
      { ...all, packages: [shared, web, ...tampered.packages.slice(1)] },
    );
    await mkdir(join(scene.project, 'broken'));
    await writeFile(join(scene.project, 'broken', 'package-lock.json'), '{');
    const run = await audit(scene, '--json');
    expect(run.exitCode).toBe(4);
    const { projects, result } = parseReport(run);
    expect(result).toBe('tampered');
    expect(projects.map(({ path, exitCode }) => [path, exitCode])).toEqual([
      ...[['', 0] as const, ['apps/api', 4] as const],
      ...[['apps/web', 0] as const, ['broken', 2] as const],
    ]);
    expect(projects.at(-1)?.error?.code).toBe('LOCKFILE_INVALID');
    expect(projects.at(-1)?.report).toBeNull();
  });

  it('does not pass where one project cannot be audited', async () => {
    const scene = await open(HONEST);
    await writeFile(join(scene.project, 'apps', 'web', 'bun.lockb'), '');
    const run = await audit(scene);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toContain('✖ apps/web: not audited: several lockfiles');
    expect(run.stdout).toContain('✔ apps/api');
  });

  it('follows no link out of the folder', async () => {
    const scene = await open(HONEST);
    await symlink(scene.folder, join(scene.project, 'out'));
    await symlink(
      join(scene.project, 'apps', 'web'),
      join(scene.project, 'again'),
    );
    const { projects } = parseReport(await audit(scene, '--json'));
    expect(projects).toHaveLength(3);
  });

  it('judges all by one policy, and calls nothing of it unused', async () => {
    const scene = await open(HONEST);
    const policy =
      'version: 1\n' +
      'packages: { web: { require: provenance }, none: { require: provenance } }\n' +
      'events: { deny: [push] }\n';
    await writeFile(join(scene.project, 'provenance-audit.yaml'), policy);
    const run = await audit(scene, '--json');
    expect(run.exitCode).toBe(1);
    const { projects } = parseReport(run);
    const rules = projects.map(({ report }) =>
      (report?.findings ?? []).map(({ rule }) => rule),
    );
    expect(new Set(rules.flat())).toEqual(
      new Set(['event-denied', 'nothing-to-audit']),
    );
    expect(projects.map(({ report }) => report?.policy.origin)).toEqual([
      ...['file', 'file', 'file'],
    ]);
  });

  it('leaves a project its own policy, unless the user names one', async () => {
    const scene = await open(HONEST);
    const deny = 'version: 1\nevents: { deny: [push] }\n';
    const policy = join(scene.project, 'apps', 'web', 'provenance-audit.yaml');
    await writeFile(policy, deny);
    const own = parseReport(await audit(scene, '--json'));
    expect(own.projects.map(({ exitCode }) => exitCode)).toEqual([0, 0, 1]);
    const lax = join(scene.folder, 'lax.yaml');
    await writeFile(lax, 'version: 1\n');
    const named = await audit(scene, '--json', '--policy', lax);
    expect(named.exitCode).toBe(0);
  });

  it('selects in all of them, what is in some', async () => {
    const scene = await open(HONEST);
    const run = await audit(scene, '--json', '--package', 'web');
    expect(run.exitCode).toBe(0);
    const { summary, projects } = parseReport(run);
    expect(summary).toMatchObject({
      ...{ dependencies: 3, inScope: 1, outOfScope: { omitted: 2 } },
    });
    // The root's own lockfile is empty, selection or not.
    const [, ...apps] = projects;
    expect(apps.flatMap(({ report }) => report?.findings ?? [])).toEqual([]);
    const none = await audit(scene, '--package', 'wbe');
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain(
      'nothing in any lockfile is selected by --package wbe',
    );
  });

  it('writes one report into a file', async () => {
    const scene = await open(HONEST);
    const path = join(scene.folder, 'all.json');
    const run = await audit(scene, '--output', path);
    expect(run.exitCode).toBe(0);
    const written = JSON.parse(await readFile(path, 'utf8')) as RecursiveReport;
    expect(written.projects).toHaveLength(3);
  });

  it('has every form that has room for several, with paths from the root', async () => {
    const tampered = withTampered(sigstore, HONEST['apps/api'], 'api');
    const scene = await open(
      { ...HONEST, 'apps/api': tampered },
      { ...all, packages: [shared, web, ...tampered.packages.slice(1)] },
    );
    await mkdir(join(scene.project, '.git'));
    const argv = FOR_SEVERAL.flatMap(({ name }) => [
      '--report',
      `${name}=${join(scene.folder, name)}`,
    ]);
    const run = await audit(scene, 'apps', ...argv);
    expect(run.exitCode).toBe(4);
    for (const { name } of FOR_SEVERAL) {
      const text = await readFile(join(scene.folder, name), 'utf8');
      expect(text, name).toMatch(/api/);
      // There are no issues in it, and nothing but issues here.
      if (name !== 'code-quality') expect(text, name).toMatch(/web/);
    }
    for (const name of ['sarif', 'code-quality', 'junit']) {
      const text = await readFile(join(scene.folder, name), 'utf8');
      expect(text, name).toContain('"apps/api/package-lock.json"');
    }
  });

  it('tells GitHub of all of them at once', async () => {
    const tampered = withTampered(sigstore, HONEST['apps/api'], 'api');
    const scene = await open(
      { ...HONEST, 'apps/api': tampered },
      { ...all, packages: [shared, web, ...tampered.packages.slice(1)] },
    );
    await mkdir(join(scene.project, 'broken'));
    await writeFile(join(scene.project, 'broken', 'package-lock.json'), '{');
    const [summary, output] = ['summary.md', 'output'].map((name) =>
      join(scene.folder, name),
    );
    await writeFile(summary ?? '', '');
    await writeFile(output ?? '', '');
    const run = await runMain(scene, ['--recursive', ...scene.options], {
      env: {
        ...isolatedVariables(scene.folder),
        GITHUB_ACTIONS: 'true',
        GITHUB_STEP_SUMMARY: summary ?? '',
        GITHUB_OUTPUT: output ?? '',
      },
    });
    expect(run.exitCode).toBe(4);
    expect(run.stderr).toMatch(
      /^::error title=provenance-audit::broken: not audited: /m,
    );
    expect(run.stderr).toMatch(
      /^::error file=apps\/api\/package-lock\.json,line=\d+,.*api@1\.0\.0/m,
    );
    expect(await readFile(summary ?? '', 'utf8')).toMatch(
      /^## ✖ 2 of 4 projects did not pass\n/,
    );
    expect(await readFile(output ?? '', 'utf8')).toMatch(
      /^result<<(\S+)\ntampered\n\1\nexit-code<<\1\n4\n/,
    );
  });

  it.each<[string, readonly string[], string]>([
    [
      'a form that has room for one alone',
      ['--report', 'sarif=a.sarif', '--report', 'html=a.html'],
      '--recursive: html has room for one project only',
    ],
    [
      'an unknown form',
      ['--format', 'xml'],
      'code-quality or junit, found xml',
    ],
    [
      'a lockfile named beside it',
      ['--lockfile', 'package-lock.json'],
      '--recursive and --lockfile exclude each other',
    ],
    ['a file for a folder', ['package-lock.json'], 'not a folder'],
    ['a folder that is not there', ['none'], 'no such file or folder'],
  ])('ends with 2 for %s', async (_what, argv, message) => {
    const scene = await open({});
    const run = await audit(scene, ...argv);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.stdout).toBe('');
  });

  it('ends with 2 where there is no lockfile at all', async () => {
    const scene = await open({});
    await mkdir(join(scene.project, 'empty'));
    const run = await audit(scene, 'empty');
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('empty: no lockfile in it or below it');
  });

  it('stops with the user', async () => {
    const scene = await open(HONEST);
    const run = await runMain(scene, ['--recursive', ...scene.options], {
      signal: AbortSignal.abort('SIGINT'),
    });
    expect(run.exitCode).toBe(130);
    expect(run.stdout).toBe('');
  });
});
