import type { Cost } from './measure.js';

/** Repeated runs of one thing. */
export type Runs = readonly Cost[];

/** A row of the table: what was compared, what it should be, what it was. */
export interface Row {
  readonly what: string;
  /** In words, as in the table of goals. */
  readonly goal: string;
  /** Null where it was not measured in this run. */
  readonly found: number | null;
  readonly isMet: boolean | null;
}

/** The middle one of `values`, which must not be empty. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) {
    throw new RangeError('no values to take the middle of');
  }
  return (upper + lower) / 2;
}

/** `12.3 s (11.9–13.0)`: the middle and, in parentheses, the extremes. */
export function spread(runs: Runs, figure: keyof Cost): string {
  const values = runs.map((each) => each[figure]);
  const [from, to] = [Math.min(...values), Math.max(...values)];
  const word = (value: number): string =>
    figure === 'peakMiB'
      ? value.toFixed(0)
      : (value / 1000).toFixed(value < 10_000 ? 2 : 1);
  const unit = figure === 'peakMiB' ? 'MiB' : 's';
  return `${word(median(values))} ${unit} (${word(from)}–${word(to)})`;
}

/**
 * The middle of a figure of `many` ÷ that of `few`; null where one of them was
 * not measured.
 */
export function ratio(
  many: Runs | undefined,
  few: Runs | undefined,
  figure: keyof Cost,
): number | null {
  if (many === undefined || few === undefined) return null;
  const middle = (runs: Runs): number =>
    median(runs.map((each) => each[figure]));
  return middle(many) / middle(few);
}

/** A row whose figure should be at least `goal`; null: not measured. */
export function atLeast(what: string, goal: number, found: number | null): Row {
  return judge(what, `at least ${goal}`, found, (value) => value >= goal);
}

/** A row whose figure should be at most `goal`; null: not measured. */
export function atMost(what: string, goal: number, found: number | null): Row {
  return judge(what, `at most ${goal}`, found, (value) => value <= goal);
}

/** A row whose figure should be `goal`; null: not measured. */
export function exactly(what: string, goal: number, found: number | null): Row {
  return judge(what, String(goal), found, (value) => value === goal);
}

function judge(
  what: string,
  goal: string,
  found: number | null,
  holds: (value: number) => boolean,
): Row {
  return { what, goal, found, isMet: found === null ? null : holds(found) };
}

/** The rows as a Markdown table. */
export function renderTable(rows: readonly Row[]): string {
  const word = ({ isMet }: Row): string =>
    isMet === null ? 'not measured' : isMet ? 'met' : 'missed';
  const lines = rows.map(
    (row) =>
      `| ${row.what} | ${row.goal} | ${row.found?.toFixed(2) ?? '–'} | ${word(row)} |`,
  );
  return [
    '| what | goal | found | |',
    '| --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}
