import type { TextOptions } from '../render-text.js';
import type { Report } from '../report.js';
import { treeLines } from '../text/dependency-tree.js';
import { reminderLines } from '../text/footer.js';
import { BLANK, paragraph, proseWidth } from '../text/layout.js';
import { clampWidth, paintLines } from '../text/paint.js';
import { headerLines, verdictLines } from '../text/verdict-line.js';
import type { ReportFormat } from './format.js';

export const tree: ReportFormat = {
  extension: '.txt',
  mediaType: 'text/plain',
  summary: 'the dependency tree, with what is proven of each package',
  render: renderTree,
};

const LEGEND =
  '✔ provenance verified, ◐ registry signature, ○ nothing proven, ' +
  '✖ rejected, ? not asked or not verifiable, – out of scope, ' +
  '(*) what it needs is shown above';

/** The verdict and the tree, for people at a terminal. */
function renderTree(report: Report, options: TextOptions): string {
  const width = clampWidth(options.width);
  const prose = proseWidth(width);
  const lines = [
    ...(options.quiet ? [] : [...headerLines(report, prose), BLANK]),
    ...verdictLines(report, prose),
    BLANK,
    ...treeLines(report, { width, verbose: options.verbose }),
    ...(options.quiet
      ? []
      : [
          BLANK,
          ...paragraph(LEGEND, { indent: 0, width: prose }, 'faint'),
          ...reminderLines(prose),
        ]),
  ];
  return paintLines(lines, options.color);
}
