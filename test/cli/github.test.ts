import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  withTampered,
} from '../../fixtures/projects.js';
import { renderAnnotations, renderOutputs } from '../../src/report/github.js';
import { hostileReport, manyFindings } from '../report/hostile-report.js';
import { HOSTILE_NAME, sampleReport } from '../report/sample-report.js';
import {
  createScene,
  isolatedVariables,
  runMain,
  type Scene,
} from './scene.js';

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
  const honest = projectOf([widget]);
  const tampered = withTampered(sigstore, honest, '@acme/widget');
  const scene = await createScene(sigstore, tampered);
  scenes.push(scene);
  return scene;
}

/** Variables as the runner sets them, with files that say `before`. */
async function runnerVariables(scene: Scene, before = 'before\n') {
  const summary = join(scene.folder, 'summary.md');
  const output = join(scene.folder, 'output');
  await writeFile(summary, before);
  await writeFile(output, 'earlier=1\n');
  return {
    ...isolatedVariables(scene.folder),
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_OUTPUT: output,
  };
}

describe('within GitHub Actions', () => {
  it('annotates, summarizes and sets outputs', async () => {
    const scene = await open();
    const env = await runnerVariables(scene);
    const argv = [...scene.options, '--json'];
    const run = await runMain(scene, argv, { env });
    expect(run.exitCode).toBe(4);
    expect(JSON.parse(run.stdout)).toMatchObject({ result: 'tampered' });
    expect(run.stderr).toMatch(
      /^::error file=package-lock\.json,line=\d+,col=5,title=provenance-audit%3A evidence-rejected::@acme\/widget@1\.2\.3: /m,
    );
    const summary = await readFile(env.GITHUB_STEP_SUMMARY, 'utf8');
    expect(summary).toMatch(/^before\n## ✖ evidence rejected for 1 package/);
    const output = await readFile(env.GITHUB_OUTPUT, 'utf8');
    expect(output).toMatch(
      /^earlier=1\nresult<<(provenance-audit-[\da-f-]{36})\ntampered\n\1\nexit-code<<\1\n4\n\1\n/,
    );
  });

  it('uses another delimiter each time', async () => {
    const scene = await open();
    const delimiters = new Set<string>();
    for (let run = 0; run < 2; run += 1) {
      const env = await runnerVariables(scene);
      await runMain(scene, scene.options, { env });
      const output = await readFile(env.GITHUB_OUTPUT, 'utf8');
      delimiters.add(/result<<(\S+)/.exec(output)?.[1] ?? '');
    }
    expect(delimiters.size).toBe(2);
  });

  it('says what it cannot tell, and ends as ever', async () => {
    const scene = await open();
    const env = {
      ...(await runnerVariables(scene, 'x'.repeat(1024 * 1024 - 100))),
      GITHUB_OUTPUT: join(scene.folder, 'missing'),
    };
    const run = await runMain(scene, scene.options, { env });
    expect(run.exitCode).toBe(4);
    expect(run.stderr).toContain('GITHUB_OUTPUT: no such file or folder');
    expect(run.stderr).toContain('no room for a summary');
    const summary = await readFile(env.GITHUB_STEP_SUMMARY, 'utf8');
    expect(summary).toMatch(/^x+$/);
  });

  it.each([undefined, '', 'false', '1'])(
    'is not where GITHUB_ACTIONS is %j',
    async (value) => {
      const scene = await open();
      const env = { ...(await runnerVariables(scene)), GITHUB_ACTIONS: value };
      const run = await runMain(scene, scene.options, { env });
      expect(run.stderr).not.toContain('::');
      expect(await readFile(env.GITHUB_STEP_SUMMARY, 'utf8')).toBe('before\n');
      expect(await readFile(env.GITHUB_OUTPUT, 'utf8')).toBe('earlier=1\n');
    },
  );
});

describe('annotations', () => {
  it('are one command per line, whatever the text', () => {
    const text = renderAnnotations(
      hostileReport(`${HOSTILE_NAME}%0A::error::x\r\n::add-mask::,line=1::`),
      'a,line=9::b\n::x.json',
    );
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      expect(line).toMatch(
        /^::(?:error|warning) file=a%2Cline=9%3A%3Ab\\u\{a\}%3A%3Ax\.json,line=\d+,col=5,title=provenance-audit%3A [a-z-]+::/,
      );
      expect(line).not.toMatch(/%(?!25|3A|2C)|##\[|[^\P{C}]/u);
    }
  });

  it('are ten of each kind, and a notice counts the others', () => {
    const lines = renderAnnotations(manyFindings(100), 'package-lock.json')
      .trimEnd()
      .split('\n');
    const count = (kind: string): number =>
      lines.filter((line) => line.startsWith(`::${kind} `)).length;
    expect([count('error'), count('warning'), count('notice')]).toEqual([
      10, 10, 1,
    ]);
    expect(lines.at(-1)).toContain('80 further findings');
  });

  it('leave out what is exempted', () => {
    const report = sampleReport();
    const findings = report.findings.map((one) => ({ ...one, exempted: 'x' }));
    expect(renderAnnotations({ ...report, findings }, 'x')).toBe('');
  });
});

it('outputs are all between delimiters', () => {
  const lines = renderOutputs(sampleReport(), 'END').trimEnd().split('\n');
  expect(lines).toHaveLength(18);
  for (const [index, line] of lines.entries()) {
    if (index % 3 === 0) expect(line).toMatch(/^[a-z-]+<<END$/);
    if (index % 3 === 1) expect(line).toMatch(/^[a-z\d]+$/);
    if (index % 3 === 2) expect(line).toBe('END');
  }
});
