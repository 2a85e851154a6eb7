import { describe, expect, it } from 'vitest';
import type { Exempted, Finding, Subject } from '../../src/policy/verdict.js';
import { buildReport } from '../../src/report/build-report.js';
import { renderJson } from '../../src/report/render-json.js';
import { renderText } from '../../src/report/render-text.js';
import type { Report } from '../../src/report/report.js';
import {
  HOSTILE_NAME,
  rejected,
  sampleDependency,
  sampleInput,
  signed,
  tamperedFinding,
  unsigned,
  unsignedWarning,
  violatedFinding,
} from './sample-report.js';

const EXEMPTION: Exempted = {
  by: 'exemption',
  reason: 'vendored copy reviewed',
  owner: 'security',
  expires: '2027-03-01',
  policyLine: 12,
};
const ACKNOWLEDGED: Exempted = {
  by: 'acknowledged',
  reason: 'compared with the tag',
  owner: null,
  expires: '2027-01-01',
  policyLine: 20,
};

const bad = rejected(sampleDependency('left-widget', '1.4.2'));
const plain = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) =>
  signed(sampleDependency(name)),
);
const exempted = plain.map((subject) => withEntry(violatedFinding(subject)));
const acknowledged = withEntry(tamperedFinding(bad), ACKNOWLEDGED);

function withEntry(
  finding: Finding,
  entry: Exempted | null = EXEMPTION,
): Finding {
  return { ...finding, exempted: entry };
}

function reportOf(
  findings: readonly Finding[],
  subjects: readonly Subject[] = [bad, ...plain],
): Report {
  return buildReport(sampleInput(subjects, findings));
}

function text(
  report: Report,
  change: { readonly quiet?: boolean; readonly verbose?: boolean } = {},
): string {
  return renderText(report, {
    width: 100,
    color: false,
    verbose: false,
    quiet: false,
    ...change,
  });
}

describe('an exempted finding in the text', () => {
  it('is in a group of its own, with until when, by whom and why', () => {
    expect(text(reportOf(exempted.slice(0, 1)))).toContain(
      [
        'exempted  provenance-missing a@1.0.0',
        '          until 2027-03-01, by security: vendored copy reviewed',
        '',
      ].join('\n'),
    );
  });

  it('is never told as an error, nor with what to do', () => {
    const shown = text(reportOf(exempted));
    expect(shown).not.toMatch(/^error/m);
    expect(shown).not.toContain(exempted[0]?.remedy);
  });

  it('leaves the errors that count, each by itself', () => {
    const [first, second] = plain.map(violatedFinding);
    const shown = text(
      reportOf([
        ...exempted.slice(2),
        ...[first, second].flatMap((one) => one ?? []),
      ]),
    );
    expect(shown.match(/^error .*$/gm)).toMatchObject([
      expect.stringContaining('a@1.0.0'),
      expect.stringContaining('b@1.0.0'),
    ]);
  });

  it('shares its group with what the same entry is about', () => {
    expect(text(reportOf(exempted))).toContain(
      'exempted  provenance-missing a@1.0.0, b@1.0.0, c@1.0.0 and 3 others\n',
    );
    const verbose = text(reportOf(exempted), { verbose: true });
    expect(verbose).toContain('e@1.0.0, f@1.0.0\n');
  });

  it.each<[string, Partial<Exempted>]>([
    ['reason', { reason: 'another' }],
    ['owner', { owner: null }],
    ['last day', { expires: '2027-03-02' }],
    ['line', { policyLine: 13 }],
  ])('is told apart by its entry’s %s', (_what, change) => {
    const [one, two] = plain.map(violatedFinding);
    const findings = [
      ...(one === undefined ? [] : [withEntry(one)]),
      ...(two === undefined
        ? []
        : [withEntry(two, { ...EXEMPTION, ...change })]),
    ];
    expect(text(reportOf(findings)).match(/^exempted/gm)).toHaveLength(2);
  });

  it('is no warning, if it was one', () => {
    const subject = unsigned(sampleDependency('g'));
    const shown = text(
      reportOf([withEntry(unsignedWarning(subject))], [subject]),
    );
    expect(shown).not.toMatch(/^warning/m);
    expect(shown).toMatch(
      /^exempted {2}registry-signature-missing g@1\.0\.0$/m,
    );
  });

  it('is left out where only errors are asked for', () => {
    const shown = text(reportOf(exempted), { quiet: true });
    expect(shown).not.toContain('exempted');
  });

  it('has its entry escaped', () => {
    const entry = {
      ...EXEMPTION,
      reason: HOSTILE_NAME,
      owner: HOSTILE_NAME,
      expires: HOSTILE_NAME,
    };
    const shown = text(
      reportOf(exempted.map((each) => ({ ...each, exempted: entry }))),
    );
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(shown).not.toMatch(/^\s*::/m);
  });
});

