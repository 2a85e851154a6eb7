import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  withTampered,
} from '../../fixtures/projects.js';
import { startTufMirror, type TufMirror } from '../../fixtures/tuf-mirror.js';
import { createTufRepository } from '../../fixtures/tuf-repository.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import { command, readReadme } from '../newcomer/readme.js';
import {
  createScene,
  isolatedVariables,
  runMain,
  type Scene,
} from './scene.js';

const ROOT = new URL('../../', import.meta.url);
const BINARY = fileURLToPath(new URL('bin/provenance-audit.js', ROOT));

/** The walk-through of docs/air-gap.md, by the program's own commands. */
const sigstore = await createSigstore();
const project = projectOf([
  publishPackage(sigstore, { name: '@acme/widget', version: '1.2.3' }),
  publishPackage(
    sigstore,
    { name: 'plain', version: '2.0.0' },
    { attest: null },
  ),
]);

let scene: Scene;
let elsewhere: Scene;
let mirror: TufMirror;
let file: string;

beforeEach(async () => {
  scene = await createScene(sigstore, project);
  // Another machine: no registry that runs, and a home of its own.
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-gap-'));
  await cp(scene.folder, folder, { recursive: true });
  elsewhere = { ...scene, folder, project: join(folder, 'project') };
  file = join(folder, 'evidence.ndjson');
  const repository = createTufRepository({
    targets: new Map([
      ['trusted_root.json', Buffer.from(JSON.stringify(sigstore.trustedRoot))],
    ]),
    registryKeys: new Map([
      [
        new URL(PUBLIC_REGISTRY).host,
        Buffer.from(JSON.stringify(sigstore.npmKeys)),
      ],
    ]),
  });
  mirror = await startTufMirror(repository);
  await writeFile(join(scene.folder, 'root.json'), repository.rootJson);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await scene.close();
  await mirror.close();
  await rm(elsewhere.folder, { recursive: true, force: true });
});

const tufOptions = (): readonly string[] => [
  ...['--registry', scene.registry.url],
  ...[
    '--tuf-mirror',
    mirror.url,
    '--tuf-root',
    join(scene.folder, 'root.json'),
  ],
];

/** From here on every connection of this process fails, and is counted. */
function refuseSockets(): () => number {
  const connect = vi
    .spyOn(net.Socket.prototype, 'connect')
    .mockImplementation(() => {
      throw new Error('there is no network');
    });
  return () => connect.mock.calls.length;
}

function reportOf(stdout: string): string {
  return stdout
    .replace(/"auditedAt": "[^"]*"/, '')
    .replace(/"durations": \{[^}]*\}/, '');
}

