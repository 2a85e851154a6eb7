import { createHash } from 'node:crypto';
import { escapeTerminal } from '../escape.js';
import { toJsonText } from '../json-text.js';
import type { Report, ReportFinding } from '../report.js';
import { wordFinding } from './finding-words.js';
import type { ReportFormat } from './format.js';

const MAX_TEXT = 1000;

export const codeQuality: ReportFormat = {
  extension: '.json',
  mediaType: 'application/json',
  summary: 'GitLab code quality, at the lockfile’s lines',
  render: (report, { lockfilePath }) => renderCodeQuality(report, lockfilePath),
};

/**
 * The findings as GitLab's code quality report, those that are exempted left
 * out: it has no word for them. Source: GitLab, "Code Quality report format".
 */
function renderCodeQuality(report: Report, path: string): string {
  const seen = new Map<string, number>();
  const issues = report.findings
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
        fingerprint: createHash('sha256')
          .update(JSON.stringify([path, rule, name, count]))
          .digest('hex'),
        severity: severityOf(finding),
        location: {
          path,
          lines: { begin: (isHere ? location.line : null) ?? 1 },
        },
      };
    });
  return `${toJsonText(issues, 2)}\n`;
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
