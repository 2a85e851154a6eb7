import { eitherSide } from './build-diff-report.js';
import type { DiffReport, ReportChange } from './diff-report.js';
import type { TextOptions } from './render-text.js';
import type { ReportDependency } from './report.js';
import { worstFirst } from './worst-first.js';
import { shortValue } from './text/comparison.js';
import { wordDiffVerdict } from './text/diff-verdict.js';
import { errorLines, warningLines } from './text/findings.js';
import { reminderLines, trustRootLines } from './text/footer.js';
import {
  BLANK,
  labelled,
  proseWidth,
  span,
  type Line,
  type Tone,
} from './text/layout.js';
import { wordState } from './text/package-state.js';
import { clampWidth, paintLines } from './text/paint.js';
import { counted, enumerate, field } from './text/wording.js';
import type { TrustDifference } from './trust-differences.js';

const KIND_WIDTH = 13;
const WHAT_WIDTH = 20;
const TONES: Readonly<Record<TrustDifference['effect'], Tone>> = {
  worse: 'bad',
  better: 'good',
  other: 'plain',
};

/**
 * A comparison for people at a terminal: the result, what the policy says of
 * it, then every package that differs, those of which less is proven first.
 * Outside text is escaped.
 */
export function renderDiffText(
  report: DiffReport,
  options: TextOptions,
): string {
  const width = proseWidth(clampWidth(options.width));
  const { verbose } = options;
  const style = { width, verbose, suggestsShow: true };
  const source = {
    findings: report.findings,
    dependencies: report.changes.flatMap(({ after }) => after ?? []),
  };
  const verdict = [...verdictLines(report, width), BLANK];
  const errors = errorLines(source, style);
  const lines = options.quiet
    ? [...verdict, ...errors].slice(0, -1)
    : [
        ...titleLines(report, width),
        BLANK,
        ...verdict,
        ...errors,
        ...warningLines(source, style),
        ...changeLines(report, width),
        ...trustRootLines(report, width),
        BLANK,
        ...reminderLines(width),
      ];
  return paintLines(lines, options.color);
}

function titleLines({ lockfile, base }: DiffReport, width: number): Line[] {
  const name = 'provenance-audit diff';
  const commit =
    base.commit === null ? '' : ` (${field(base.commit.slice(0, 12))})`;
  const text = `${field(lockfile.path)} against ${field(base.name)}${commit}`;
  const place = { indent: 0, width, labelWidth: name.length + 2 };
  return labelled(span(name, 'strong'), text, place);
}

function verdictLines(report: DiffReport, width: number): Line[] {
  const { outcome, counts } = wordDiffVerdict(report);
  const passes = report.result === 'pass';
  const mark = passes ? span('✔', 'good') : span('✖', 'bad');
  return labelled(mark, [...outcome.split(' '), ...enumerate(counts)], {
    ...{ indent: 0, width, labelWidth: 2, tone: 'strong' },
  });
}

function changeLines({ changes }: DiffReport, width: number): Line[] {
  const ordered = worstFirst(changes);
  if (ordered.length === 0) return [];
  return [
    [span(`  ${counted(changes.length, 'change')}`, 'strong')],
    ...ordered.flatMap((change) => [
      ...headLines(change, width),
      ...change.differences.flatMap((each) => differenceLines(each, width)),
    ]),
    BLANK,
  ];
}

function headLines(change: ReportChange, width: number): Line[] {
  const { kind, name, after } = change;
  const side = eitherSide(change);
  const { state, tone } = wordState(side);
  const what = `${field(name)} ${wordVersions(change)}`;
  const place = { indent: 2, width, labelWidth: KIND_WIDTH };
  const text = after === null ? `was: ${state}` : state;
  return labelled(span(kind, 'faint'), [what, ...`  ${text}`.split('  ')], {
    ...place,
    tone: kind === 'removed' ? 'faint' : tone,
  });
}

function wordVersions({ before, after }: ReportChange): string {
  const word = (one: ReportDependency | null): string =>
    one === null ? '' : field(one.version);
  if (before === null || after === null) return word(after ?? before);
  return before.version === after.version
    ? word(after)
    : `${word(before)} → ${word(after)}`;
}

function differenceLines(
  { what, before, after, effect }: TrustDifference,
  width: number,
): Line[] {
  const indent = 2 + KIND_WIDTH;
  const word = (text: string | null): string =>
    text === null ? '(none)' : shortValue(text);
  return labelled(span(what, 'faint'), [word(before), '→', word(after)], {
    indent,
    width,
    labelWidth: WHAT_WIDTH,
    tone: TONES[effect],
  });
}
