import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';

import { afterEach, describe, expect, it } from 'vitest';

import {
  githubIdentity,
  type GithubIdentity,
} from '../../fixtures/identities.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
  withTampered,
  writeProject,
} from '../../fixtures/projects.js';
import type { RegistryPackage } from '../../fixtures/registry-documents.js';
import type { DiffReport } from '../../src/report/diff-report.js';
import type { Report } from '../../src/report/report.js';
import type { ClaimedLevel } from '../../src/evidence/release-history.js';
import { createRepository } from '../io/git-repository.js';
import { createScene, runMain, type Scene } from './scene.js';

/*
 * What has happened on public registries, with invented names: how it looked to
 * somebody who updates, and what is found. Everything is on, and nothing but what
 * is named is found.
 */

const sigstore = await createSigstore();
const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

type Published = RegistryPackage & { readonly integrity: string };

interface Publication {
  readonly name?: string;
  /** Who built it; null: nobody says. */
  readonly by?: GithubIdentity | null;
  /** What the registry claims of the publication; by default what is attested. */
  readonly level?: ClaimedLevel;
  readonly manifest?: Readonly<Record<string, unknown>>;
}

const USUAL = githubIdentity();

/** A version of `widget`, unless another name is given, and when it came. */
function publish(
  version: string,
  at: string,
  { name = 'widget', by = USUAL, level, manifest = {} }: Publication = {},
): Published {
  const attest = by === null ? null : { identity: by };
  const item = publishPackage(sigstore, { name, version }, { attest });
  const isTrusted = level === 'trusted-publisher' || level === 'staged';
  return {
    ...item,
    publishedAt: at.includes('T') ? at : `${at}T12:00:00.000Z`,
    manifest: {
      repository: 'github:acme/widget',
      _npmUser: {
        name: 'somebody',
        ...(isTrusted && { trustedPublisher: { id: 'github' } }),
        ...(level === 'staged' && { approver: { name: 'somebody-else' } }),
      },
      ...manifest,
    },
  };
}

const EVERY_RULE = `version: 1
rules:
  trust-downgrade: error
  approver-missing: warning
  declared-repository-changed: warning
  unusual-build: warning
  first-attested: warning
  packages-at-once: warning
  majors-at-once: warning
  install-script-added: warning
  remote-dependency-added: warning
events: { deny: [issue_comment, pull_request_target] }
`;

/** A project that had `before` and has `after`; the registry has `all`. */
async function openScene(
  before: readonly Published[],
  after: readonly Published[],
  all: readonly Published[] = [],
  policy: string = EVERY_RULE,
): Promise<Scene> {
  const scene = await createScene(sigstore, projectOf(before));
  scenes.push(scene);
  await writeFile(join(scene.project, 'provenance-audit.yaml'), policy);
  const repository = await createRepository(scene.project);
  repository.commit();
  serveProject(projectOf([...all, ...before, ...after]), scene.registry);
  await writeProject(scene.project, projectOf(after));
  return scene;
}

async function diffOf(scene: Scene): Promise<DiffReport> {
  const argv = ['diff', 'HEAD', '.', '--json', ...scene.options];
  const { stdout, stderr } = await runMain(scene, argv);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as DiffReport;
}

function told({ findings }: Pick<Report, 'findings'>): readonly string[] {
  return findings.map(({ level, rule }) => `${level} ${rule}`);
}

const [OLD, NEWER] = [
  publish('1.4.0', '2026-01-10'),
  publish('1.4.1', '2026-03-02'),
];
const ELSEWHERE = githubIdentity({
  repository: 'mallory/widget',
  repositoryId: '6666',
  ownerId: '66',
});
const RENAMED = githubIdentity({ repository: 'acme/widget-next' });
const REGISTERED_AGAIN = githubIdentity({
  repositoryId: '9999',
  ownerId: '99',
});
const ON_COMMENT = githubIdentity({ event: 'issue_comment' });

/** What happened, the version that is updated to, what is found, what else there is. */
type Incident = readonly [
  what: string,
  after: Published,
  found: readonly string[],
  all?: readonly Published[],
];

