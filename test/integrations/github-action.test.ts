import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { OPTIONS } from '../../src/cli/option-table.js';
import { FORMATS } from '../../src/report/formats/index.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): Promise<string> =>
  readFile(join(ROOT, path), 'utf8');

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const text = await read('action.yml');
const action = parse(text) as Action;
const gitlab = await read('templates/gitlab-ci.yml');
const release = await read('.github/workflows/release.yml');

const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-action-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
/** Takes the program's place: says how it was called, and where. */
const STUB = join(folder, 'stub.mjs');
await writeFile(
  STUB,
  'console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)])); process.exitCode = 4;',
);

function runAudit(inputs: Readonly<Record<string, string>>) {
  const { status, stdout } = spawnSync(join(ROOT, 'action', 'audit.sh'), {
    env: {
      PATH: process.env['PATH'],
      PROVENANCE_AUDIT: STUB,
      GITHUB_WORKSPACE: folder,
      ...inputs,
    },
    encoding: 'utf8',
  });
  const [cwd, ...args] = JSON.parse(stdout) as readonly string[];
  return { status, cwd, args };
}

describe('the GitHub Action', () => {
  it('audits the checkout and ends as the program does', () => {
    const { status, cwd, args } = runAudit({});
    expect(status).toBe(4);
    expect(cwd).toBe(
      execFileSync('pwd', ['-P'], { cwd: folder, encoding: 'utf8' }).trim(),
    );
    expect(args).toEqual(['--', '.']);
  });

  it('hands every input on, whatever is in it', () => {
    const { args } = runAudit({
      INPUT_DIRECTORY: '--version',
      INPUT_POLICY: 'a b.yaml',
      INPUT_POLICY_FROM: 'origin/main',
      INPUT_CHANGED_SINCE: '$(touch owned)',
      INPUT_LOCKFILE: 'x; exit 0',
      INPUT_REPORTS: 'html=a b.html\n\nsarif=$HOME.sarif\n',
    });
    expect(args).toEqual([
      ...['--policy', 'a b.yaml', '--policy-from', 'origin/main'],
      ...['--changed-since', '$(touch owned)', '--lockfile', 'x; exit 0'],
      ...['--report', 'html=a b.html', '--report', 'sarif=$HOME.sarif'],
      ...['--', '--version'],
    ]);
  });

  it('passes inputs as variables, never as a part of a script', () => {
    for (const { run = '' } of action.runs.steps) {
      expect(run).not.toContain('${{');
    }
  });

  it('knows every input that it uses, and uses every one', () => {
    const used = [...text.matchAll(/inputs\.([a-z-]+)/g)].map(
      ([, name]) => name,
    );
    expect(new Set(used)).toEqual(new Set(Object.keys(action.inputs)));
  });

  it('runs the version of this checkout by default', async () => {
    const { version } = JSON.parse(await read('package.json')) as {
      readonly version: string;
    };
    expect(action.inputs['version']?.default).toBe(version);
    expect(gitlab).toContain(`PROVENANCE_AUDIT_VERSION: ${version}`);
  });
});

describe.each([
  ['action.yml', text],
  ['the release workflow', release],
])('%s', (_what, workflow) => {
  it('pins every action to a commit', () => {
    const uses = [...workflow.matchAll(/uses: (\S+)/g)].map(([, name]) => name);
    expect(uses.length).toBeGreaterThan(0);
    for (const name of uses) expect(name).toMatch(/@[0-9a-f]{40}$/);
  });
});

it('the templates use options and formats that there are', async () => {
  const all = `${gitlab}\n${await read('action/audit.sh')}`;
  const own = all.replace(/npm install [^&\n]*/g, '');
  const options = [...own.matchAll(/--([a-z][a-z-]+)/g)].map(
    ([, name]) => name,
  );
  for (const name of options) expect(Object.keys(OPTIONS)).toContain(name);
  const formats = [...gitlab.matchAll(/--report ([a-z-]+)=/g)].map(
    ([, name]) => name,
  );
  expect(formats).toEqual(['junit', 'code-quality']);
  const known = FORMATS.map(({ name }) => name);
  for (const name of formats) expect(known).toContain(name);
});
