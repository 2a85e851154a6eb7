import type { RecursiveReport, ReportProject } from './recursive-report.js';
import { renderText, type TextOptions } from './render-text.js';
import { coverageLines } from './text/coverage.js';
import { reminderLines } from './text/footer.js';
import {
  BLANK,
  labelled,
  paragraph,
  proseWidth,
  span,
  type Line,
} from './text/layout.js';
import { clampWidth, paintLines } from './text/paint.js';
import { projectLines, recursiveHeaderLines } from './text/projects.js';
import { duration, field } from './text/wording.js';

/**
 * The report on several projects for people at a terminal: one line for each,
 * then those that do not pass in full, then all together. With `verbose` every
 * project in full; with `quiet` one line for each and the errors.
 */
export function renderRecursiveText(
  report: RecursiveReport,
  options: TextOptions,
): string {
  const width = proseWidth(clampWidth(options.width));
  const paint = (lines: readonly Line[]): string =>
    paintLines(lines, options.color);
  // Of nothing there is no total.
  const hasReports = report.projects.some((one) => one.report !== null);
  const shown = report.projects.filter(
    ({ exitCode }) => options.verbose || exitCode !== 0,
  );
  const details = shown.flatMap((project) =>
    project.report === null
      ? []
      : [
          paint([ruleLine(width), titleLine(project), BLANK]) +
            renderText(project.report, options),
        ],
  );
  const head = [
    ...(options.quiet ? [] : [...recursiveHeaderLines(report, width), BLANK]),
    ...report.projects.flatMap((project) => projectLines(project, width)),
  ];
  const parts = [
    paint(head),
    ...details,
    ...(options.quiet || !hasReports ? [] : [paint(totalLines(report, width))]),
  ];
  return parts.join('\n');
}

function titleLine({ path }: ReportProject): Line {
  return [span(path === '' ? '.' : field(path), 'strong')];
}

function ruleLine(width: number): Line {
  return [span('─'.repeat(width), 'faint')];
}

function totalLines(report: RecursiveReport, width: number): Line[] {
  const total = `${duration(report.durations.total)}, each distinct package counted once`;
  return [
    ruleLine(width),
    ...paragraph('in total', { indent: 0, width }, 'strong'),
    BLANK,
    ...coverageLines({ summary: report.summary, selection: null }, width),
    BLANK,
    ...labelled(span('done in'), total, { indent: 2, width, labelWidth: 14 }),
    BLANK,
    ...reminderLines(width),
  ];
}
