import { execFile, execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { startTufMirror, type TufMirror } from '../../fixtures/tuf-mirror.js';
import { createTufRepository } from '../../fixtures/tuf-repository.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import type { Report } from '../../src/report/report.js';
import { toBytes } from '../facts/judge.js';
import {
  createScene,
  isolatedVariables,
  runMain,
  type Run,
  type Scene,
} from './scene.js';

/** Rows of the hostile cases, area F, that need the process or its file system. */
const BINARY = fileURLToPath(
  new URL('../../bin/provenance-audit.js', import.meta.url),
);
const sigstore = await createSigstore();
const project = projectOf(
  ['gear', 'cog'].map((name) =>
    publishPackage(sigstore, { name, version: '1.2.3' }),
  ),
);

let scene: Scene | null = null;
let mirror: TufMirror | null = null;
afterEach(async () => {
  vi.useRealTimers();
  await mirror?.close();
  mirror = null;
  await scene?.close();
  scene = null;
});

async function open(): Promise<Scene> {
  scene = await createScene(sigstore, project);
  return scene;
}

/** The same audit held against a TUF repository on this machine. */
async function optionsByTuf({
  folder,
  registry,
}: Scene): Promise<readonly string[]> {
  const repository = createTufRepository({
    targets: new Map([['trusted_root.json', toBytes(sigstore.trustedRoot)]]),
    registryKeys: new Map([
      [new URL(PUBLIC_REGISTRY).host, toBytes(sigstore.npmKeys)],
    ]),
  });
  mirror = await startTufMirror(repository);
  const root = join(folder, 'root.json');
  await writeFile(root, repository.rootJson);
  return [
    ...['--tuf-mirror', mirror.url, '--tuf-root', root],
    ...['--registry', registry.url],
  ];
}

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `program` in the scene's project. */
function spawn(
  { folder, project: cwd }: Scene,
  program: string,
  argv: readonly string[],
): Promise<Ended> {
  const env = { ...isolatedVariables(folder), NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(program, argv, { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

/** Loaded before the program, in every thread of it. */
const hook = (text: string): readonly string[] => [
  '--import',
  `data:text/javascript,${encodeURIComponent(text)}`,
];

/** Whether this machine lets a test mount something for itself. */
function canMount(): boolean {
  try {
    const script = 'mount -t tmpfs none /mnt';
    execFileSync('unshare', ['-rm', 'sh', '-c', script], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!canMount())(
  'F05: a full disk (skipped where nothing can be mounted)',
  () => {
    /** Runs the program with a full disk of 16 KiB at `place`. */
    function onFullDisk(
      opened: Scene,
      place: string,
      argv: readonly string[],
    ): Promise<Ended> {
      const script = `
        mount -t tmpfs -o size=16k,mode=700 none "$1" || exit 99
        cat /dev/zero >"$1/ballast" 2>/dev/null
        place=$1; shift
        "$@"; code=$?
        ls -A "$place" >&2
        exit $code`;
      const program = [process.execPath, BINARY, ...opened.options, ...argv];
      return spawn(opened, 'unshare', [
        ...['-rm', 'sh', '-c', script, 'sh', place, ...program],
      ]);
    }

    it('for the cache is a warning', async () => {
      const opened = await open();
      const place = join(opened.folder, 'full');
      await mkdir(place);
      const ended = await onFullDisk(opened, place, ['--cache', place]);
      expect(ended.code).toBe(0);
      expect(ended.stdout).toContain('✔ policy met');
      expect(ended.stderr).toContain(
        'warning: evidence cache: cannot be written: no space left',
      );
      expect(ended.stderr).not.toMatch(/\.(?:tmp|pack)$/m);
    });

    it('for a report is an error, and leaves no part of it', async () => {
      const opened = await open();
      const place = join(opened.folder, 'full');
      await mkdir(place);
      const ended = await onFullDisk(opened, place, [
        ...['--report', `json=${join(place, 'report.json')}`],
      ]);
      expect(ended.code).toBe(70);
      expect(ended.stderr).toContain('report.json: no space left');
      expect(ended.stderr).toMatch(/\nballast\n$/);
    });
  },
);

describe('F06: runs that write one report', () => {
  it('leave one whole report and nothing else', async () => {
    const opened = await open();
    const out = join(opened.folder, 'out');
    await mkdir(out);
    const argv = ['--report', `json=${join(out, 'report.json')}`];
    const runs = Array.from({ length: 4 }, () =>
      runMain(opened, [...opened.options, ...argv]),
    );
    const codes = (await Promise.all(runs)).map(({ exitCode }) => exitCode);
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(await readdir(out)).toEqual(['report.json']);
    const text = await readFile(join(out, 'report.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ exitCode: 0 });
  });
});

describe('F14: little memory', () => {
  it('is said of a lockfile that does not fit into it', async () => {
    const opened = await open();
    const lockfile = join(opened.project, 'package-lock.json');
    // The largest there may be; what is in it does not matter any more.
    await truncate(lockfile, 128 * 1024 * 1024);
    const argv = ['--max-old-space-size=128', BINARY, ...opened.options];
    const ended = await spawn(opened, process.execPath, argv);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(
      'package-lock.json: too large for the memory that Node.js may use here; run it with NODE_OPTIONS=--max-old-space-size=1536',
    );
  });

  it('F14 is said of a document that does not fit into it', async () => {
    const opened = await open();
    const { id, attestations } = project.packages[1] ?? {};
    expect(id?.name).toBe('cog');
    // As large as one may be: parsed, it takes more than there is.
    const padding = `[${Array(1_300_000).fill('{}').join(',')}]`;
    const body = JSON.stringify(attestations).replace(
      '"bundle":{',
      `"bundle":{"padding":${padding},`,
    );
    opened.registry.script('/-/npm/v1/attestations/cog@1.2.3', {
      ...{ body, repeat: true },
    });
    const argv = ['--max-old-space-size=128', BINARY, ...opened.options];
    const ended = await spawn(opened, process.execPath, [...argv, '--json']);
    expect(ended.code).toBe(3);
    const { dependencies } = JSON.parse(ended.stdout) as Report;
    expect(
      dependencies.map(({ name, verification, unavailable }) => [
        ...[name, verification, unavailable?.code],
      ]),
    ).toEqual([
      ['cog', 'none', 'too-large'],
      ['gear', 'verified', undefined],
    ]);
    expect(ended.stdout).toContain('NODE_OPTIONS=--max-old-space-size=');
  });

  it('F14 is said of a history that does not fit into it', async () => {
    const opened = await open();
    await writeFile(
      join(opened.project, 'provenance-audit.yaml'),
      'version: 1\nrules: { trust-downgrade: error }\n',
    );
    const padding = `[${Array(1_300_000).fill('{}').join(',')}]`;
    const body = `{"name":"cog","versions":{},"padding":${padding}}`;
    opened.registry.script('/cog', { body, repeat: true });
    const argv = ['--max-old-space-size=128', BINARY, ...opened.options];
    const ended = await spawn(opened, process.execPath, [...argv, '--json']);
    expect(ended.code).toBe(3);
    const { findings, summary } = JSON.parse(ended.stdout) as Report;
    expect(summary).toMatchObject({ verification: { verified: 2 } });
    expect(findings).toMatchObject([
      {
        rule: 'trust-downgrade',
        consequence: 'incomplete',
        package: 'cog@1.2.3',
        message: expect.stringMatching(
          /do not fit into the memory .* NODE_OPTIONS=--max-old-space-size=/,
        ) as string,
      },
    ]);
  });

  it('is enough for another', async () => {
    const opened = await open();
    const argv = ['--max-old-space-size=128', BINARY, ...opened.options];
    const ended = await spawn(opened, process.execPath, argv);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('✔ policy met');
  });
});

/** As a user whom permissions bind: root may read everything. */
async function asOrdinaryUser(run: () => Promise<Run>): Promise<Run> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe.skipIf(process.platform === 'win32')('F04: a read-only home', () => {
  it.each<[string, (opened: Scene) => Promise<readonly string[]>]>([
    ['a trust root from files', ({ options }) => Promise.resolve(options)],
    ['a trust root by TUF', optionsByTuf],
  ])('costs the cache and nothing else, with %s', async (_what, optionsOf) => {
    const opened = await open();
    const options = await optionsOf(opened);
    // Loads what is loaded late, while that may still be read.
    await runMain(opened, [...options, '--no-cache']);
    const home = join(opened.folder, 'home');
    await chmod(opened.folder, 0o755);
    await chmod(home, 0o555);
    // No other place for a cache than that home.
    const env = { ...isolatedVariables(opened.folder), XDG_CACHE_HOME: '' };
    const ended = await asOrdinaryUser(() => runMain(opened, options, { env }));
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toContain('✔ policy met');
    expect(ended.stderr).toMatch(
      /^provenance-audit: warning: cache directory .*home\/\.cache\/provenance-audit is not used: it cannot be created \(EACCES\)\n$/,
    );
    expect(await readdir(home)).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('F16: odd places', () => {
  it('F16 a current folder that has been deleted', async () => {
    const opened = await open();
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
    const program = ['sh', process.execPath, BINARY, ...opened.options];
    const ended = await spawn(opened, 'sh', ['-c', script, ...program]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toBe(
      'provenance-audit: the current folder does not exist any more\n',
    );
  });

  it('F16 a lockfile that may not be read', async () => {
    const opened = await open();
    // Loads what is loaded late, while that may still be read.
    await runMain(opened, opened.options);
    const lockfile = join(opened.project, 'package-lock.json');
    await chmod(lockfile, 0);
    await chmod(opened.folder, 0o755);
    const ended = await asOrdinaryUser(() => runMain(opened, opened.options));
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toMatch(/package-lock\.json: .*permission denied/);
  });

  it('F16 a lockfile that is a link to itself', async () => {
    const opened = await open();
    const lockfile = join(opened.project, 'package-lock.json');
    await rm(lockfile);
    await symlink(lockfile, lockfile);
    const ended = await runMain(opened, opened.options);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toMatch(/package-lock\.json/);
  });
});

describe('F17: an error that nobody catches', () => {
  it.each([
    ['in a promise', 'Promise.reject(new Error("boom"))'],
    ['in a callback', '(() => { throw new Error("boom"); })()'],
    ['that is none', 'Promise.reject("boom")'],
  ])('%s ends the run with 70', async (_what, statement) => {
    const opened = await open();
    // In the midst of it: the answer to this question never comes.
    opened.registry.script('attestations', { hang: true, repeat: true });
    const text = `import http from 'node:http';
      import { syncBuiltinESMExports } from 'node:module';
      const { request } = http;
      http.request = (...given) => {
        if (String(given[0]).includes('attestations'))
          setImmediate(() => ${statement});
        return request(...given);
      };
      syncBuiltinESMExports();`;
    const argv = [...hook(text), BINARY, ...opened.options];
    const ended = await spawn(opened, process.execPath, argv);
    expect(ended).toMatchObject({ code: 70, stdout: '' });
    expect(ended.stderr).toMatch(/^provenance-audit: internal error: .*boom/m);
    expect(ended.stderr).not.toMatch(/^ +at /m);
  });
});

describe('F18: a clock that jumps back an hour', () => {
  const HOUR = 3_600_000;

  /** Jumps once the registry has got the first request. */
  async function jumpDuring(
    opened: Scene,
    run: Promise<Run>,
    then: () => void = () => undefined,
  ): Promise<Run> {
    await expect.poll(() => opened.registry.requests.length).toBeGreaterThan(0);
    vi.setSystemTime(Date.now() - HOUR);
    then();
    return run;
  }

  it('does not keep an audit from ending', async () => {
    const opened = await open();
    vi.useFakeTimers({ toFake: ['Date'] });
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => (release = resolve));
    opened.registry.script('manifest', { until });
    const run = runMain(opened, [...opened.options, '--json']);
    const { exitCode, stdout } = await jumpDuring(opened, run, release);
    const report = JSON.parse(stdout) as Report;
    expect(exitCode).toBe(0);
    expect(report.durations.total).toBeGreaterThanOrEqual(0);
    expect(report.durations.total).toBeLessThan(HOUR / 2);
  });

  it('does not put off a timeout', async () => {
    const opened = await open();
    vi.useFakeTimers({ toFake: ['Date'] });
    opened.registry.script('manifest', { hang: true, repeat: true });
    const argv = [...opened.options, '--deadline', '1s', '--json'];
    const { exitCode, stdout } = await jumpDuring(
      opened,
      runMain(opened, argv),
    );
    expect(exitCode).toBe(3);
    const { dependencies } = JSON.parse(stdout) as Report;
    expect(dependencies.map(({ unavailable }) => unavailable?.code)).toEqual([
      'deadline',
      'deadline',
    ]);
  });
});
