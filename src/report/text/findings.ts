import type { ReportFinding } from '../report.js';
import { comparisonLines } from './comparison.js';
import { pathLines } from './dependency-paths.js';
import { exemptedLines } from './exempted.js';
import {
  groupErrors,
  groupWarnings,
  type FindingGroup,
  type FindingSource,
} from './finding-groups.js';
import {
  BLANK,
  flow,
  labelled,
  lineWidth,
  paragraph,
  span,
  type Line,
} from './layout.js';
import {
  counted,
  enumerate,
  field,
  sentence,
  shortUrl,
  wordPlace,
} from './wording.js';

/** How findings are told. */
export interface FindingStyle {
  readonly width: number;
  readonly verbose: boolean;
  /** Whether to name the command that shows more; not where it is running. */
  readonly suggestsShow: boolean;
}

const FEW_NAMES = 3;
/** `name@version` that a shell takes as one word, and no program as an option. */
const SAFE_ARGUMENT = /^@?\w[\w./+-]*@[\w.+-]+$/;

/**
 * Every error of the report, then what somebody has acknowledged, a blank line
 * after each block. Rejected evidence is told whatever came of it, for as long
 * as it is there.
 */
export function errorLines(report: FindingSource, style: FindingStyle): Line[] {
  return [
    ...groupErrors(onlyCounted(report)).flatMap((group) => [
      ...blockLines(group, style),
      BLANK,
    ]),
    ...exemptedLines(report, 'acknowledged', style),
  ];
}

/**
 * The warnings, one block per rule, then what the policy exempts, errors and
 * warnings alike, a blank line after each.
 */
export function warningLines(
  report: FindingSource,
  style: FindingStyle,
): Line[] {
  return [
    ...groupWarnings(onlyCounted(report)).flatMap((group) => [
      ...blockLines(group, style),
      BLANK,
    ]),
    ...exemptedLines(report, 'exemption', style),
  ];
}

/** What weighs something: an exempted error is none any more. */
function onlyCounted(report: FindingSource): FindingSource {
  const { findings, dependencies } = report;
  return {
    findings: findings.filter(({ exempted }) => exempted === null),
    dependencies,
  };
}

function blockLines(group: FindingGroup, style: FindingStyle): Line[] {
  const { first, findings } = group;
  const indent = first.level.length + 2;
  const place = { indent, width: style.width };
  return [
    ...headLines(group, style.width),
    ...(findings.length === 1 ? pathLines(first.paths, place, style) : []),
    ...paragraph(wordMessage(group), place),
    ...sharedComparison(group, style),
    ...(findings.length === 1 ? [] : nameLines(group, style)),
    ...remedyLines(group, { ...place, ...style }),
  ];
}

/** Level, rule and package, with the place in the lockfile at the right. */
function headLines(group: FindingGroup, width: number): Line[] {
  const { first, findings } = group;
  const start = [
    span(`${first.level}  `, first.level === 'error' ? 'bad' : 'warn'),
    span(field(first.rule)),
  ];
  const what = wordSubject(group);
  const where = findings.length === 1 ? wordLocation(first) : '';
  const head = what === '' ? start : [...start, span(`  ${what}`, 'strong')];
  const gap = width - lineWidth(head) - lineWidth([span(where)]);
  if (where !== '' && gap >= 2) {
    return [[...head, span(' '.repeat(gap)), span(where, 'faint')]];
  }
  const place = { indent: first.level.length + 2, width };
  return [
    ...(lineWidth(head) <= width
      ? [head]
      : [start, ...paragraph(what, place, 'strong')]),
    ...(where === '' ? [] : paragraph(where, place, 'faint')),
  ];
}

function wordSubject({ first, findings, cause }: FindingGroup): string {
  if (findings.length === 1) return field(first.package ?? '');
  const packages = counted(findings.length, 'package');
  const registry = cause?.registry ?? null;
  return registry === null ? packages : `${packages} of ${shortUrl(registry)}`;
}

function wordLocation({ location }: ReportFinding): string {
  if (location === null) return '';
  return wordPlace(location.file, location);
}

/** One message for all; where they differ, the first stands for them. */
function wordMessage({ first, findings, cause }: FindingGroup): string {
  const message = sentence(first.message);
  const registry = cause?.registry ?? null;
  if (findings.length === 1) {
    return registry === null ? message : `${shortUrl(registry)}: ${message}`;
  }
  const isShared = findings.every((one) => one.message === first.message);
  return isShared ? message : `for example: ${message}`;
}

function sharedComparison(
  { first, findings }: FindingGroup,
  { width, verbose }: FindingStyle,
): Line[] {
  const { expected, found } = first;
  const isShared = findings.every(
    (one) => one.expected === expected && one.found === found,
  );
  if (!isShared) return [];
  const indent = first.level.length + 4;
  return comparisonLines(first, { indent, width, verbose });
}

function remedyLines(
  group: FindingGroup,
  style: FindingStyle & { readonly indent: number },
): Line[] {
  const { indent, width } = style;
  const column = { indent, width, labelWidth: 4 };
  const label = span('do', 'strong');
  const remedy = sentence(group.first.remedy);
  const command = style.suggestsShow ? showCommand(group) : null;
  const place = { indent: indent + column.labelWidth, width };
  return [
    ...labelled(label, remedy, column),
    ...(command === null ? [] : flow([command, 'shows every check'], place)),
  ];
}

/** Where one package's evidence was rejected, each of its checks tells more. */
function showCommand({ first, findings }: FindingGroup): string | null {
  const isOne = findings.length === 1 && first.consequence === 'tampered';
  return isOne && first.package !== null && SAFE_ARGUMENT.test(first.package)
    ? `provenance-audit show ${first.package}`
    : null;
}

/** Errors name each package; the others only the first, unless asked for. */
function nameLines(
  { first, findings, cause }: FindingGroup,
  { width, verbose }: FindingStyle,
): Line[] {
  const isWhole =
    verbose ||
    (first.level === 'error' && cause === null) ||
    findings.length <= FEW_NAMES + 1;
  const shown = isWhole ? findings : findings.slice(0, FEW_NAMES);
  const names = shown.map((one) => {
    const line = one.location?.line ?? null;
    const name = field(one.package ?? 'the audit');
    return cause === null && line !== null ? `${name} (line ${line})` : name;
  });
  const more = isWhole ? [] : [`and ${findings.length - shown.length} more`];
  const place = { indent: first.level.length + 4, width };
  return flow([...enumerate(names), ...more], place, 'strong');
}
