import { formatPackageId } from '../../package/package-id.js';
import type { Report, ReportDependency, ReportFinding } from '../report.js';
import { groupFindings, isFailing, wordFinding } from './finding-words.js';
import type { ReportFormat } from './format.js';
import { escapeXml } from './markup.js';
import {
  auditedProjects,
  unauditedProjects,
  type UnauditedProject,
} from './several.js';

/** Findings that are written out in one test case; the others are counted. */
const MAX_FINDINGS = 100;
const MAX_TEXT = 1000;
const WHOLE = 'the audit as a whole';

export const junit: ReportFormat = {
  extension: '.xml',
  mediaType: 'application/xml',
  summary: 'JUnit XML for CI dashboards, one test case per package',
  render: (report, { lockfilePath }) =>
    renderSuites([toSuite(report, lockfilePath)]),
  renderSeveral: (report, { folder }) =>
    renderSuites([
      ...unauditedProjects(report, folder).map((project) =>
        toFailedSuite(project, report.auditedAt),
      ),
      ...auditedProjects(report, folder).map((project) =>
        toSuite(project.report, project.lockfilePath),
      ),
    ]),
};

/** What one test case comes to. */
type Outcome = 'failure' | 'error' | 'skipped' | 'passed';

interface TestCase {
  readonly name: string;
  readonly outcome: Outcome;
  readonly scopeReason: string | null;
  readonly findings: readonly ReportFinding[];
  /** What kept the project from being audited, in place of findings. */
  readonly problem?: { readonly type: string; readonly message: string };
}

/** The test cases of one project. */
interface Suite {
  readonly name: string;
  readonly auditedAt: string;
  readonly cases: readonly TestCase[];
}

/**
 * One test case per dependency and one for the audit as a whole: `failure` where
 * the policy is violated or evidence rejected, `error` where something could not
 * be decided, `skipped` out of scope. Warnings and what is exempted are in the
 * output of a case that passes. Well-formed whatever the names are.
 */
function renderSuites(suites: readonly Suite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="provenance-audit" ${countsOf(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines({ name, auditedAt, cases }: Suite): readonly string[] {
  const suite = escapeXml(name);
  const skipped = cases.filter(({ outcome }) => outcome === 'skipped').length;
  return [
    `  <testsuite name="${suite}" ${countsOf(cases)} skipped="${skipped}" timestamp="${escapeXml(auditedAt.slice(0, 19))}">`,
    ...cases.flatMap((each) => caseLines(each, suite)),
    '  </testsuite>',
  ];
}

function countsOf(cases: readonly TestCase[]): string {
  const count = (outcome: Outcome): number =>
    cases.filter((each) => each.outcome === outcome).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`;
}

function toSuite(report: Report, lockfilePath: string): Suite {
  const { auditedAt } = report;
  return { name: lockfilePath, auditedAt, cases: toCases(report) };
}

/** One case, so that the project is not missed where cases are counted. */
function toFailedSuite(
  { folderPath, code, message }: UnauditedProject,
  auditedAt: string,
): Suite {
  const problem = { type: code, message: `not audited: ${message}` };
  const failed: TestCase = {
    name: WHOLE,
    outcome: 'error',
    scopeReason: null,
    findings: [],
    problem,
  };
  return { name: folderPath, auditedAt, cases: [failed] };
}

function toCases(report: Report): readonly TestCase[] {
  const groups = groupFindings(report);
  const ofAudit = groups.get(null) ?? [];
  return [
    {
      name: WHOLE,
      outcome: outcomeOf(null, ofAudit),
      scopeReason: null,
      findings: ofAudit,
    },
    ...report.dependencies.map((dependency): TestCase => {
      const findings = groups.get(dependency) ?? [];
      return {
        name: formatPackageId(dependency),
        outcome: outcomeOf(dependency, findings),
        scopeReason: dependency.scopeReason,
        findings,
      };
    }),
  ];
}

function outcomeOf(
  dependency: ReportDependency | null,
  findings: readonly ReportFinding[],
): Outcome {
  const failing = findings.filter(isFailing);
  if (failing.some(({ consequence }) => consequence !== 'incomplete')) {
    return 'failure';
  }
  if (failing.length > 0) return 'error';
  return dependency?.scope === 'out-of-scope' ? 'skipped' : 'passed';
}

function caseLines(
  { name, outcome, scopeReason, findings, problem }: TestCase,
  suite: string,
): readonly string[] {
  const open = `    <testcase classname="${suite}" name="${escapeXml(name)}"`;
  const texts = findings.slice(0, MAX_FINDINGS).map(wordLine);
  const more = findings.length - texts.length;
  const body = [...texts, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
  switch (outcome) {
    case 'failure':
    case 'error': {
      const first = findings.find(isFailing);
      const type = escapeXml(problem?.type ?? first?.rule ?? '');
      const text = problem?.message ?? first?.message ?? '';
      const message = escapeXml(text, MAX_TEXT);
      return [
        `${open}>`,
        `      <${outcome} type="${type}" message="${message}">${body}</${outcome}>`,
        '    </testcase>',
      ];
    }
    case 'skipped': {
      const reason = escapeXml(`out of scope: ${scopeReason ?? ''}`);
      return [
        `${open}>`,
        `      <skipped message="${reason}"/>`,
        '    </testcase>',
      ];
    }
    case 'passed':
      return body === ''
        ? [`${open}/>`]
        : [
            `${open}>`,
            `      <system-out>${body}</system-out>`,
            '    </testcase>',
          ];
  }
}

function wordLine(finding: ReportFinding): string {
  const { level, rule, remedy } = finding;
  const text = `${level} ${rule}: ${wordFinding(finding)}. ${remedy}`;
  return escapeXml(text, MAX_TEXT);
}
