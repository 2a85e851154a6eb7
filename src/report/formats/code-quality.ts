import { createHash } from 'node:crypto';
import { escapeTerminal } from '../escape.js';
import { toJsonText } from '../json-text.js';
import type { Report, ReportFinding } from '../report.js';
import { wordFinding } from './finding-words.js';
import type { ReportFormat } from './format.js';
import {
  auditedProjects,
  unauditedProjects,
  type UnauditedProject,
} from './several.js';

const MAX_TEXT = 1000;

export const codeQuality: ReportFormat = {
  extension: '.json',
  mediaType: 'application/json',
  summary: 'GitLab code quality, at the lockfile’s lines',
  render: (report, { lockfilePath }) =>
    toDocument(toIssues(report, lockfilePath)),
  renderSeveral: (report, { folder }) =>
    toDocument([
      ...unauditedProjects(report, folder).map(toFailure),
      ...auditedProjects(report, folder).flatMap((project) =>
        toIssues(project.report, project.lockfilePath),
      ),
    ]),
};

/**
 * The findings as GitLab's code quality report, those that are exempted left
 * out: it has no word for them. Source: GitLab, "Code Quality report format".
 */
function toIssues(report: Report, path: string): readonly object[] {
  const seen = new Map<string, number>();
  return report.findings
    .filter(({ exempted }) => exempted === null)
    .map((finding) => {
      const { rule, package: name, location } = finding;
      const key = JSON.stringify([rule, name]);
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      const isHere = location?.file === report.lockfile.path;
      return {
        description: wordIssue(finding),
        check_name: rule,
        fingerprint: fingerprint([path, rule, name, count]),
        severity: severityOf(finding),
        location: {
          path,
          lines: { begin: (isHere ? location.line : null) ?? 1 },
        },
      };
    });
}

/** That nothing is known of a project is the gravest there is to say. */
function toFailure({ folderPath, code, message }: UnauditedProject): object {
  return {
    description: escapeTerminal(`not audited: ${message}`, MAX_TEXT),
    check_name: 'not-audited',
    fingerprint: fingerprint([folderPath, code]),
    severity: 'blocker',
    location: { path: folderPath, lines: { begin: 1 } },
  };
}

function toDocument(issues: readonly object[]): string {
  return `${toJsonText(issues, 2)}\n`;
}

function fingerprint(identity: readonly unknown[]): string {
  const text = JSON.stringify(identity);
  return createHash('sha256').update(text).digest('hex');
}

function wordIssue(finding: ReportFinding): string {
  const { package: name } = finding;
  const text = wordFinding(finding);
  return escapeTerminal(name === null ? text : `${name}: ${text}`, MAX_TEXT);
}

function severityOf({ level, consequence }: ReportFinding): string {
  if (level === 'warning') return 'minor';
  switch (consequence) {
    case 'tampered':
      return 'blocker';
    case 'violated':
      return 'critical';
    case 'incomplete':
      return 'major';
  }
}