describe('evidence that was saved', () => {
  it('gives the same report on another machine without a network', async () => {
    const options = tufOptions();
    const saved = await runMain(scene, ['evidence', 'save', file, ...options]);
    expect(saved).toMatchObject({ exitCode: 0 });
    const digest = createHash('sha256').update(await readFile(file));
    expect(saved.stdout).toContain(`sha256   ${digest.digest('hex')}`);
    const online = await runMain(scene, ['--json', '--fresh', ...options]);
    await scene.registry.close();
    const attempts = refuseSockets();
    const offline = await runMain(elsewhere, [
      ...['--evidence', file, '--json', ...options],
    ]);
    expect(offline).toMatchObject({ exitCode: 0 });
    expect(reportOf(offline.stdout)).toBe(reportOf(online.stdout));
    expect(JSON.parse(offline.stdout)).toMatchObject({
      summary: { verification: { verified: 1 } },
      trustRoot: { origin: 'cache' },
    });
    expect(attempts()).toBe(0);
  });

  it('has what rules ask of earlier versions as well', async () => {
    const { registry } = scene;
    registry.add({
      ...publishPackage(sigstore, { name: 'plain', version: '1.9.0' }),
      publishedAt: '2026-03-01T12:00:00.000Z',
    });
    for (const { project: folder } of [scene, elsewhere]) {
      await writeFile(
        join(folder, 'provenance-audit.yaml'),
        'version: 1\nminimumReleaseAge: 3d\nrules: { trust-downgrade: error }\n',
      );
    }
    const options = tufOptions();
    await runMain(scene, ['evidence', 'save', file, ...options]);
    const online = await runMain(scene, ['--json', '--fresh', ...options]);
    expect(JSON.parse(online.stdout)).toMatchObject({
      findings: [{ rule: 'trust-downgrade', package: 'plain@2.0.0' }],
    });
    const attempts = refuseSockets();
    const argv = ['--evidence', file, '--json', ...options];
    const offline = await runMain(elsewhere, argv);
    expect(reportOf(offline.stdout)).toBe(reportOf(online.stdout));
    expect(attempts()).toBe(0);
  });

  it('is the same file each time', async () => {
    const options = [...scene.options];
    await runMain(scene, ['evidence', 'save', file, ...options]);
    const first = await readFile(file, 'utf8');
    await runMain(scene, ['evidence', 'save', file, '--no-cache', ...options]);
    expect(await readFile(file, 'utf8')).toBe(first);
  });

  it('does not vouch for the trust root in it', async () => {
    await runMain(scene, ['evidence', 'save', file, ...scene.options]);
    const registry = ['--registry', scene.registry.url];
    const refused = await runMain(elsewhere, ['--evidence', file, ...registry]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/cannot vouch for itself/);
    const named = ['--evidence', file, ...scene.options];
    expect(await runMain(elsewhere, named)).toMatchObject({ exitCode: 0 });
  });

  it('with metadata of another TUF repository is not believed', async () => {
    await runMain(scene, ['evidence', 'save', file, ...tufOptions()]);
    const other = createTufRepository({
      targets: new Map([['trusted_root.json', Buffer.from('{}')]]),
    });
    const root = join(elsewhere.folder, 'other-root.json');
    await writeFile(root, other.rootJson);
    const ended = await runMain(elsewhere, [
      ...['--evidence', file, '--registry', scene.registry.url],
      ...['--tuf-mirror', mirror.url, '--tuf-root', root],
    ]);
    expect(ended.exitCode).toBe(3);
  });

  it('is verified: evidence about other bytes is rejected', async () => {
    await runMain(scene, ['evidence', 'save', file, ...scene.options]);
    const tampered = withTampered(sigstore, project, '@acme/widget');
    const change = await createScene(sigstore, tampered);
    await cp(change.project, elsewhere.project, { recursive: true });
    await change.close();
    const ended = await runMain(elsewhere, [
      ...['--evidence', file, ...scene.options],
    ]);
    expect(ended.exitCode).toBe(4);
    expect(ended.stderr).toMatch(/saved for another lockfile/);
  });

  it('that lacks an answer leaves it open', async () => {
    await runMain(scene, [
      ...['evidence', 'save', file, '--package', 'plain', ...scene.options],
    ]);
    const argv = ['--evidence', file, '--json', ...scene.options];
    const ended = await runMain(elsewhere, argv);
    expect(ended.exitCode).toBe(3);
    expect(ended.stdout).toMatch(/"code": "offline"/);
  });

  it('that is incomplete is saved with exit code 3', async () => {
    scene.registry.script('/plain/2.0.0', { status: 401, repeat: true });
    const argv = ['evidence', 'save', file, '--no-cache', ...scene.options];
    const ended = await runMain(scene, argv);
    expect(ended.exitCode).toBe(3);
    expect(ended.stdout).toMatch(/missing {2}evidence of 1 packages/);
  });

  it('that is damaged is refused', async () => {
    await runMain(scene, ['evidence', 'save', file, ...scene.options]);
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace('"status":"found"', '"status":"absent"'),
    );
    const ended = await runMain(elsewhere, [
      ...['--evidence', file, ...scene.options],
    ]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(/--evidence .*: line \d+ is not as it was/);
  });
});

