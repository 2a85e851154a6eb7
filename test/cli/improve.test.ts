import { afterEach, describe, expect, it } from 'vitest';

import { withoutProvenance } from '../../fixtures/document-mutations.js';
import {
  githubIdentity,
  withOldCertificate,
} from '../../fixtures/identities.js';
import { attestPackage } from '../../fixtures/statements.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  publishPackage,
  type Project,
  type PublishOptions,
} from '../../fixtures/projects.js';
import type { RegistryPackage } from '../../fixtures/registry-documents.js';
import type {
  Improvement,
  ImproveReport,
} from '../../src/report/improve-report.js';
import { closed, compile, readSchema } from '../report/schemas.js';
import { createScene, runMain, type Scene } from './scene.js';

const sigstore = await createSigstore();
const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

const validate = compile(
  closed(await readSchema('improve-report.schema.json')),
  [closed(await readSchema('report.schema.json'))],
);

type Published = RegistryPackage & { readonly integrity: string };

function published(
  name: string,
  version: string,
  options: PublishOptions & {
    readonly dependencies?: Readonly<Record<string, string>>;
  } = {},
): Published {
  const { dependencies, ...rest } = options;
  const item = publishPackage(sigstore, { name, version }, rest);
  return dependencies === undefined ? item : { ...item, dependencies };
}

const UNPROVEN = { attest: null };

/** An app that asks for some of `pinned` itself; the registry has `others` too. */
function projectOf(
  asked: Readonly<Record<string, string>>,
  pinned: readonly Published[],
  others: readonly Published[] = [],
): Project {
  return {
    manifest: { name: 'app', version: '1.0.0', dependencies: asked },
    entries: Object.fromEntries(
      pinned.map(({ id, integrity, dependencies }) => [
        `node_modules/${id.name}`,
        {
          version: id.version,
          integrity,
          ...(dependencies !== undefined && { dependencies }),
        },
      ]),
    ),
    packages: [...others, ...pinned],
  };
}

async function improve(project: Project): Promise<{
  readonly report: ImproveReport;
  readonly scene: Scene;
}> {
  const scene = await createScene(sigstore, project);
  scenes.push(scene);
  const argv = ['improve', '--json', ...scene.options];
  const { exitCode, stdout, stderr } = await runMain(scene, argv);
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as ImproveReport;
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  expect(report.exitCode).toBe(exitCode);
  return { report, scene };
}

function only({ groups }: ImproveReport): Improvement {
  const packages = groups.flatMap((group) => group.packages);
  expect(packages).toHaveLength(1);
  const [first] = packages;
  if (first === undefined) throw new Error('none');
  return first;
}

/** `left` 1.0.0 without provenance, asked for as ^1.0.0, and these others. */
async function improveLeft(
  ...others: readonly Published[]
): Promise<Improvement> {
  const { report } = await improve(
    projectOf(
      { left: '^1.0.0' },
      [published('left', '1.0.0', UNPROVEN)],
      others,
    ),
  );
  return only(report);
}

describe('a direct dependency', () => {
  it('goes to the nearest version in range that verifies', async () => {
    const found = await improveLeft(
      published('left', '1.1.0', UNPROVEN),
      published('left', '1.2.0'),
      published('left', '1.3.0'),
      published('left', '2.0.0'),
    );
    expect(found).toMatchObject({
      ranges: ['^1.0.0'],
      inRange: {
        version: '1.2.0',
        sourceRepository: 'https://github.com/acme/widget',
      },
      nearest: { version: '1.2.0' },
      updatesTo: '1.2.0',
      reason: null,
    });
  });

  it('goes out of its range where nothing in it is attested', async () => {
    const found = await improveLeft(
      published('left', '1.1.0', UNPROVEN),
      published('left', '2.0.0'),
    );
    expect(found).toMatchObject({
      inRange: null,
      nearest: { version: '2.0.0' },
      updatesTo: '2.0.0',
    });
  });

  it('does not go to what does not verify', async () => {
    const foreign = published('other', '1.0.0');
    const found = await improveLeft(
      {
        ...published('left', '1.1.0'),
        attestations: foreign.attestations,
      },
      published('left', '1.2.0'),
    );
    expect(found.updatesTo).toBe('1.2.0');
  });

  it.each<[string, Published]>([
    ['an older version', published('left', '0.9.0')],
    ['a pre-release', published('left', '1.1.0-beta.1')],
    [
      'a deprecated version',
      {
        ...published('left', '1.1.0'),
        manifest: { deprecated: 'do not use' },
      },
    ],
    ['a version without provenance', published('left', '1.1.0', UNPROVEN)],
  ])('does not go to %s', async (_what, other) => {
    expect(await improveLeft(other)).toMatchObject({
      inRange: null,
      nearest: null,
      updatesTo: null,
      reason: { code: 'none-better' },
    });
  });
});

