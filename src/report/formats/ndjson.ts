import { toJsonText } from '../json-text.js';
import type { Report } from '../report.js';
import { groupFindings } from './finding-words.js';
import type { ReportFormat } from './format.js';

export const ndjson: ReportFormat = {
  extension: '.ndjson',
  mediaType: 'application/x-ndjson',
  summary: 'one line of JSON per package, for databases',
  render: renderNdjson,
};

/**
 * One line per dependency: that of the JSON report, with its findings and with
 * what tells the audit. A project without dependencies has no line.
 */
function renderNdjson(report: Report): string {
  const groups = groupFindings(report);
  const { schemaVersion, auditedAt, lockfile, result } = report;
  const { path, sha256 } = lockfile;
  return report.dependencies
    .map((dependency) => {
      const line = {
        schemaVersion,
        auditedAt,
        lockfile: { path, sha256 },
        result,
        ...dependency,
        findings: groups.get(dependency) ?? [],
      };
      return `${toJsonText(line, 0)}\n`;
    })
    .join('');
}
