import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  withTampered,
  type Project,
} from '../../fixtures/projects.js';
import { createScene, isolatedVariables, type Scene } from './scene.js';

/** The program as users start it: built from the sources by `npm test`. */
const BINARY = fileURLToPath(
  new URL('../../bin/provenance-audit.js', import.meta.url),
);
/** Prints the files that were loaded by `require` when the process ends. */
const LIST_MODULES = `data:text/javascript,${encodeURIComponent(
  `import module from 'node:module';
   process.on('exit', () => {
     process.stderr.write(Object.keys(module._cache).join('\\n'));
   });`,
)}`;

const sigstore = await createSigstore();
const widget = publishPackage(sigstore, {
  name: '@acme/widget',
  version: '1.2.3',
});
const honest = projectOf([widget]);
const location = 'node_modules/@acme/widget';

let scene: Scene | null = null;
afterEach(async () => {
  await scene?.close();
  scene = null;
});

interface Ended {
  readonly exitCode: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

async function open(project: Project): Promise<Scene> {
  scene = await createScene(sigstore, project);
  return scene;
}

function spawn(
  { project, folder }: Scene,
  argv: readonly string[],
  node: readonly string[] = [],
): Promise<Ended> {
  const env = { ...isolatedVariables(folder), NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...node, BINARY, ...argv],
      { cwd: project, env },
      (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : error.code, stdout, stderr });
      },
    );
  });
}

function withEntry(change: Record<string, unknown>): Project {
  const entry = { ...honest.entries[location], ...change };
  return { ...honest, entries: { ...honest.entries, [location]: entry } };
}

describe('the binary', () => {
  it.each<[number, string, Project, RegExp]>([
    [0, 'an honest project', honest, /✔ policy met/],
    [
      1,
      'an insecure source',
      withEntry({
        resolved: 'http://registry.example/@acme/widget/-/widget-1.2.3.tgz',
      }),
      /insecure-source/,
    ],
    [3, 'no integrity', withEntry({ integrity: undefined }), /weak-integrity/],
    [
      4,
      'other bytes than were attested',
      withTampered(sigstore, honest, '@acme/widget'),
      /evidence-rejected/,
    ],
  ])('exits with %i for %s', async (code, _what, project, verdict) => {
    const { options, ...rest } = await open(project);
    const ended = await spawn({ options, ...rest }, options);
    expect(ended.exitCode).toBe(code);
    expect(ended.stdout).toMatch(verdict);
    // Only the note on an old Node.js may stand there.
    expect(ended.stderr.replace(/^provenance-audit: Node\.js .*\n/, '')).toBe(
      '',
    );
  });

  it('exits with 2 for an unknown option', async () => {
    const ended = await spawn(await open(honest), ['--nope']);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toBe(
      'provenance-audit: unknown option --nope (see --help)\n',
    );
  });
});

describe.skipIf(process.platform === 'win32')(
  'F13: the binary with few file descriptors',
  () => {
    const many = projectOf(
      Array.from({ length: 40 }, (_, index) =>
        publishPackage(
          sigstore,
          { name: `p${index}`, version: '1.0.0' },
          { attest: null },
        ),
      ),
    );

    it('ends the audit of many packages', async () => {
      const { project, folder, options } = await open(many);
      const ended = await new Promise<Ended>((resolve) => {
        const script = 'ulimit -n 64; exec "$@"';
        const argv = ['sh', process.execPath, BINARY, ...options];
        execFile(
          'sh',
          ['-c', script, ...argv],
          { cwd: project, env: isolatedVariables(folder) },
          (error, stdout, stderr) => {
            resolve({ exitCode: error?.code ?? 0, stdout, stderr });
          },
        );
      });
      expect(ended.stderr).not.toContain('EMFILE');
      expect(ended.exitCode).toBe(0);
      expect(ended.stdout).toContain('40 asked');
    });
  },
);

describe('cold start', () => {
  it.each([
    [['--help']],
    [['--version']],
    [['show', '--help']],
    [['trust-root', '--help']],
    [['rules']],
    [['rules', 'evidence-rejected', '--json']],
  ])('%j loads nothing heavy', async (argv) => {
    const ended = await spawn(await open(honest), argv, [
      '--import',
      LIST_MODULES,
    ]);
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).not.toBe('');
    expect(ended.stderr).not.toMatch(/arborist|sigstore|tuf-js|pacote/);
  });

  it('an audit does, so the list is a true one', async () => {
    const { options, ...rest } = await open(honest);
    const ended = await spawn({ options, ...rest }, options, [
      '--import',
      LIST_MODULES,
    ]);
    expect(ended.stderr).toMatch(/arborist/);
    expect(ended.stderr).toMatch(/sigstore/);
  });
});
