import type { ReportFinding } from '../report.js';
import { comparisonLines } from './comparison.js';
import type { FindingSource } from './finding-groups.js';
import { BLANK, flow, labelled, span, type Line } from './layout.js';
import { counted, enumerate, field, sentence } from './wording.js';

/** An entry of the policy that takes weight from findings. */
type By = NonNullable<ReportFinding['exemption']>['by'];

const LABELS: Readonly<Record<By, string>> = {
  exemption: 'exempted',
  acknowledged: 'acknowledged',
};
const FEW = 3;

/**
 * What does not count although it was found, in short: those that one entry is
 * about together, with who decided so, why and until when. Acknowledged
 * rejections also say what was rejected. A blank line after each.
 */
export function exemptedLines(
  { findings }: Pick<FindingSource, 'findings'>,
  by: By,
  style: { readonly width: number; readonly verbose: boolean },
): Line[] {
  // A finding without its entry must not get lost.
  const mine = findings.filter(
    ({ exempted, exemption }) =>
      exempted !== null && (exemption?.by ?? 'exemption') === by,
  );
  return [...groupByEntry(mine).values()].flatMap((group) => [
    ...groupLines(group, LABELS[by], style),
    BLANK,
  ]);
}

type Group = readonly [ReportFinding, ...ReportFinding[]];

/** In order of first occurrence. */
function groupByEntry(
  findings: readonly ReportFinding[],
): ReadonlyMap<string, Group> {
  const groups = new Map<string, [ReportFinding, ...ReportFinding[]]>();
  for (const finding of findings) {
    const { rule, exempted, exemption } = finding;
    const key = JSON.stringify([rule, exempted, exemption]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return groups;
}

function groupLines(
  group: Group,
  label: string,
  { width, verbose }: { readonly width: number; readonly verbose: boolean },
): Line[] {
  const [first] = group;
  const indent = label.length + 2;
  const isAcknowledged = first.exemption?.by === 'acknowledged';
  const column = { indent: 0, width, labelWidth: indent };
  return [
    ...labelled(
      span(label, isAcknowledged ? 'warn' : 'faint'),
      [field(first.rule), ...wordPackages(group, verbose)],
      column,
    ),
    ...(isAcknowledged
      ? group.flatMap((one) => [
          ...flow(sentence(one.message).split(' '), { indent, width }),
          ...comparisonLines(one, { indent: indent + 2, width, verbose }),
        ])
      : []),
    ...flow(wordEntry(first), { indent, width }, 'faint'),
  ];
}

function wordPackages(group: Group, verbose: boolean): string[] {
  const names = group.map((one) => field(one.package ?? 'the audit'));
  if (verbose || names.length <= FEW + 1) return enumerate(names);
  const rest = names.length - FEW;
  return [...enumerate(names.slice(0, FEW)), `and ${counted(rest, 'other')}`];
}

/** `until 2027-03-01, by security: reviewed`, in words that may be broken. */
function wordEntry({ exempted, exemption }: ReportFinding): string[] {
  const owner = exemption?.owner ?? null;
  const parts = [
    ...(exemption === null ? [] : [`until ${field(exemption.expires)}`]),
    ...(owner === null ? [] : [`by ${field(owner)}`]),
  ];
  const reason = sentence(exempted ?? '');
  const text = parts.length === 0 ? reason : `${parts.join(', ')}: ${reason}`;
  return text.split(' ');
}
