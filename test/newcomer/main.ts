import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectOf, writeProject } from '../../fixtures/projects.js';
import type { RegistryPackage } from '../../fixtures/registry-documents.js';
import type { Ended } from '../packaging/shell.js';
import { beginJourney, type Journey } from './journey.js';
import { command } from './readme.js';

const POLICY = 'provenance-audit.yaml';

/**
 * Does what the README says, in its order and in its words, as somebody would who
 * knows nothing else: see it work, install it, the CI recipe, a first policy, a
 * finding, an exemption, the fix. Only the options that name a private Sigstore are
 * added. Throws at the first thing that goes otherwise than it says.
 */
export async function main(say: (line: string) => void): Promise<void> {
  const journey = await beginJourney();
  try {
    await seeItWork(journey);
    say('the demo prints what the README shows');
    await journey.publishClone();
    await startProject(journey);
    await followRecipe(journey);
    say('the CI recipe runs from the packed tarball, and lets npm install');
    await install(journey);
    say('installed as the README says');
    await writeFirstPolicy(journey);
    say('first policy, first finding, exemption, fix');
  } finally {
    await journey.close();
  }
}

async function seeItWork({ readme, clone, type }: Journey): Promise<void> {
  const demo = command(readme, 'npm ci && npm run demo');
  expectPicture(expectEnd(await type(demo, clone), 0), readme.pictures[0]);
  const tampered = command(readme, 'npm run demo -- --tampered');
  expectPicture(expectEnd(await type(tampered, clone), 4), readme.pictures[1]);
}

/** A project in a git repository, pushed to a remote as every CI has one. */
async function startProject(journey: Journey): Promise<void> {
  const { project, packages, type } = journey;
  await mkdir(project);
  await lock(journey, packages.pad);
  const git =
    'git init -q -b main . && git init -q --bare ../remote && git remote add origin ../remote';
  expectEnd(await type(git, project), 0);
  await push(journey);
}

async function push({ project, type }: Journey): Promise<void> {
  const who = '-c user.name=somebody -c user.email=somebody@example.com';
  expectEnd(
    await type(
      `git add -A && git ${who} commit -q -m change && git push -q origin main`,
      project,
    ),
    0,
  );
}

async function lock(
  { project, packages: { widget, gadget } }: Journey,
  pad: RegistryPackage,
): Promise<void> {
  await writeProject(project, projectOf([widget, gadget, pad]));
}

async function followRecipe(journey: Journey): Promise<void> {
  const { readme, project, trust, type } = journey;
  for (const step of readme.recipe) {
    const isAudit = step.run.includes('--policy-from');
    const line = isAudit ? `${step.run} ${trust}` : step.run;
    const away = step['working-directory'] === '${{ runner.temp }}';
    const cwd = away ? join(project, '..', 'temp') : project;
    expectEnd(await type(line, cwd), 0);
  }
  const sarif = await readFile(join(project, 'audit.sarif'), 'utf8');
  if (!('runs' in (JSON.parse(sarif) as object))) throw new Error(sarif);
  const summary = join(project, '..', 'summary.md');
  expectText(await readFile(summary, 'utf8'), /policy met/);
  await access(join(project, 'node_modules', '@acme', 'widget'));
  await rm(join(project, 'audit.sarif'));
  await rm(join(project, 'node_modules'), { recursive: true });
}

async function install({ readme, project, type }: Journey): Promise<void> {
  const line = readme.commands.find((each) =>
    each.startsWith('npm install --global '),
  );
  if (line === undefined) throw new Error('the README installs nothing');
  expectEnd(await type(line, join(project, '..')), 0);
}

async function writeFirstPolicy(journey: Journey): Promise<void> {
  const { readme, project, packages, trust, type } = journey;
  const audit = command(readme, 'provenance-audit && npm ci').split(' && ')[0];
  const auditNow = (): Promise<Ended> =>
    type(`${audit ?? ''} ${trust}`, project);
  const init = command(readme, 'provenance-audit init');
  expectEnd(await type(`${init} ${trust}`, project), 0);
  await push(journey);
  expectEnd(await auditNow(), 0);
  const [strict = '', exemptions] = readme.policy.split(/^(?=exemptions:)/m);
  if (exemptions === undefined) throw new Error('no exemption in the README');
  await writeFile(join(project, POLICY), strict);
  const finding = expectEnd(await auditNow(), 1);
  expectText(finding, /provenance-missing {2}left-pad@1\.3\.0/);
  await writeFile(join(project, POLICY), readme.policy);
  expectEnd(await auditNow(), 0);
  await writeFile(join(project, POLICY), strict);
  await lock(journey, packages.attestedPad);
  expectEnd(await auditNow(), 0);
}

function expectEnd({ exitCode, stdout, stderr }: Ended, code: number): string {
  if (exitCode === code) return stdout;
  throw new Error(`ended with ${exitCode}, not ${code}:\n${stdout}${stderr}`);
}

/** Every line of the picture stands in the output, in the same order. */
function expectPicture(output: string, picture = '\n'): void {
  const lines = picture.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new Error('the README shows nothing');
  let rest = output;
  for (const line of lines) {
    const at = rest.indexOf(line);
    if (at === -1) throw new Error(`not in the output: ${line}\n${output}`);
    rest = rest.slice(at + line.length);
  }
}

function expectText(text: string, expected: RegExp): void {
  if (expected.test(text)) return;
  throw new Error(`expected ${String(expected)}, found:\n${text}`);
}
