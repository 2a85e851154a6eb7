import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
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
} from '../../fixtures/projects.js';
import { githubIdentity } from '../../fixtures/statements.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const WIDGET = '@acme/widget';
const POLICY = 'provenance-audit.yaml';
const PINS = 'provenance.lock.json';
const widget = publishPackage(sigstore, { name: WIDGET, version: '1.2.3' });
const gadget = publishPackage(sigstore, { name: 'gadget', version: '2.0.0' });
const pad = publishPackage(
  sigstore,
  { name: 'left-pad', version: '1.3.0' },
  { attest: null },
);
const bare = publishPackage(
  sigstore,
  { name: WIDGET, version: '1.2.4' },
  { attest: null },
);
const moved = publishPackage(
  sigstore,
  { name: WIDGET, version: '1.3.0' },
  {
    attest: {
      identity: githubIdentity({
        repository: 'acme-labs/widget',
        repositoryId: '7777',
      }),
    },
  },
);
const START = projectOf([widget, gadget, pad]);

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(project: Project = START): Promise<Scene> {
  const scene = await createScene(sigstore, project, {});
  scenes.push(scene);
  return scene;
}

function run(scene: Scene, ...argv: readonly string[]): Promise<Run> {
  return runMain(scene, [...argv, ...scene.options]);
}

const pathIn = ({ project }: Scene, file: string) => join(project, file);
const read = (scene: Scene, file: string) =>
  readFile(pathIn(scene, file), 'utf8');

/** Another lockfile in the same project. */
async function exchange(scene: Scene, project: Project): Promise<void> {
  serveProject(project, scene.registry);
  await writeProject(scene.project, project, {});
}

async function audit(scene: Scene) {
  const { stdout, exitCode } = await run(scene, '--json');
  const { findings } = JSON.parse(stdout) as Report;
  const rulesOf = (isMeant: (one: (typeof findings)[number]) => boolean) =>
    findings.filter(isMeant).map(({ rule }) => rule);
  return {
    exitCode,
    errors: [
      ...new Set(
        rulesOf((one) => one.level === 'error' && one.exempted === null),
      ),
    ],
    warnings: rulesOf((one) => one.level === 'warning'),
    exempted: rulesOf((one) => one.exempted !== null),
  };
}

/** A lockfile entry of `project` changed. */
function withEntry(
  project: Project,
  name: string,
  change: Record<string, unknown>,
): Project {
  const location = `node_modules/${name}`;
  const entry = { ...project.entries[location], ...change };
  return { ...project, entries: { ...project.entries, [location]: entry } };
}

