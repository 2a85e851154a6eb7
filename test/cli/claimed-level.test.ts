import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
  writeProject,
} from '../../fixtures/projects.js';
import type { DiffReport } from '../../src/report/diff-report.js';
import type { Report } from '../../src/report/report.js';
import { createRepository } from '../io/git-repository.js';
import { closed, compile, readSchema } from '../report/schemas.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

/* A trusted publisher and an approval are the registry's unsigned word. */

const sigstore = await createSigstore();
const WIDGET = { name: '@acme/widget', version: '1.2.3' };
const TRUSTED = { trustedPublisher: { id: 'github' } };
const STAGED = { ...TRUSTED, approver: { name: 'somebody' } };
const PROVEN = publishPackage(sigstore, WIDGET);
const UNPROVEN = publishPackage(sigstore, WIDGET, { attest: null });

/** The same package, of which the registry says who published it. */
function claiming(publisher: unknown, item = PROVEN) {
  return { ...item, manifest: { ...item.manifest, _npmUser: publisher } };
}

const validate = compile(closed(await readSchema('report.schema.json')));
const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(item = PROVEN, policy?: string): Promise<Scene> {
  const scene = await createScene(sigstore, projectOf([item]));
  scenes.push(scene);
  if (policy !== undefined) {
    await writeFile(join(scene.project, 'provenance-audit.yaml'), policy);
  }
  return scene;
}

function run(scene: Scene, ...argv: readonly string[]): Promise<Run> {
  return runMain(scene, [...argv, ...scene.options]);
}

async function audit(scene: Scene, ...argv: string[]): Promise<Report> {
  const { stdout } = await run(scene, '--json', ...argv);
  const report = JSON.parse(stdout) as Report;
  validate(report);
  expect(validate.errors).toBeNull();
  return report;
}

/** All but what differs from run to run. */
function lasting({ durations, auditedAt, ...report }: Report): object {
  expect([durations, auditedAt]).toBeDefined();
  return report;
}

const rulesOf = ({ findings }: Report): readonly string[] =>
  findings.flatMap(({ rule, level }) => (level === 'error' ? rule : []));

describe('a level that is claimed', () => {
  it.each([
    ['a trusted publisher', TRUSTED, 'trusted-publisher', true],
    ['an approval', STAGED, 'staged', true],
    ['nothing', {}, 'provenance', false],
    ['text', { trustedPublisher: 'github' }, 'provenance', false],
  ])('by %s', async (_what, publisher, level, claimed) => {
    const plain = await audit(await open());
    const report = await audit(await open(claiming(publisher)));
    expect(report.dependencies).toMatchObject([{ level, claimed }]);
    expect(report.summary.level).toMatchObject({ [level]: 1 });
    expect(report.summary.coverage).toEqual(plain.summary.coverage);
    expect(report.dependencies[0]?.provenance).toEqual(
      plain.dependencies[0]?.provenance,
    );
  });

  it('is none without provenance', async () => {
    const report = await audit(await open(claiming(STAGED, UNPROVEN)));
    expect(report.dependencies).toMatchObject([
      { level: 'registry-signature', claimed: false },
    ]);
    expect(report.summary.coverage.all.verified).toBe(0);
  });

  it('is asked for with no further request', async () => {
    const asked: (readonly unknown[])[] = [];
    for (const item of [PROVEN, claiming(STAGED)]) {
      const scene = await open(item);
      await audit(scene);
      asked.push(scene.registry.requests.map(({ path }) => path).toSorted());
    }
    expect(asked[1]).toEqual(asked[0]);
  });

  it('is the same from the cache and from an archive', async () => {
    const scene = await open(claiming(STAGED));
    const report = await audit(scene);
    expect(report.dependencies).toMatchObject([{ level: 'staged' }]);
    expect(lasting(await audit(scene))).toEqual(lasting(report));
    const file = join(scene.folder, 'evidence.ndjson');
    const saved = await run(scene, 'evidence', 'save', file);
    expect(saved).toMatchObject({ exitCode: 0 });
    await rm(join(scene.folder, 'cache'), { recursive: true });
    const offline = await audit(scene, '--evidence', file);
    expect(offline.dependencies).toEqual(report.dependencies);
  });
});

