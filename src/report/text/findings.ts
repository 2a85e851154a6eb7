import type { Report, ReportFinding } from '../report.js';
import {
  groupErrors,
  groupWarnings,
  type FindingGroup,
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
import { counted, enumerate, field, sentence, shortUrl } from './wording.js';

/** How findings are told. */
export interface FindingStyle {
  readonly width: number;
  readonly verbose: boolean;
}

const LABEL = 10;
const SHORT_DIGEST = 24;
const FEW_NAMES = 3;
const FEW_PATHS = 2;

/** Every error of the report, a blank line after each block. */
export function errorLines(report: Report, style: FindingStyle): Line[] {
  return groupErrors(report).flatMap((group) => [
    ...blockLines(group, style),
    BLANK,
  ]);
}

/** The warnings, one block per rule, a blank line after each. */
export function warningLines(report: Report, style: FindingStyle): Line[] {
  return groupWarnings(report).flatMap((group) => [
    ...blockLines(group, style),
    BLANK,
  ]);
}

function blockLines(group: FindingGroup, style: FindingStyle): Line[] {
  const { first, findings } = group;
  const indent = first.level.length + 2;
  const place = { indent, width: style.width };
  return [
    ...headLines(group, style.width),
    ...(findings.length === 1 ? pathLines(first, style) : []),
    ...paragraph(wordMessage(group), place),
    ...comparisonLines(group, style),
    ...(findings.length === 1 ? [] : nameLines(group, style)),
    ...findings.flatMap((one) => exemptionLines(one, place)),
    ...labelled(span('do', 'strong'), sentence(first.remedy), {
      ...place,
      labelWidth: 4,
    }),
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
  const line = location.line === null ? '' : `:${location.line}`;
  return `${field(location.file)}${line}`;
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

function pathLines(finding: ReportFinding, style: FindingStyle): Line[] {
  const { paths } = finding;
  const shown = style.verbose ? paths : paths.slice(0, FEW_PATHS);
  const more = paths.length - shown.length;
  const place = { indent: finding.level.length + 2, width: style.width };
  return [
    ...shown.flatMap((path) =>
      flow(
        path.map((name, step) =>
          step === 0 ? field(name) : `› ${field(name)}`,
        ),
        place,
        'faint',
      ),
    ),
    ...(more > 0
      ? paragraph(`and at least ${counted(more, 'other way')}`, place, 'faint')
      : []),
  ];
}

/** What was expected above what was found, in one column to compare them. */
function comparisonLines(
  { first, findings }: FindingGroup,
  { width, verbose }: FindingStyle,
): Line[] {
  const { expected, found } = first;
  const isShared = findings.every(
    (one) => one.expected === expected && one.found === found,
  );
  if (!isShared) return [];
  const shorten = verbose ? field : shortenDigest(expected, found);
  const place = { indent: first.level.length + 4, width, labelWidth: LABEL };
  return [
    ...(expected === null
      ? []
      : labelled(span('expected', 'faint'), shorten(expected), place)),
    ...(found === null
      ? []
      : labelled(span('found', 'faint'), shorten(found), place)),
  ];
}

/**
 * Digests are cut where their beginnings already differ. Two that begin alike
 * stay whole: cut, they would look equal.
 */
function shortenDigest(
  expected: string | null,
  found: string | null,
): (text: string) => string {
  const digest = /^(sha\d+-[\w+/]{24,}={0,2}|[0-9a-f]{64,})$/;
  const isClear =
    expected?.slice(0, SHORT_DIGEST) !== found?.slice(0, SHORT_DIGEST);
  return (text) =>
    isClear && digest.test(text)
      ? `${text.slice(0, SHORT_DIGEST)}…`
      : field(text);
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

function exemptionLines(
  { exempted }: ReportFinding,
  place: { readonly indent: number; readonly width: number },
): Line[] {
  if (exempted === null) return [];
  return labelled(span('exempted', 'faint'), sentence(exempted), {
    ...place,
    labelWidth: LABEL,
  });
}
