import { Chalk, type ChalkInstance } from 'chalk';
import { escapeLogLine } from '../escape.js';
import type { Line, Tone } from './layout.js';

const MIN_WIDTH = 40;
const MAX_WIDTH = 160;
const USUAL_WIDTH = 80;

/** The columns to lay text out for on a terminal that says it has `width`. */
export function clampWidth(width: number): number {
  if (Number.isNaN(width)) return USUAL_WIDTH;
  return Math.floor(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
}

/**
 * `lines` as text, coloured or not. No blanks end a line, and none is a command
 * to a CI log. Colours only repeat what words say.
 */
export function paintLines(lines: readonly Line[], color: boolean): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return lines.map((line) => `${paint(line, chalk)}\n`).join('');
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