describe('init', () => {
  it('writes a policy and pins that today’s state passes', async () => {
    const scene = await open();
    const { exitCode, stdout, stderr } = await run(scene, 'init');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`written     ${PINS} and ${POLICY}`);
    expect(stdout).toContain('all 66.66% (2 of 3)');
    expect(stdout).toContain('commit both files');
    const policy = await read(scene, POLICY);
    expect(policy).toMatch(
      /^# yaml-language-server: \$schema=\.\/node_modules\/provenance-audit\/schema\/policy\.schema\.json\n/,
    );
    expect(policy).toMatch(/^ {2}all: 66\.66% +# 2 of 3$/m);
    expect(await read(scene, PINS)).toContain(`"${WIDGET}@1.2.3"`);
    expect(await audit(scene)).toEqual({
      ...{ exitCode: 0, errors: [], warnings: [], exempted: [] },
    });
  });

  it.each<[string, Project, readonly string[]]>([
    [
      'coverage sinks by a package without provenance',
      projectOf([
        widget,
        gadget,
        pad,
        publishPackage(
          sigstore,
          { name: 'right-pad', version: '1.0.0' },
          { attest: null },
        ),
      ]),
      ['coverage-below'],
    ],
    [
      'an attested package loses it, and another one makes up for it',
      projectOf([
        bare,
        gadget,
        publishPackage(sigstore, { name: 'new', version: '1.0.0' }),
      ]),
      ['level-downgrade'],
    ],
    [
      'an attested package comes from elsewhere',
      projectOf([moved, gadget, pad]),
      ['source-changed'],
    ],
  ])('fails when %s', async (_what, project, rules) => {
    const scene = await open();
    await run(scene, 'init');
    await exchange(scene, project);
    const { exitCode, errors } = await audit(scene);
    expect(exitCode).toBe(1);
    expect(errors).toEqual(rules);
  });

  it('sets no threshold where nothing is proven', async () => {
    const scene = await open(projectOf([pad]));
    const { exitCode, stdout } = await run(scene, 'init');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('nothing is proven yet');
    expect(await read(scene, POLICY)).not.toMatch(/^coverage/m);
    expect(await audit(scene)).toMatchObject({ exitCode: 0, warnings: [] });
  });

  it('turns down what the lockfile already has, for these packages', async () => {
    const resolved = `http://registry.example/left-pad/-/left-pad-1.3.0.tgz`;
    const scene = await open(withEntry(START, 'left-pad', { resolved }));
    expect((await audit(scene)).exitCode).not.toBe(0);
    const { exitCode, stdout } = await run(scene, 'init');
    expect(stdout).toContain('warned of   insecure-source of left-pad');
    expect(exitCode).toBe(0);
    const first = await audit(scene);
    expect(first.exitCode).toBe(0);
    expect(first.warnings).toContain('insecure-source');
    const other = `http://registry.example/gadget/-/gadget-2.0.0.tgz`;
    await exchange(scene, withEntry(START, 'gadget', { resolved: other }));
    const second = await audit(scene);
    expect(second.exitCode).toBe(1);
    expect(second.errors).toContain('insecure-source');
  });

  it('turns down a weak pin, which no time mends', async () => {
    const integrity = `sha1-${Buffer.alloc(20).toString('base64')}`;
    const scene = await open(withEntry(START, 'left-pad', { integrity }));
    expect((await audit(scene)).exitCode).toBe(3);
    expect((await run(scene, 'init')).exitCode).toBe(0);
    expect((await audit(scene)).exitCode).toBe(0);
  });

  it('holds on to what is known, and ends with 3, where evidence is missing', async () => {
    const scene = await open();
    const missing = { ...START, packages: [widget, pad] };
    const broken = await open(missing);
    const { exitCode, stdout } = await run(broken, 'init');
    expect(exitCode).toBe(3);
    expect(stdout).toContain('evidence-unavailable gadget@2.0.0');
    expect(stdout).toContain('init --force');
    const policy = await read(broken, POLICY);
    expect(policy).toMatch(/all: 33\.33% +# 1 of 3/);
    // Once all is known, what was written passes.
    await writeFile(pathIn(scene, POLICY), policy);
    await writeFile(pathIn(scene, PINS), await read(broken, PINS));
    expect(await audit(scene)).toMatchObject({ exitCode: 0, errors: [] });
  });

  it('writes nothing where evidence is rejected, and says so', async () => {
    const scene = await open(withTampered(sigstore, START, WIDGET));
    const { exitCode, stdout } = await run(scene, 'init');
    expect(exitCode).toBe(4);
    expect(stdout).toContain(`evidence-rejected ${WIDGET}@1.2.3`);
    expect(stdout).toContain('not written, since evidence was rejected');
    expect(existsSync(pathIn(scene, POLICY))).toBe(false);
    expect(existsSync(pathIn(scene, PINS))).toBe(false);
  });

  it('writes nothing that today’s state would not pass', async () => {
    const scene = await open();
    await run(scene, 'pin');
    const pins = await read(scene, PINS);
    await exchange(scene, projectOf([bare, gadget, pad]));
    const { exitCode, stdout } = await run(scene, 'init');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`level-downgrade ${WIDGET}@1.2.4`);
    expect(existsSync(pathIn(scene, POLICY))).toBe(false);
    expect(await read(scene, PINS)).toBe(pins);
  });

  it('keeps a policy that is there, unless asked', async () => {
    const scene = await open();
    const path = pathIn(scene, POLICY);
    // One that is not valid either, and so would end an audit.
    await writeFile(path, 'version: 7\n');
    const refused = await run(scene, 'init');
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain('--force');
    expect(await read(scene, POLICY)).toBe('version: 7\n');
    expect((await run(scene, 'init', '--force')).exitCode).toBe(0);
    expect(await read(scene, POLICY)).toMatch(/^version: 1$/m);
  });

  it.each(['provenance-audit.json', 'provenance-audit.yml'])(
    'writes no second policy beside %s',
    async (name) => {
      const scene = await open();
      await writeFile(pathIn(scene, name), '{ "version": 1 }');
      const { exitCode, stderr } = await run(scene, 'init', '--force');
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`${name} holds a policy already`);
      expect(existsSync(pathIn(scene, POLICY))).toBe(false);
    },
  );
});

describe('the life of an adopter', () => {
  it('begins green, and only gets better', async () => {
    const scene = await open();
    // Where most projects begin: not all is proven, and nothing fails for it.
    expect((await run(scene, 'init')).exitCode).toBe(0);
    expect(await audit(scene)).toMatchObject({ exitCode: 0, warnings: [] });

    // A regression, as after a theft: published without provenance.
    await exchange(scene, projectOf([bare, gadget, pad]));
    expect(await audit(scene)).toMatchObject({
      exitCode: 1,
      errors: ['level-downgrade', 'coverage-below'],
    });
    await exchange(scene, START);
    expect((await audit(scene)).exitCode).toBe(0);

    // The project has moved, for good: the change of the pin is reviewed.
    await exchange(scene, projectOf([moved, gadget, pad]));
    expect(await audit(scene)).toMatchObject({
      exitCode: 1,
      errors: ['source-changed'],
    });
    const before = await read(scene, PINS);
    expect((await run(scene, 'pin')).exitCode).toBe(1);
    expect(await read(scene, PINS)).toBe(before);
    expect((await run(scene, 'pin', '--accept', WIDGET)).exitCode).toBe(0);
    const after = await read(scene, PINS);
    expect(before).toContain('"sourceId": "1001"');
    expect(after).toContain('"sourceId": "7777"');
    expect((await audit(scene)).exitCode).toBe(0);

    // More is demanded; one package has to be lived with for a time.
    const policy = await read(scene, POLICY);
    const stricter = `${policy}rules: { provenance-missing: error }\n`;
    await writeFile(pathIn(scene, POLICY), stricter);
    expect(await audit(scene)).toMatchObject({
      exitCode: 1,
      errors: ['provenance-missing'],
    });
    const exempt = (expires: string): Promise<void> =>
      writeFile(
        pathIn(scene, POLICY),
        `${stricter}exemptions:
  - package: left-pad@1.3.0
    rules: [provenance-missing]
    reason: reviewed by hand
    expires: ${expires}
`,
      );
    await exempt('2099-11-01');
    const lived = await audit(scene);
    expect(lived).toMatchObject({
      exitCode: 0,
      exempted: ['provenance-missing'],
    });

    // The day has come.
    await exempt('2020-11-01');
    expect(await audit(scene)).toMatchObject({
      exitCode: 1,
      errors: ['provenance-missing', 'exemption-expired'],
      exempted: [],
    });
  });
});
