import { escapeLogLine, escapeTerminal } from '../escape.js';
import type { Report, ReportDependency, ReportFinding } from '../report.js';
import { groupFindings } from './finding-words.js';
import type { ReportFormat } from './format.js';
import { auditedProjects } from './several.js';

/** Longest cell that spreadsheets take, less what quoting may add. */
const MAX_CELL = 32_000;

export const csv: ReportFormat = {
  extension: '.csv',
  mediaType: 'text/csv',
  summary: 'one row per package, for spreadsheets',
  render: renderCsv,
  renderSeveral: (report, { folder }) =>
    toTable(
      [...COLUMN_NAMES, 'project'],
      auditedProjects(report, folder).flatMap((project) =>
        rowsOf(project.report).map((row) => [...row, toCell(project.path)]),
      ),
    ),
};

type Cell = string | number | boolean | null;
type Column = readonly [
  name: string,
  cell: (
    dependency: ReportDependency,
    findings: readonly ReportFinding[],
  ) => Cell,
];

const COLUMNS: readonly Column[] = [
  ['name', ({ name }) => name],
  ['version', ({ version }) => version],
  ['purl', ({ purl }) => purl],
  ['scope', ({ scope }) => scope],
  ['scopeReason', ({ scopeReason }) => scopeReason],
  ['production', ({ production }) => production],
  ['direct', ({ direct }) => direct],
  ['optional', ({ optional }) => optional],
  ['evidence', ({ evidence }) => evidence],
  ['verification', ({ verification }) => verification],
  ['level', ({ level }) => level],
  ['registrySignature', ({ registrySignature }) => registrySignature],
  ['registry', ({ registry }) => registry],
  ['integrity', ({ integrity }) => integrity],
  [
    'sourceRepository',
    ({ provenance }) => provenance?.sourceRepository ?? null,
  ],
  ['sourceRevision', ({ provenance }) => provenance?.sourceRevision ?? null],
  ['sourceRef', ({ provenance }) => provenance?.sourceRef ?? null],
  ['workflow', ({ provenance }) => provenance?.workflow ?? null],
  ['builder', ({ provenance }) => provenance?.builder ?? null],
  ['runner', ({ provenance }) => provenance?.runner ?? null],
  ['event', ({ provenance }) => provenance?.event ?? null],
  ['runUrl', ({ provenance }) => provenance?.runUrl ?? null],
  ['signedAt', ({ provenance }) => provenance?.signedAt ?? null],
  ['rejections', ({ rejections }) => codes(rejections)],
  ['unavailable', ({ unavailable }) => unavailable?.code ?? null],
  ['unverifiable', ({ unverifiable }) => unverifiable?.code ?? null],
  ['errors', (_, findings) => rules(findings, 'error')],
  ['warnings', (_, findings) => rules(findings, 'warning')],
  ['exempted', (_, findings) => exempted(findings)],
  ['claimed', ({ claimed }) => claimed],
];

const COLUMN_NAMES = COLUMNS.map(([name]) => name);

/**
 * One row per dependency, as RFC 4180 has it, every text quoted. A cell that a
 * spreadsheet would take for a formula begins with an apostrophe; scoped names
 * are among them, `purl` has the same without.
 */
function renderCsv(report: Report): string {
  return toTable(COLUMN_NAMES, rowsOf(report));
}

function rowsOf(report: Report): readonly (readonly string[])[] {
  const groups = groupFindings(report);
  return report.dependencies.map((dependency) =>
    COLUMNS.map(([, cell]) =>
      toCell(cell(dependency, groups.get(dependency) ?? [])),
    ),
  );
}

function toTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [header, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function toCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return `${value}`;
  const text = escapeLogLine(escapeTerminal(value, MAX_CELL)).replaceAll(
    '"',
    '""',
  );
  // Also behind blanks, which some programs skip. Source: OWASP, CSV injection.
  const isFormula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]/.test(text);
  return `"${isFormula ? "'" : ''}${text}"`;
}

function codes(rejections: ReportDependency['rejections']): string | null {
  return list(rejections.map(({ code }) => code));
}

function rules(
  findings: readonly ReportFinding[],
  level: ReportFinding['level'],
): string | null {
  return list(
    findings
      .filter((each) => each.level === level && each.exempted === null)
      .map(({ rule }) => rule),
  );
}

function exempted(findings: readonly ReportFinding[]): string | null {
  return list(
    findings.filter((each) => each.exempted !== null).map(({ rule }) => rule),
  );
}

function list(items: readonly string[]): string | null {
  return items.length === 0 ? null : [...new Set(items)].join(' ');
}
