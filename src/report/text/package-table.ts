import stringWidth from 'string-width';
import { formatPackageId } from '../../package/package-id.js';
import type { Report, ReportDependency } from '../report.js';
import { pad, paragraph, span, wrap, type Line, type Tone } from './layout.js';
import { wordState } from './package-state.js';
import { field, sentence, shortUrl } from './wording.js';

interface Row {
  readonly name: string;
  readonly state: string;
  readonly tone: Tone;
  readonly why: string;
}

interface Columns {
  readonly name: number;
  readonly state: number;
  /** Null where the reason stands on a line of its own. */
  readonly why: number | null;
  readonly width: number;
}

const INDENT = 2;
const GAP = 2;
/** A narrower column would break every reason into single words. */
const MIN_WHY = 26;

/** One row for every package: what it is, how much is proven, by whom or why. */
export function packageTable(report: Report, width: number): Line[] {
  const rows = report.dependencies.map(toRow);
  if (rows.length === 0) return [];
  const columns = columnsFor(rows, width);
  return [
    [span(' '.repeat(INDENT)), span('packages', 'strong')],
    ...rows.flatMap((row) => rowLines(row, columns)),
  ];
}

function columnsFor(rows: readonly Row[], width: number): Columns {
  const widest = (texts: readonly string[]): number =>
    texts.reduce((most, text) => Math.max(most, stringWidth(text)), 0);
  const state = widest(rows.map((row) => row.state));
  const longest = widest(rows.map((row) => row.name));
  const room = width - INDENT - GAP - state;
  const why = room - GAP - Math.min(longest, Math.floor(room / 2));
  return why < MIN_WHY
    ? { name: Math.min(longest, room), state, why: null, width }
    : { name: room - GAP - why, state, why, width };
}

function rowLines(row: Row, columns: Columns): Line[] {
  const names = wrap([row.name], Math.max(1, columns.name));
  const whys =
    columns.why === null ? [] : wrap(row.why.split(' '), columns.why);
  const height = Math.max(names.length, whys.length);
  const lines = Array.from({ length: height }, (_, index) => [
    span(' '.repeat(INDENT)),
    span(pad(names[index] ?? '', columns.name + GAP)),
    span(pad(index === 0 ? row.state : '', columns.state + GAP), row.tone),
    span(whys[index] ?? '', 'faint'),
  ]);
  if (columns.why !== null || row.why === '') return lines;
  const place = { indent: 2 * INDENT, width: columns.width };
  return [...lines, ...paragraph(row.why, place, 'faint')];
}

function toRow(dependency: ReportDependency): Row {
  return {
    name: field(formatPackageId(dependency)),
    ...wordState(dependency),
    why: wordReason(dependency),
  };
}

function wordReason(one: ReportDependency): string {
  if (one.rejections.length > 0) {
    const codes = one.rejections.map(({ code }) => field(code));
    return [...new Set(codes)].join(', ');
  }
  const reason = one.unverifiable ?? one.unavailable;
  if (reason !== null) {
    return `${field(reason.code)}: ${sentence(reason.message)}`;
  }
  if (one.provenance !== null) return shortUrl(one.provenance.sourceRepository);
  if (one.scopeReason !== null) {
    return field(one.scopeReason.replaceAll('-', ' '));
  }
  return one.evidence === 'unattested' ? 'no attestations' : 'no provenance';
}
