import type { ReportSelection } from '../report.js';
import { labelled, span, type Line } from './layout.js';
import { enumerate, field } from './wording.js';

/** What was selected, as on the command line, in words to be kept together. */
export function wordSelection(selection: ReportSelection): string[] {
  const { omit, workspaces, direct, packages, changedSince } = selection;
  const option = (name: string, values: readonly string[]): string[] =>
    values.map((value) => `--${name} ${field(value)}`);
  return [
    ...option('omit', omit),
    ...option('workspace', workspaces),
    ...(direct ? ['--direct'] : []),
    ...option('package', packages),
    ...option('changed-since', changedSince === null ? [] : [changedSince]),
  ];
}

/** Which demands of the policy the selection keeps from being judged. */
export function notJudgedLines(
  selection: ReportSelection | null,
  width: number,
): Line[] {
  const groups = selection?.coverageNotJudged ?? [];
  if (groups.length === 0) return [];
  const what = `coverage of ${enumerate(groups).join(' ')}, of which packages were left out`;
  return labelled(span('not judged', 'warn'), what, {
    ...{ indent: 2, width, labelWidth: 14 },
  });
}
