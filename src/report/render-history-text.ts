import stringWidth from 'string-width';
import type { HistoryRelease, HistoryReport } from './history-report.js';
import type { TextOptions } from './render-text.js';
import type { ReportProvenance } from './report.js';
import { reminderLines, trustRootLines } from './text/footer.js';
import { gapFinder, wordHistory, wordRelease } from './text/history-words.js';
import {
  BLANK,
  flow,
  labelled,
  paragraph,
  proseWidth,
  span,
  type Line,
  type Place,
  type Span,
  type Tone,
} from './text/layout.js';
import { clampWidth, paintLines } from './text/paint.js';
import { enumerate, field, shortUrl } from './text/wording.js';

const DAY = 'yyyy-mm-dd'.length;
const DATE_WIDTH = DAY + 2;
const MAX_VERSION_WIDTH = 24;
/** So many in a row that nothing is claimed of are listed one by one. */
const MAX_LISTED = 2;

/**
 * A package over time for people at a terminal, the newest version first.
 * Versions in a row without provenance are one line, unless `verbose` is set.
 * Outside text is escaped.
 */
export function renderHistoryText(
  report: HistoryReport,
  options: TextOptions,
): string {
  const width = proseWidth(clampWidth(options.width));
  const top = [
    ...titleLines(report, width),
    BLANK,
    ...verdictLines(report, width),
  ];
  const lines = options.quiet
    ? top
    : [
        ...top,
        BLANK,
        ...timeline(report, { width, verbose: options.verbose }),
        ...originLines(report, width),
        ...trustRootLines(report, width),
        BLANK,
        ...paragraph(
          'Dates, publishers and what is claimed are the registry’s unsigned word.',
          { indent: 0, width },
          'faint',
        ),
        ...reminderLines(width),
      ];
  return paintLines(lines, options.color);
}

function titleLines({ package: one }: HistoryReport, width: number): Line[] {
  const name = 'provenance-audit history';
  const text = `${field(one.name)} at ${shortUrl(one.askedAt ?? one.registry)}`;
  const place = { indent: 0, width, labelWidth: name.length + 2 };
  return labelled(span(name, 'strong'), text, place);
}

function verdictLines(report: HistoryReport, width: number): Line[] {
  const place = { indent: 0, width, labelWidth: 2, tone: 'strong' } as const;
  const isMet = report.result === 'pass';
  const mark = isMet ? span('✔', 'good') : span('✖', 'bad');
  const [first = ''] = wordHistory(report);
  // A sentence may be broken anywhere, counts are kept whole.
  const isSentence = report.unavailable !== null;
  return labelled(mark, isSentence ? first : wordHistory(report), place);
}

interface Style {
  readonly width: number;
  readonly verbose: boolean;
}

function timeline({ releases }: HistoryReport, style: Style): Line[] {
  if (releases.length === 0) return [];
  const rows = groupRows(releases, style.verbose);
  const isGap = gapFinder(releases);
  const column = columnFor(rows.map(versionsOf), style.width);
  return [
    ...rows.toReversed().flatMap((row) => {
      const [first] = row;
      const tone = isGap(first) ? 'warn' : toneOf(first);
      const date = first.publishedAt?.slice(0, DAY) ?? '(no date)';
      const words = isGap(first) ? [...wordRow(row), '(a gap)'] : wordRow(row);
      const [head = [], ...rest] = beside(span(versionsOf(row), tone), words, {
        ...{ indent: DATE_WIDTH + 2, width: style.width },
        ...{ labelWidth: column, tone },
      });
      const dated = [span(`  ${field(date).padEnd(DATE_WIDTH)}`, 'faint')];
      return [[...dated, ...head.slice(1)], ...rest];
    }),
    BLANK,
  ];
}

/** For most of `labels`: a few long ones must not take the room of all. */
function columnFor(labels: readonly string[], width: number): number {
  const most = Math.min(MAX_VERSION_WIDTH, Math.floor(width / 4));
  const widths = labels.map((label) => stringWidth(label));
  return Math.max(...widths.filter((each) => each <= most), 6) + 2;
}