const INCIDENTS: readonly Incident[] = [
  [
    'a stolen token publishes without provenance',
    publish('1.4.2', '2026-06-01', { by: null }),
    ['error level-downgrade', 'error trust-downgrade'],
  ],
  [
    'published from another repository',
    publish('1.4.2', '2026-06-01', { by: ELSEWHERE }),
    [
      'error source-changed',
      // The package still names the repository that it is not from.
      'warning declared-repository-differs',
    ],
  ],
  [
    'the same repository, but on a comment',
    publish('1.4.2', '2026-06-01', { by: ON_COMMENT }),
    ['error event-denied', 'warning unusual-build'],
  ],
  [
    'a name that somebody else has registered again',
    publish('1.4.2', '2026-06-01', { by: REGISTERED_AGAIN }),
    ['error source-changed'],
  ],
  [
    'an old major version, filled up from behind',
    publish('0.9.1', '2026-06-01', { by: null }),
    ['error level-downgrade', 'error trust-downgrade'],
    [publish('0.9.0', '2024-10-01', { by: null })],
  ],
  [
    'valid provenance of a workflow that was abused, and a script that is new',
    publish('1.4.2', '2026-06-01', {
      manifest: { scripts: { postinstall: 'node run.js' } },
    }),
    ['warning install-script-added'],
  ],
  [
    'a dependency on an address that is new',
    publish('1.4.2', '2026-06-01', {
      manifest: { optionalDependencies: { helper: 'github:mallory/helper' } },
    }),
    ['warning remote-dependency-added'],
  ],
  [
    'every major version within minutes',
    publish('1.4.2', '2026-06-01T12:00:00.000Z'),
    ['warning majors-at-once'],
    [publish('3.0.1', '2026-06-01T12:04:00.000Z')],
  ],
  [
    'an approval that is missing',
    publish('1.4.2', '2026-06-01', { level: 'trusted-publisher' }),
    ['error trust-downgrade', 'warning approver-missing'],
    [publish('1.4.1', '2026-05-01', { level: 'staged' })],
  ],
  [
    'the metadata names another repository',
    publish('1.4.2', '2026-06-01', {
      by: null,
      manifest: { repository: 'github:mallory/widget' },
    }),
    [
      'error level-downgrade',
      'error trust-downgrade',
      'warning declared-repository-changed',
    ],
  ],
];

/** What looks alike and is not. */
const QUIET: readonly Incident[] = [
  ['an ordinary update', NEWER, []],
  [
    'a repository that was renamed: the same id',
    publish('1.4.2', '2026-06-01', {
      by: RENAMED,
      manifest: { repository: 'github:acme/widget' },
    }),
    // Notes on the name, which are no signal of this test.
    ['warning source-renamed', 'warning declared-repository-differs'],
  ],
  [
    'staged publishing adopted',
    publish('1.4.2', '2026-06-01', { level: 'staged' }),
    [],
    [publish('1.4.1', '2026-03-02', { level: 'trusted-publisher' })],
  ],
];

function rowsOf(incidents: readonly Incident[]) {
  return incidents.map(
    ([what, after, found, all = []]) => [what, { after, found, all }] as const,
  );
}

describe('what is found when', () => {
  it.each(rowsOf(INCIDENTS))('%s', async (_what, { after, found, all }) => {
    const scene = await openScene([OLD], [after], [NEWER, ...all]);
    const report = await diffOf(scene);
    expect(told(report)).toEqual(found);
    const isError = found.some((each) => each.startsWith('error'));
    expect(report.exitCode).toBe(isError ? 1 : 0);
  });

  it('a lockfile was swapped to other bytes of the same version', async () => {
    const scene = await openScene([OLD], [OLD], [], EVERY_RULE);
    const tampered = withTampered(sigstore, projectOf([OLD]), 'widget');
    serveProject(tampered, scene.registry);
    await writeProject(scene.project, tampered);
    const report = await diffOf(scene);
    expect(told(report)).toContain('error integrity-changed');
    expect(report.exitCode).toBe(4);
  });

  it('several packages of one owner come within minutes', async () => {
    const gadget = { name: 'gadget', by: null } as const;
    const before = [OLD, publish('2.0.0', '2026-01-01', gadget)];
    const after = [
      publish('1.4.2', '2026-06-01T12:00:00.000Z', { by: null }),
      publish('2.0.1', '2026-06-01T12:01:00.000Z', gadget),
    ];
    const scene = await openScene(before, after, [NEWER]);
    expect(told(await diffOf(scene))).toEqual([
      'error level-downgrade',
      'error trust-downgrade',
      'warning packages-at-once',
      'warning packages-at-once',
    ]);
  });

  it('a package is attested for the first time', async () => {
    const before = publish('1.0.0', '2026-01-01', { by: null });
    const after = publish('1.1.0', '2026-06-01');
    const scene = await openScene([before], [after]);
    expect(told(await diffOf(scene))).toEqual(['warning first-attested']);
  });
});

