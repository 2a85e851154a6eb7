import type { Report } from './report.js';
import { coverageLines } from './text/coverage.js';
import { errorLines, warningLines } from './text/findings.js';
import { footerLines } from './text/footer.js';
import { BLANK, proseWidth, type Line } from './text/layout.js';
import { clampWidth, paintLines } from './text/paint.js';
import { packageTable } from './text/package-table.js';
import { headerLines, verdictLines } from './text/verdict-line.js';

/** How the text report looks; what it says does not depend on it. */
export interface TextOptions {
  /** Columns of the terminal; whatever it is becomes 40 to 160. */
  readonly width: number;
  readonly color: boolean;
  /** Adds every package, every path, and digests at full length. */
  readonly verbose: boolean;
  /** Only the verdict and the errors. */
  readonly quiet: boolean;
}

/**
 * The report for people at a terminal, most important first. Every error is
 * told, whatever the options. Outside text is escaped, and no line is a command
 * to a CI log. Colours only repeat what words say.
 */
export function renderText(report: Report, options: TextOptions): string {
  const width = clampWidth(options.width);
  const style = {
    width: proseWidth(width),
    verbose: options.verbose,
    suggestsShow: true,
  };
  const verdict = [...verdictLines(report, style.width), BLANK];
  const errors = errorLines(report, style);
  const lines = options.quiet
    ? [...verdict, ...errors].slice(0, -1)
    : [
        ...headerLines(report, style.width),
        BLANK,
        ...verdict,
        ...errors,
        ...warningLines(report, style),
        ...tableLines(report, { width, isShown: options.verbose }),
        ...coverageLines(report, style.width),
        BLANK,
        ...footerLines(report, style.width),
      ];
  return paintLines(lines, options.color);
}

function tableLines(
  report: Report,
  { width, isShown }: { readonly width: number; readonly isShown: boolean },
): Line[] {
  const table = isShown ? packageTable(report, width) : [];
  return table.length === 0 ? [] : [...table, BLANK];
}
