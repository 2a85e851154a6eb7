import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { run, type Ended } from '../packaging/shell.js';

const PROGRAM = fileURLToPath(
  new URL('../../bin/provenance-audit.js', import.meta.url),
);

/** A step of a composite action, as far as it is run here. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

/** A job's machine: the folders and files that a code host provides. */
export interface Runner {
  readonly temp: string;
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A runner whose checkout is `workspace`, with nothing of this machine but PATH. */
export async function createRunner(workspace: string): Promise<Runner> {
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-runner-'));
  const [temp, home] = [join(folder, 'temp'), join(folder, 'home')];
  await mkdir(temp);
  await mkdir(home);
  const files = ['GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT', 'GITHUB_ENV'];
  const paths = files.map((name) => [name, join(folder, name)] as const);
  for (const [, path] of paths) await writeFile(path, '');
  return {
    temp,
    variables: {
      ...Object.fromEntries(paths),
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      XDG_CACHE_HOME: join(folder, 'cache'),
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_ACTION_PATH: dirname(dirname(PROGRAM)),
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/app',
      GITHUB_REF: 'refs/pull/1/merge',
      GITHUB_EVENT_NAME: 'pull_request',
      RUNNER_OS: 'Linux',
      RUNNER_TEMP: temp,
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Puts the built program where an installation would, with `options` that name a
 * private Sigstore added to every call: hosts have no place for them.
 */
export async function installProgram(
  prefix: string,
  options: readonly string[],
): Promise<void> {
  const bin = join(prefix, 'node_modules', 'provenance-audit', 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(
    join(bin, 'provenance-audit.js'),
    `process.argv.splice(2, 0, ...${JSON.stringify(options)});\n` +
      `import(${JSON.stringify(pathToFileURL(PROGRAM).href)});\n`,
  );
}

/** Evaluates what `${{ … }}` says, of the few forms that are known here. */
export function evaluate(
  text: string,
  inputs: Readonly<Record<string, string>>,
  temp: string,
): string {
  const value = (name: string): string => {
    const found = inputs[name];
    if (found === undefined) throw new Error(`no input ${name}`);
    return found;
  };
  return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_all, expression: string) => {
    if (expression === 'runner.temp') return temp;
    const [, input] = /^inputs\.([a-z-]+)$/.exec(expression) ?? [];
    if (input !== undefined) return value(input);
    const [, asked, pattern] =
      /^inputs\.([a-z-]+) == 'true' && format\('([^']+)', runner\.temp\) \|\| ''$/.exec(
        expression,
      ) ?? [];
    if (asked === undefined || pattern === undefined) {
      throw new Error(`unknown expression: ${expression}`);
    }
    return value(asked) === 'true' ? pattern.replace('{0}', temp) : '';
  });
}

/** Runs a script as hosts do: by bash that ends at the first failure. */
export function runScript(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const bash = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c'];
  return run([...bash, script], { cwd, env });
}
