import { execFile } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  withTampered,
  writeProject,
  type Project,
} from '../../fixtures/projects.js';
import { createScene, type Scene } from '../cli/scene.js';
import {
  createRunner,
  evaluate,
  installProgram,
  runScript,
  type Runner,
  type Step,
} from './host-steps.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const action = parse(await readFile(join(ROOT, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
};
const gitlab = parse(
  await readFile(join(ROOT, 'templates', 'gitlab-ci.yml'), 'utf8'),
) as {
  readonly 'provenance-audit': {
    readonly variables: Readonly<Record<string, string>>;
    readonly script: readonly [string, string];
    readonly artifacts: {
      readonly paths: readonly string[];
      readonly reports: Readonly<Record<string, string>>;
    };
  };
};

const sigstore = await createSigstore();
const widget = publishPackage(sigstore, {
  name: '@acme/widget',
  version: '1.2.3',
});
const gadget = publishPackage(sigstore, { name: 'gadget', version: '2.0.0' });
const pad = publishPackage(
  sigstore,
  { name: 'left-pad', version: '1.3.0' },
  { attest: null },
);
const honest = projectOf([widget, gadget, pad]);
const STRICT = 'version: 1\nrules: { provenance-missing: error }\n';

let scene: Scene;
let runner: Runner;
/** The project is a folder of the checkout. */
let app: string;

/** Opens a checkout whose `app` is `project`. */
async function open(project: Project): Promise<void> {
  scene = await createScene(sigstore, project);
  app = join(scene.project, 'app');
  await mkdir(app);
  await writeProject(app, project);
  runner = await createRunner(scene.project);
  await installProgram(join(runner.temp, 'provenance-audit'), scene.options);
}
beforeEach(() => open(honest));
afterEach(async () => {
  await runner.close();
  await scene.close();
});

/** Commits everything in the checkout. */
async function commit(): Promise<string> {
  const git = async (...args: readonly string[]): Promise<string> => {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
    const { stdout } = await promisify(execFile)('git', [...who, ...args], {
      cwd: scene.project,
    });
    return stdout.trim();
  };
  await git('init', '-q', '-b', 'main', '.');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'change');
  return git('rev-parse', 'HEAD');
}

/** The step that audits, run as the host would with these inputs. */
async function runAction(given: Readonly<Record<string, string>>) {
  const step = action.runs.steps.find(({ id }) => id === 'audit');
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [
      name,
      given[name] ?? input.default,
    ]),
  );
  const env = Object.fromEntries(
    Object.entries(step?.env ?? {}).map(([name, text]) => [
      name,
      evaluate(text, inputs, runner.temp),
    ]),
  );
  const ended = await runScript(step?.run ?? 'exit 99', scene.project, {
    ...runner.variables,
    ...env,
  });
  const written = async (name: string): Promise<string> =>
    readFile(runner.variables[name] ?? '', 'utf8');
  return {
    ...ended,
    outputs: Object.fromEntries(
      [
        ...(await written('GITHUB_OUTPUT')).matchAll(
          /^([a-z-]+)<<(\S+)\n(.*)\n\2$/gm,
        ),
      ].map(([, name = '', , value = '']) => [name, value]),
    ),
    summary: await written('GITHUB_STEP_SUMMARY'),
  };
}

interface Sarif {
  readonly runs: readonly [
    {
      readonly results: readonly {
        readonly ruleId: string;
        readonly locations: readonly {
          readonly physicalLocation: {
            readonly artifactLocation: { readonly uri: string };
          };
        }[];
      }[];
    },
  ];
}

/** What the step that uploads takes, from where it looks for it. */
async function readUploaded(): Promise<Sarif> {
  const upload = action.runs.steps.find(
    ({ with: given }) => given?.['sarif_file'],
  );
  const path = evaluate(upload?.with?.['sarif_file'] ?? '', {}, runner.temp);
  return JSON.parse(await readFile(path, 'utf8')) as Sarif;
}

