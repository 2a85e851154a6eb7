import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  startRegistry,
  type LoopbackRegistry,
} from '../../fixtures/loopback-registry.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
  type Project,
} from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Scene } from './scene.js';

const sigstore = await createSigstore();
const widget = publishPackage(sigstore, {
  name: '@acme/widget',
  version: '1.2.3',
});
const pad = publishPackage(sigstore, { name: 'left-pad', version: '1.3.0' });
const MIRROR = 'https://mirror.example/npm/';
const PRIVATE = 'https://internal.example/';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** The same with the tarballs of some packages at these registries. */
function resolvedAt(
  project: Project,
  bases: Readonly<Record<string, string>>,
): Project {
  const entries = Object.entries(project.entries).map(([location, entry]) => {
    const name = location.slice('node_modules/'.length);
    const base = bases[name];
    if (base === undefined) return [location, entry];
    const file = `${name.slice(name.lastIndexOf('/') + 1)}-${entry.version ?? ''}.tgz`;
    return [location, { ...entry, resolved: `${base}${name}/-/${file}` }];
  });
  return {
    ...project,
    entries: Object.fromEntries(entries) as Project['entries'],
  };
}

interface Setting {
  readonly project?: Project;
  /** Text of the policy, without its version. */
  readonly policy: string;
  /** Whether it is the user's and not the project's. */
  readonly isUsers?: boolean;
  readonly npmrc?: string;
}

async function sceneOf({
  project = projectOf([widget, pad]),
  policy,
  isUsers = true,
  npmrc = '',
}: Setting): Promise<{ scene: Scene; argv: readonly string[] }> {
  const scene = await createScene(sigstore, project);
  open.push(scene);
  const folder = isUsers ? join(scene.folder, 'policies') : scene.project;
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'provenance-audit.yaml');
  await writeFile(file, `version: 1\n${policy}\n`);
  await writeFile(join(scene.folder, 'home', '.npmrc'), npmrc);
  const argv = [...scene.options, ...(isUsers ? ['--policy', file] : [])];
  return { scene, argv };
}

async function reportOf(setting: Setting): Promise<{
  readonly report: Report;
  readonly scene: Scene;
}> {
  const { scene, argv } = await sceneOf(setting);
  const run = await runMain(scene, [...argv, '--json']);
  return { report: JSON.parse(run.stdout) as Report, scene };
}

async function secondRegistry(): Promise<LoopbackRegistry> {
  const registry = await startRegistry();
  open.push(registry);
  serveProject(projectOf([widget, pad]), registry);
  return registry;
}

describe('a mirror that the lockfile names', () => {
  const project = resolvedAt(projectOf([widget, pad]), { 'left-pad': MIRROR });

  it('belongs to the public registry where a policy says so', async () => {
    const { report, scene } = await reportOf({
      project,
      policy: `registries: { '${MIRROR}': { mirrorOf: public } }`,
    });
    expect(report.exitCode).toBe(0);
    const [, found] = report.dependencies;
    expect(found).toMatchObject({
      name: 'left-pad',
      verification: 'verified',
      askedAt: scene.registry.url,
    });
    // The publish attestation names the registry that it belongs to.
    expect(found?.publish?.registry).toBe(report.dependencies[0]?.registry);
    expect(found?.registry).not.toBe(MIRROR);
  });

  it('is nobody who is asked otherwise', async () => {
    const { report, scene } = await reportOf({ project, policy: '' });
    expect(report.exitCode).toBe(1);
    expect(report.findings).toMatchObject([
      { rule: 'resolved-host-not-allowed', package: 'left-pad@1.3.0' },
    ]);
    expect(scene.registry.requests.map(({ path }) => path)).not.toContain(
      '/left-pad/1.3.0',
    );
  });

  it('of another registry needs evidence of that one', async () => {
    const { report } = await reportOf({
      project,
      policy: `registries: { '${MIRROR}': { mirrorOf: '${PRIVATE}' } }`,
      npmrc: `@none:registry=${PRIVATE}`,
    });
    expect(report.dependencies[1]).toMatchObject({
      registry: PRIVATE,
      unavailable: { code: 'registry-not-configured' },
    });
  });
});

