import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

import { githubIdentity } from '../../fixtures/identities.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
  type PublishOptions,
} from '../../fixtures/projects.js';
import type { HistoryReport } from '../../src/report/history-report.js';
import { closed, compile, readSchema, undescribed } from '../report/schemas.js';
import { createScene, runMain, type Scene } from './scene.js';

const sigstore = await createSigstore();
const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

const SCHEMA = await readSchema('history-report.schema.json');
const validate = compile(closed(SCHEMA), [
  closed(await readSchema('report.schema.json')),
]);
const UNPROVEN = { attest: null };
const MOVED = {
  attest: {
    identity: githubIdentity({
      repository: 'acme-labs/widget',
      repositoryId: '7777',
      event: 'release',
    }),
  },
};

function release(version: string, at: string, options: PublishOptions = {}) {
  const item = publishPackage(sigstore, { name: 'widget', version }, options);
  return { ...item, publishedAt: `${at}T12:00:00.000Z` };
}

const RELEASES = [
  release('1.0.0', '2024-01-01', UNPROVEN),
  release('1.0.1', '2024-02-01', UNPROVEN),
  release('1.0.2', '2024-03-01', UNPROVEN),
  release('1.1.0', '2024-06-01'),
  release('1.1.1', '2024-07-01'),
  release('2.0.0-beta.1', '2024-08-01', UNPROVEN),
  release('1.1.2', '2024-09-01', UNPROVEN),
  release('2.0.0', '2025-01-01', MOVED),
];
const PINNED = RELEASES[4];

async function openScene(): Promise<Scene> {
  const scene = await createScene(
    sigstore,
    projectOf(PINNED === undefined ? [] : [PINNED]),
  );
  scenes.push(scene);
  serveProject(projectOf(RELEASES), scene.registry);
  return scene;
}

async function historyOf(
  scene: Scene,
  ...argv: readonly string[]
): Promise<HistoryReport> {
  const { exitCode, stdout, stderr } = await runMain(scene, [
    ...['history', 'widget', '--json'],
    ...argv,
    ...scene.options,
  ]);
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as HistoryReport;
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  expect(report.exitCode).toBe(exitCode);
  return report;
}

describe('history', () => {
  it('is described by its schema', () => {
    expect(undescribed(SCHEMA)).toEqual([]);
  });

  it('lists all versions, and verifies those that claim provenance', async () => {
    const scene = await openScene();
    const report = await historyOf(scene);
    expect(
      report.releases.map(
        ({ version, claimed, verification }) =>
          `${version} ${claimed} ${verification}`,
      ),
    ).toEqual([
      '1.0.0 none not-claimed',
      '1.0.1 none not-claimed',
      '1.0.2 none not-claimed',
      '1.1.0 provenance verified',
      '1.1.1 provenance verified',
      '2.0.0-beta.1 none not-claimed',
      '1.1.2 none not-claimed',
      '2.0.0 provenance verified',
    ]);
    expect(report).toMatchObject({
      result: 'pass',
      summary: { versions: 8, claimed: 3, verified: 3, notAsked: 0 },
      gaps: [
        {
          ...{ after: '1.1.1', first: '1.1.2', last: '1.1.2' },
          ...{ versions: 1, until: '2.0.0' },
        },
      ],
      origins: [
        { sourceRepositoryId: '1001', first: '1.1.0', last: '1.1.1' },
        { sourceRepositoryId: '7777', event: 'release', versions: 1 },
      ],
    });
    expect(report.releases.filter(({ isPinned }) => isPinned)).toMatchObject([
      { version: '1.1.1', line: '1.x', tags: [] },
    ]);
    // One packument, and two for each version that claims something.
    expect(scene.registry.requests).toHaveLength(7);
  });

  it('asks about no more than it is told to, and says so', async () => {
    const scene = await openScene();
    const report = await historyOf(scene, '--max-versions', '1');
    expect(report.summary).toMatchObject({ verified: 1, notAsked: 2 });
    expect(report).toMatchObject({ result: 'pass', exitCode: 0 });
    expect(scene.registry.requests).toHaveLength(3);
  });

  it('ends with 4 where evidence is rejected', async () => {
    const scene = await openScene();
    const other = release('1.1.0', '2024-06-01', MOVED);
    const foreign = release('1.1.1', '2024-07-01');
    scene.registry.add({ ...other, attestations: foreign.attestations });
    const report = await historyOf(scene);
    expect(report).toMatchObject({ result: 'tampered', exitCode: 4 });
    expect(report.releases[3]).toMatchObject({
      version: '1.1.0',
      verification: 'rejected',
      provenance: null,
    });
  });

  it.each([
    ['a version', '/-/npm/v1/attestations/widget@1.1.0', 'unavailable'],
    ['the list', '/widget', null],
  ] as const)('ends with 3 where %s cannot be had', async (_w, path, state) => {
    const scene = await openScene();
    scene.registry.script(path, { status: 403, repeat: true });
    const report = await historyOf(scene);
    expect(report).toMatchObject({ result: 'incomplete', exitCode: 3 });
    if (state === null) {
      expect(report).toMatchObject({
        unavailable: { code: 'auth' },
        releases: [],
      });
    } else expect(report.releases[3]?.verification).toBe(state);
  });

  it('does not believe a list that claims more than the version', async () => {
    const scene = await openScene();
    const item = release('1.1.0', '2024-06-01', UNPROVEN);
    scene.registry.add(item);
    scene.registry.script('/widget', {
      body: {
        name: 'widget',
        time: {},
        versions: {
          '1.1.0': { dist: { attestations: { provenance: {} } } },
        },
      },
    });
    const report = await historyOf(scene);
    expect(report.releases).toMatchObject([
      {
        verification: 'unverifiable',
        reason: { code: 'weak-integrity' },
      },
    ]);
  });

  it('is a page for a browser too, the text beside it', async () => {
    const scene = await openScene();
    const file = join(scene.folder, 'widget.html');
    const { exitCode, stdout } = await runMain(scene, [
      ...['history', 'widget', '--report', `html=${file}`],
      ...scene.options,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('8 versions, 3 with provenance');
    const page = await readFile(file, 'utf8');
    expect(page).toContain('<svg\nclass="timeline"');
    expect(page.match(/class="m proven"/g)?.length).toBeGreaterThan(3);
  });

  it('needs a package, and a name', async () => {
    const scene = await openScene();
    for (const argv of [['history'], ['history', '../x']]) {
      const ended = await runMain(scene, [...argv, ...scene.options]);
      expect(ended.exitCode).toBe(2);
      expect(ended.stderr).toContain('history: expected');
    }
  });

  it.each([[[]], [['--verbose']], [['--quiet']]])(
    'looks like this with %j',
    async (argv) => {
      const scene = await openScene();
      const { exitCode, stdout } = await runMain(scene, [
        ...['history', 'widget', ...argv],
        ...scene.options,
      ]);
      expect(exitCode).toBe(0);
      const text = stdout
        .replace(/127\.0\.0\.1:\d+/g, 'REGISTRY')
        .replace(/sha256 [0-9a-f]{12}/, 'sha256 DIGEST');
      expect(text).toMatchSnapshot();
    },
  );
});
