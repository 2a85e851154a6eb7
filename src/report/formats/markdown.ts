import type { RecursiveReport } from '../recursive-report.js';
import type { Coverage, Report, ReportFinding } from '../report.js';
import { wordVerdict } from '../text/verdict-line.js';
import { counted, percent, totalled } from '../text/wording.js';
import { wordFinding } from './finding-words.js';
import type { ReportFormat } from './format.js';
import { escapeMarkdown, markdownCode } from './markup.js';
import {
  auditedProjects,
  mergeFindings,
  unauditedProjects,
} from './several.js';

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
  renderSeveral: (report, { folder }) =>
    renderMarkdownOfSeveral(report, { folder, maxBytes: MAX_COMMENT }),
};

/**
 * The report as Markdown of at most `maxBytes`, the gravest findings first.
 * What does not fit is left out with its number. Outside text is shown, never
 * rendered: no link, image or mention comes from it.
 */
export function renderMarkdown(
  report: Report,
  {
    lockfilePath,
    maxBytes,
  }: { readonly lockfilePath: string; readonly maxBytes: number },
): string {
  return putTogether(
    headLines(report, lockfilePath),
    (room) => findingLines(report.findings, room),
    { tail: footLines(report), maxBytes },
  );
}

/**
 * The same of several projects: a row for each, then their findings together.
 * `folder` is the one that was searched, as seen from the root of the checkout.
 */
export function renderMarkdownOfSeveral(
  report: RecursiveReport,
  { folder, maxBytes }: { readonly folder: string; readonly maxBytes: number },
): string {
  const findings = mergeFindings(auditedProjects(report, folder)).map(
    ({ finding, project: { lockfilePath } }) => ({ ...finding, lockfilePath }),
  );
  return putTogether(
    recursiveHeadLines(report, folder),
    (room) => findingLines(findings, room),
    { tail: footLines(report), maxBytes },
  );
}

function putTogether(
  headLines: readonly string[],
  middleLines: (room: number) => readonly string[],
  {
    tail: tailLines,
    maxBytes,
  }: { readonly tail: readonly string[]; readonly maxBytes: number },
): string {
  const tail = tailLines.join('\n');
  const most = maxBytes - RESERVE - Buffer.byteLength(tail, 'utf8');
  const head = fitting(headLines, most).join('\n');
  const room = most - Buffer.byteLength(head, 'utf8');
  const middle = middleLines(room).join('\n');
  return `${[head, ...(middle === '' ? [] : [middle]), tail].join('\n\n')}\n`;
}

/** As many of `lines` as `room` holds, with how many more there are. */
function fitting(lines: readonly string[], room: number): readonly string[] {
  let left = room;
  const end = lines.findIndex((line) => {
    left -= Buffer.byteLength(line, 'utf8') + 1;
    return left < 0;
  });
  if (end === -1) return lines;
  const more = counted(lines.length - end, 'further project');
  return [...lines.slice(0, end), '', `**${more} left out for want of room.**`];
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

function recursiveHeadLines(
  report: RecursiveReport,
  folder: string,
): readonly string[] {
  const { projects, ignored, summary } = report;
  const audited = auditedProjects(report, folder);
  const failing = projects.filter(({ exitCode }) => exitCode !== 0).length;
  const verdict =
    failing === 0
      ? 'policy met by all projects'
      : `${failing} of ${counted(projects.length, 'project')} did not pass`;
  const left =
    ignored.length === 0
      ? ''
      : `, ${counted(ignored.length, 'lockfile')} that git ignores left out`;
  return [
    `## ${report.result === 'pass' ? '✔' : '✖'} ${verdict}`,
    '',
    `${counted(summary.dependencies, 'distinct package')}, each counted once${left}`,
    '',
    '| proven origin | share | packages |',
    '| --- | ---: | ---: |',
    coverageRow('all', summary.coverage.all),
    coverageRow('production', summary.coverage.production),
    coverageRow('direct', summary.coverage.direct),
    '',
    '| project | proven origin | verdict |',
    '| --- | ---: | --- |',
    ...unauditedProjects(report, folder).map(
      ({ folderPath, message }) =>
        `| ${markdownCode(folderPath)} | | ✖ not audited: ${escapeMarkdown(message, MAX_TEXT)} |`,
    ),
    ...audited.map(({ report: one, lockfilePath }) => {
      const { verified, eligible } = one.summary.coverage.all;
      const mark = one.result === 'pass' ? '✔' : '✖';
      return `| ${markdownCode(lockfilePath)} | ${verified} of ${eligible} | ${mark} ${escapeMarkdown(wordVerdict(one))} |`;
    }),
  ];
}

function coverageRow(label: string, { verified, eligible }: Coverage): string {
  return `| ${label} | ${percent(verified, eligible)} | ${verified} of ${eligible} |`;
}

/** What an item of a list tells. */
type FindingItem = ReportFinding & {
  /** Where it was found, if there are several. */
  readonly lockfilePath?: string;
};

/**
 * `findings` as Markdown: as many as `room` in bytes holds, those of one rule
 * under one heading, then how many were left out.
 */
export function findingLines(
  findings: readonly FindingItem[],
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

function wordItem(finding: FindingItem): string {
  const { package: name, location, lockfilePath } = finding;
  const line = location?.line ?? null;
  const subject = [
    ...(name === null ? [] : [markdownCode(name)]),
    ...(lockfilePath === undefined ? [] : [markdownCode(lockfilePath)]),
    ...(line === null ? [] : [`line ${line}`]),
  ].join(', ');
  const text = escapeMarkdown(wordFinding(finding), MAX_TEXT);
  return subject === '' ? `- ${text}` : `- ${subject}: ${text}`;
}

function footLines({ summary }: Pick<Report, 'summary'>): readonly string[] {
  const { notProven, outOfScope } = summary;
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
