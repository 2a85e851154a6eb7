import type { Coverage, Report, ReportFinding } from '../report.js';
import { wordVerdict } from '../text/verdict-line.js';
import { counted, percent, totalled } from '../text/wording.js';
import { wordFinding } from './finding-words.js';
import type { ReportFormat } from './format.js';
import { escapeMarkdown, markdownCode } from './markup.js';

/** Bytes that a comment on GitHub may have at least: 65,536 characters. */
export const MAX_COMMENT = 65_536;
/** Room for what says how much was left out. */
const RESERVE = 400;
const MAX_TEXT = 600;

export const markdown: ReportFormat = {
  extension: '.md',
  mediaType: 'text/markdown',
  summary: 'for comments on pull requests and job summaries',
  render: (report, { lockfilePath }) =>
    renderMarkdown(report, { lockfilePath, maxBytes: MAX_COMMENT }),
};

/**
 * The report as Markdown of at most `maxBytes`, the gravest findings first.
 * What does not fit is left out with its number. Outside text is shown, never
 * rendered: no link, image or mention comes from it.
 */
export function renderMarkdown(
  report: Report,
  options: { readonly lockfilePath: string; readonly maxBytes: number },
): string {
  const head = headLines(report, options.lockfilePath).join('\n');
  const tail = footLines(report).join('\n');
  const room =
    options.maxBytes - RESERVE - Buffer.byteLength(head + tail, 'utf8');
  const middle = findingLines(report.findings, room).join('\n');
  return `${[head, ...(middle === '' ? [] : [middle]), tail].join('\n\n')}\n`;
}

function headLines(report: Report, lockfilePath: string): readonly string[] {
  const { coverage, dependencies } = report.summary;
  const mark = report.result === 'pass' ? '✔' : '✖';
  return [
    `## ${mark} ${escapeMarkdown(wordVerdict(report))}`,
    '',
    `${markdownCode(lockfilePath)}, ${counted(dependencies, 'package')}`,
    '',
    '| proven origin | share | packages |',
    '| --- | ---: | ---: |',
    coverageRow('all', coverage.all),
    coverageRow('production', coverage.production),
    coverageRow('direct', coverage.direct),
  ];
}

function coverageRow(label: string, { verified, eligible }: Coverage): string {
  return `| ${label} | ${percent(verified, eligible)} | ${verified} of ${eligible} |`;
}

/**
 * `findings` as Markdown: as many as `room` in bytes holds, those of one rule
 * under one heading, then how many were left out.
 */
export function findingLines(
  findings: readonly ReportFinding[],
  room: number,
): readonly string[] {
  const lines: string[] = [];
  let left = room;
  let shown = 0;
  let heading = '';
  for (const finding of findings) {
    const own = headingOf(finding);
    const next = [
      ...(own === heading ? [] : [...(shown === 0 ? [] : ['']), own, '']),
      wordItem(finding),
    ];
    left -= Buffer.byteLength(next.join('\n'), 'utf8') + 1;
    if (left < 0) break;
    lines.push(...next);
    heading = own;
    shown += 1;
  }
  const omitted = findings.slice(shown);
  if (omitted.length === 0) return lines;
  const errors = omitted.filter(({ level }) => level === 'error').length;
  const note = `**${counted(omitted.length, 'further finding')} left out for want of room**, ${counted(errors, 'error')} among them. \`--report json=FILE\` has all.`;
  return [...lines, '', note];
}

function headingOf({ level, rule, remedy }: ReportFinding): string {
  return `### ${level}: ${escapeMarkdown(rule)}\n\n${escapeMarkdown(remedy, MAX_TEXT)}`;
}

function wordItem(finding: ReportFinding): string {
  const { package: name, location } = finding;
  const line = location?.line ?? null;
  const subject = [
    ...(name === null ? [] : [markdownCode(name)]),
    ...(line === null ? [] : [`line ${line}`]),
  ].join(', ');
  const text = escapeMarkdown(wordFinding(finding), MAX_TEXT);
  return subject === '' ? `- ${text}` : `- ${subject}: ${text}`;
}

function footLines(report: Report): readonly string[] {
  const { notProven, outOfScope } = report.summary;
  const open = totalled([
    ['without provenance', notProven.withoutProvenance],
    ['rejected', notProven.rejected],
    ['not verifiable', notProven.unverifiable],
    ['could not be asked', notProven.unavailable],
  ]);
  const outside = totalled(Object.entries(outOfScope));
  return [
    ...(open.length === 0 ? [] : [`Not proven: ${open.join(' ')}  `]),
    ...(outside.length === 0
      ? []
      : [`Out of scope: ${escapeMarkdown(outside.join(' '))}  `]),
    'Provenance tells where a package was built, not that it is harmless.',
  ];
}
