import type { DiffReport, ReportChange } from './diff-report.js';
import { findingLines, MAX_COMMENT } from './formats/markdown.js';
import { escapeMarkdown, markdownCode } from './formats/markup.js';
import type { ReportDependency } from './report.js';
import { wordDiffVerdict } from './text/diff-verdict.js';
import { shortValue } from './text/comparison.js';
import { wordState } from './text/package-state.js';
import { counted } from './text/wording.js';
import type { TrustDifference } from './trust-differences.js';
import { worstFirst } from './worst-first.js';

/** Room for what says how much was left out. */
const RESERVE = 600;
const MAX_VALUE = 120;

/**
 * A comparison as Markdown that fits into a comment of a pull request: the
 * result, what the policy says, and the packages that differ, those of which
 * less is proven first. What does not fit is left out with its number. Outside
 * text is shown, never rendered.
 */
export function renderDiffMarkdown(
  report: DiffReport,
  lockfilePath: string,
): string {
  const head = headLines(report, lockfilePath);
  const foot = [
    'Provenance tells where a package was built, not that it is harmless.',
  ];
  const size = Buffer.byteLength([...head, ...foot].join('\n'), 'utf8');
  const room = MAX_COMMENT - RESERVE - size;
  const findings = findingLines(report.findings, Math.floor(room / 2));
  const taken = Buffer.byteLength(findings.join('\n'), 'utf8');
  const changes = changeLines(report, room - taken);
  const blocks = [head, findings, changes, foot].filter(
    (lines) => lines.length > 0,
  );
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headLines(
  { result, summary, base }: DiffReport,
  lockfilePath: string,
): readonly string[] {
  const commit = base.commit === null ? '' : ` (${base.commit.slice(0, 12)})`;
  const mark = result === 'pass' ? '✔' : '✖';
  const { outcome, counts } = wordDiffVerdict({ result, summary });
  return [
    `## ${mark} ${escapeMarkdown(`${outcome} ${counts.join(', ')}`)}`,
    '',
    `${markdownCode(lockfilePath)} against ${markdownCode(base.name)}${escapeMarkdown(commit)}`,
  ];
}

/** As many rows as `room` in bytes holds. */
function changeLines({ changes }: DiffReport, room: number): readonly string[] {
  if (changes.length === 0) return [];
  const lines = [
    '| change | package | before | now | what differs |',
    '| --- | --- | --- | --- | --- |',
  ];
  let left = room - Buffer.byteLength(lines.join('\n'), 'utf8');
  let shown = 0;
  for (const change of worstFirst(changes)) {
    const row = toRow(change);
    left -= Buffer.byteLength(row, 'utf8') + 1;
    if (left < 0) break;
    lines.push(row);
    shown += 1;
  }
  const omitted = changes.length - shown;
  if (omitted === 0) return lines;
  const note = `**${counted(omitted, 'further change')} left out for want of room.** \`--report json=FILE\` has all.`;
  return [...lines, '', note];
}

function toRow(change: ReportChange): string {
  const { kind, name, before, after, differences } = change;
  const cells = [
    kind,
    markdownCode(name),
    toSide(before),
    toSide(after),
    differences.map(toDifference).join('<br>'),
  ];
  return `| ${cells.join(' | ')} |`;
}

function toSide(one: ReportDependency | null): string {
  if (one === null) return '–';
  return `${markdownCode(one.version)} ${escapeMarkdown(wordState(one).state)}`;
}

function toDifference(difference: TrustDifference): string {
  const { what, before, after, effect } = difference;
  const word = (text: string | null): string =>
    text === null ? '(none)' : markdownCode(shortValue(text), MAX_VALUE);
  const name = effect === 'worse' ? `**${what}**` : what;
  return `${name}: ${word(before)} → ${word(after)}`;
}
