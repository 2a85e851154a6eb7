import type { Consequence } from '../../policy/verdict.js';
import type { Report } from '../report.js';
import { labelled, span, type Line } from './layout.js';
import { wordSelection } from './selection.js';
import { counted, field } from './wording.js';

/** What was audited, and of which whole it is a part. */
export function headerLines(report: Report, width: number): Line[] {
  const name = 'provenance-audit';
  const { selection, summary } = report;
  const { dependencies, outOfScope } = summary;
  const { path, foreign } = report.lockfile;
  const beside = foreign === 0 ? '' : `, and ${foreign} of other kinds`;
  const packages = counted(dependencies, 'package');
  const selected = dependencies - (outOfScope['omitted'] ?? 0);
  const what = selection === null ? packages : `${selected} of ${packages}:`;
  return labelled(
    span(name, 'strong'),
    [
      ...`${field(path)}, ${what}${beside}`.split(' '),
      ...(selection === null ? [] : wordSelection(selection)),
    ],
    { indent: 0, width, labelWidth: name.length + 2 },
  );
}

/** The result in one line, before anything else. */
export function verdictLines(report: Report, width: number): Line[] {
  const isMet = report.result === 'pass';
  return labelled(
    isMet ? span('✔', 'good') : span('✖', 'bad'),
    // A number stays with what it counts.
    wordVerdict(report).split(/(?<!\d) /),
    { indent: 0, width, labelWidth: 2, tone: 'strong' },
  );
}

/** What the audit comes to, in words of our own: `policy met, 2 warnings`. */
export function wordVerdict(report: Report): string {
  return report.result === 'pass' ? wordPass(report) : wordFailure(report);
}

function wordPass({ summary, selection }: Report): string {
  const warnings = summary.findings.warning;
  // Nobody may take a part for the whole, not even with --quiet.
  const met =
    selection === null ? 'policy met' : 'policy met by what was selected';
  return warnings === 0 ? met : `${met}, ${counted(warnings, 'warning')}`;
}

function wordFailure({ summary, findings }: Report): string {
  const isSaid = (consequence: Consequence): boolean =>
    findings.some(
      (one) =>
        one.level === 'error' &&
        one.exempted === null &&
        one.consequence === consequence,
    );
  const { tampered, violated, incomplete } = summary.failing;
  let isFirst = true;
  // The first number names the unit, the others count the same.
  const many = (count: number): string => {
    const text = isFirst ? counted(count, 'package') : `${count}`;
    isFirst = false;
    return text;
  };
  const parts: string[] = [];
  if (tampered > 0) parts.push(`evidence rejected for ${many(tampered)}`);
  else if (isSaid('tampered')) parts.push('evidence rejected');
  if (violated > 0) parts.push(`policy violated by ${many(violated)}`);
  else if (isSaid('violated')) parts.push('policy violated');
  if (incomplete > 0) parts.push(`${many(incomplete)} could not be checked`);
  else if (isSaid('incomplete')) parts.push('audit incomplete');
  return parts.join(', ');
}
