import { describe, expect, it } from 'vitest';
import {
  buildRecursiveReport,
  type RecursiveInput,
} from '../../src/report/build-recursive-report.js';
import { toLeftOut } from '../../src/policy/left-out.js';
import { buildReport } from '../../src/report/build-report.js';
import { renderRecursiveText } from '../../src/report/render-recursive-text.js';
import type { RecursiveReport } from '../../src/report/recursive-report.js';
import type { Report } from '../../src/report/report.js';
import {
  outOfScope,
  rejected,
  sampleDependency,
  sampleInput,
  signed,
  tamperedFinding,
  unavailable,
  verified,
} from './sample-report.js';
import { closed, compile, readSchema, undescribed } from './schemas.js';

type Project = RecursiveInput['projects'][number];

function build(...projects: readonly Project[]): RecursiveReport {
  return buildRecursiveReport({
    tool: { name: 'provenance-audit', version: '0.1.0', verifier: 'x 1' },
    auditedAt: new Date('2026-11-22T10:00:00Z'),
    projects,
    ignored: ['old/yarn.lock'],
    durations: { total: 100 },
  });
}

function project(path: string, report: Report): Project {
  return { path, report, error: null };
}

function broken(code = 'LOCKFILE_INVALID', path = 'broken'): Project {
  const message = 'yarn.lock: \u{1b}[31m not supported yet';
  return { path, report: null, error: { code, message } };
}

const shared = sampleDependency('shared', '1.0.0', { production: false });
const bad = rejected(sampleDependency('bad'));
const honest = buildReport(
  sampleInput([verified(shared), signed(sampleDependency('a'))], []),
);
const tampered = buildReport(
  sampleInput(
    [verified({ ...shared, production: true, direct: true }), bad],
    [tamperedFinding(bad)],
  ),
);
const withResult = (exitCode: Report['exitCode']): Report => ({
  ...honest,
  exitCode,
});

describe('the report on several projects', () => {
  it.each<[string, readonly Project[], string, number]>([
    ['all pass', [project('a', honest)], 'pass', 0],
    [
      'one is incomplete',
      [project('a', honest), project('b', withResult(3))],
      'incomplete',
      3,
    ],
    [
      'one violates the policy',
      [project('a', withResult(1)), project('b', withResult(3))],
      'violated',
      1,
    ],
    ['one is unusable', [project('a', withResult(1)), broken()], 'unusable', 2],
    [
      'evidence is rejected',
      [broken(), project('b', tampered), project('c', withResult(1))],
      'tampered',
      4,
    ],
    [
      'there was no trust root',
      [project('a', honest), broken('TRUST_ROOT_UNAVAILABLE')],
      'incomplete',
      3,
    ],
    ['there is none', [], 'unusable', 2],
  ])('has the gravest result: %s', (_what, projects, result, exitCode) => {
    expect(build(...projects)).toMatchObject({ result, exitCode });
    expect(build(...projects.toReversed())).toEqual(build(...projects));
  });

  it('counts each distinct package once', () => {
    const { summary } = build(project('a', honest), project('b', tampered));
    expect(summary.dependencies).toBe(3);
    expect(summary.verification).toEqual({
      ...{ verified: 1, rejected: 1, unverifiable: 0, none: 1 },
    });
    // Production in one project is production.
    expect(summary.coverage.production.eligible).toBe(3);
    expect(summary.findings).toEqual({ error: 1, warning: 0 });
    expect(summary.failing.tampered).toBe(1);
  });

  it.each([
    ['rejected', rejected, 'rejected'],
    ['not to be had', unavailable, 'none'],
  ] as const)(
    'counts it in the worst of its states: %s',
    (_what, toSubject, verification) => {
      const other = buildReport(sampleInput([toSubject(shared)], []));
      for (const order of [
        [honest, other],
        [other, honest],
      ]) {
        const projects = order.map((one, index) => project(`${index}`, one));
        const { summary } = build(...projects);
        expect(summary.dependencies).toBe(2);
        expect(summary.verification[verification]).toBeGreaterThan(0);
        expect(summary.verification.verified).toBe(0);
      }
    },
  );

  it('takes what one has left out from another', () => {
    const partial = buildReport(sampleInput([toLeftOut(shared)], []));
    const { summary } = build(project('a', partial), project('b', honest));
    expect(summary.outOfScope).toEqual({});
    expect(summary.coverage.all).toMatchObject({ verified: 1, eligible: 2 });
  });

  it('keeps the folders of one project apart from those of another', () => {
    const folder = buildReport(
      sampleInput([outOfScope(sampleDependency('web'), 'workspace')], []),
    );
    const { summary } = build(project('a', folder), project('b', folder));
    expect(summary.outOfScope).toEqual({ workspace: 2 });
  });

  it('is as its schema says', async () => {
    const schema = await readSchema('recursive-report.schema.json');
    const report = await readSchema('report.schema.json');
    const validate = compile(closed(schema), [closed(report)]);
    const all = build(project('a', honest), project('b', tampered), broken());
    validate(JSON.parse(JSON.stringify(all)));
    expect(validate.errors).toBeNull();
    expect(validate(JSON.parse(JSON.stringify({ ...all, more: 1 })))).toBe(
      false,
    );
    expect(undescribed(schema)).toEqual([]);
  });
});

describe('its text', () => {
  const LOOK = { width: 80, color: false, verbose: false, quiet: false };
  const all = build(project('', honest), project('b', tampered), broken());

  it('looks as in the file', async () => {
    await expect(renderRecursiveText(all, LOOK)).toMatchFileSnapshot(
      '__snapshots__/recursive-80.txt',
    );
  });

  it('tells of each project, those that do not pass in full', () => {
    const text = renderRecursiveText(all, LOOK);
    expect(text).toContain('✔ ., package-lock.json: 2 packages, policy met');
    expect(text).toContain(
      '✖ b, package-lock.json: 2 packages, evidence rejected',
    );
    expect(text).toContain('✖ broken: not audited: yarn.lock: \\u{1b}[31m');
    expect(text).toContain('evidence-rejected');
    expect(text.match(/policy met/g)).toHaveLength(1);
    expect(renderRecursiveText(all, { ...LOOK, verbose: true })).toMatch(
      /policy met[^]*policy met/,
    );
  });

  it('has no total of nothing', () => {
    expect(renderRecursiveText(build(broken()), LOOK)).not.toContain('total');
  });

  it('is short with --quiet, but has every error', () => {
    const text = renderRecursiveText(all, { ...LOOK, quiet: true });
    expect(text.split('\n')[0]).toMatch(/^✔ \., /);
    expect(text).toContain('evidence-rejected');
    expect(text).not.toContain('in total');
  });
});
