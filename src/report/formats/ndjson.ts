import { toJsonText } from '../json-text.js';
import type { Report } from '../report.js';
import { groupFindings } from './finding-words.js';
import type { ReportFormat } from './format.js';
import { auditedProjects } from './several.js';

export const ndjson: ReportFormat = {
  extension: '.ndjson',
  mediaType: 'application/x-ndjson',
  summary: 'one line of JSON per package, for databases',
  render: (report) => linesOf(report, {}),
  renderSeveral: (report, { folder }) =>
    auditedProjects(report, folder)
      .map((project) => linesOf(project.report, { project: project.path }))
      .join(''),
};

/**
 * One line per dependency: that of the JSON report, with its findings and with
 * what tells the audit. A project without dependencies has no line.
 */
function linesOf(report: Report, place: { readonly project?: string }): string {
  const groups = groupFindings(report);
  const { schemaVersion, auditedAt, lockfile, result } = report;
  const { path, sha256 } = lockfile;
  return report.dependencies
    .map((dependency) => {
      const line = {
        schemaVersion,
        auditedAt,
        ...place,
        lockfile: { path, sha256 },
        result,
        ...dependency,
        findings: groups.get(dependency) ?? [],
      };
      return `${toJsonText(line, 0)}\n`;
    })
    .join('');
}