describe('an acknowledged rejection', () => {
  const report = reportOf([acknowledged]);

  it.each([
    ['the whole report', {}],
    ['only errors', { quiet: true }],
    ['everything', { verbose: true }],
  ])('stays in sight, with what was rejected: %s', (_what, change) => {
    const shown = text(report, change);
    expect(shown).toContain(
      'acknowledged  evidence-rejected left-widget@1.4.2\n' +
        '              the signed digest is not the one this lockfile would install\n',
    );
    expect(shown).toMatch(/^ {16}expected {2}sha512-/m);
    expect(shown).toMatch(/^ {16}found {5}sha512-/m);
    expect(shown).toContain(
      '              until 2027-01-01: compared with the tag\n',
    );
    expect(shown).not.toMatch(/^error/m);
  });

  it('comes behind the errors that count', () => {
    const other = rejected(sampleDependency('other'));
    const shown = text(
      reportOf([acknowledged, tamperedFinding(other)], [bad, other]),
      { quiet: true },
    );
    expect(shown.indexOf('error  evidence-rejected')).toBeGreaterThan(-1);
    expect(shown.indexOf('acknowledged')).toBeGreaterThan(
      shown.indexOf('other@1.0.0'),
    );
  });

  it('stays rejected in the JSON, with who decided what', () => {
    const json: unknown = JSON.parse(renderJson(report));
    expect(json).toMatchObject({
      result: 'pass',
      exitCode: 0,
      summary: {
        verification: { rejected: 1, verified: 0 },
        coverage: { all: { verified: 0, eligible: 7 } },
        notProven: { rejected: 1 },
      },
      findings: [
        {
          rule: 'evidence-rejected',
          level: 'error',
          consequence: 'tampered',
          package: 'left-widget@1.4.2',
          exempted: 'compared with the tag',
          exemption: {
            by: 'acknowledged',
            owner: null,
            expires: '2027-01-01',
            line: 20,
          },
        },
      ],
    });
    expect(report.dependencies).toContainEqual(
      expect.objectContaining({
        name: 'left-widget',
        verification: 'rejected',
        rejections: [expect.objectContaining({ code: 'subject-digest' })],
      }),
    );
  });
});

describe('the result', () => {
  const failing = plain.map(violatedFinding);

  it.each<[string, readonly Finding[], Report['exitCode']]>([
    ['exempted', exempted, 0],
    ['acknowledged', [acknowledged], 0],
    ['both', [...exempted, acknowledged], 0],
    [
      'one that is not exempted',
      [...exempted.slice(1), ...failing.slice(0, 1)],
      1,
    ],
    ['a violation beside acknowledged', [acknowledged, ...failing], 1],
    ['a rejection beside exempted', [...exempted, tamperedFinding(bad)], 4],
  ])('counts only what weighs something: %s', (_what, findings, exitCode) => {
    expect(reportOf(findings).exitCode).toBe(exitCode);
  });
});