describe('what others ask for', () => {
  const top = published('top', '1.0.0', { dependencies: { deep: '^1.0.0' } });
  const deep = published('deep', '1.0.0', UNPROVEN);
  const improveDeep = (...others: readonly Published[]) =>
    improve(projectOf({ top: '^1.0.0' }, [top, deep], others));

  it('goes to the newest that they allow, below the direct dependency', async () => {
    const { report } = await improveDeep(
      published('deep', '1.1.0'),
      published('deep', '1.2.0'),
    );
    expect(report.groups).toMatchObject([
      {
        direct: 'top',
        gained: 1,
        commands: ['npm update deep'],
        packages: [
          {
            name: 'deep',
            ranges: ['^1.0.0'],
            inRange: { version: '1.1.0' },
            updatesTo: '1.2.0',
          },
        ],
      },
    ]);
  });

  it('goes by an override to the nearest where the newest is not attested', async () => {
    const { report } = await improveDeep(
      published('deep', '1.1.0'),
      published('deep', '1.2.0', UNPROVEN),
    );
    expect(only(report)).toMatchObject({
      inRange: { version: '1.1.0' },
      updatesTo: '1.1.0',
      by: 'override',
      reason: null,
    });
    expect(report.groups[0]).toMatchObject({
      gained: 1,
      commands: [`npm pkg set 'overrides[deep]=1.1.0'`, 'npm install'],
    });
    expect(report.summary).toMatchObject({ updates: 1, outOfReach: 0 });
  });

  it('stays where an override would reach another version too', async () => {
    const project = projectOf(
      { top: '^1.0.0', deep: '^2.0.0' },
      [top],
      [published('deep', '1.1.0'), published('deep', '1.2.0', UNPROVEN), deep],
    );
    const newer = published('deep', '2.0.0');
    const { report } = await improve({
      ...project,
      entries: {
        ...project.entries,
        'node_modules/deep': { version: '2.0.0', integrity: newer.integrity },
        'node_modules/top/node_modules/deep': {
          version: '1.0.0',
          integrity: deep.integrity,
        },
      },
      packages: [...project.packages, newer],
    });
    expect(only(report)).toMatchObject({
      inRange: { version: '1.1.0' },
      ...{ updatesTo: null, by: null },
      reason: { code: 'newest-not-attested' },
    });
    expect(report.summary).toMatchObject({ updates: 0, outOfReach: 1 });
  });

  it('stays where they allow nothing better', async () => {
    const { report } = await improveDeep(published('deep', '2.0.0'));
    expect(only(report)).toMatchObject({
      inRange: null,
      nearest: { version: '2.0.0' },
      updatesTo: null,
      reason: { code: 'out-of-range' },
    });
  });

  it('is in no range where not everything that asks is known', async () => {
    const project = projectOf(
      { top: '^1.0.0' },
      [
        { ...top, manifest: { dependencies: { deep: 'github:acme/deep' } } },
        deep,
      ],
      [published('deep', '1.1.0')],
    );
    const { report } = await improve(project);
    expect(only(report)).toMatchObject({ inRange: null, updatesTo: null });
  });
});

