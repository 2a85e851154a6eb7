import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { createScene, isolatedVariables, type Scene } from '../cli/scene.js';
import { codeBlocks, readPages } from './markdown.js';
import {
  compile,
  createSandbox,
  writeSource,
  type Sandbox,
} from './sources.js';

const run = promisify(execFile);

/** A file of the page, with what it says that the file prints. */
interface Example {
  readonly file: string;
  readonly code: string;
  readonly output: string | null;
}

const page = (await readPages()).find(({ path }) => path === 'docs/api.md');
const blocks = page === undefined ? [] : codeBlocks(page);
const examples = blocks.flatMap(({ language, code }, index): Example[] => {
  const [, file] = /^\/\/ (\S+)\n/.exec(code) ?? [];
  if (language !== 'ts' || file === undefined) return [];
  const next = blocks[index + 1];
  const output = next?.language === 'text' ? next.code : null;
  return [{ file, code, output }];
});

let scene: Scene;
let sandbox: Sandbox;
beforeAll(async () => {
  const sigstore = await createSigstore();
  const widget = { name: '@acme/widget', version: '1.2.3' };
  const pad = { name: 'left-pad', version: '1.3.0' };
  scene = await createScene(
    sigstore,
    projectOf([
      publishPackage(sigstore, widget),
      publishPackage(sigstore, pad, { attest: null }),
    ]),
  );
  sandbox = await createSandbox();
  for (const { file, code } of examples) {
    await writeSource(sandbox.folder, file, code);
  }
});
afterAll(async () => {
  await scene.close();
  await sandbox.close();
});

describe('the examples of docs/api.md', () => {
  it('are files of one folder, and no other TypeScript', () => {
    const all = blocks.filter(({ language }) => language === 'ts');
    expect(examples).toHaveLength(all.length);
    expect(examples.length).toBeGreaterThan(6);
    expect(examples.filter(({ output }) => output !== null)).toHaveLength(6);
  });

  it('compile as strictly as the program', () => {
    const files = examples.map(({ file }) => file);
    const { folder } = sandbox;
    expect(compile(folder, files, join(folder, 'dist'))).toEqual([]);
  }, 120_000);

  it.each(examples)('$file does what the page says', async (example) => {
    const file = join(sandbox.folder, 'dist', example.file);
    const { stdout, stderr } = await run(
      process.execPath,
      [file.replace(/\.ts$/, '.js')],
      {
        cwd: scene.project,
        env: {
          ...isolatedVariables(scene.folder),
          npm_config_registry: scene.registry.url,
          NO_PROXY: '127.0.0.1',
        },
      },
    );
    expect(stderr).toBe('');
    if (example.output !== null) expect(stdout).toBe(example.output);
  });
});
