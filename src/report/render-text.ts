import { Chalk, type ChalkInstance } from 'chalk';
import { escapeLogLine } from './escape.js';
import type { Report } from './report.js';
import { coverageLines } from './text/coverage.js';
import { errorLines, warningLines } from './text/findings.js';
import { footerLines } from './text/footer.js';
import { BLANK, proseWidth, type Line, type Tone } from './text/layout.js';
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

const MIN_WIDTH = 40;
const MAX_WIDTH = 160;
const USUAL_WIDTH = 80;

/**
 * The report for people at a terminal, most important first. Every error is
 * told, whatever the options. Outside text is escaped, and no line is a command
 * to a CI log. Colours only repeat what words say.
 */
export function renderText(report: Report, options: TextOptions): string {
  const width = clampWidth(options.width);
  const style = { width: proseWidth(width), verbose: options.verbose };
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
  const chalk = new Chalk({ level: options.color ? 1 : 0 });
  return lines.map((line) => `${paint(line, chalk)}\n`).join('');
}

function clampWidth(width: number): number {
  if (Number.isNaN(width)) return USUAL_WIDTH;
  return Math.floor(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
}

function tableLines(
  report: Report,
  { width, isShown }: { readonly width: number; readonly isShown: boolean },
): Line[] {
  const table = isShown ? packageTable(report, width) : [];
  return table.length === 0 ? [] : [...table, BLANK];
}

function paint(line: Line, chalk: ChalkInstance): string {
  const plain = line
    .map(({ text }) => text)
    .join('')
    .trimEnd();
  const safe = escapeLogLine(plain);
  // A line that a CI log would obey is shown defused, and without colour.
  if (safe !== plain || plain === '') return safe;
  return line
    .map(({ text, tone }) => colour(text, tone, chalk))
    .join('')
    .trimEnd();
}

function colour(text: string, tone: Tone, chalk: ChalkInstance): string {
  // Blanks carry no colour, so that the end of a line can be trimmed.
  const body = text.trimEnd();
  return tones(chalk)[tone](body) + text.slice(body.length);
}

function tones(chalk: ChalkInstance): Record<Tone, (text: string) => string> {
  return {
    plain: (text) => text,
    strong: chalk.bold,
    faint: chalk.dim,
    good: chalk.green,
    bad: chalk.red.bold,
    warn: chalk.yellow,
  };
}
