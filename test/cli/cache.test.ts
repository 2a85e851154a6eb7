import {
  chmod,
  mkdir,
  readdir,
  readFile,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
  withTampered,
} from '../../fixtures/projects.js';
import { openEvidenceStore } from '../../src/io/evidence-store.js';
import { sha256Hex } from '../../src/io/evidence-pack.js';
import {
  createScene,
  isolatedVariables,
  runMain,
  type Scene,
} from './scene.js';

const sigstore = await createSigstore();
const names = ['@acme/widget', 'gear', 'cog'];
const project = projectOf([
  ...names.map((name) => publishPackage(sigstore, { name, version: '1.2.3' })),
  publishPackage(
    sigstore,
    { name: 'plain', version: '2.0.0' },
    { attest: null },
  ),
]);

let scene: Scene | null = null;
afterEach(async () => {
  await scene?.close();
  scene = null;
});

async function open(): Promise<Scene> {
  scene = await createScene(sigstore, project);
  return scene;
}

/** Runs `argv` and says how many requests that took. */
async function run(
  opened: Scene,
  argv: readonly string[] = [],
  change: Parameters<typeof runMain>[2] = {},
) {
  const before = opened.registry.requests.length;
  const ended = await runMain(opened, [...opened.options, ...argv], change);
  return { ...ended, requests: opened.registry.requests.length - before };
}

/** Without what may differ between two runs. */
function reportOf({ stdout }: { readonly stdout: string }): string {
  return stdout
    .replace(/"auditedAt": "[^"]*"/, '')
    .replace(/"durations": \{[^}]*\}/, '');
}

const cacheOf = ({ folder }: Scene): string =>
  join(folder, 'cache', 'provenance-audit', 'evidence');

// The first audit loads everything, which takes long where much else runs.
beforeAll(async () => {
  await run(await open());
  await scene?.close();
}, 180_000);

describe('the evidence cache', () => {
  it('makes no request in the second run, and says the same', async () => {
    const opened = await open();
    const first = await run(opened, ['--json']);
    const second = await run(opened, ['--json']);
    expect([first.requests, second.requests]).toEqual([7, 0]);
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(reportOf(second)).toBe(reportOf(first));
  });

  it.each([
    ['--fresh', 7],
    ['--no-cache', 7],
  ])('%s asks for everything again', async (option, requests) => {
    const opened = await open();
    await run(opened);
    expect(await run(opened, [option])).toMatchObject({
      exitCode: 0,
      requests,
    });
  });

  it('--no-cache keeps nothing', async () => {
    const opened = await open();
    await run(opened, ['--no-cache']);
    await expect(readdir(cacheOf(opened))).rejects.toThrow(/ENOENT/);
  });

  it.each([
    [['--fresh', '--no-cache'], /exclude each other/],
    [['trust-root', '--no-cache'], /no option --no-cache/],
  ])('%j is refused', async (argv, message) => {
    const ended = await runMain(await open(), argv);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(message);
  });

  it('F01 F02 a document that was exchanged accuses nobody, and heals', async () => {
    const opened = await open();
    await run(opened);
    const folder = cacheOf(opened);
    const now = (): Date => new Date();
    // As another run of this user could: with a body that reads well.
    const store = await openEvidenceStore(folder, { now });
    const { url } = opened.registry;
    const key = (name: string): string =>
      sha256Hex(JSON.stringify(['attestations', url, name, '1.2.3', null]));
    const other = await store.find(key('cog'));
    expect(other).not.toBeNull();
    store.add(key('gear'), other?.body ?? new Uint8Array());
    await store.close();
    const poisoned = await run(opened);
    expect(poisoned).toMatchObject({ exitCode: 0, requests: 7 });
    expect(await run(opened)).toMatchObject({ exitCode: 0, requests: 0 });
  });

  it.each([
    ['no JSON', 'attestations', '<html>', 1],
    ['an empty list', 'attestations', '{"attestations":[]}', 1],
    ['another wrapper', 'attestations', '{"attestations":1}', 1],
    ['half of it', 'attestations', '{"attestations":[{"predicateTyp', 1],
    // A document is not used with other metadata than it came with.
    ['no JSON', 'version', '<html>', 2],
    ['about another package', 'version', '{"name":"cog","version":"1.2.3"}', 2],
  ])(
    'F02 %s for %s is asked for anew in the same run',
    async (_what, kind, text, requests) => {
      const opened = await open();
      await run(opened);
      const now = (): Date => new Date();
      const store = await openEvidenceStore(cacheOf(opened), { now });
      const { url } = opened.registry;
      const key = sha256Hex(JSON.stringify([kind, url, 'gear', '1.2.3', null]));
      expect(await store.find(key)).not.toBeNull();
      store.add(key, Buffer.from(text));
      await store.close();
      expect(await run(opened, ['--offline'])).toMatchObject({ requests: 0 });
      expect(await run(opened)).toMatchObject({ exitCode: 0, requests });
      expect(await run(opened)).toMatchObject({ exitCode: 0, requests: 0 });
    },
  );

  it('F01 real tampering is still rejected, with and without it', async () => {
    const opened = await open();
    await run(opened);
    const tampered = withTampered(sigstore, project, 'gear');
    serveProject(tampered, opened.registry);
    const lockfile = join(opened.project, 'package-lock.json');
    const text = await readFile(lockfile, 'utf8');
    const integrityOf = (of: typeof project): string =>
      of.entries['node_modules/gear']?.integrity ?? '';
    await writeFile(
      lockfile,
      text.replace(integrityOf(project), integrityOf(tampered)),
    );
    expect(await run(opened)).toMatchObject({ exitCode: 4, requests: 7 });
    expect(await run(opened, ['--no-cache'])).toMatchObject({ exitCode: 4 });
  });

  it('does not give to other tokens, or none, what needed one', async () => {
    scene = await createScene(sigstore, project, { token: 'secret' });
    const { host } = new URL(scene.registry.url);
    const rc = join(scene.folder, 'home', '.npmrc');
    await writeFile(rc, `//${host}/:_authToken=secret\n`);
    expect(await run(scene)).toMatchObject({ exitCode: 0, requests: 7 });
    expect(await run(scene)).toMatchObject({ exitCode: 0, requests: 0 });
    for (const text of [`//${host}/:_authToken=other\n`, '']) {
      await writeFile(rc, text);
      const without = await run(scene);
      expect(without.exitCode).toBe(3);
      expect(without.requests).toBeGreaterThan(0);
    }
    await writeFile(rc, `//${host}/:_authToken=secret\n`);
    expect(await run(scene)).toMatchObject({ exitCode: 0, requests: 0 });
  });
});

