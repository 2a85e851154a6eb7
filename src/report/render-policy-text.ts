import { describeSelector } from '../policy/idle-settings.js';
import { formatProblem } from '../policy/policy-problem.js';
import { DEFAULT_WINDOWS, type HistoryWindows } from '../policy/policy.js';
import { describeSpan } from '../policy/span.js';
import type {
  EffectiveEntry,
  EffectivePolicy,
  EffectiveRule,
  Lasting,
  PolicyReport,
} from './policy-report.js';
import type { TextOptions } from './render-text.js';
import {
  BLANK,
  labelled,
  paragraph,
  proseWidth,
  span,
  type Line,
} from './text/layout.js';
import { clampWidth, paintLines } from './text/paint.js';
import { enumerate, field, roughly, sentence } from './text/wording.js';

const INDENT = 2;
const LABEL = 17;

/** A check of a policy for people at a terminal. Outside text is escaped. */
export function renderPolicyText(
  { policy, problems }: PolicyReport,
  options: Pick<TextOptions, 'width' | 'color'>,
): string {
  const width = proseWidth(clampWidth(options.width));
  const lines =
    policy === null
      ? problems.flatMap((problem) => [
          ...labelled(span('error', 'bad'), sentence(formatProblem(problem)), {
            ...{ indent: 0, width, labelWidth: 7 },
          }),
        ])
      : policyLines(policy, width);
  return paintLines(lines, options.color);
}

function policyLines(policy: EffectivePolicy, width: number): Line[] {
  const rows = (label: string, texts: readonly string[]): Line[] =>
    texts.flatMap((text, index) =>
      labelled(span(index === 0 ? label : ''), text, {
        ...{ indent: INDENT, width, labelWidth: LABEL },
      }),
    );
  const head =
    policy.path === null
      ? 'no policy here: the default levels of all rules'
      : `${field(policy.path)}: valid`;
  const changed = policy.rules.filter(({ settings }) => settings.length > 0);
  const others = policy.rules.filter(({ settings }) => settings.length === 0);
  const age = policy.minimumReleaseAge;
  return [
    ...paragraph(head, { indent: 0, width }, 'strong'),
    BLANK,
    ...rows(
      'extends',
      policy.files.slice(1).map((path) => field(path)),
    ),
    ...rows('rules', changed.flatMap(wordRule)),
    ...(['error', 'warning', 'off'] as const).flatMap((level) =>
      rows(`default ${level}`, [
        enumerate(
          others.filter((one) => one.otherwise === level).map(({ id }) => id),
        ).join(' '),
      ]),
    ),
    ...rows('coverage', wordCoverage(policy.coverage)),
    ...rows('packages', policy.packages.map(wordEntry)),
    ...rows(
      'events',
      policy.deniedEvents.map((each) => `deny ${field(each)}`),
    ),
    ...rows('age', age === null ? [] : [`at least ${roughly(age)}`]),
    ...rows('history', wordWindows(policy.history)),
    ...rows('exempted', policy.exemptions.map(wordExemption)),
    ...rows('acknowledged', policy.acknowledged.map(wordAcknowledged)),
    ...rows(
      'registries',
      policy.registries.map(({ url, mirrorOf, hasNoEvidence, evidenceFrom }) =>
        enumerate([
          field(url),
          ...(mirrorOf === null ? [] : [`a mirror of ${field(mirrorOf)}`]),
          ...(hasNoEvidence ? ['its packages out of scope'] : []),
          ...(evidenceFrom === null
            ? []
            : [`evidence from ${field(evidenceFrom)}`]),
        ]).join(' '),
      ),
    ),
    ...rows(
      'issuers',
      policy.issuers.map(
        ({ issuer, platform, server }) =>
          `${field(issuer)} (${platform}, ${field(server)})`,
      ),
    ),
  ];
}

/** What is not as it is without a policy. */
function wordWindows(history: HistoryWindows): string[] {
  const names = ['compareWithin', 'byHandAfter', 'atOnceWithin'] as const;
  return names
    .filter((name) => history[name] !== DEFAULT_WINDOWS[name])
    .map((name) => `${name} ${describeSpan(history[name])}`);
}

function wordRule({ id, settings, otherwise }: EffectiveRule): string[] {
  return [
    ...settings.map(
      (setting) =>
        `${id}: ${setting.level}${sentence(describeSelector(setting.for))}`,
    ),
    ...(otherwise === null ? [] : [`${id}: ${otherwise} otherwise`]),
  ];
}

function wordCoverage(coverage: EffectivePolicy['coverage']): string[] {
  const parts = Object.entries(coverage).flatMap(([group, share]) =>
    share === null ? [] : `${group} ${share}`,
  );
  return parts.length === 0 ? [] : [enumerate(parts).join(' ')];
}

function wordEntry(entry: EffectiveEntry): string {
  const { pattern, require, line, ...demands } = entry;
  const parts = Object.entries(demands).flatMap(([what, allowed]) =>
    allowed.length === 0
      ? []
      : `${what} ${allowed.map((each) => field(each)).join(' or ')}`,
  );
  const where = line === null ? '' : ` (line ${line})`;
  return `${field(pattern)}${where}: ${enumerate([require, ...parts]).join(' ')}`;
}

function wordExemption({
  name,
  range,
  rules,
  ...rest
}: EffectivePolicy['exemptions'][number]): string {
  const what = range === null ? `${name}, any version` : `${name}@${range}`;
  return `${field(what)}: ${enumerate(rules).join(' ')}; ${wordEnd(rest)}`;
}

function wordAcknowledged({
  name,
  version,
  codes,
  ...rest
}: EffectivePolicy['acknowledged'][number]): string {
  return `${field(`${name}@${version}`)}: ${enumerate(codes).join(' ')}; ${wordEnd(rest)}`;
}

function wordEnd({
  expires,
  reason,
  owner,
  daysLeft,
}: Pick<Lasting, 'daysLeft'> & {
  readonly expires: string;
  readonly reason: string;
  readonly owner: string | null;
}): string {
  const left =
    daysLeft < 0
      ? 'expired'
      : daysLeft === 0
        ? 'today is the last day'
        : `${daysLeft} ${daysLeft === 1 ? 'day' : 'days'} left`;
  const whom = owner === null ? '' : ` (${field(owner)})`;
  return `until ${expires}, ${left}; ${sentence(reason)}${whom}`;
}