describe('nothing is found in', () => {
  it.each(rowsOf(QUIET))('%s', async (_what, { after, found, all }) => {
    const scene = await openScene([OLD], [after], [NEWER, ...all]);
    const report = await diffOf(scene);
    expect(told(report)).toEqual(found);
    expect(report.exitCode).toBe(0);
  });

  it('a backport by hand, to a line that is maintained so', async () => {
    const byHand = { by: null };
    const before = publish('0.9.1', '2026-02-01', byHand);
    const after = publish('0.9.2', '2026-06-01', byHand);
    const scene = await openScene([before], [after], [OLD, NEWER]);
    const report = await diffOf(scene);
    expect(told(report)).toEqual([]);
    expect(report.exitCode).toBe(0);
  });

  it('a program and its builds for each platform', async () => {
    const names = ['widget', '@widget/linux-x64', '@widget/darwin-arm64'];
    const of = (version: string, at: string) =>
      names.map((name) =>
        publish(version, at, { name, by: name === 'widget' ? USUAL : null }),
      );
    const before = of('1.4.0', '2026-01-10T12:00:00.000Z');
    const after = of('1.4.1', '2026-06-01T12:00:00.000Z');
    const scene = await openScene(before, after);
    expect(told(await diffOf(scene))).toEqual([]);
  });

  it('a version from before the first attestation', async () => {
    const before = publish('1.3.0', '2025-01-01', { by: null });
    const after = publish('1.3.1', '2025-02-01', { by: null });
    const scene = await openScene([before], [after], [OLD, NEWER]);
    expect(told(await diffOf(scene))).toEqual([]);
  });
});

describe('what trust-downgrade rests on', () => {
  const LOST = publish('1.4.2', '2026-06-01', { by: null });
  const ONLY = 'version: 1\nrules:\n  trust-downgrade: error\n';

  it('is verified for the version that it compares with', async () => {
    const scene = await openScene([OLD], [LOST], [NEWER], ONLY);
    const { findings } = await diffOf(scene);
    const finding = findings.find(({ rule }) => rule === 'trust-downgrade');
    expect(finding).toMatchObject({
      message:
        'no provenance, where 1.4.1 of 2026-03-02 had provenance (verified; dates by the registry’s word)',
      expected: 'provenance, as 1.4.1 of 2026-03-02 (1.x)',
    });
  });

  it('is the registry’s word where that version proves nothing', async () => {
    const scene = await openScene([OLD], [LOST], [NEWER], ONLY);
    scene.registry.script('/-/npm/v1/attestations/widget@1.4.1', {
      status: 403,
      repeat: true,
    });
    const { findings } = await diffOf(scene);
    const finding = findings.find(({ rule }) => rule === 'trust-downgrade');
    expect(finding?.message).toContain('all by the registry’s word');
  });

  it('leaves the audit incomplete where the history cannot be had', async () => {
    const scene = await openScene([OLD], [NEWER], [], ONLY);
    scene.registry.script('/widget', { status: 403, repeat: true });
    const report = await diffOf(scene);
    expect(told(report)).toEqual(['error trust-downgrade']);
    expect(report).toMatchObject({ result: 'incomplete', exitCode: 3 });
  });

  it.each([
    ['off', 'version: 1\n'],
    [
      'off for this package',
      'version: 1\nrules:\n  trust-downgrade: { level: error, for: { packages: [gadget] } }\n',
    ],
  ])('is not asked for where the rule is %s', async (_what, policy) => {
    const scene = await openScene([OLD], [LOST], [NEWER], policy);
    const report = await diffOf(scene);
    expect(told(report)).not.toContain('error trust-downgrade');
    const kinds = scene.registry.requests.map(({ kind }) => kind);
    expect(kinds).not.toContain('packument');
  });

  it('is asked for once a package', async () => {
    const scene = await openScene([OLD], [NEWER]);
    await diffOf(scene);
    const kinds = scene.registry.requests.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'packument')).toHaveLength(1);
  });

  it('is not asked for again where the lockfile has that version too', async () => {
    const scene = await openScene([NEWER], [LOST], [], ONLY);
    const { entries, ...project } = projectOf([LOST]);
    const [older] = Object.values(projectOf([NEWER]).entries);
    const place = 'node_modules/widget/node_modules/widget';
    const manifest = { ...older, ...entries['node_modules/widget'] };
    await writeProject(scene.project, {
      ...project,
      entries: {
        'node_modules/widget': {
          ...manifest,
          dependencies: { widget: NEWER.id.version },
        },
        [place]: { ...older },
      },
    });
    // The second answer would be another one.
    const path = '/-/npm/v1/attestations/widget@1.4.1';
    scene.registry.script(path, 'pass', { status: 403, repeat: true });
    const run = await runMain(scene, [
      ...[...scene.options, '--json', '--no-cache'],
    ]);
    const { findings, summary } = JSON.parse(run.stdout) as Report;
    expect(summary).toMatchObject({ inScope: 2 });
    expect(findings).toMatchObject([
      {
        rule: 'trust-downgrade',
        package: 'widget@1.4.2',
        message: expect.stringContaining('verified') as string,
      },
    ]);
    const asked = scene.registry.requests.map(({ path: each }) => each);
    expect(asked.filter((each) => each === path)).toHaveLength(1);
    expect(asked.filter((each) => each === '/widget/1.4.1')).toHaveLength(1);
  });
});
