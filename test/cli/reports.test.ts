import {
  mkdir,
  readdir,
  readFile,
  readlink,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { FORMATS } from '../../src/report/formats/index.js';
import { createScene, runMain, type Scene } from './scene.js';

const sigstore = await createSigstore();
const widget = publishPackage(sigstore, {
  name: '@acme/widget',
  version: '1.2.3',
});

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(): Promise<Scene> {
  const scene = await createScene(sigstore, projectOf([widget]));
  scenes.push(scene);
  return scene;
}

/** The text of a file in the scene's project. */
function read(scene: Scene, name: string): Promise<string> {
  return readFile(join(scene.project, name), 'utf8');
}

describe('several reports in one run', () => {
  it('has each form in a file of its own, and text for the reader', async () => {
    const scene = await open();
    const argv = FORMATS.flatMap(({ name }) => [
      '--report',
      `${name}=${name}.out`,
    ]);
    const run = await runMain(scene, [...scene.options, ...argv]);
    expect(run.stdout).toContain('✔ policy met');
    for (const { name } of FORMATS) {
      const text = await read(scene, `${name}.out`);
      expect(text, name).toMatch(/[^\n]\n$/);
    }
    const names = (await readdir(scene.project)).join('\n');
    expect(names).not.toMatch(/\.[\da-f]{8}-[\da-f-]{27}$/m);
  });

  it('stands beside --format and --output', async () => {
    const scene = await open();
    const argv = ['--json', '--report', 'text=report.txt'];
    const onStdout = await runMain(scene, [...scene.options, ...argv]);
    expect(JSON.parse(onStdout.stdout)).toMatchObject({ exitCode: 0 });
    expect(await read(scene, 'report.txt')).toContain('✔ policy met');
    const both = [...argv, '--output', 'report.json'];
    const inFile = await runMain(scene, [...scene.options, ...both]);
    expect(inFile.stdout).toContain('✔ policy met');
    expect(JSON.parse(await read(scene, 'report.json'))).toMatchObject({
      exitCode: 0,
    });
  });

  it('writes the files also where nobody reads stdout any longer', async () => {
    const scene = await open();
    const stdout = {
      write: (_text: string, done?: (error: Error) => void) => {
        done?.(new Error('write EPIPE'));
        return false;
      },
    };
    const argv = [...scene.options, '--json', '--report', 'text=b.txt'];
    const run = await runMain(scene, argv, { stdout });
    expect(run.exitCode).toBe(70);
    expect(run.stderr).toContain('output: write EPIPE');
    expect(await read(scene, 'b.txt')).toContain('✔ policy met');
  });

  it('writes the others where one fails, and says so', async () => {
    const scene = await open();
    const argv = ['--report', 'json=/dev/full', '--report', 'text=b.txt'];
    const run = await runMain(scene, [...scene.options, ...argv]);
    expect(run.exitCode).toBe(70);
    expect(run.stderr).toContain('/dev/full: no space left');
    expect(await read(scene, 'b.txt')).toContain('✔ policy met');
  });

  it.each<[string, readonly string[], RegExp]>([
    ['no form', ['--report', 'a.json'], /--report: expected FORMAT=FILE/],
    ['no file', ['--report', 'json='], /--report: expected FORMAT=FILE/],
    ['no form before =', ['--report', '=x'], /--report: expected FORMAT=FILE/],
    [
      'an unknown form',
      ['--report', 'xml=a.xml'],
      /--report: expected text.*json.*found xml/,
    ],
    [
      'a folder that is not there',
      ['--report', 'json=missing/a.json'],
      /--report json .*missing\/a\.json: no such file or folder/,
    ],
    [
      'two reports in one file',
      ['--report', 'json=a', '--report', 'text=./a'],
      /--report json and --report text: two reports in one file/,
    ],
    [
      'a report where --output goes',
      ['--output', 'a', '--report', 'text=a'],
      /--output and --report text: two reports in one file/,
    ],
  ])('refuses %s before any work', async (_what, argv, message) => {
    const scene = await open();
    const run = await runMain(scene, [...scene.options, ...argv]);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(message);
    expect(scene.registry.requests).toEqual([]);
  });

  it('knows no other forms of show', async () => {
    const scene = await open();
    const argv = ['show', '@acme/widget', ...scene.options];
    const format = FORMATS.find(({ name }) => name === 'sarif')?.name ?? 'xml';
    const run = await runMain(scene, [...argv, '--format', format]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('--format: expected text or json, found');
    await runMain(scene, [...argv, '--report', 'json=show.json']);
    expect(JSON.parse(await read(scene, 'show.json'))).toMatchObject({
      packages: [{ name: '@acme/widget' }],
    });
  });
});

describe('a link', () => {
  it('within the project is written through', async () => {
    const scene = await open();
    await mkdir(join(scene.project, 'out'));
    await writeFile(join(scene.project, 'out', 'target.json'), 'old');
    await symlink('out/target.json', join(scene.project, 'report.json'));
    const argv = [...scene.options, '--output', 'report.json'];
    expect((await runMain(scene, argv)).exitCode).toBe(0);
    expect(JSON.parse(await read(scene, 'out/target.json'))).toMatchObject({
      result: 'pass',
    });
    expect(await readlink(join(scene.project, 'report.json'))).toBe(
      'out/target.json',
    );
  });

  it.each(['file', 'folder'])(
    'to a %s outside of the project is refused',
    async (kind) => {
      const scene = await open();
      const outside = join(scene.folder, 'outside');
      await mkdir(outside);
      const victim = join(outside, 'report.json');
      await writeFile(victim, 'precious');
      await symlink(
        kind === 'file' ? victim : outside,
        join(scene.project, 'link'),
      );
      const path = kind === 'file' ? 'link' : 'link/report.json';
      for (const option of ['--output', '--report']) {
        const value = option === '--report' ? `json=${path}` : path;
        const run = await runMain(scene, [...scene.options, option, value]);
        expect(run).toMatchObject({ exitCode: 2, stdout: '' });
        expect(run.stderr).toContain('a link in the project leads out of it');
      }
      expect(await readFile(victim, 'utf8')).toBe('precious');
    },
  );

  it('counts from the root of the checkout, not from its sub-folder', async () => {
    const scene = await open();
    const outside = join(scene.folder, 'outside');
    await mkdir(outside);
    await mkdir(join(scene.folder, '.git'));
    // Out of the project, but within the checkout around it.
    await symlink(outside, join(scene.project, 'link'));
    const argv = [...scene.options, '--output', 'link/report.json'];
    expect((await runMain(scene, argv)).exitCode).toBe(0);
    expect(await readdir(outside)).toEqual(['report.json']);
  });

  it('that the user names outside of the project is theirs', async () => {
    const scene = await open();
    const outside = join(scene.folder, 'outside');
    await mkdir(outside);
    await symlink(outside, join(scene.folder, 'link'));
    const path = join(scene.folder, 'link', 'report.json');
    const argv = [...scene.options, '--output', path];
    expect((await runMain(scene, argv)).exitCode).toBe(0);
    expect(await readdir(outside)).toEqual(['report.json']);
  });
});