describe('N34: a private registry', () => {
  const project = resolvedAt(projectOf([widget, pad]), {
    '@acme/widget': PRIVATE,
  });
  const policy = `registries: { '${PRIVATE}': { evidence: none } }`;

  it('is out of scope, counted, and not asked', async () => {
    const { report, scene } = await reportOf({ project, policy });
    expect(report.exitCode).toBe(0);
    expect(report.summary).toMatchObject({
      dependencies: 2,
      inScope: 1,
      outOfScope: { 'private-registry': 1 },
      coverage: { all: { verified: 1, eligible: 1 } },
    });
    expect(report.dependencies[0]).toMatchObject({
      name: '@acme/widget',
      scope: 'out-of-scope',
      scopeReason: 'private-registry',
      evidence: 'not-applicable',
      registry: null,
      askedAt: null,
    });
    expect(
      scene.registry.requests.filter(({ path }) => path.includes('widget')),
    ).toEqual([]);
  });

  it('by the scope that npm is configured for', async () => {
    const { report } = await reportOf({
      policy,
      npmrc: `@acme:registry=${PRIVATE}`,
    });
    expect(report.summary.outOfScope).toEqual({ 'private-registry': 1 });
    expect(report.exitCode).toBe(0);
  });

  it('is a violation by the word of the project alone', async () => {
    const { report } = await reportOf({ project, policy, isUsers: false });
    expect(report.exitCode).toBe(1);
    expect(report.findings).toMatchObject([
      {
        rule: 'registry-from-project',
        message: expect.stringContaining('(packages: 1)') as unknown,
        found: PRIVATE,
      },
    ]);
  });

  it('is none where the user has it for a scope', async () => {
    const { report } = await reportOf({
      project,
      policy,
      isUsers: false,
      npmrc: `@acme:registry=${PRIVATE}`,
    });
    expect(report.findings).toEqual([]);
    expect(report.exitCode).toBe(0);
  });

  it('in a policy file of the project that the user names is the project’s', async () => {
    const { scene, argv } = await sceneOf({ project, policy, isUsers: false });
    const file = join(scene.project, 'provenance-audit.yaml');
    const run = await runMain(scene, [...argv, '--policy', file]);
    expect(run.stdout).toContain('registry-from-project');
    expect(run.exitCode).toBe(1);
  });
});

describe('a second registry for evidence', () => {
  it('is asked in place of a mirror that serves none', async () => {
    const second = await secondRegistry();
    const { scene, argv } = await sceneOf({ policy: '' });
    const file = join(scene.folder, 'policies', 'provenance-audit.yaml');
    await writeFile(
      file,
      `version: 1\nregistries: { '${scene.registry.url}': { mirrorOf: public, evidence: { registry: '${second.url}' } } }\n`,
    );
    const run = await runMain(scene, [...argv, '--json']);
    const report = JSON.parse(run.stdout) as Report;
    expect(report.exitCode).toBe(0);
    expect(report.summary.coverage.all.verified).toBe(2);
    expect(report.dependencies.map(({ askedAt }) => askedAt)).toEqual([
      second.url,
      second.url,
    ]);
    expect(second.requests).toHaveLength(4);
    expect(scene.registry.requests).toEqual([]);
  });

  it('gets no token of the other', async () => {
    const second = await secondRegistry();
    const { scene, argv } = await sceneOf({ policy: '' });
    const { url } = scene.registry;
    const key = url.slice(url.indexOf('//'));
    await writeFile(
      join(scene.folder, 'home', '.npmrc'),
      `${key}:_authToken=secret\n`,
    );
    const file = join(scene.folder, 'policies', 'provenance-audit.yaml');
    await writeFile(
      file,
      `version: 1\nregistries: { '${url}': { evidence: { registry: '${second.url}' } } }\n`,
    );
    await runMain(scene, argv);
    expect(second.requests).toHaveLength(4);
    for (const { headers } of second.requests) {
      expect(headers.authorization).toBeUndefined();
    }
  });

  it('gets its own, and no other registry does', async () => {
    const second = await secondRegistry();
    const { scene, argv } = await sceneOf({ policy: '' });
    const { url } = scene.registry;
    const keyOf = (base: string): string => base.slice(base.indexOf('//'));
    await writeFile(
      join(scene.folder, 'home', '.npmrc'),
      [
        `${keyOf(url)}:_authToken=first`,
        `${keyOf(second.url)}:_authToken=second`,
        '',
      ].join('\n'),
    );
    const file = join(scene.folder, 'policies', 'provenance-audit.yaml');
    await writeFile(
      file,
      `version: 1\nregistries: { '${url}': { evidence: { registry: '${second.url}' } } }\n`,
    );
    await runMain(scene, argv);
    const sent = second.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(Array(4).fill('Bearer second'));
    expect(scene.registry.requests).toEqual([]);
  });

  it('is not for the audited project to name', async () => {
    const second = await secondRegistry();
    const { scene, argv } = await sceneOf({
      policy: `registries: { '${MIRROR}': { evidence: { registry: '${second.url}' } } }`,
      isUsers: false,
    });
    const run = await runMain(scene, argv);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(
      'the audited project does not choose who is asked for evidence',
    );
    expect([...second.requests, ...scene.registry.requests]).toEqual([]);
  });
});