/** Whether this machine lets a test have a network of its own, an empty one. */
function canUnshareNetwork(): boolean {
  try {
    execFileSync('unshare', ['-rn', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('the README’s walk-through', () => {
  /** The arguments of a command that stands there as it is. */
  const argumentsOf = async (line: string): Promise<readonly string[]> => {
    const readme = readReadme(
      await readFile(new URL('README.md', ROOT), 'utf8'),
    );
    return command(readme, line).split(' ').slice(1);
  };
  /** Saves, carries the file over, and gives the report of a usual audit. */
  const saveAndCarry = async (): Promise<string> => {
    const save = await argumentsOf(
      'provenance-audit evidence save evidence.ndjson',
    );
    const saved = await runMain(scene, [...save, ...tufOptions()]);
    expect(saved).toMatchObject({ exitCode: 0 });
    const online = await runMain(scene, ['--json', '--fresh', ...tufOptions()]);
    const name = 'evidence.ndjson';
    await cp(join(scene.project, name), join(elsewhere.project, name));
    return reportOf(online.stdout);
  };
  const AUDIT = 'provenance-audit --evidence evidence.ndjson';

  it('passes where every socket is refused', async () => {
    const online = await saveAndCarry();
    const attempts = refuseSockets();
    const argv = [...(await argumentsOf(AUDIT)), '--json', ...tufOptions()];
    const ended = await runMain(elsewhere, argv);
    expect(ended.exitCode).toBe(0);
    expect(reportOf(ended.stdout)).toBe(online);
    expect(attempts()).toBe(0);
  });

  describe.skipIf(!canUnshareNetwork())(
    'in a network namespace (skipped where none can be made)',
    () => {
      /** The program where there is no network, not even this machine’s own. */
      const runInNamespace = (
        argv: readonly string[],
      ): Promise<{ readonly code: unknown; readonly stdout: string }> =>
        new Promise((resolve) => {
          const options = {
            cwd: elsewhere.project,
            env: isolatedVariables(elsewhere.folder),
          };
          const program = [process.execPath, BINARY, ...argv, ...tufOptions()];
          execFile('unshare', ['-rn', ...program], options, (error, stdout) => {
            resolve({ code: error === null ? 0 : error.code, stdout });
          });
        });

      it('passes with the file, and with nothing else', async () => {
        const online = await saveAndCarry();
        const argv = [...(await argumentsOf(AUDIT)), '--json'];
        const ended = await runInNamespace(argv);
        expect(ended.code).toBe(0);
        expect(reportOf(ended.stdout)).toBe(online);
        // Both servers run, and nobody in there can reach them.
        expect(await runInNamespace(['--timeout', '1s'])).toMatchObject({
          code: 3,
        });
      }, 60_000);
    },
  );
});

describe('--offline alone', () => {
  it('takes what is kept, and says what is missing', async () => {
    const argv = ['--offline', '--json', ...scene.options];
    const attempts = refuseSockets();
    const missing = await runMain(scene, argv);
    expect(missing.exitCode).toBe(3);
    expect(missing.stdout).toMatch(
      /the cache has no answer of .* about plain@2/,
    );
    expect(attempts()).toBe(0);
    vi.restoreAllMocks();
    await runMain(scene, scene.options);
    refuseSockets();
    expect(await runMain(scene, argv)).toMatchObject({ exitCode: 0 });
  });

  it('without a trust root it is incomplete', async () => {
    const ended = await runMain(scene, ['--offline', ...tufOptions()]);
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toMatch(/no request may be made/);
  });

  it.each([['--fresh'], ['--no-cache'], ['--fetch-tarball']])(
    'excludes %s',
    async (option) => {
      const ended = await runMain(scene, ['--offline', option]);
      expect(ended.exitCode).toBe(2);
      expect(ended.stderr).toMatch(/exclude each other/);
    },
  );
});