describe('a cache that cannot be used', () => {
  const expectWarned = async (
    opened: Scene,
    message: RegExp,
    change: Parameters<typeof runMain>[2] = {},
  ): Promise<void> => {
    const ended = await run(opened, [], change);
    expect(ended).toMatchObject({ exitCode: 0, requests: 7 });
    expect(ended.stderr).toMatch(message);
  };

  it('F04 a home that cannot be written to', async () => {
    const opened = await open();
    await writeFile(join(opened.folder, 'cache'), 'a file in its place');
    await expectWarned(opened, /warning: cache directory .* is not used/);
  });

  it('F04 without HOME it works, and XDG_CACHE_HOME counts', async () => {
    const opened = await open();
    const env = { ...isolatedVariables(opened.folder), HOME: undefined };
    expect(await run(opened, [], { env })).toMatchObject({ exitCode: 0 });
    expect(await readdir(cacheOf(opened))).toHaveLength(1);
  });

  it('F04 a relative XDG_CACHE_HOME is none: the home’s is used', async () => {
    const opened = await open();
    const env = { ...isolatedVariables(opened.folder), XDG_CACHE_HOME: 'here' };
    expect(await run(opened, [], { env })).toMatchObject({ exitCode: 0 });
    const home = join(opened.folder, 'home', '.cache', 'provenance-audit');
    expect(await readdir(join(home, 'evidence'))).toHaveLength(1);
    expect(await readdir(opened.project)).not.toContain('here');
  });

  it.each(['provenance-audit', 'provenance-audit/evidence'])(
    'a link in place of %s',
    async (name) => {
      const opened = await open();
      const elsewhere = join(opened.folder, 'elsewhere');
      await mkdir(elsewhere);
      const path = join(opened.folder, 'cache', name);
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      await symlink(elsewhere, path);
      await expectWarned(opened, /is not used: it is a symbolic link/);
      expect(await readdir(elsewhere)).toEqual([]);
    },
  );

  it('one that others can write to', async () => {
    const opened = await open();
    await run(opened);
    await chmod(join(opened.folder, 'cache', 'provenance-audit'), 0o777);
    await expectWarned(opened, /is not used: other users can write to it/);
  });
});

describe('cache info and clear', () => {
  it('say what is kept, and remove it', async () => {
    const opened = await open();
    await run(opened);
    const info = await runMain(opened, ['cache', '--json']);
    expect(info.exitCode).toBe(0);
    expect(JSON.parse(info.stdout)).toMatchObject({
      schemaVersion: 1,
      folder: cacheOf(opened),
      answers: 7,
      files: 1,
      removedFiles: null,
      maxBytes: 268_435_456,
    });
    await writeFile(join(cacheOf(opened), 'notes.txt'), 'mine');
    const cleared = await runMain(opened, ['cache', 'clear']);
    expect(cleared.stdout).toMatch(
      /removed {2}1 files\nanswers {2}0 in 0 files/,
    );
    expect(await readdir(cacheOf(opened))).toEqual(['notes.txt']);
    expect(await run(opened)).toMatchObject({ exitCode: 0, requests: 7 });
  });

  it('where nothing was ever kept', async () => {
    const ended = await runMain(await open(), ['cache', 'info']);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toMatch(/answers {2}0 in 0 files, 0.0 of 256 MiB/);
  });

  it('clear follows no link', async () => {
    const opened = await open();
    const elsewhere = join(opened.folder, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, `${'a'.repeat(32)}.pack`), 'mine');
    await mkdir(join(cacheOf(opened), '..'), { recursive: true });
    await symlink(elsewhere, cacheOf(opened));
    const ended = await runMain(opened, ['cache', 'clear']);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(/it is a symbolic link/);
    expect(await readdir(elsewhere)).toHaveLength(1);
  });

  it.each([[['cache', 'shrink']], [['cache', 'info', 'clear']]])(
    '%j is refused',
    async (argv) => {
      const ended = await runMain(await open(), argv);
      expect(ended.exitCode).toBe(2);
      expect(ended.stderr).toMatch(/expected info or clear/);
    },
  );
});
