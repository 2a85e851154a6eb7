import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { randomFrom } from '../soak/soak.js';
import {
  createScene,
  isolatedVariables,
  runMain,
  type Scene,
} from './scene.js';

const BINARY = fileURLToPath(
  new URL('../../bin/provenance-audit.js', import.meta.url),
);
/** How often a run is killed, at moments that the seed decides. */
const KILLS = Number(process.env['PROVENANCE_AUDIT_KILLS'] ?? 6);
const SEED = Number(process.env['PROVENANCE_AUDIT_SEED'] ?? 1);

const sigstore = await createSigstore();
const project = projectOf(
  ['gear', 'cog', 'widget'].map((name) =>
    publishPackage(sigstore, { name, version: '1.2.3' }),
  ),
);

let scene: Scene | null = null;
let child: ChildProcess | null = null;
afterEach(async () => {
  child?.kill('SIGKILL');
  child = null;
  await scene?.close();
  scene = null;
});

async function open(): Promise<Scene> {
  scene = await createScene(sigstore, project);
  return scene;
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built program, its report going to `report.json` as well. */
function start({ folder, project: cwd, options }: Scene): {
  readonly started: ChildProcess;
  readonly ended: Promise<Ended>;
} {
  const report = ['--report', `json=${join(folder, 'out', 'report.json')}`];
  const started = spawn(process.execPath, [BINARY, ...options, ...report], {
    cwd,
    env: { ...isolatedVariables(folder), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  const written = { stdout: '', stderr: '' };
  started.stdout.on(
    'data',
    (data: Buffer) => (written.stdout += data.toString()),
  );
  started.stderr.on(
    'data',
    (data: Buffer) => (written.stderr += data.toString()),
  );
  const ended = once(started, 'close').then(() => ({
    code: started.exitCode,
    signal: started.signalCode,
    ...written,
  }));
  return { started, ended };
}

/** Resolves when the registry has got so many requests. */
async function requests({ registry }: Scene, count: number): Promise<void> {
  while (registry.requests.length < count) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe.skipIf(process.platform === 'win32')('a signal in mid-run', () => {
  it.each([
    ['F08', 'SIGINT', 130],
    ['F09', 'SIGTERM', 143],
  ] as const)(
    '%s %s ends it before it is cut off',
    async (_row, signal, code) => {
      const opened = await open();
      await mkdir(join(opened.folder, 'out'));
      opened.registry.script('/cog/1.2.3', { hang: true, repeat: true });
      const { started, ended } = start(opened);
      // Three manifests and the attestations of those two that answer.
      await requests(opened, 5);
      started.kill(signal);
      const { stdout, stderr, ...end } = await ended;
      expect(end).toEqual({ code, signal: null });
      expect(stdout).toBe('');
      // Whatever is not done in time is cut off, with another sentence.
      expect(stderr).toMatch(
        /^provenance-audit: stopped before the audit was complete: [0-2] of 3 packages were asked about, no report was written$/m,
      );
      expect(await readdir(join(opened.folder, 'out'))).toEqual([]);
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'F09 %s after a SIGINT that is not heeded ends it at once',
    async (second) => {
      const opened = await open();
      const script = `
        import { processEnvironment } from ${JSON.stringify(
          new URL('../../dist/src/cli/process-environment.js', import.meta.url)
            .href,
        )};
        const { signal } = processEnvironment();
        signal.onabort = () => console.log('first');
        setInterval(() => {}, 1000);
        console.log('ready');`;
      const started = spawn(
        process.execPath,
        ['--input-type=module', '-e', script],
        { cwd: opened.project, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      child = started;
      await once(started.stdout, 'data');
      started.kill('SIGINT');
      await once(started.stdout, 'data');
      started.kill(second);
      await once(started, 'close');
      expect(started.signalCode).toBe(second);
    },
  );
});

describe.skipIf(process.platform === 'win32')('F10: kill -9', () => {
  /** The report in `out`; null where there is none. It is never half of one. */
  async function takeReport(out: string): Promise<unknown> {
    const file = join(out, 'report.json');
    if (!(await readdir(out)).includes('report.json')) return null;
    const report: unknown = JSON.parse(await readFile(file, 'utf8'));
    await rm(file);
    return report;
  }

  it(
    `at ${KILLS} random moments leaves nothing that the next run stumbles over`,
    async () => {
      const opened = await open();
      const { folder } = opened;
      const out = join(folder, 'out');
      await mkdir(out);
      const random = randomFrom(SEED);
      // As long as it takes here and now, so that every phase is hit.
      const begin = performance.now();
      await start(opened).ended;
      let whole = performance.now() - begin;
      for (let kill = 0; kill < KILLS; kill += 1) {
        // Every other one from an empty cache.
        if (kill % 2 === 0) {
          await rm(join(folder, 'cache'), { recursive: true, force: true });
        }
        await takeReport(out);
        const { started, ended } = start(opened);
        const timer = setTimeout(() => {
          started.kill('SIGKILL');
        }, whole * random());
        await ended;
        clearTimeout(timer);
        const report = await takeReport(out);
        if (report !== null) expect(report).toMatchObject({ exitCode: 0 });
        const restart = performance.now();
        const next = await start(opened).ended;
        whole = performance.now() - restart;
        expect(next).toMatchObject({ code: 0, signal: null });
        expect(next.stdout).toContain('✔ policy met');
        expect(await takeReport(out)).toMatchObject({ exitCode: 0 });
      }
    },
    60_000 + KILLS * 30_000,
  );
});

describe('what takes no notice of a signal', () => {
  it('F09 is not waited for longer than 2 s', async () => {
    const controller = new AbortController();
    const stdout = {
      write: () => {
        controller.abort('SIGTERM');
        return false;
      },
    };
    const { signal } = controller;
    const ended = await runMain(await open(), ['rules'], { stdout, signal });
    expect(ended.exitCode).toBe(143);
    expect(ended.stderr).toContain('stopped before it was finished');
  });
});

describe('odd places', () => {
  it('F16 a lockfile path with a newline is escaped', async () => {
    const name = 'no\n::error::such';
    const ended = await runMain(await open(), ['--lockfile', name]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).not.toMatch(/^::error/m);
    expect(ended.stderr).toContain('::error::such');
  });

  it.skipIf(process.platform !== 'linux')(
    'F05 a full device in place of one report costs only that one',
    async () => {
      const opened = await open();
      const ended = await runMain(opened, [
        ...opened.options,
        ...['--report', 'csv=/dev/full'],
        ...['--report', `json=${join(opened.folder, 'report.json')}`],
      ]);
      expect(ended.exitCode).toBe(70);
      expect(ended.stderr).toContain('/dev/full: no space left');
      expect(await readdir(opened.folder)).toContain('report.json');
    },
    60_000,
  );
});
