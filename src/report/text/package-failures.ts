import type { InspectedPackage, ReportCheck } from '../package-report.js';
import type { ReportFinding } from '../report.js';
import { comparisonLines } from './comparison.js';
import { errorLines, warningLines, type FindingStyle } from './findings.js';
import {
  BLANK,
  lineWidth,
  paragraph,
  span,
  type Line,
  type Tone,
} from './layout.js';
import { field, sentence } from './wording.js';

/**
 * What speaks against a package: the findings of policy, which lead with the
 * most telling reason, then every other reason. A blank line after each.
 */
export function failureLines(
  one: InspectedPackage,
  findings: readonly ReportFinding[],
  style: FindingStyle,
): Line[] {
  const source = { findings, dependencies: [one] };
  return [
    ...errorLines(source, style),
    ...warningLines(source, style),
    ...reasonsBeside(one, findings).flatMap((reason) => [
      ...reasonLines(reason, style),
      BLANK,
    ]),
  ];
}

interface Reason {
  readonly word: 'rejected' | 'undecided';
  readonly code: string;
  readonly attestation: number | null;
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
}

/** Rejections by rank, then what could not be decided, but for what is told. */
function reasonsBeside(
  { rejections, checks }: InspectedPackage,
  findings: readonly ReportFinding[],
): readonly Reason[] {
  const isTold = ({ message, found }: Omit<Reason, 'word'>): boolean =>
    findings.some((one) => one.message === message && one.found === found);
  const rejected = rejections.map((one): Reason => ({
    ...one,
    word: 'rejected',
  }));
  const undecided = checks.flatMap((one): Reason[] =>
    one.outcome === 'undecided' ? [toReason(one)] : [],
  );
  return [...rejected, ...undecided].filter((one) => !isTold(one));
}

function toReason(check: ReportCheck): Reason {
  const { code, message, attestation, expected, found } = check;
  return {
    ...{ word: 'undecided', code: code ?? check.check },
    ...{ message: message ?? check.title, attestation, expected, found },
  };
}

const TONES: Readonly<Record<Reason['word'], Tone>> = {
  rejected: 'bad',
  undecided: 'warn',
};

function reasonLines(reason: Reason, { width, verbose }: FindingStyle): Line[] {
  const { word, attestation } = reason;
  const indent = word.length + 2;
  const head = [span(`${word}  `, TONES[word]), span(field(reason.code))];
  const where = attestation === null ? '' : `attestation ${attestation}`;
  const gap = width - lineWidth(head) - where.length;
  const isOneLine = where === '' || gap >= 2;
  return [
    isOneLine && where !== ''
      ? [...head, span(' '.repeat(gap)), span(where, 'faint')]
      : head,
    ...(isOneLine ? [] : paragraph(where, { indent, width }, 'faint')),
    ...paragraph(sentence(reason.message), { indent, width }),
    ...comparisonLines(reason, { indent: indent + 2, width, verbose }),
  ];
}