describe('what a workspace asks for', () => {
  const left = published('left', '1.0.0', UNPROVEN);
  const manifest = {
    name: 'tool',
    version: '1.0.0',
    dependencies: { left: '^1.0.0' },
  };
  const inWorkspace = (
    asked: Readonly<Record<string, string>>,
    ...others: readonly Published[]
  ): Project => {
    const project = projectOf(asked, [left], others);
    return {
      ...project,
      manifest: { ...project.manifest, workspaces: ['packages/*'] },
      entries: {
        ...project.entries,
        'packages/tool': manifest,
        'node_modules/tool': { resolved: 'packages/tool', link: true },
      },
      folders: { 'packages/tool': manifest },
    };
  };

  it('is updated in that workspace, by the range that its manifest has', async () => {
    const { report } = await improve(
      inWorkspace({}, published('left', '1.1.0'), published('left', '2.0.0')),
    );
    expect(only(report)).toMatchObject({
      ...{ name: 'left', direct: true, ranges: ['^1.0.0'] },
      inRange: { version: '1.1.0' },
      ...{ updatesTo: '1.1.0', by: 'request', reason: null },
    });
    expect(report.groups[0]?.commands).toEqual([
      'npm install left@1.1.0 --workspace packages/tool',
    ]);
  });

  it('is updated in the root too where that asks for it', async () => {
    const { report } = await improve(
      inWorkspace({ left: '~1.0.0' }, published('left', '1.0.1')),
    );
    expect(only(report).ranges).toEqual(['^1.0.0', '~1.0.0']);
    expect(report.groups[0]?.commands).toEqual([
      'npm install left@1.0.1',
      'npm install left@1.0.1 --workspace packages/tool',
    ]);
  });
});

describe('weak evidence', () => {
  const better = published('left', '1.1.0');

  it('of a publication without provenance is bettered', async () => {
    const own = published('left', '1.0.0');
    const [, digest = ''] = own.integrity.split('-');
    const weak = {
      ...own,
      // As registries advertise what has no provenance.
      dist: { attestations: { url: 'https://registry.example/' } },
      attestations: withoutProvenance(
        attestPackage(
          sigstore,
          own.id,
          Buffer.from(digest, 'base64').toString('hex'),
        ),
      ),
    };
    const { report } = await improve(
      projectOf({ left: '^1.0.0' }, [weak], [better]),
    );
    expect(only(report)).toMatchObject({
      ...{ weakness: 'no-provenance', updatesTo: '1.1.0' },
    });
    expect(report.coverage).toMatchObject({
      before: { verified: 0 },
      after: { verified: 1 },
    });
  });

  it('that the lockfile pins too little for is bettered', async () => {
    const own = published('left', '1.0.0');
    const project = projectOf({ left: '^1.0.0' }, [own], [better]);
    const sha1 = `sha1-${Buffer.alloc(20, 7).toString('base64')}`;
    const { report } = await improve({
      ...project,
      entries: { 'node_modules/left': { version: '1.0.0', integrity: sha1 } },
    });
    expect(only(report)).toMatchObject({
      ...{ weakness: 'weak-integrity', updatesTo: '1.1.0' },
    });
    expect(report.coverage.after.verified).toBe(1);
    // As it is, the lockfile leaves it open what would be installed.
    expect(report.exitCode).toBe(3);
    expect(report.summary).toMatchObject({ undecided: 1, rejected: 0 });
  });

  it('by an old certificate is bettered, and counts as covered before', async () => {
    const old = (version: string) =>
      published('left', version, {
        attest: { identity: withOldCertificate(githubIdentity()) },
      });
    const { report } = await improve(
      projectOf({ left: '^1.0.0' }, [old('1.0.0')], [old('1.0.1'), better]),
    );
    expect(only(report)).toMatchObject({
      ...{ weakness: 'limited-identity', updatesTo: '1.1.0' },
    });
    expect(report).toMatchObject({
      coverage: { before: { verified: 1 }, after: { verified: 1 } },
      summary: { unproven: 0, limitedIdentity: 1, updates: 1 },
      groups: [{ gained: 0, commands: ['npm install left@1.1.0'] }],
    });
  });
});