/** As `labelled`, but a label that is too wide has lines of its own above. */
function beside(
  label: Span,
  words: readonly string[],
  place: Place & { readonly labelWidth: number; readonly tone?: Tone },
): Line[] {
  const { indent, width, labelWidth, tone } = place;
  if (stringWidth(label.text) < labelWidth) {
    return labelled(label, words, place);
  }
  return [
    ...paragraph(label.text, { indent, width }, label.tone),
    ...flow(words, { indent: indent + labelWidth, width }, tone),
  ];
}

type Row = readonly [HistoryRelease, ...HistoryRelease[]];

/** Longer rows of releases of which nothing is claimed become one. */
function groupRows(
  releases: readonly HistoryRelease[],
  verbose: boolean,
): readonly Row[] {
  const rows: [HistoryRelease, ...HistoryRelease[]][] = [];
  for (const each of releases) {
    const last = rows.at(-1);
    const isAlike =
      !verbose && last !== undefined && isPlain(each) && last.every(isPlain);
    if (isAlike) last.push(each);
    else rows.push([each]);
  }
  return rows.flatMap((row): Row[] =>
    row.length > MAX_LISTED ? [row] : row.map((each): Row => [each]),
  );
}

function isPlain({ verification, isPinned, tags }: HistoryRelease): boolean {
  return verification === 'not-claimed' && !isPinned && tags.length === 0;
}

function versionsOf(row: Row): string {
  const [first] = row;
  const last = row.at(-1) ?? first;
  return first === last
    ? field(first.version)
    : `${field(first.version)} … ${field(last.version)}`;
}

function wordRow(row: Row): readonly string[] {
  const [first] = row;
  if (row.length > 1) return [`${row.length} versions without provenance`];
  const marks = [
    ...(first.isPinned ? ['in the lockfile'] : []),
    ...first.tags.map(field),
    ...(first.isDeprecated ? ['deprecated'] : []),
  ];
  return [
    ...enumerate([wordRelease(first), ...wordBuild(first.provenance)]),
    ...(marks.length === 0 ? [] : [`(${marks.join(', ')})`]),
  ];
}

function wordBuild(provenance: ReportProvenance | null): string[] {
  if (provenance === null) return [];
  const { sourceRepository, workflow, event } = provenance;
  return [
    shortUrl(sourceRepository),
    ...(workflow === null ? [] : [field(workflow)]),
    ...(event === null ? [] : [field(event)]),
  ];
}

function toneOf({ verification }: HistoryRelease): Tone {
  switch (verification) {
    case 'verified':
      return 'good';
    case 'rejected':
      return 'bad';
    case 'unverifiable':
    case 'unavailable':
      return 'warn';
    case 'not-claimed':
    case 'not-asked':
      return 'plain';
  }
}

/** Where it was built, if that was not always the same. */
function originLines({ origins }: HistoryReport, width: number): Line[] {
  if (origins.length < 2) return [];
  const heading: Line = [span(`  built in ${origins.length} ways`, 'strong')];
  const rangeOf = ({ first, last }: (typeof origins)[number]): string =>
    first === last ? field(first) : `${field(first)} … ${field(last)}`;
  const column = columnFor(origins.map(rangeOf), width);
  const rows = origins.toReversed().flatMap((origin) => {
    const { sourceRepositoryId: id } = origin;
    const repository = shortUrl(origin.sourceRepository);
    const words = [
      id === null ? repository : `${repository} (id ${field(id)})`,
      ...(origin.workflow === null ? [] : [field(origin.workflow)]),
      ...(origin.event === null ? [] : [field(origin.event)]),
    ];
    return beside(span(rangeOf(origin), 'faint'), enumerate(words), {
      ...{ indent: 2, width, labelWidth: column },
    });
  });
  return [heading, ...rows, BLANK];
}