describe('require', () => {
  it.each([
    ['trusted-publisher', claiming(TRUSTED), true],
    ['trusted-publisher', claiming(STAGED), true],
    ['trusted-publisher', PROVEN, false],
    ['staged', claiming(STAGED), true],
    ['staged', claiming(TRUSTED), false],
    ['staged', claiming(STAGED, UNPROVEN), false],
    ['provenance', claiming(STAGED, UNPROVEN), false],
  ] as const)('%s %#', async (level, item, isMet) => {
    const policy = `version: 1\npackages: { '@acme/*': { require: ${level} } }\n`;
    const report = await audit(await open(item, policy));
    expect(rulesOf(report)).toEqual(isMet ? [] : ['required-level-missing']);
    expect(report.exitCode).toBe(isMet ? 0 : 1);
  });

  it('is met by a claim, and no other demand is', async () => {
    const policy = `version: 1\npackages: { '@acme/*': { require: staged, source: 'https://github.com/acme/gadget' } }\n`;
    const report = await audit(await open(claiming(STAGED), policy));
    expect(rulesOf(report)).toEqual(['source-not-allowed']);
  });
});

describe('what people and programs read', () => {
  it('says that it is claimed', async () => {
    const scene = await open(claiming(TRUSTED));
    const shown = await run(scene, 'show', '@acme/widget');
    expect(shown.stdout).toMatch(
      /provenance, verified; trusted publisher \(claimed\)\n/,
    );
    const tree = await run(scene, '--format', 'tree');
    expect(tree.stdout).toContain('✔ @acme/widget@1.2.3');
    expect(tree.stdout).toContain('trusted publisher (claimed)');
    const html = await run(scene, '--format', 'html');
    expect(html.stdout).toContain('by the registry’s unsigned word');
    const csv = await run(scene, '--format', 'csv');
    expect(csv.stdout).toMatch(/,claimed\r\n.*,true\r\n$/);
  });

  it('names no higher SLSA level', async () => {
    const levels = async (item: typeof PROVEN) => {
      const scene = await open(item);
      const vsa = await run(scene, '--format', 'vsa');
      const bom = await run(scene, '--format', 'cyclonedx');
      const { predicate } = JSON.parse(vsa.stdout) as { predicate: object };
      const { declarations, components } = JSON.parse(bom.stdout) as {
        readonly declarations: object;
        readonly components: readonly {
          readonly properties: readonly { readonly name: string }[];
        }[];
      };
      return { predicate, declarations, components };
    };
    const [plain, staged] = [
      await levels(PROVEN),
      await levels(claiming(STAGED)),
    ];
    const dependencyLevels = { SLSA_BUILD_LEVEL_2: 1 };
    expect(plain.predicate).toMatchObject({ dependencyLevels });
    expect(staged.predicate).toMatchObject({ dependencyLevels });
    expect(staged.declarations).toEqual(plain.declarations);
    const property = { name: 'provenance-audit:claimed', value: 'true' };
    expect(staged.components[0]?.properties).toContainEqual(property);
    expect(plain.components[0]?.properties).not.toContainEqual(property);
  });
});

describe('pins and comparisons', () => {
  it('are not about what a mirror may leave out, but about provenance', async () => {
    const scene = await open(claiming(STAGED));
    expect(await run(scene, 'pin')).toMatchObject({ exitCode: 0 });
    serveProject(projectOf([PROVEN]), scene.registry);
    const stripped = await audit(scene, '--fresh');
    expect(stripped.dependencies).toMatchObject([{ level: 'provenance' }]);
    expect(rulesOf(stripped)).toEqual([]);
    const again = await run(scene, 'pin', '--fresh');
    expect(again.stdout).toContain('0 added, 0 raised, 0 accepted, 0 left');
    serveProject(projectOf([claiming(STAGED, UNPROVEN)]), scene.registry);
    const lost = await audit(scene, '--fresh');
    expect(rulesOf(lost)).toEqual(['level-downgrade']);
  });

  it('hold nothing against a level that has risen', async () => {
    const scene = await open(PROVEN);
    expect(await run(scene, 'pin')).toMatchObject({ exitCode: 0 });
    serveProject(projectOf([claiming(STAGED)]), scene.registry);
    const report = await audit(scene, '--fresh');
    expect(report.dependencies).toMatchObject([{ level: 'staged' }]);
    expect(report.findings).toEqual([]);
  });

  it('see no difference where the state before was not asked about it', async () => {
    const scene = await open(claiming(STAGED));
    (await createRepository(scene.project)).commit();
    const next = claiming(
      STAGED,
      publishPackage(sigstore, { ...WIDGET, version: '1.2.4' }),
    );
    serveProject(projectOf([claiming(STAGED), next]), scene.registry);
    await writeProject(scene.project, projectOf([next]));
    const { stdout } = await run(scene, 'diff', 'HEAD', '.', '--json');
    const report = JSON.parse(stdout) as DiffReport;
    expect(report.changes).toMatchObject([
      {
        before: { level: 'provenance', claimed: false },
        after: { level: 'staged', claimed: true },
        differences: [],
      },
    ]);
  });
});
