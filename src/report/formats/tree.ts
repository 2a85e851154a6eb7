import type { RecursiveReport } from '../recursive-report.js';
import type { TextOptions } from '../render-text.js';
import type { Report } from '../report.js';
import { treeLines } from '../text/dependency-tree.js';
import { reminderLines } from '../text/footer.js';
import { BLANK, paragraph, proseWidth, type Line } from '../text/layout.js';
import { clampWidth, paintLines } from '../text/paint.js';
import { projectLines, recursiveHeaderLines } from '../text/projects.js';
import { headerLines, verdictLines } from '../text/verdict-line.js';
import type { ReportFormat, SeveralContext } from './format.js';

export const tree: ReportFormat = {
  extension: '.txt',
  mediaType: 'text/plain',
  summary: 'the dependency tree, with what is proven of each package',
  render: renderTree,
  renderSeveral: renderTrees,
};

const LEGEND =
  '✔ provenance verified, ◐ registry signature, ○ nothing proven, ' +
  '✖ rejected, ? not asked or not verifiable, – out of scope, ' +
  '(*) what it needs is shown above';

/** The verdict and the tree, for people at a terminal. */
function renderTree(report: Report, options: TextOptions): string {
  const prose = proseWidth(clampWidth(options.width));
  const lines = [
    ...(options.quiet ? [] : [...headerLines(report, prose), BLANK]),
    ...bodyLines(report, options),
    ...(options.quiet ? [] : legendLines(prose)),
  ];
  return paintLines(lines, options.color);
}

/** One tree after the other, below the line of each project. */
function renderTrees(report: RecursiveReport, options: SeveralContext): string {
  const { quiet, color } = options;
  const prose = proseWidth(clampWidth(options.width));
  const lines = [
    ...(quiet ? [] : [...recursiveHeaderLines(report, prose), BLANK]),
    ...report.projects.flatMap((project) => [
      ...projectLines(project, prose),
      ...(project.report === null
        ? []
        : [BLANK, ...treeOf(project.report, options)]),
      BLANK,
    ]),
  ];
  const [, ...legend] = legendLines(prose);
  return paintLines(quiet ? lines.slice(0, -1) : [...lines, ...legend], color);
}

function bodyLines(report: Report, options: TextOptions): readonly Line[] {
  const prose = proseWidth(clampWidth(options.width));
  return [...verdictLines(report, prose), BLANK, ...treeOf(report, options)];
}

function treeOf(report: Report, { width, verbose }: TextOptions): Line[] {
  return treeLines(report, { width: clampWidth(width), verbose });
}

function legendLines(width: number): readonly Line[] {
  return [
    BLANK,
    ...paragraph(LEGEND, { indent: 0, width }, 'faint'),
    ...reminderLines(width),
  ];
}
