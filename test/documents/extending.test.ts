import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { glob } from 'glob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { createScene, isolatedVariables, type Scene } from '../cli/scene.js';
import { codeBlocks, readPages, ROOT } from './markdown.js';
import {
  compile,
  createSandbox,
  writeSource,
  type Sandbox,
} from './sources.js';

const run = promisify(execFile);
const CHECKOUT = fileURLToPath(ROOT);

const page = (await readPages()).find(
  ({ path }) => path === 'docs/extending.md',
);
const blocks = page === undefined ? [] : codeBlocks(page);
const added = blocks
  .filter(({ language }) => language === 'ts')
  .map(({ code }) => ({ file: /^\/\/ (\S+)\n/.exec(code)?.[1] ?? '', code }));
const changes = blocks
  .filter(({ language }) => language === 'diff')
  .map(({ code }) => ({
    file: /^\+\+\+ b\/(\S+)$/m.exec(code)?.[1] ?? '',
    code,
  }));

/** Puts the lines with a plus behind the line before them, which must be there once. */
function apply(text: string, diff: string): string {
  let changed = text;
  let before: string | null = null;
  for (const line of diff.split('\n').slice(2)) {
    if (line.startsWith('+')) {
      const parts = changed.split(`${before ?? ''}\n`);
      expect([before, parts.length]).toEqual([before, 2]);
      const own = line.slice(1);
      changed = parts.join(`${before ?? ''}\n${own}\n`);
      before = own;
    } else {
      before = line.slice(1);
    }
  }
  return changed;
}

let scene: Scene;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox();
  const sigstore = await createSigstore();
  const widget = publishPackage(sigstore, {
    name: '@acme/widget',
    version: '1.2.3',
  });
  const pad = publishPackage(
    sigstore,
    { name: 'left-pad', version: '1.3.0' },
    { attest: null },
  );
  scene = await createScene(sigstore, projectOf([widget, pad]));
  const lines = [
    widget,
    pad,
    { id: { name: 'right-pad', version: '1.0.0' }, integrity: pad.integrity },
  ];
  await writeFile(
    join(scene.project, 'packages.lock'),
    lines
      .map(({ id, integrity }) => `${id.name} ${id.version} ${integrity}\n`)
      .join(''),
  );
  await copyProgram(sandbox.folder);
});
afterAll(async () => {
  await scene.close();
  await sandbox.close();
});

/** The sources as the page changes them, compiled, and what else they need. */
async function copyProgram(folder: string): Promise<void> {
  await cp(join(CHECKOUT, 'src'), join(folder, 'src'), { recursive: true });
  for (const name of ['bin', 'package.json']) {
    await cp(join(CHECKOUT, name), join(folder, name), { recursive: true });
  }
  for (const { file, code } of added) await writeSource(folder, file, code);
  for (const { file, code } of changes) {
    const text = await readFile(join(folder, file), 'utf8');
    await writeFile(join(folder, file), apply(text, code));
  }
}

async function runProgram(args: readonly string[]) {
  return run(
    process.execPath,
    [join(sandbox.folder, 'bin', 'provenance-audit.js'), ...args],
    {
      cwd: scene.project,
      env: { ...isolatedVariables(scene.folder), NO_PROXY: '127.0.0.1' },
    },
  );
}

describe('docs/extending.md', () => {
  it('adds one file to a folder and an entry to the list of that folder', () => {
    expect(changes).toHaveLength(3);
    expect(added.map(({ file }) => dirname(file))).toEqual(
      changes.map(({ file }) => dirname(file)),
    );
    for (const { code } of changes) {
      // One entry, and for it no more than an import.
      expect(code.match(/^\+ /gm) ?? []).toHaveLength(1);
      expect(code).toMatch(/^\+.*\bimport\b/m);
      expect((code.match(/^\+(?!\+\+)/gm) ?? []).length).toBeLessThan(3);
      expect(code).not.toMatch(/^-(?!--)/m);
    }
  });

  it('compiles with everything else as it is', async () => {
    const { folder } = sandbox;
    const files = await glob('src/**/*.ts', { cwd: folder, posix: true });
    expect(compile(folder, files, join(folder, 'dist'))).toEqual([]);
  }, 180_000);

  it('gives a rule that the catalogue tells of', async () => {
    const { stdout } = await runProgram(['rules', 'digest-repeated']);
    expect(stdout).toContain('Two packages pin the same bytes');
  });

  it('gives a lockfile format, of which the rule finds something', async () => {
    const args = ['--lockfile', 'packages.lock', '--json'];
    const ended = await runProgram([...scene.options, ...args]).catch(
      (error: unknown) => error as { readonly stdout: string },
    );
    const report = JSON.parse(ended.stdout) as {
      readonly lockfile: object;
      readonly findings: readonly { readonly rule: string }[];
    };
    expect(report.lockfile).toMatchObject({ format: 'plain', entries: 3 });
    expect(
      report.findings.filter(({ rule }) => rule === 'digest-repeated'),
    ).toMatchObject([{ package: 'right-pad@1.0.0', location: { line: 3 } }]);
  });

  it('gives a report format that --format knows', async () => {
    const { stdout } = await runProgram([
      ...scene.options,
      ...['--lockfile', 'package-lock.json', '--format', 'purls'],
    ]);
    expect(stdout).toBe('pkg:npm/%40acme/widget@1.2.3\n');
    const help = await runProgram(['--help']);
    expect(help.stdout).toContain('purls');
  });
});
