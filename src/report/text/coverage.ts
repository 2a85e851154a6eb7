import type { Coverage, Report } from '../report.js';
import { labelled, pad, span, type Line } from './layout.js';
import { notJudgedLines } from './selection.js';
import { percent, totalled } from './wording.js';

const INDENT = 2;
const LABEL = 14;
/** Columns of a coverage line beside its bar and its counts. */
const BESIDE_BAR = 32;
const MAX_BAR = 20;

/**
 * How many dependencies have a proven origin, with what the share is of; and
 * where the others went, so that the numbers add up in front of the reader.
 */
export function coverageLines(
  report: Pick<Report, 'summary' | 'selection'>,
  width: number,
): Line[] {
  const { coverage } = report.summary;
  const rows = [
    ['all', coverage.all],
    ['production', coverage.production],
    ['direct', coverage.direct],
  ] as const;
  const digits = `${coverage.all.eligible}`.length;
  const room = width - BESIDE_BAR - 2 * digits;
  const bar = Math.min(MAX_BAR, Math.max(4, room));
  return [
    [span(' '.repeat(INDENT)), span('proven origin', 'strong')],
    ...rows.map(([name, row]) => coverageLine(name, row, { bar, digits })),
    [],
    ...reasonLines('not proven', wordNotProven(report), width),
    ...reasonLines('not pinned', wordNotPinned(report), width),
    ...reasonLines('out of scope', wordOutOfScope(report), width),
    ...notJudgedLines(report.selection, width),
  ];
}

function coverageLine(
  name: string,
  { verified, eligible }: Coverage,
  columns: { readonly bar: number; readonly digits: number },
): Line {
  const { bar, digits } = columns;
  // Rounded down like the number: a full bar is a full coverage.
  const full = eligible === 0 ? 0 : Math.floor((bar * verified) / eligible);
  return [
    span(' '.repeat(INDENT + 2)),
    span(pad(name, LABEL - 2)),
    span('█'.repeat(full), 'good'),
    span('░'.repeat(bar - full), 'faint'),
    span(percent(verified, eligible).padStart(9), 'strong'),
    span(
      `   ${`${verified}`.padStart(digits)} of ${`${eligible}`.padStart(digits)}`,
    ),
  ];
}

function reasonLines(
  label: string,
  words: readonly string[],
  width: number,
): Line[] {
  if (words.length === 0) return [];
  return labelled(span(label), words, {
    indent: INDENT,
    width,
    labelWidth: LABEL,
  });
}

function wordNotProven({ summary }: Pick<Report, 'summary'>): string[] {
  const { notProven } = summary;
  return totalled([
    ['rejected', notProven.rejected],
    ['could not be verified', notProven.unverifiable],
    ['could not be asked', notProven.unavailable],
    ['without provenance', notProven.withoutProvenance],
  ]);
}

/** What was held against another digest than the lockfile's. */
function wordNotPinned({ summary }: Pick<Report, 'summary'>): string[] {
  const { tarball, registry } = summary.binding;
  return totalled([
    ['held against the archive as downloaded', tarball],
    ['held against what the registry states', registry],
  ]);
}

function wordOutOfScope({ summary }: Pick<Report, 'summary'>): string[] {
  return totalled(
    Object.entries(summary.outOfScope).map(([reason, count]) => [
      reason.replaceAll('-', ' '),
      count,
    ]),
  );
}
