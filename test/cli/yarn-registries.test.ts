import { rm, writeFile } from 'node:fs/promises';
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
} from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { lockfileOf, manifestOf } from './lockfile-rows/writers.js';
import { createScene, isolatedVariables, runMain, type Run } from './scene.js';

/**
 * The `.yarnrc.yml` of the audited project, whose author may be who is to be
 * guarded against (SECURITY.md T6).
 */
const sigstore = await createSigstore();
const WIDGET = { name: '@acme/widget', version: '1.2.3' };
const PAD = { name: 'left-pad', version: '1.3.0' };
const packages = [WIDGET, PAD].map((id) => publishPackage(sigstore, id));
const project = { ...projectOf([]), packages };
const pins = [WIDGET, PAD].map((id) => ({ ...id, integrity: 'any' }));

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function otherRegistry(): Promise<LoopbackRegistry> {
  const registry = await startRegistry({ keys: sigstore.registryKeys });
  open.push(registry);
  serveProject(project, registry);
  return registry;
}

interface Setting {
  readonly settings: string | Buffer;
  readonly format?: 'Yarn 1' | 'Yarn Berry' | 'npm 3';
  /** The user's own. */
  readonly npmrc?: string;
  /** Without, npm's configuration says which registry is asked. */
  readonly isNamed?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly argv?: readonly string[];
}

interface Audited extends Run {
  readonly report: () => Report;
  /** Of the registry that the user names. */
  readonly registry: LoopbackRegistry;
}

/** Audits a project with the two packages and that `.yarnrc.yml`. */
async function audit(setting: Setting): Promise<Audited> {
  const { settings, format = 'Yarn Berry', npmrc = '' } = setting;
  const scene = await createScene(sigstore, project);
  open.push(scene);
  const at = (file: string): string => join(scene.project, file);
  await rm(at('package-lock.json'));
  const lockfile = format === 'npm 3' ? 'package-lock.json' : 'yarn.lock';
  const own = pins.map((pin) => ({
    ...pin,
    integrity:
      packages.find(({ id }) => id.name === pin.name)?.integrity ?? null,
  }));
  await writeFile(at(lockfile), lockfileOf(format, own));
  await writeFile(at('package.json'), JSON.stringify(manifestOf(pins)));
  await writeFile(at('.yarnrc.yml'), settings);
  await writeFile(join(scene.folder, 'home', '.npmrc'), npmrc);
  const options =
    setting.isNamed === false ? scene.options.slice(0, -2) : [...scene.options];
  const argv = [...options, '--json', ...(setting.argv ?? [])];
  const env = { ...isolatedVariables(scene.folder), ...setting.env };
  const run = await runMain(scene, argv, { env });
  const report = (): Report => JSON.parse(run.stdout) as Report;
  return { ...run, report, registry: scene.registry };
}

const pathsOf = ({ requests }: LoopbackRegistry): string =>
  requests.map(({ path }) => path).join(' ');
const askedIn = (report: Report): readonly (string | null)[] =>
  report.dependencies.map(({ askedAt }) => askedAt);
const forScope = (url: string): string =>
  `npmScopes:\n  acme:\n    npmRegistryServer: "${url}"\n`;
const ELSEWHERE = 'https://npm.acme.example/';

describe('the registry of a scope in .yarnrc.yml', () => {
  it('is the one that its packages belong to', async () => {
    const other = await otherRegistry();
    const { report, registry } = await audit({ settings: forScope(other.url) });
    expect(askedIn(report())).toEqual([other.url, registry.url]);
    expect(report().dependencies[0]?.registry).toBe(other.url);
    expect(pathsOf(other)).toContain('widget');
    expect(pathsOf(other)).not.toContain('left-pad');
    expect(pathsOf(registry)).not.toContain('widget');
  });

  it('goes before the project’s .npmrc and behind the user’s environment', async () => {
    const [other, users] = [await otherRegistry(), await otherRegistry()];
    const settings = `npmRegistryServer: ${other.url}\n`;
    const byFile = await audit({ settings, isNamed: false });
    expect(askedIn(byFile.report())).toEqual([other.url, other.url]);
    const env = { npm_config_registry: users.url };
    const byUser = await audit({ settings, isNamed: false, env });
    expect(askedIn(byUser.report())).toEqual([users.url, users.url]);
  });

  it('is one of Yarn Berry alone', async () => {
    const other = await otherRegistry();
    for (const format of ['Yarn 1', 'npm 3'] as const) {
      const settings = forScope(other.url);
      const { report, registry, exitCode } = await audit({ settings, format });
      expect(askedIn(report())).toEqual([registry.url, registry.url]);
      expect(exitCode).toBe(0);
    }
    expect(other.requests).toEqual([]);
  });
});