describe('the GitHub Action with the program itself', () => {
  it('lets an honest project pass, with summary, outputs and reports', async () => {
    const ended = await runAction({
      directory: 'app',
      sarif: 'true',
      reports: 'html=audit page.html\njson=audit.json',
    });
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('✔ policy met');
    expect(ended.summary).toContain('policy met');
    expect(ended.outputs).toEqual({
      ...{ result: 'pass', 'exit-code': '0' },
      ...{ verified: '2', eligible: '3', errors: '0', warnings: '0' },
    });
    expect(Object.keys(action.outputs)).toEqual(Object.keys(ended.outputs));
    for (const [name, { value }] of Object.entries(action.outputs)) {
      expect(value).toBe(`\${{ steps.audit.outputs.${name} }}`);
    }
    const json = await readFile(join(scene.project, 'audit.json'), 'utf8');
    expect(JSON.parse(json)).toMatchObject({ result: 'pass' });
    await access(join(scene.project, 'audit page.html'));
    expect((await readUploaded()).runs[0].results).toEqual([]);
  });

  it('stops at a tampered package, at its line in the checkout', async () => {
    await runner.close();
    await scene.close();
    await open(withTampered(sigstore, honest, '@acme/widget'));
    await commit();
    const ended = await runAction({ directory: 'app', sarif: 'true' });
    expect(ended.exitCode).toBe(4);
    expect(ended.stderr).toMatch(
      /^::error file=app\/package-lock\.json,line=\d+,col=\d+,title=provenance-audit%3A evidence-rejected::/m,
    );
    expect(ended.outputs).toMatchObject({ result: 'tampered', errors: '1' });
    expect(ended.summary).toContain('evidence-rejected');
    const [result] = (await readUploaded()).runs[0].results;
    expect(result?.ruleId).toBe('evidence-rejected');
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      'app/package-lock.json',
    );
  });

  it('takes a policy from a file of the checkout', async () => {
    await writeFile(join(scene.project, 'strict policy.yaml'), STRICT);
    const ended = await runAction({
      directory: 'app',
      policy: 'strict policy.yaml',
    });
    expect(ended.exitCode).toBe(1);
    expect(ended.outputs).toMatchObject({ result: 'violated', errors: '1' });
    expect(ended.stderr).toContain('provenance-missing');
  });

  it('takes the policy from a commit, so that a pull request cannot weaken it', async () => {
    await writeFile(join(app, 'provenance-audit.yaml'), STRICT);
    const base = await commit();
    await writeFile(join(app, 'provenance-audit.yaml'), 'version: 1\n');
    const inputs = { directory: 'app', 'policy-from': base };
    const ended = await runAction(inputs);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('provenance-missing');
    expect(ended.stderr).toContain('policy-weakened');
    expect((await runAction({ directory: 'app' })).exitCode).toBe(0);
  });

  it('audits only what a pull request changes', async () => {
    await writeProject(app, projectOf([widget, pad]));
    const base = await commit();
    await writeProject(app, honest);
    const inputs = { directory: 'app', 'changed-since': base };
    const ended = await runAction(inputs);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.outputs).toMatchObject({ verified: '1', eligible: '1' });
    const asked = scene.registry.requests.map(({ path }) => path).join('\n');
    expect(asked).toContain('gadget');
    expect(asked).not.toContain('widget');
  });

  it('takes the lockfile that is named, where there are two', async () => {
    await writeFile(join(app, 'yarn.lock'), '# yarn lockfile v1\n');
    const inputs = { directory: 'app', lockfile: 'package-lock.json' };
    expect((await runAction({ directory: 'app' })).exitCode).toBe(2);
    expect((await runAction(inputs)).exitCode).toBe(0);
  });

  it('says what cannot be used, and leaves no outputs behind', async () => {
    const ended = await runAction({ directory: 'app', policy: 'none.yaml' });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(/^provenance-audit: .*none\.yaml/m);
    expect(ended.outputs).toEqual({});
    await expect(readUploaded()).rejects.toThrow('ENOENT');
  });

  it('uploads findings also where the audit failed', () => {
    const upload = action.runs.steps.at(-1);
    expect(upload?.if).toBe("always() && inputs.sarif == 'true'");
  });
});

describe('the GitLab template with the program itself', () => {
  async function runJob(variables: Readonly<Record<string, string>> = {}) {
    const job = gitlab['provenance-audit'];
    const [, audit] = job.script;
    const { PATH, HOME, XDG_CACHE_HOME } = runner.variables;
    // The image is the job's own, and so is its /tmp.
    const script = audit.replaceAll('/tmp/', `${runner.temp}/`);
    const ended = await runScript(script, app, {
      ...{ PATH: PATH ?? '', HOME: HOME ?? '' },
      XDG_CACHE_HOME: XDG_CACHE_HOME ?? '',
      ...{ CI: 'true', GITLAB_CI: 'true', CI_PROJECT_DIR: app },
      ...job.variables,
      ...variables,
    });
    const texts = await Promise.all(
      job.artifacts.paths.map((path) => readFile(join(app, path), 'utf8')),
    );
    return { ...ended, texts };
  }

  it('passes, and leaves the reports that it names', async () => {
    const { exitCode, stdout, stderr, texts } = await runJob();
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('✔ policy met');
    expect(stderr).not.toContain('::');
    const [junit = '', quality = ''] = texts;
    expect(junit).toContain('<testsuites');
    expect(JSON.parse(quality)).toEqual([]);
    const { reports, paths } = gitlab['provenance-audit'].artifacts;
    expect(Object.values(reports)).toEqual(paths);
  });

  it('takes options from its variable, and fails with the program', async () => {
    await writeFile(join(app, 'strict.yaml'), STRICT);
    const { exitCode, texts } = await runJob({
      PROVENANCE_AUDIT_OPTIONS: '--policy strict.yaml --omit dev',
    });
    expect(exitCode).toBe(1);
    expect(texts[0]).toContain('<failure');
    expect(JSON.parse(texts[1] ?? '')).toMatchObject([
      {
        check_name: 'provenance-missing',
        location: { path: 'package-lock.json' },
      },
    ]);
  });

  it('installs outside of the checkout, and comes back to it', () => {
    const [install] = gitlab['provenance-audit'].script;
    expect(install).toMatch(
      /^cd \/tmp && npm install --prefix \/tmp\/provenance-audit --ignore-scripts "provenance-audit@\$PROVENANCE_AUDIT_VERSION" && cd "\$CI_PROJECT_DIR"$/,
    );
  });
});
