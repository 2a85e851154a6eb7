import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain } from '../cli/scene.js';
import { greenReport, sampleReport } from './sample-report.js';
import { LOADED_FORMATS } from './load-formats.js';

const CONTEXT = {
  ...{ lockfilePath: 'package-lock.json', width: 80 },
  ...{ color: false, verbose: true, quiet: false },
};

/** A report that passes, with `change` to every verified provenance. */
function proven(
  change: Partial<NonNullable<Report['dependencies'][0]['provenance']>>,
): Report {
  const report = greenReport();
  return {
    ...report,
    dependencies: report.dependencies.map((one) => ({
      ...one,
      provenance: one.provenance && { ...one.provenance, ...change },
    })),
  };
}

const COMMANDS = '\u{1b}]0;t\u{7}\u{1b}[2J\u{1b}]8;;https://evil.example\u{7}x';
const HIDDEN = 'https://github.com/acme/\u{202e}tegdiw\u{200b}\u{e0041}';
/** What of it is there to be seen, in the forms that have the value at all. */
const SEEN: Readonly<Record<string, readonly [RegExp | null, RegExp | null]>> =
  {
    text: [null, /acme\/\\u\{202e\}tegdiw\\u\{200b\}/],
    json: [/\\u001b\]0;t\\u0007/, /acme\/\\u202etegdiw\\u200b/],
    ndjson: [/\\u001b\]0;t\\u0007/, /acme\/\\u202etegdiw\\u200b/],
    csv: [/\\u\{1b\}\]0;t\\u\{7\}/, /acme\/\\u\{202e\}tegdiw/],
    html: [/\\u\{1b\}\]0;t\\u\{7\}/, /acme\/\\u\{202e\}tegdiw/],
    cyclonedx: [null, /acme\/%E2%80%AEtegdiw/],
  };

describe.each([...LOADED_FORMATS])('in %s', (name, { render }) => {
  it.each([
    ['O01: a workflow name with commands to a terminal', 0] as const,
    ['O02: a repository that hides and turns around', 1] as const,
  ])('%s is shown, not obeyed', (_what, index) => {
    const report = proven(
      index === 0 ? { workflow: COMMANDS } : { sourceRepository: HIDDEN },
    );
    const text = render(report, CONTEXT);
    expect(text).not.toMatch(/[^\P{C}\r\n]/u);
    const seen = SEEN[name]?.[index] ?? null;
    if (seen !== null) expect(text).toMatch(seen);
  });

  it.each([0, 1, 1_000_000, -5, NaN])(
    'O13: a terminal of %f columns is no matter',
    (width) => {
      const report = sampleReport();
      const text = render(report, { ...CONTEXT, width });
      const usual = render(report, CONTEXT);
      const isLaidOut = name === 'text' || name === 'tree';
      if (isLaidOut) expect(text).toContain('evidence rejected');
      else expect(text).toBe(usual);
    },
  );
});

const sigstore = await createSigstore();
const widget = publishPackage(sigstore, { name: 'widget', version: '1.0.0' });
const scene = await createScene(sigstore, projectOf([widget]));
afterAll(() => scene.close());

describe('the program', () => {
  it('O04: shows what a status line says without obeying it', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => {
        const body = '\u{1b}[31mowned\u{7}'.repeat(5000);
        socket.end(
          `HTTP/1.1 500 \u{1b}[31m${'x'.repeat(3000)}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const options = [
      ...scene.options.slice(0, -1),
      `http://127.0.0.1:${port}/`,
    ];
    const run = await runMain(scene, [...options, '--verbose']);
    server.close();
    expect(run.exitCode).toBe(3);
    for (const text of [run.stdout, run.stderr]) {
      expect(text).not.toMatch(/[^\P{C}\r\n]/u);
      expect(text.length).toBeLessThan(4000);
    }
  }, 60_000);

  it.each([
    ['no width', { columns: 0 }, {}],
    ['one column', { columns: 1 }, {}],
    ['a million columns', { columns: 1_000_000 }, {}],
    ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }],
    ['TERM=dumb', { isTTY: true }, { TERM: 'dumb' }],
  ])('O13: audits with %s', async (_what, terminal, variables) => {
    let text = '';
    const run = await runMain(scene, scene.options, {
      stdout: {
        ...terminal,
        write: (part: string, done?: () => void) => {
          text += part;
          done?.();
          return true;
        },
      },
      env: { PATH: process.env['PATH'], HOME: scene.folder, ...variables },
    });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(text).toContain('policy met');
    expect(text).not.toMatch(/[^\P{C}\r\n]/u);
  });

  const full = '/dev/full';
  it.runIf(existsSync(full)).each([
    ['rules', ['rules']],
    ['completion', ['completion', 'bash']],
    ['help', ['--help']],
    ['an audit', [...scene.options.slice(0, 4), '--offline', scene.project]],
  ])(
    `O12: %s on a full disk (${full}, skipped where there is none) ends with 70`,
    (_what, argv) => {
      const program = fileURLToPath(
        new URL('../../bin/provenance-audit.js', import.meta.url),
      );
      const stdout = openSync(full, 'w');
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--no-warnings', program, ...argv],
        { stdio: ['ignore', stdout, 'pipe'], encoding: 'utf8' },
      );
      closeSync(stdout);
      expect(status, stderr).toBe(70);
      expect(stderr).toContain('no space left');
    },
  );
});
