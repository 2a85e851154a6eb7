import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  withTampered,
  type Project,
} from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const widget = publishPackage(sigstore, {
  name: '@acme/widget',
  version: '1.2.3',
});
const linter = publishPackage(sigstore, { name: 'linter', version: '2.0.0' });
const rules = publishPackage(sigstore, { name: 'rules', version: '3.0.0' });

/** One production dependency; a development one that needs another. */
function project(): Project {
  const honest = projectOf([widget, linter, rules]);
  const needs = { rules: '3.0.0' };
  return {
    ...honest,
    manifest: {
      name: 'example-app',
      version: '1.0.0',
      dependencies: { '@acme/widget': '1.2.3' },
      devDependencies: { linter: '2.0.0' },
    },
    entries: {
      ...honest.entries,
      'node_modules/linter': {
        ...honest.entries['node_modules/linter'],
        dependencies: needs,
      },
      // Flags that would hide it are not believed.
      'node_modules/@acme/widget': {
        ...honest.entries['node_modules/@acme/widget'],
        dev: true,
      },
    },
  };
}

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(content: Project = project()): Promise<Scene> {
  const scene = await createScene(sigstore, content);
  scenes.push(scene);
  return scene;
}

function parseReport({ stdout }: Run): Report {
  return JSON.parse(stdout) as Report;
}

function inScope({ dependencies }: Report): readonly string[] {
  return dependencies
    .filter(({ scope }) => scope === 'in-scope')
    .map(({ name }) => name);
}

describe('a selective audit', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['--omit dev', ['--omit', 'dev'], ['@acme/widget']],
    ['--direct', ['--direct'], ['@acme/widget', 'linter']],
    [
      '--package',
      ['--package', 'l*', '--package', 'rules'],
      ['linter', 'rules'],
    ],
    ['several', ['--direct', '--package=*'], ['linter']],
    [
      '--omit of what nothing is',
      ['--omit', 'peer'],
      ['@acme/widget', 'linter', 'rules'],
    ],
  ])('with %s asks about nothing else', async (_what, argv, names) => {
    const scene = await open();
    const run = await runMain(scene, [...scene.options, '--json', ...argv]);
    expect(run.exitCode).toBe(0);
    const report = parseReport(run);
    expect(inScope(report)).toEqual(names);
    const asked = scene.registry.requests.map(({ path }) => path);
    for (const { id } of [widget, linter, rules]) {
      const isAsked = asked.some((path) =>
        path.includes(id.name.replace('/', '%2f')),
      );
      expect(isAsked).toBe(names.includes(id.name));
    }
    const left = 3 - names.length;
    expect(report.summary.outOfScope).toEqual(left ? { omitted: left } : {});
    expect(report.summary.coverage.all.eligible).toBe(names.length);
    expect(report.dependencies).toHaveLength(report.lockfile.entries);
  });

  it('says what was selected, in the text too', async () => {
    const scene = await open();
    const argv = [...scene.options, '--omit', 'dev', '--omit', 'peer'];
    const { stdout } = await runMain(scene, argv);
    expect(stdout).toContain('1 of 3 packages: --omit dev --omit peer');
    expect(stdout).toContain('policy met by what was selected');
    expect(stdout).toContain('2 omitted');
    const json = parseReport(await runMain(scene, [...argv, '--json']));
    expect(json.selection).toEqual({
      omit: ['dev', 'peer'],
      workspaces: [],
      direct: false,
      packages: [],
      changedSince: null,
      coverageNotJudged: [],
    });
  });

  it('of a workspace takes what it needs, and itself', async () => {
    const content = project();
    const web = {
      name: 'web',
      version: '1.0.0',
      dependencies: { rules: '3.0.0' },
    };
    const scene = await open({
      ...content,
      manifest: { ...content.manifest, workspaces: ['packages/web'] },
      entries: {
        ...content.entries,
        'node_modules/web': { resolved: 'packages/web', link: true },
        'packages/web': web,
      },
      folders: { 'packages/web': web },
    });
    const argv = [...scene.options, '--json', '--workspace', 'web'];
    const report = parseReport(await runMain(scene, argv));
    expect(inScope(report)).toEqual(['rules']);
    expect(report.summary.outOfScope).toEqual({
      // The link to it, from the root, is not its own need.
      omitted: 3,
      workspace: 1,
    });
  });

  it('of the whole lockfile says nothing of a selection', async () => {
    const scene = await open();
    const run = await runMain(scene, [...scene.options, '--json']);
    expect(parseReport(run).selection).toBeNull();
  });

  it('rejects what is selected and leaves alone what is not', async () => {
    const scene = await open(withTampered(sigstore, project(), 'linter'));
    const run = async (...argv: readonly string[]): Promise<number> =>
      (await runMain(scene, [...scene.options, ...argv])).exitCode;
    expect(await run()).toBe(4);
    expect(await run('--direct')).toBe(4);
    expect(await run('--omit', 'dev')).toBe(0);
  });

  it('judges thresholds only where nothing of theirs is left out', async () => {
    const scene = await open();
    await writeFile(
      join(scene.project, 'provenance-audit.yaml'),
      'version: 1\ncoverage: { all: 100%, production: 100% }\n',
    );
    const argv = [...scene.options, '--json', '--package', 'linter'];
    const report = parseReport(await runMain(scene, argv));
    expect(report.exitCode).toBe(0);
    expect(report.selection?.coverageNotJudged).toEqual(['all', 'production']);
    const omit = [...scene.options, '--json', '--omit', 'dev'];
    const production = parseReport(await runMain(scene, omit));
    expect(production.selection?.coverageNotJudged).toEqual(['all']);
  });

  it.each<[string, readonly string[], string]>([
    [
      'another kind',
      ['--omit', 'prod'],
      '--omit: expected dev, optional or peer, found prod',
    ],
    ['an empty pattern', ['--package='], '--package: expected a value'],
    [
      'a misspelt name',
      ['--package', 'linder'],
      '--package linder: matches no',
    ],
    ['a workspace', ['--workspace', 'web'], 'it has no workspaces'],
    [
      'nothing',
      ['--omit', 'dev', '--package', 'rules'],
      'nothing in it is selected by --omit dev --package rules',
    ],
  ])('ends with 2 for %s, and asks nobody', async (_what, argv, message) => {
    const scene = await open();
    const run = await runMain(scene, [...scene.options, ...argv]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.stdout).toBe('');
    expect(scene.registry.requests).toEqual([]);
  });

  it('is none of show, which names its package', async () => {
    const scene = await open();
    const argv = ['show', 'rules', ...scene.options, '--direct'];
    const { exitCode, stderr } = await runMain(scene, argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('unknown option --direct');
  });
});
