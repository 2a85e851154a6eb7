import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { afterAll, describe, expect, it } from 'vitest';
import { RULES } from '../../src/policy/rules/index.js';
import type { RulesReport } from '../../src/report/rules-report.js';
import { closed, compile, readSchema, undescribed } from '../report/schemas.js';
import { runMain, type Run } from './scene.js';

const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-rules-'));
await mkdir(join(folder, 'home'));
afterAll(() => rm(folder, { recursive: true, force: true }));

function rules(...argv: readonly string[]): Promise<Run> {
  return runMain({ folder, project: folder }, ['rules', ...argv]);
}

/** The same on a terminal of `columns`. */
async function rulesOn(columns: number, ...argv: readonly string[]) {
  let text = '';
  await runMain({ folder, project: folder }, ['rules', ...argv], {
    stdout: {
      columns,
      write: (part, done) => {
        text += part;
        done?.();
        return true;
      },
    },
  });
  return text;
}

describe('rules', () => {
  it('lists every rule with its level, exit code and title', async () => {
    const { exitCode, stdout, stderr } = await rules();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.split('\n');
    for (const { id, defaultLevel } of RULES) {
      const row = lines.filter((line) => line.startsWith(`${id} `));
      expect(row).toHaveLength(1);
      expect(row[0]).toMatch(new RegExp(`^${id} +${defaultLevel} +[134] `));
    }
    expect(stdout).toMatch(/^evidence-rejected +error +4 +Evidence is forged/m);
    expect(stdout).toMatch(/^provenance-missing +off +1 +The package has no/m);
  });

  it.each([40, 60, 80, 120])('keeps to %i columns', async (columns) => {
    const text = await rulesOn(columns);
    expect(text.split('\n').filter((line) => line.length > columns)).toEqual(
      [],
    );
    const one = await rulesOn(columns, 'exemption-unused');
    expect(one.split('\n').filter((line) => line.length > columns)).toEqual([]);
  });

  it('tells everything about one', async () => {
    const { exitCode, stdout } = await rules('source-not-allowed');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^source-not-allowed {2}error, exit code 1\nBuilt /);
    for (const text of [
      'meaning   The package has verified provenance',
      'do        Find out whether the project has moved',
      'example   the source repository is not one',
      'excused   by an exemption',
      "            packages:\n              '@acme/*':\n",
    ]) {
      expect(stdout).toContain(text);
    }
    expect(stdout).not.toContain('builder-not-allowed');
  });

  it.each([
    ['evidence-rejected', 'only by an acknowledgement'],
    ['exemption-expired', 'by nothing but its level'],
    ['provenance-missing', 'by an exemption'],
  ])('says what excuses %s', async (id, text) => {
    expect((await rules(id)).stdout).toContain(`excused   ${text}`);
  });

  it('writes JSON that its schema describes, of all and of one', async () => {
    const schema = await readSchema('rules.schema.json');
    const validate = compile(closed(schema));
    const all = JSON.parse((await rules('--json')).stdout) as RulesReport;
    const one = JSON.parse(
      (await rules('--json', 'event-denied')).stdout,
    ) as RulesReport;
    for (const report of [all, one]) {
      validate(report);
      expect(validate.errors).toBeNull();
    }
    expect(all.rules.map(({ id }) => id)).toEqual(RULES.map(({ id }) => id));
    expect(one.rules.map(({ id }) => id)).toEqual(['event-denied']);
    expect(undescribed(schema)).toEqual([]);
  });

  it('writes a file beside the text', async () => {
    const { stdout } = await rules('--report', 'json=rules.json');
    const text = await readFile(join(folder, 'rules.json'), 'utf8');
    expect(JSON.parse(text)).toHaveProperty('rules');
    expect(stdout).toMatch(/^rule /);
  });

  it.each([
    [['source-not-alowed'], 'did you mean source-not-allowed?'],
    [['Coverage-Below'], 'did you mean coverage-below?'],
    [['express'], 'provenance-audit rules lists all'],
    [['coverage-below', 'event-denied'], 'expected one id'],
    [['--format', 'sarif'], 'expected text, json or markdown, found sarif'],
    [['--quiet'], 'unknown option --quiet'],
  ])('%j ends with 2 and what there is', async (argv, message) => {
    const { exitCode, stdout, stderr } = await rules(...argv);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('docs/rules.md', () => {
  it('is what the catalogue says: npm run docs writes it', async () => {
    const { stdout } = await rules('--format', 'markdown');
    const text = await readFile(
      new URL('../../docs/rules.md', import.meta.url),
      'utf8',
    );
    expect(text).toBe(
      await format(stdout, { parser: 'markdown', singleQuote: true }),
    );
  });
});
