import stringWidth from 'string-width';
import type { InspectedPackage, ReportCheck } from '../package-report.js';
import { comparisonLines, shortValue } from './comparison.js';
import {
  lineWidth,
  pad,
  paragraph,
  span,
  type Line,
  type Place,
  type Tone,
} from './layout.js';
import { wordPredicateType } from './predicate-words.js';
import { enumerate, field, sentence } from './wording.js';

/** How the list of checks is laid out. */
export interface CheckStyle {
  readonly width: number;
  readonly verbose: boolean;
}

const INDENT = 4;
const MARK = 2;
const GAP = 2;
const NUMBER = 5;
/** A narrower column would break every value: it goes below its title. */
const MIN_VALUE = 40;

const MARKS: Readonly<
  Record<ReportCheck['outcome'], readonly [mark: string, tone: Tone]>
> = {
  passed: ['✔', 'good'],
  failed: ['✖', 'bad'],
  undecided: ['?', 'warn'],
  'not-made': ['–', 'faint'],
};

/** Every check of a package, those about one thing together. */
export function checkLines(one: InspectedPackage, style: CheckStyle): Line[] {
  const { checks } = one;
  if (checks.length === 0) return [];
  const title = checks.reduce(
    (most, check) => Math.max(most, stringWidth(check.title)),
    0,
  );
  return [
    [span('  '), span('checks', 'strong'), span(`  ${wordCounts(checks)}`)],
    ...sectionsOf(one).flatMap(({ heading, checks: members }) => [
      [],
      ...paragraph(heading, { indent: 2, width: style.width }, 'strong'),
      ...members.flatMap((check) => rowLines(check, { ...style, title })),
    ]),
  ];
}

const COUNTED = [
  ['passed', 'passed'],
  ['failed', 'failed'],
  ['undecided', 'undecided'],
  ['not-made', 'not made'],
] as const;

function wordCounts(checks: readonly ReportCheck[]): string {
  const words = COUNTED.flatMap(([outcome, word]) => {
    const count = checks.filter((one) => one.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return enumerate(words).join(' ');
}

interface Section {
  readonly heading: string;
  readonly checks: ReportCheck[];
}

/** In the order of the checks, which stand together already. */
function sectionsOf(one: InspectedPackage): readonly Section[] {
  const sections: Section[] = [];
  for (const check of one.checks) {
    const heading = wordHeading(check, one);
    const last = sections.at(-1);
    if (last?.heading === heading) last.checks.push(check);
    else sections.push({ heading, checks: [check] });
  }
  return sections;
}

function wordHeading(
  { attestation, group }: ReportCheck,
  { attestations }: InspectedPackage,
): string {
  if (attestation === null) {
    const isOfOne = group === 'lockfile' || group === 'registry';
    return isOfOne ? group : 'the attestations together';
  }
  const type = attestations[attestation]?.predicateType;
  const name = type === undefined ? '' : `: ${wordPredicateType(type)}`;
  return `attestation ${attestation}${name}`;
}

function rowLines(
  check: ReportCheck,
  style: CheckStyle & { readonly title: number },
): Line[] {
  const [mark, tone] = MARKS[check.outcome];
  const head = [
    span(' '.repeat(INDENT)),
    span(pad(mark, MARK), tone),
    span(pad(check.title, style.title + GAP)),
    span(pad(check.number, NUMBER), 'faint'),
  ];
  const column = lineWidth(head);
  const isBeside = style.width - column >= MIN_VALUE;
  const indent = isBeside ? column : INDENT + MARK;
  const [first = [], ...rest] = valueLines(check, { ...style, indent });
  return isBeside
    ? [[...head, ...first.slice(1)], ...rest]
    : [head, first, ...rest];
}

function valueLines(check: ReportCheck, place: Place & CheckStyle): Line[] {
  switch (check.outcome) {
    case 'passed':
      return passedLines(check, place);
    case 'failed':
    case 'undecided':
      return [
        ...paragraph(field(check.code ?? check.check), place, 'strong'),
        ...paragraph(sentence(check.message ?? ''), place),
        ...comparisonLines(check, place),
      ];
    case 'not-made':
      return paragraph(sentence(check.message ?? 'not made'), place, 'faint');
  }
}

/** What was found; what was expected too, where it says something else. */
function passedLines(
  { expected, found }: ReportCheck,
  place: Place & CheckStyle,
): Line[] {
  const shown = place.verbose ? field : shortValue;
  if (found === null || found === expected) {
    return paragraph(shown(expected), place);
  }
  const [value, wanted] = [shown(found), `expected ${shown(expected)}`];
  const room = place.width - place.indent;
  if (stringWidth(value) + GAP + stringWidth(wanted) <= room) {
    const gap = span(' '.repeat(place.indent));
    return [[gap, span(value), span(`${' '.repeat(GAP)}${wanted}`, 'faint')]];
  }
  return [...paragraph(value, place), ...paragraph(wanted, place, 'faint')];
}