describe('a registry that only .yarnrc.yml names', () => {
  const ofRule = ({ findings }: Report): readonly (string | null)[] =>
    findings.flatMap(({ rule, found }) =>
      rule === 'registry-from-project' ? [found] : [],
    );
  const settings = forScope(ELSEWHERE);
  const argv = ['--offline'];

  it('is a violation', async () => {
    const { report, exitCode } = await audit({ settings, argv });
    expect(ofRule(report())).toEqual([ELSEWHERE]);
    expect(exitCode).toBe(1);
  });

  it.each([
    ['which the user names too', settings, `@acme:registry=${ELSEWHERE}`],
    ['on this machine', forScope('http://127.0.0.1:9/'), ''],
    ['that is the public one', forScope('https://registry.yarnpkg.com'), ''],
    ['in a comment', settings.replace(/^/gm, '# '), ''],
  ])('is none %s', async (_what, ownSettings, npmrc) => {
    const { report } = await audit({ settings: ownSettings, npmrc, argv });
    expect(ofRule(report())).toEqual([]);
  });
});

describe('what .yarnrc.yml says otherwise', () => {
  it('is read without credentials, which are named', async () => {
    const other = await otherRegistry();
    const { stderr, stdout } = await audit({
      settings: `${forScope(other.url)}    npmAuthToken: s3cret\nnpmAuthIdent: "\${IDENT}"\n`,
    });
    expect(other.requests.length).toBeGreaterThan(0);
    expect(JSON.stringify(other.requests)).not.toContain('s3cret');
    expect(stderr).toContain('npmAuthToken is not read');
    expect(stderr).toContain('npmAuthIdent is not read');
    expect(stderr + stdout).not.toContain('s3cret');
  });

  it('decides not whom to trust, nor how to get there', async () => {
    const { exitCode, stderr } = await audit({
      settings:
        'httpProxy: http://127.0.0.1:9\nhttpsProxy: http://127.0.0.1:9\n' +
        'httpsCaFilePath: ./mine.pem\nnetworkSettings: { "*": { httpProxy: "x" } }\n' +
        'unsafeHttpWhitelist: ["*"]\nenableStrictSsl: true\n',
    });
    expect(exitCode).toBe(0);
    for (const name of [
      ...['httpProxy', 'httpsProxy', 'httpsCaFilePath'],
      ...['networkSettings', 'unsafeHttpWhitelist'],
    ]) {
      expect(stderr).toContain(`${name} is ignored`);
    }
  });

  it('is not looked at where it is about something else', async () => {
    const { exitCode, stderr } = await audit({
      settings: 'nodeLinker: node-modules\nplugins: [{ path: "${HOME}/x" }]\n',
    });
    expect(stderr).not.toContain('yarnrc');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['variables', 'npmRegistryServer: "${SERVER:-http://x}"', 'not expanded'],
    ['variables of a scope', forScope('https://${HOST}/'), 'not expanded'],
    ['no address', 'npmRegistryServer: npm.acme.example', 'not an http(s) URL'],
    ['no text', 'npmRegistryServer: [a]', 'not an http(s) URL'],
    ['nothing', 'npmRegistryServer:', 'not an http(s) URL'],
    ['a password', forScope('https://me:pw@acme.example/'), 'credentials'],
    ['TLS that is not checked', 'enableStrictSsl: false', 'enableStrictSsl'],
    ['a scope that is none', 'npmScopes: { "@acme": {} }', 'without its @'],
    ['a scope without settings', 'npmScopes: { acme: x }', 'expected a map'],
    ['scopes that are none', 'npmScopes: [acme]', 'expected a map'],
    ['no YAML', 'a: "s3cret" b\n', '.yarnrc.yml:1:13: not YAML as expected'],
    ['a key twice', 'a: 1\na: 2\n', '.yarnrc.yml:2:1: not YAML as expected'],
    ['an anchor', 'a: &b 1\n', 'anchors are not accepted'],
    ['two documents', 'a: 1\n---\nb: 1\n', 'expected one document'],
    ['no map', '- a\n', 'expected a map'],
    ['no UTF-8', Buffer.from([0x61, 0x3a, 0x20, 0xff]), 'UTF-8'],
    ['too much', `#${'a'.repeat(1024 * 1024)}`, 'larger than'],
  ])('ends the audit with 2: %s', async (_what, settings, said) => {
    const { exitCode, stdout, stderr } = await audit({ settings });
    expect(stderr).toContain('.yarnrc.yml');
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/s3cret|\bpw\b/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});