describe('the whole', () => {
  const pinned = [
    published('attested', '1.0.0'),
    published('gadget', '1.0.0', UNPROVEN),
    published('left', '1.0.0', {
      ...UNPROVEN,
      dependencies: { deep: '^1.0.0' },
    }),
    published('deep', '1.0.0', UNPROVEN),
    published('stays', '1.0.0', UNPROVEN),
  ];
  const project = projectOf(
    { attested: '1', gadget: '^1.0.0', left: '^1.0.0', stays: '1' },
    pinned,
    [
      published('gadget', '1.0.1'),
      published('left', '1.0.1'),
      published('deep', '1.0.1'),
    ],
  );

  it('is sorted by what is gained, with the coverage it comes to', async () => {
    const { report } = await improve(project);
    expect(report).toMatchObject({
      result: 'pass',
      coverage: {
        before: { verified: 1, eligible: 5, ratio: 0.2 },
        after: { verified: 4, eligible: 5, ratio: 0.8 },
      },
      summary: { unproven: 4, updates: 3, without: 1, unknown: 0 },
    });
    expect(
      report.groups.map(({ direct, gained }) => `${direct} ${gained}`),
    ).toEqual(['left 2', 'gadget 1', 'stays 0']);
    expect(report.groups[0]?.commands).toEqual([
      'npm install left@1.0.1',
      'npm update deep',
    ]);
  });

  it('is never rounded up', async () => {
    const packages = ['a', 'b', 'c'].map((name) =>
      published(name, '1.0.0', UNPROVEN),
    );
    const scene = await createScene(
      sigstore,
      projectOf({ a: '1', b: '1', c: '1' }, packages, [
        published('a', '1.0.1'),
        published('b', '1.0.1'),
      ]),
    );
    scenes.push(scene);
    const { stdout } = await runMain(scene, ['improve', ...scene.options]);
    expect(stdout).toContain('0.0 % → 66.6 % with provenance, with 2 updates');
  });

  it('looks like this', async () => {
    const scene = await createScene(sigstore, project);
    scenes.push(scene);
    const { exitCode, stdout } = await runMain(scene, [
      'improve',
      ...scene.options,
    ]);
    expect(exitCode).toBe(0);
    expect(
      stdout.replace(/sha256 [0-9a-f]{12}/, 'sha256 DIGEST'),
    ).toMatchSnapshot();
  });

  it.each([
    [
      'rejected',
      4,
      '✖ evidence rejected for 1 package: provenance-audit shows',
    ],
    [
      'not asked',
      3,
      '✖ 1 package not asked or verifiable: provenance-audit shows',
    ],
  ])('says why it ends where evidence is %s', async (what, expected, text) => {
    const own = published('left', '1.0.0');
    const pinned = projectOf({ left: '^1.0.0' }, [own]);
    const integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
    const entry = { version: '1.0.0', integrity };
    const scene = await createScene(
      sigstore,
      what === 'rejected'
        ? { ...pinned, entries: { 'node_modules/left': entry } }
        : pinned,
    );
    scenes.push(scene);
    if (what !== 'rejected') {
      scene.registry.script('/left/1.0.0', { status: 403, repeat: true });
    }
    const argv = ['improve', ...scene.options];
    const { exitCode, stdout } = await runMain(scene, argv);
    expect(exitCode).toBe(expected);
    expect(stdout.split('\n')[2]).toContain(text);
    expect(stdout).toContain('\n  0.0 % with provenance');
  });

  it('ends with 3 where it is not known whether there is a better one', async () => {
    const scene = await createScene(sigstore, project);
    scenes.push(scene);
    scene.registry.script('/stays', { status: 403, repeat: true });
    const argv = ['improve', '--json', ...scene.options];
    const { exitCode, stdout } = await runMain(scene, argv);
    expect(exitCode).toBe(3);
    const { summary, groups } = JSON.parse(stdout) as ImproveReport;
    expect(summary).toMatchObject({ unknown: 1, without: 0 });
    expect(groups.at(-1)?.packages).toMatchObject([
      { name: 'stays', reason: { code: 'auth' } },
    ]);
  });

  it('asks about nothing better for what is attested', async () => {
    const { report, scene } = await improve(
      projectOf({ attested: '1' }, [published('attested', '1.0.0')]),
    );
    expect(report.groups).toEqual([]);
    const kinds = scene.registry.requests.map(({ kind }) => kind);
    expect(kinds).toEqual(['manifest', 'attestations']);
  });
});
