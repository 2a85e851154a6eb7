import type { RecursiveReport, ReportProject } from '../recursive-report.js';
import { labelled, span, type Line } from './layout.js';
import { wordVerdict } from './verdict-line.js';
import { counted, field, sentence } from './wording.js';

/** How many projects there are, and what of them was left out. */
export function recursiveHeaderLines(
  report: RecursiveReport,
  width: number,
): Line[] {
  const { projects, ignored, summary } = report;
  const name = 'provenance-audit';
  const left =
    ignored.length === 0
      ? ''
      : `, ${counted(ignored.length, 'lockfile')} that git ignores left out`;
  return labelled(
    span(name, 'strong'),
    `${counted(projects.length, 'project')}, ${counted(summary.dependencies, 'distinct package')}${left}`,
    { indent: 0, width, labelWidth: name.length + 2 },
  );
}

/** What one of several projects came to, or why it was not audited. */
export function projectLines(project: ReportProject, width: number): Line[] {
  const { exitCode, report, error } = project;
  const words =
    report === null
      ? `not audited: ${sentence(error?.message ?? '')}`
      : `${counted(report.summary.dependencies, 'package')}, ${wordVerdict(report)}`;
  return labelled(
    exitCode === 0 ? span('✔', 'good') : span('✖', 'bad'),
    [...titleOf(project).split(' '), ...words.split(/(?<!\d) /)],
    { indent: 0, width, labelWidth: 2 },
  );
}

function titleOf({ path, report }: ReportProject): string {
  const file = report?.lockfile.path;
  const folder = path === '' ? '.' : field(path);
  return file === undefined ? `${folder}:` : `${folder}, ${field(file)}:`;
}
