import type {
  Improvement,
  ImprovementGroup,
  ImproveReport,
} from './improve-report.js';
import type { TextOptions } from './render-text.js';
import { reminderLines, trustRootLines } from './text/footer.js';
import {
  BLANK,
  labelled,
  paragraph,
  proseWidth,
  span,
  type Line,
} from './text/layout.js';
import { clampWidth, paintLines } from './text/paint.js';
import {
  counted,
  enumerate,
  field,
  percent,
  sentence,
  shortUrl,
} from './text/wording.js';

const SHOWS = 'provenance-audit shows why';

/** Groups in which nothing can be done are told one by one up to here. */
const MAX_IDLE = 10;

/**
 * What updates would bring for people at a terminal: the coverage they come to,
 * then each direct dependency with what is below it and the commands. Outside
 * text is escaped; commands are as a shell takes them.
 */
export function renderImproveText(
  report: ImproveReport,
  options: TextOptions,
): string {
  const full = clampWidth(options.width);
  const width = proseWidth(full);
  const top = [
    ...titleLines(report, width),
    BLANK,
    ...verdictLines(report, width),
  ];
  const useful = report.groups.filter(({ commands }) => commands.length > 0);
  const idle = report.groups.filter(({ commands }) => commands.length === 0);
  const lines = options.quiet
    ? [...top, ...useful.flatMap(({ commands }) => commandLines(commands))]
    : [
        ...top,
        BLANK,
        ...useful.flatMap((group) => groupLines(group, width)),
        ...idleLines(idle, { width, verbose: options.verbose }),
        ...trustRootLines(report, width),
        BLANK,
        ...paragraph(
          'Counted as if the rest of the lockfile stayed as it is: an update may bring other packages along. Ranges of packages are the registry’s unsigned word.',
          { indent: 0, width },
          'faint',
        ),
        ...reminderLines(width),
      ];
  return paintLines(lines, options.color);
}

function titleLines({ lockfile }: ImproveReport, width: number): Line[] {
  const name = 'provenance-audit improve';
  const place = { indent: 0, width, labelWidth: name.length + 2 };
  return labelled(span(name, 'strong'), field(lockfile.path), place);
}

function verdictLines(report: ImproveReport, width: number): Line[] {
  const { coverage, summary, result } = report;
  const { before, after } = coverage;
  const place = { indent: 0, width, labelWidth: 2, tone: 'strong' } as const;
  const mark = result === 'pass' ? span('✔', 'good') : span('✖', 'bad');
  const why = wordOpen(report);
  const from = percent(before.verified, before.eligible);
  const to = percent(after.verified, after.eligible);
  const gain =
    summary.updates === 0
      ? `${from} with provenance, and no update that would raise it`
      : `${from} → ${to} with provenance, with ${counted(summary.updates, 'update')}`;
  const counts: readonly (readonly [number, string])[] = [
    [summary.outOfReach, 'out of reach of a command'],
    [summary.without, 'without a better version'],
    [summary.unknown, 'not known'],
  ];
  const rest = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`);
  return [
    ...(why === null ? [] : labelled(mark, why.split(' '), place)),
    ...labelled(why === null ? mark : span(''), gain.split(' '), place),
    ...(rest.length === 0
      ? []
      : labelled(span(''), enumerate(rest), {
          ...{ indent: 0, width, labelWidth: 2 },
        })),
  ];
}

/** Why it is no pass, where that is for the audit as it is, not for updates. */
function wordOpen({ result, summary }: ImproveReport): string | null {
  const { undecided, rejected } = summary;
  if (result === 'tampered') {
    return `evidence rejected for ${counted(rejected, 'package')}: ${SHOWS}`;
  }
  return undecided > 0
    ? `${counted(undecided, 'package')} not asked or verifiable: ${SHOWS}`
    : null;
}

function groupLines(group: ImprovementGroup, width: number): Line[] {
  const { direct, gained, packages, commands } = group;
  const heading = paragraph(field(direct), { indent: 2, width }, 'strong');
  const last = heading.at(-1) ?? [];
  // What there is to do before what there is not.
  const ordered = packages.toSorted(
    (a, b) => Number(a.updatesTo === null) - Number(b.updatesTo === null),
  );
  return [
    ...heading.slice(0, -1),
    gained === 0 ? last : [...last, span(`  +${gained}`, 'good')],
    ...ordered.flatMap((one) => packageLines(one, width)),
    ...commandLines(commands),
    BLANK,
  ];
}

/** At the edge and in one piece, to be copied. */
function commandLines(commands: readonly string[]): Line[] {
  return commands.map((command) =>
    command.startsWith('#')
      ? [span(`    ${field(command)}`, 'faint')]
      : [span(`    $ ${field(command)}`)],
  );
}

function packageLines(one: Improvement, width: number): Line[] {
  const { name, version, updatesTo, inRange, nearest, reason } = one;
  const to = [inRange, nearest].find((each) => each?.version === updatesTo);
  const place = { indent: 4, width, labelWidth: 2 };
  if (updatesTo !== null) {
    const source = to ? [`from ${shortUrl(to.sourceRepository)}`] : [];
    const text = [
      `${field(name)} ${field(version)} → ${field(updatesTo)}`,
      ...source,
      ...(one.by === 'override' ? ['by an override'] : []),
      ...wordWeakness(one),
    ];
    return labelled(span('↑', 'good'), text, place);
  }
  const better = inRange ?? nearest;
  const words = [
    `${field(name)} ${field(version)}:`,
    ...wordWeakness(one),
    ...(better === null ? [] : [`${field(better.version)} is attested, but`]),
    ...sentence(reason?.message ?? 'left as it is').split(' '),
  ];
  return labelled(span('·', 'faint'), words, place);
}

/** What most of them lack goes without saying. */
function wordWeakness({ weakness }: Improvement): readonly string[] {
  switch (weakness) {
    case 'unattested':
      return [];
    case 'no-provenance':
      return ['(attested without provenance)'];
    case 'weak-integrity':
      return ['(the lockfile pins too little)'];
    case 'limited-identity':
      return ['(proven by an old certificate)'];
  }
}

function idleLines(
  groups: readonly ImprovementGroup[],
  { width, verbose }: { readonly width: number; readonly verbose: boolean },
): Line[] {
  if (groups.length === 0) return [];
  const packages = groups.flatMap((group) => group.packages);
  const shown = verbose ? packages : packages.slice(0, MAX_IDLE);
  const left = packages.length - shown.length;
  return [
    [span('  nothing to be done', 'strong')],
    ...shown.flatMap((one) => packageLines(one, width)),
    ...(left === 0 ? [] : [[span(`    and ${left} more: --verbose`, 'faint')]]),
    BLANK,
  ];
}
